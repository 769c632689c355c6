/** Every resource type that stacks of this cloud may have. Another one of AWS's fails its stack, by name. */
import { cdkMetadataType } from "./cdk-metadata.ts";
import { customResourceType } from "./custom-resource.ts";
import { dhcpOptionsType, vpcDhcpOptionsAssociationType } from "./dhcp-options.ts";
import { ecrRepositoryType } from "./ecr-repository.ts";
import { egressOnlyInternetGatewayType } from "./egress-only-internet-gateway.ts";
import { eipType } from "./eip.ts";
import { eipAssociationType } from "./eip-association.ts";
import { iamInstanceProfileType } from "./iam-instance-profile.ts";
import { iamManagedPolicyType } from "./iam-managed-policy.ts";
import { iamPolicyType } from "./iam-policy.ts";
import { iamRoleType } from "./iam-role.ts";
import { instanceType } from "./instance.ts";
import { internetGatewayType } from "./internet-gateway.ts";
import { keyPairType } from "./key-pair.ts";
import { lambdaFunctionType, lambdaPermissionType, lambdaVersionType } from "./lambda-function.ts";
import { logsLogGroupType } from "./logs-log-group.ts";
import { natGatewayType } from "./nat-gateway.ts";
import { nestedStackType } from "./nested-stack.ts";
import { networkAclEntryType, networkAclType, subnetNetworkAclAssociationType } from "./network-acl.ts";
import { networkInterfaceAttachmentType, networkInterfaceType } from "./network-interface.ts";
import { prefixListType } from "./prefix-list.ts";
import type { ResourceType } from "./resource-type.ts";
import { routeType } from "./route.ts";
import { routeTableType } from "./route-table.ts";
import { gatewayRouteTableAssociationType, subnetRouteTableAssociationType } from "./route-table-association.ts";
import { s3BucketPolicyType, s3BucketType } from "./s3-bucket.ts";
import { securityGroupType } from "./security-group.ts";
import { securityGroupEgressType, securityGroupIngressType } from "./security-group-rule.ts";
import { ssmParameterType } from "./ssm-parameter.ts";
import { subnetType } from "./subnet.ts";
import { transitGatewayType } from "./transit-gateway.ts";
import { transitGatewayPeeringAttachmentType } from "./transit-gateway-peering-attachment.ts";
import { transitGatewayRouteTableType } from "./transit-gateway-route-table.ts";
import {
  transitGatewayRouteTableAssociationType,
  transitGatewayRouteTablePropagationType,
  transitGatewayRouteType,
} from "./transit-gateway-route-table-entries.ts";
import { transitGatewayAttachmentType, transitGatewayVpcAttachmentType } from "./transit-gateway-vpc-attachment.ts";
import { vpcType } from "./vpc.ts";
import { subnetCidrBlockType, vpcCidrBlockType } from "./vpc-cidr-block.ts";
import { vpcEndpointType } from "./vpc-endpoint.ts";
import { vpcGatewayAttachmentType } from "./vpc-gateway-attachment.ts";
import { vpcPeeringConnectionType } from "./vpc-peering-connection.ts";

const types: readonly ResourceType[] = [
  cdkMetadataType,
  customResourceType,
  dhcpOptionsType,
  ecrRepositoryType,
  egressOnlyInternetGatewayType,
  eipAssociationType,
  eipType,
  gatewayRouteTableAssociationType,
  iamInstanceProfileType,
  iamManagedPolicyType,
  iamPolicyType,
  iamRoleType,
  instanceType,
  internetGatewayType,
  keyPairType,
  lambdaFunctionType,
  lambdaPermissionType,
  lambdaVersionType,
  logsLogGroupType,
  natGatewayType,
  nestedStackType,
  networkAclEntryType,
  networkAclType,
  networkInterfaceAttachmentType,
  networkInterfaceType,
  prefixListType,
  routeTableType,
  routeType,
  s3BucketPolicyType,
  s3BucketType,
  securityGroupEgressType,
  securityGroupIngressType,
  securityGroupType,
  ssmParameterType,
  subnetCidrBlockType,
  subnetNetworkAclAssociationType,
  subnetRouteTableAssociationType,
  subnetType,
  transitGatewayAttachmentType,
  transitGatewayPeeringAttachmentType,
  transitGatewayRouteTableAssociationType,
  transitGatewayRouteTablePropagationType,
  transitGatewayRouteTableType,
  transitGatewayRouteType,
  transitGatewayType,
  transitGatewayVpcAttachmentType,
  vpcCidrBlockType,
  vpcDhcpOptionsAssociationType,
  vpcEndpointType,
  vpcGatewayAttachmentType,
  vpcPeeringConnectionType,
  vpcType,
];

const byName: ReadonlyMap<string, ResourceType> = new Map(types.map((type) => [type.name, type]));

/** `Custom::Anything` is a custom resource. */
export function resourceTypeOf(name: string): ResourceType | undefined {
  return byName.get(name.startsWith("Custom::") ? customResourceType.name : name);
}

/** In the order of their names. */
export function modelledResourceTypes(): readonly ResourceType[] {
  return [...types].sort((a, b) => (a.name < b.name ? -1 : 1));
}
