/** The resource types whose meaning for the network is known, in the order in which they are read: what others change comes first. */
import {
  crossRegionExportReaderType,
  crossRegionExportWriterType,
  restrictDefaultGroupType,
  ssmParameterType,
} from "./cdk-resources.ts";
import {
  egressOnlyInternetGatewayType,
  internetGatewayType,
  natGatewayType,
  vpcGatewayAttachmentType,
} from "./gateways.ts";
import { instanceType } from "./instance.ts";
import { networkAclEntryType, networkAclType } from "./network-acl.ts";
import {
  eipAssociationType,
  eipType,
  networkInterfaceAttachmentType,
  networkInterfaceType,
} from "./network-interface.ts";
import type { NetworkType } from "./network-type.ts";
import { prefixListType } from "./prefix-list.ts";
import { gatewayRouteTableAssociationType, routeTableType, routeType } from "./route-table.ts";
import { securityGroupEgressType, securityGroupIngressType, securityGroupType } from "./security-group.ts";
import {
  subnetCidrBlockType,
  subnetNetworkAclAssociationType,
  subnetRouteTableAssociationType,
  subnetType,
} from "./subnet.ts";
import {
  transitGatewayRouteTableAssociationType,
  transitGatewayRouteTablePropagationType,
  transitGatewayRouteTableType,
  transitGatewayRouteType,
  transitGatewayType,
} from "./transit-gateway.ts";
import {
  transitGatewayAttachmentType,
  transitGatewayPeeringAttachmentType,
  transitGatewayPeeringType,
  transitGatewayVpcAttachmentType,
  transitGatewayVpcAttachmentWaitType,
} from "./transit-gateway-attachments.ts";
import { vpcCidrBlockType, vpcType } from "./vpc.ts";
import { vpcEndpointType } from "./vpc-endpoint.ts";
import {
  vpcPeeringConnectionAcceptanceType,
  vpcPeeringConnectionOptionsType,
  vpcPeeringConnectionRequestType,
  vpcPeeringConnectionType,
} from "./vpc-peering-connection.ts";

export const networkTypes: readonly NetworkType[] = [
  ssmParameterType,
  crossRegionExportWriterType,
  crossRegionExportReaderType,
  vpcType,
  vpcCidrBlockType,
  internetGatewayType,
  egressOnlyInternetGatewayType,
  vpcGatewayAttachmentType,
  routeTableType,
  networkAclType,
  networkAclEntryType,
  subnetType,
  subnetCidrBlockType,
  subnetRouteTableAssociationType,
  subnetNetworkAclAssociationType,
  gatewayRouteTableAssociationType,
  prefixListType,
  securityGroupType,
  restrictDefaultGroupType,
  securityGroupIngressType,
  securityGroupEgressType,
  networkInterfaceType,
  instanceType,
  networkInterfaceAttachmentType,
  eipType,
  eipAssociationType,
  natGatewayType,
  vpcEndpointType,
  vpcPeeringConnectionType,
  vpcPeeringConnectionRequestType,
  vpcPeeringConnectionAcceptanceType,
  vpcPeeringConnectionOptionsType,
  transitGatewayType,
  transitGatewayRouteTableType,
  transitGatewayAttachmentType,
  transitGatewayVpcAttachmentType,
  transitGatewayVpcAttachmentWaitType,
  transitGatewayPeeringAttachmentType,
  transitGatewayPeeringType,
  transitGatewayRouteTableAssociationType,
  transitGatewayRouteTablePropagationType,
  transitGatewayRouteType,
  routeType,
];
