/**
 * Every kind of record the cloud keeps: how it is keyed, indexed, who can see it, and which life cycle it follows.
 * Visibility is decided here and nowhere else: an account sees a row in a Region exactly when `scopes` lists that pair.
 */
import { changeSetBinding } from "../services/cloudformation/change-set/lifecycle.ts";
import type { ChangeSetRecord } from "../services/cloudformation/change-set/record.ts";
import type { CustomRequestRecord } from "../services/cloudformation/custom-resource/record.ts";
import { stackBinding } from "../services/cloudformation/stack/lifecycle.ts";
import type { StackRecord } from "../services/cloudformation/stack/record.ts";
import type { StackEventRecord } from "../services/cloudformation/stack-event/record.ts";
import { type StackResourceRecord, stackResourceId } from "../services/cloudformation/stack-resource/record.ts";
import type { AddressRecord } from "../services/ec2/address/record.ts";
import type { DhcpOptionsRecord } from "../services/ec2/dhcp-options/record.ts";
import type { EgressOnlyInternetGatewayRecord } from "../services/ec2/egress-only-internet-gateway/record.ts";
import { instanceBinding } from "../services/ec2/instance/lifecycle.ts";
import type { InstanceRecord } from "../services/ec2/instance/record.ts";
import type { InternetGatewayRecord } from "../services/ec2/internet-gateway/record.ts";
import type { KeyPairRecord } from "../services/ec2/key-pair/record.ts";
import { managedPrefixListBinding, managedPrefixListScopes } from "../services/ec2/managed-prefix-list/lifecycle.ts";
import type { ManagedPrefixListRecord } from "../services/ec2/managed-prefix-list/record.ts";
import { natGatewayBinding } from "../services/ec2/nat-gateway/lifecycle.ts";
import type { NatGatewayRecord } from "../services/ec2/nat-gateway/record.ts";
import type { NetworkAclRecord } from "../services/ec2/network-acl/record.ts";
import { networkInsightsAnalysisBinding } from "../services/ec2/network-insights-analysis/lifecycle.ts";
import type { NetworkInsightsAnalysisRecord } from "../services/ec2/network-insights-analysis/record.ts";
import type { NetworkInsightsPathRecord } from "../services/ec2/network-insights-path/record.ts";
import { networkInterfaceBinding } from "../services/ec2/network-interface/lifecycle.ts";
import type { NetworkInterfaceRecord } from "../services/ec2/network-interface/record.ts";
import type { RouteTableRecord } from "../services/ec2/route-table/record.ts";
import type { SecurityGroupRecord } from "../services/ec2/security-group/record.ts";
import { subnetBinding } from "../services/ec2/subnet/lifecycle.ts";
import type { SubnetRecord } from "../services/ec2/subnet/record.ts";
import type { TagRecord } from "../services/ec2/tag/record.ts";
import { transitGatewayBinding, transitGatewayScopes } from "../services/ec2/transit-gateway/lifecycle.ts";
import type { TransitGatewayRecord } from "../services/ec2/transit-gateway/record.ts";
import {
  transitGatewayPeeringAttachmentBinding,
  transitGatewayPeeringAttachmentScopes,
} from "../services/ec2/transit-gateway-peering-attachment/lifecycle.ts";
import type { TransitGatewayPeeringAttachmentRecord } from "../services/ec2/transit-gateway-peering-attachment/record.ts";
import {
  associationBinding,
  prefixListReferenceBinding,
  propagationBinding,
  routeBinding,
} from "../services/ec2/transit-gateway-route-table/entry-lifecycles.ts";
import { transitGatewayRouteTableBinding } from "../services/ec2/transit-gateway-route-table/lifecycle.ts";
import {
  attachmentKey,
  entryId,
  type TransitGatewayAssociationRecord,
  type TransitGatewayPrefixListReferenceRecord,
  type TransitGatewayPropagationRecord,
  type TransitGatewayRouteRecord,
  type TransitGatewayRouteTableRecord,
} from "../services/ec2/transit-gateway-route-table/record.ts";
import {
  transitGatewayVpcAttachmentBinding,
  transitGatewayVpcAttachmentScopes,
} from "../services/ec2/transit-gateway-vpc-attachment/lifecycle.ts";
import type { TransitGatewayVpcAttachmentRecord } from "../services/ec2/transit-gateway-vpc-attachment/record.ts";
import type { VolumeRecord } from "../services/ec2/volume/record.ts";
import { vpcBinding } from "../services/ec2/vpc/lifecycle.ts";
import type { VpcRecord } from "../services/ec2/vpc/record.ts";
import { vpcEndpointBinding } from "../services/ec2/vpc-endpoint/lifecycle.ts";
import type { VpcEndpointRecord } from "../services/ec2/vpc-endpoint/record.ts";
import {
  vpcPeeringConnectionBinding,
  vpcPeeringConnectionScopes,
} from "../services/ec2/vpc-peering-connection/lifecycle.ts";
import type { VpcPeeringConnectionRecord } from "../services/ec2/vpc-peering-connection/record.ts";
import { type RepositoryRecord, repositoryKey } from "../services/ecr/record.ts";
import type { InstanceProfileRecord, PolicyRecord, RoleRecord } from "../services/iam/record.ts";
import { functionBinding } from "../services/lambda/lifecycle.ts";
import { type FunctionRecord, functionKey } from "../services/lambda/record.ts";
import {
  batchKey,
  groupKey,
  type LogEventsRecord,
  type LogGroupRecord,
  type LogStreamRecord,
  streamKey,
} from "../services/logs/record.ts";
import {
  principalAssociationBinding,
  resourceAssociationBinding,
  resourceShareBinding,
  resourceShareInvitationBinding,
} from "../services/ram/lifecycle.ts";
import {
  type PrincipalAssociationRecord,
  principalAssociationId,
  type ResourceAssociationRecord,
  type ResourceShareInvitationRecord,
  type ResourceShareRecord,
  resourceAssociationId,
} from "../services/ram/record.ts";
import {
  type BucketRecord,
  type MultipartUploadRecord,
  type ObjectRecord,
  objectKey,
  versionKey,
} from "../services/s3/record.ts";
import { commandBinding, sessionBinding } from "../services/ssm/lifecycle.ts";
import type { CommandRecord, ManagedInstanceRecord, ParameterRecord, SessionRecord } from "../services/ssm/record.ts";
import type { RoleSessionRecord } from "../services/sts/record.ts";
import type { LifecycleBinding } from "./lifecycle-binding.ts";
import { type CloudRecord, scopeKey } from "./record.ts";

/** A pair of account and Region that has been used, and so has its default VPC. */
export type OpenedScopeRecord = CloudRecord;

/** The first answer to a client token, for the calls that repeat it. */
export interface ClientTokenRecord extends CloudRecord {
  readonly Key: string;
  readonly ParametersDigest: string;
  readonly OutputJson: string;
}

export interface Tables {
  readonly openedScope: OpenedScopeRecord;
  readonly clientToken: ClientTokenRecord;
  readonly vpc: VpcRecord;
  readonly subnet: SubnetRecord;
  readonly routeTable: RouteTableRecord;
  readonly managedPrefixList: ManagedPrefixListRecord;
  readonly internetGateway: InternetGatewayRecord;
  readonly egressOnlyInternetGateway: EgressOnlyInternetGatewayRecord;
  readonly natGateway: NatGatewayRecord;
  readonly address: AddressRecord;
  readonly securityGroup: SecurityGroupRecord;
  readonly networkAcl: NetworkAclRecord;
  readonly vpcPeeringConnection: VpcPeeringConnectionRecord;
  readonly transitGateway: TransitGatewayRecord;
  readonly transitGatewayVpcAttachment: TransitGatewayVpcAttachmentRecord;
  readonly transitGatewayPeeringAttachment: TransitGatewayPeeringAttachmentRecord;
  readonly transitGatewayRouteTable: TransitGatewayRouteTableRecord;
  readonly transitGatewayAssociation: TransitGatewayAssociationRecord;
  readonly transitGatewayPropagation: TransitGatewayPropagationRecord;
  readonly transitGatewayRoute: TransitGatewayRouteRecord;
  readonly transitGatewayPrefixListReference: TransitGatewayPrefixListReferenceRecord;
  readonly networkInterface: NetworkInterfaceRecord;
  readonly vpcEndpoint: VpcEndpointRecord;
  readonly instance: InstanceRecord;
  readonly volume: VolumeRecord;
  readonly keyPair: KeyPairRecord;
  readonly dhcpOptions: DhcpOptionsRecord;
  readonly networkInsightsPath: NetworkInsightsPathRecord;
  readonly networkInsightsAnalysis: NetworkInsightsAnalysisRecord;
  readonly tag: TagRecord;
  readonly role: RoleRecord;
  readonly instanceProfile: InstanceProfileRecord;
  readonly policy: PolicyRecord;
  readonly roleSession: RoleSessionRecord;
  readonly command: CommandRecord;
  readonly session: SessionRecord;
  readonly parameter: ParameterRecord;
  readonly managedInstance: ManagedInstanceRecord;
  readonly resourceShare: ResourceShareRecord;
  readonly resourceAssociation: ResourceAssociationRecord;
  readonly principalAssociation: PrincipalAssociationRecord;
  readonly resourceShareInvitation: ResourceShareInvitationRecord;
  readonly stack: StackRecord;
  readonly stackResource: StackResourceRecord;
  readonly stackEvent: StackEventRecord;
  readonly changeSet: ChangeSetRecord;
  readonly customRequest: CustomRequestRecord;
  readonly bucket: BucketRecord;
  readonly s3Object: ObjectRecord;
  readonly multipartUpload: MultipartUploadRecord;
  readonly logGroup: LogGroupRecord;
  readonly logStream: LogStreamRecord;
  readonly logEvents: LogEventsRecord;
  readonly repository: RepositoryRecord;
  readonly lambdaFunction: FunctionRecord;
}

export type TableName = keyof Tables;

export interface TableDefinition<R extends CloudRecord> {
  id(record: R): string;
  /** Extra look-ups: for each index, the keys under which a record is found. */
  readonly indexes: { readonly [index: string]: (record: R) => readonly string[] };
  /** The account/Region pairs that see this row; the owner's own by default. */
  readonly scopes?: (record: R) => readonly string[];
  readonly lifecycle?: LifecycleBinding<R>;
  /** Every id under which the resource carries tags, where it is not only the row's own. */
  readonly taggedIds?: (record: R) => readonly string[];
}

const one = (key: string | undefined): readonly string[] => (key === undefined ? [] : [key]);

export const tables = {
  openedScope: { id: (r) => scopeKey(r.OwnerId, r.Region), indexes: {} },
  clientToken: { id: (r) => r.Key, indexes: {} },
  vpc: {
    id: (r) => r.VpcId,
    indexes: {
      cidrBlockAssociation: (r) =>
        [...r.CidrBlockAssociationSet, ...r.Ipv6CidrBlockAssociationSet].map((a) => a.AssociationId),
      ipv6CidrBlock: (r) => r.Ipv6CidrBlockAssociationSet.map((a) => a.CidrBlock),
    },
    lifecycle: vpcBinding,
  },
  subnet: {
    id: (r) => r.SubnetId,
    indexes: {
      vpc: (r) => [r.VpcId],
      networkAcl: (r) => [r.NetworkAclId],
      networkAclAssociation: (r) => [r.NetworkAclAssociationId],
      cidrBlockAssociation: (r) => r.Ipv6CidrBlockAssociationSet.map((a) => a.AssociationId),
    },
    lifecycle: subnetBinding,
  },
  routeTable: {
    id: (r) => r.RouteTableId,
    indexes: {
      vpc: (r) => [r.VpcId],
      association: (r) => r.Associations.map((a) => a.RouteTableAssociationId),
      subnet: (r) => r.Associations.flatMap((a) => one(a.SubnetId)),
      gateway: (r) => r.Associations.flatMap((a) => one(a.GatewayId)),
      /** Every id that a route of this table points at. */
      target: (r) =>
        r.Routes.flatMap((route) => [
          ...one(route.GatewayId),
          ...one(route.NatGatewayId),
          ...one(route.EgressOnlyInternetGatewayId),
          ...one(route.NetworkInterfaceId),
          ...one(route.VpcPeeringConnectionId),
          ...one(route.TransitGatewayId),
          ...one(route.DestinationPrefixListId),
        ]),
    },
  },
  managedPrefixList: {
    id: (r) => r.PrefixListId,
    indexes: {},
    scopes: managedPrefixListScopes,
    lifecycle: managedPrefixListBinding,
  },
  internetGateway: { id: (r) => r.InternetGatewayId, indexes: { vpc: (r) => one(r.VpcId) } },
  egressOnlyInternetGateway: { id: (r) => r.EgressOnlyInternetGatewayId, indexes: { vpc: (r) => [r.VpcId] } },
  natGateway: {
    id: (r) => r.NatGatewayId,
    indexes: { vpc: (r) => [r.VpcId], subnet: (r) => [r.SubnetId], networkInterface: (r) => one(r.NetworkInterfaceId) },
    lifecycle: natGatewayBinding,
  },
  address: {
    id: (r) => r.AllocationId,
    indexes: {
      association: (r) => one(r.AssociationId),
      publicIp: (r) => [r.PublicIp],
      networkInterface: (r) => one(r.NetworkInterfaceId),
    },
  },
  securityGroup: {
    id: (r) => r.GroupId,
    indexes: {
      vpc: (r) => [r.VpcId],
      rule: (r) => r.Rules.map((rule) => rule.SecurityGroupRuleId),
      prefixList: (r) => [...new Set(r.Rules.flatMap((rule) => one(rule.PrefixListId)))],
      /** Groups that this group's rules name as peers. */
      references: (r) => [...new Set(r.Rules.flatMap((rule) => one(rule.ReferencedGroup?.GroupId)))],
    },
  },
  networkAcl: { id: (r) => r.NetworkAclId, indexes: { vpc: (r) => [r.VpcId] } },
  vpcPeeringConnection: {
    id: (r) => r.VpcPeeringConnectionId,
    indexes: { vpc: (r) => [...new Set([r.Requester.VpcId, r.Accepter.VpcId])] },
    scopes: vpcPeeringConnectionScopes,
    lifecycle: vpcPeeringConnectionBinding,
  },
  transitGateway: {
    id: (r) => r.TransitGatewayId,
    indexes: {},
    scopes: transitGatewayScopes,
    lifecycle: transitGatewayBinding,
  },
  transitGatewayVpcAttachment: {
    id: (r) => r.TransitGatewayAttachmentId,
    indexes: {
      transitGateway: (r) => [r.TransitGatewayId],
      vpc: (r) => [r.VpcId],
      subnet: (r) => [...new Set([...r.SubnetIds, ...(r.Wanted?.SubnetIds ?? [])])],
    },
    scopes: transitGatewayVpcAttachmentScopes,
    lifecycle: transitGatewayVpcAttachmentBinding,
  },
  transitGatewayPeeringAttachment: {
    id: (r) => r.Requester.TransitGatewayAttachmentId,
    indexes: {
      transitGateway: (r) => [...new Set([r.Requester.TransitGatewayId, r.Accepter.TransitGatewayId])],
      attachment: (r) => [...new Set([r.Requester.TransitGatewayAttachmentId, r.Accepter.TransitGatewayAttachmentId])],
    },
    scopes: transitGatewayPeeringAttachmentScopes,
    lifecycle: transitGatewayPeeringAttachmentBinding,
    taggedIds: (r) => [r.Requester.TransitGatewayAttachmentId, r.Accepter.TransitGatewayAttachmentId],
  },
  transitGatewayRouteTable: {
    id: (r) => r.TransitGatewayRouteTableId,
    indexes: { transitGateway: (r) => [r.TransitGatewayId] },
    lifecycle: transitGatewayRouteTableBinding,
  },
  transitGatewayAssociation: {
    id: (r) => entryId(r.TransitGatewayRouteTableId, r.TransitGatewayAttachmentId),
    indexes: {
      routeTable: (r) => [r.TransitGatewayRouteTableId],
      attachment: (r) => [attachmentKey(r.TransitGatewayId, r.TransitGatewayAttachmentId)],
    },
    lifecycle: associationBinding,
  },
  transitGatewayPropagation: {
    id: (r) => entryId(r.TransitGatewayRouteTableId, r.TransitGatewayAttachmentId),
    indexes: {
      routeTable: (r) => [r.TransitGatewayRouteTableId],
      attachment: (r) => [attachmentKey(r.TransitGatewayId, r.TransitGatewayAttachmentId)],
    },
    lifecycle: propagationBinding,
  },
  transitGatewayRoute: {
    id: (r) => entryId(r.TransitGatewayRouteTableId, r.DestinationCidrBlock),
    indexes: { routeTable: (r) => [r.TransitGatewayRouteTableId] },
    lifecycle: routeBinding,
  },
  transitGatewayPrefixListReference: {
    id: (r) => entryId(r.TransitGatewayRouteTableId, r.PrefixListId),
    indexes: { routeTable: (r) => [r.TransitGatewayRouteTableId], prefixList: (r) => [r.PrefixListId] },
    lifecycle: prefixListReferenceBinding,
  },
  networkInterface: {
    id: (r) => r.NetworkInterfaceId,
    indexes: {
      vpc: (r) => [r.VpcId],
      subnet: (r) => [r.SubnetId],
      group: (r) => r.Groups,
      instance: (r) => one(r.Attachment?.InstanceId),
      attachment: (r) => one((r.Attachment ?? r.PastAttachment)?.AttachmentId),
      publicIp: (r) => r.PrivateIpAddresses.flatMap((a) => one(a.AutoPublicIp)),
    },
    lifecycle: networkInterfaceBinding,
  },
  vpcEndpoint: {
    id: (r) => r.VpcEndpointId,
    indexes: { vpc: (r) => [r.VpcId], group: (r) => (r.State === "deleted" ? [] : r.Groups) },
    lifecycle: vpcEndpointBinding,
  },
  instance: {
    id: (r) => r.InstanceId,
    indexes: {
      vpc: (r) => [r.VpcId],
      subnet: (r) => [r.SubnetId],
      reservation: (r) => [r.ReservationId],
      profileAssociation: (r) => one(r.IamInstanceProfile?.AssociationId),
      /** Under `due`: running instances whose user data has not been started yet. */
      userData: (r) => (r.UserDataDue && r.State === "running" ? ["due"] : []),
      /** Under `possible`: instances whose agents may get to Systems Manager. */
      agent: (r) => (r.State === "running" && r.IamInstanceProfile !== undefined ? ["possible"] : []),
    },
    lifecycle: instanceBinding,
  },
  volume: { id: (r) => r.VolumeId, indexes: { instance: (r) => one(r.InstanceId) } },
  keyPair: { id: (r) => r.KeyPairId, indexes: { name: (r) => [`${scopeKey(r.OwnerId, r.Region)}/${r.KeyName}`] } },
  dhcpOptions: { id: (r) => r.DhcpOptionsId, indexes: {} },
  networkInsightsPath: { id: (r) => r.NetworkInsightsPathId, indexes: {} },
  networkInsightsAnalysis: {
    id: (r) => r.NetworkInsightsAnalysisId,
    indexes: { path: (r) => [r.NetworkInsightsPathId] },
    lifecycle: networkInsightsAnalysisBinding,
  },
  tag: { id: (r) => `${scopeKey(r.OwnerId, r.Region)}/${r.ResourceId}`, indexes: { resource: (r) => [r.ResourceId] } },
  role: { id: (r) => r.Arn, indexes: { name: (r) => [`${r.OwnerId}/${r.RoleName}`] } },
  instanceProfile: {
    id: (r) => r.Arn,
    indexes: { name: (r) => [`${r.OwnerId}/${r.InstanceProfileName}`], role: (r) => r.RoleArns },
  },
  policy: { id: (r) => r.Arn, indexes: {} },
  roleSession: { id: (r) => r.AccessKeyId, indexes: {} },
  command: { id: (r) => r.CommandId, indexes: {}, lifecycle: commandBinding },
  session: { id: (r) => r.SessionId, indexes: { target: (r) => [r.Target] }, lifecycle: sessionBinding },
  parameter: { id: (r) => `${scopeKey(r.OwnerId, r.Region)}/${r.Name}`, indexes: {} },
  managedInstance: { id: (r) => r.InstanceId, indexes: {} },
  resourceShare: {
    id: (r) => r.ResourceShareArn,
    indexes: {},
    scopes: (r) => [r.OwnerId, ...r.SharedWith].map((account) => scopeKey(account, r.Region)),
    lifecycle: resourceShareBinding,
  },
  resourceAssociation: {
    id: (r) => resourceAssociationId(r.ResourceShareArn, r.ResourceArn),
    indexes: { share: (r) => [r.ResourceShareArn], resource: (r) => [r.ResourceArn] },
    lifecycle: resourceAssociationBinding,
  },
  principalAssociation: {
    id: (r) => principalAssociationId(r.ResourceShareArn, r.Principal),
    indexes: { share: (r) => [r.ResourceShareArn] },
    lifecycle: principalAssociationBinding,
  },
  resourceShareInvitation: {
    id: (r) => r.ResourceShareInvitationArn,
    indexes: { share: (r) => [r.ResourceShareArn] },
    lifecycle: resourceShareInvitationBinding,
  },
  stack: {
    id: (r) => r.StackId,
    indexes: {
      name: (r) => [`${scopeKey(r.OwnerId, r.Region)}/${r.StackName}`],
      export: (r) => r.Outputs.flatMap((o) => one(o.ExportName && `${scopeKey(r.OwnerId, r.Region)}/${o.ExportName}`)),
      import: (r) => r.Imports.map((name) => `${scopeKey(r.OwnerId, r.Region)}/${name}`),
      parent: (r) => one(r.ParentId),
      /** Under `active`: stacks with an operation under way. */
      operation: (r) => (r.Operation === undefined ? [] : ["active"]),
    },
    lifecycle: stackBinding,
  },
  stackResource: {
    id: stackResourceId,
    indexes: {
      stack: (r) => [r.StackId],
      physicalId: (r) => [`${scopeKey(r.OwnerId, r.Region)}/${r.PhysicalResourceId}`],
    },
  },
  stackEvent: { id: (r) => `${r.StackId}/${r.Sequence}`, indexes: { stack: (r) => [r.StackId] } },
  changeSet: { id: (r) => r.ChangeSetId, indexes: { stack: (r) => [r.StackId] }, lifecycle: changeSetBinding },
  customRequest: {
    id: (r) => r.Token,
    indexes: { stack: (r) => [r.StackId], resource: (r) => [`${r.StackId}/${r.LogicalResourceId}`] },
  },
  bucket: { id: (r) => r.Name, indexes: { owner: (r) => [r.OwnerId] } },
  s3Object: {
    id: (r) => versionKey(r.Bucket, r.Key, r.VersionId),
    indexes: {
      bucket: (r) => [r.Bucket],
      key: (r) => [objectKey(r.Bucket, r.Key)],
      latest: (r) => (r.Latest ? [objectKey(r.Bucket, r.Key)] : []),
    },
  },
  multipartUpload: { id: (r) => r.UploadId, indexes: { bucket: (r) => [r.Bucket] } },
  logGroup: { id: groupKey, indexes: {} },
  logStream: { id: streamKey, indexes: { group: (r) => [groupKey(r)] } },
  logEvents: { id: batchKey, indexes: { group: (r) => [groupKey(r)], stream: (r) => [streamKey(r)] } },
  repository: { id: repositoryKey, indexes: {} },
  lambdaFunction: { id: functionKey, indexes: { arn: (r) => [r.FunctionArn] }, lifecycle: functionBinding },
} as const satisfies { readonly [K in TableName]: TableDefinition<Tables[K]> };

export type IndexName<K extends TableName> = keyof (typeof tables)[K]["indexes"] & string;
