/** Builds one Region of the global network: the isolated VPC with its server and endpoints, and then its transit gateway. */

import { optionalText, text } from "../api/xml.ts";
import { amazonLinux, running } from "./servers.ts";
import type { Scene } from "./stage.ts";
import { named } from "./story.ts";

/** What a Region gets. */
export interface Site {
  readonly name: string;
  readonly region: string;
  readonly cidr: string;
  /** The server's. */
  readonly address: string;
  readonly amazonSideAsn: number;
}

export interface SiteIds {
  readonly site: Site;
  readonly accountId: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly routeTableId: string;
  /** The server's group, and the endpoints'. */
  readonly groupIds: readonly [string, string];
  readonly instanceId: string;
  readonly endpointIds: readonly string[];
  readonly gateway?: {
    readonly transitGatewayId: string;
    readonly transitGatewayRouteTableId: string;
    readonly attachmentId: string;
  };
}

/** One role serves both Regions: IAM is global. */
export const roleName = "SessionManagerRole";
export const managedPolicy = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

/** A VPC that no internet reaches, with a server that Session Manager does. */
export async function buildSite(scene: Scene, site: Site): Promise<SiteIds> {
  const { name, cidr, address } = site;
  const vpc = await scene.aws("CreateVpc", { CidrBlock: cidr, TagSpecifications: named("vpc", name) });
  const vpcId = text(vpc, "vpc", "vpcId");
  // Private DNS names of endpoints need both of a VPC's DNS attributes; the other one is on from the start.
  await scene.aws("ModifyVpcAttribute", { VpcId: vpcId, EnableDnsHostnames: { Value: true } });
  const subnet = await scene.aws("CreateSubnet", {
    VpcId: vpcId,
    CidrBlock: cidr,
    TagSpecifications: named("subnet", `${name}Subnet`),
  });
  const subnetId = text(subnet, "subnet", "subnetId");
  const tables = await scene.look("DescribeRouteTables", { Filters: [{ Name: "vpc-id", Values: [vpcId] }] });
  const routeTableId = text(tables, "routeTableSet", "item", "routeTableId");
  const serverGroup = await group(scene, vpcId, `${name}Server`, {
    IpProtocol: "icmp",
    from: -1,
    cidr: "172.16.0.0/16",
  });
  const endpointGroup = await group(scene, vpcId, `${name}Endpoints`, { IpProtocol: "tcp", from: 443, cidr });
  const endpointIds = await endpoints(scene, site, vpcId, subnetId, endpointGroup);
  await ensureRole(scene);
  const started = await scene.aws("RunInstances", {
    ImageId: await amazonLinux(scene),
    InstanceType: "t3.micro",
    MinCount: 1,
    MaxCount: 1,
    SubnetId: subnetId,
    PrivateIpAddress: address,
    SecurityGroupIds: [serverGroup],
    IamInstanceProfile: { Name: roleName },
    TagSpecifications: named("instance", `${name}Server`),
  });
  const instanceId = text(started, "instancesSet", "item", "instanceId");
  await running(scene, instanceId);
  return {
    site,
    accountId: text(vpc, "vpc", "ownerId"),
    vpcId,
    subnetId,
    routeTableId,
    groupIds: [serverGroup, endpointGroup],
    instanceId,
    endpointIds,
  };
}

/** The Region's gateway, the VPC's attachment to it, and the VPC's route there. */
export async function joinGateway(scene: Scene, ids: SiteIds, destination: string): Promise<SiteIds> {
  const { site, vpcId, subnetId, routeTableId } = ids;
  const created = await scene.aws("CreateTransitGateway", {
    Options: { AmazonSideAsn: site.amazonSideAsn },
    TagSpecifications: named("transit-gateway", `${site.name}Gateway`),
  });
  const transitGatewayId = text(created, "transitGateway", "transitGatewayId");
  await scene.states(
    transitGatewayId,
    text(created, "transitGateway", "state"),
    async () => {
      const answer = await scene.look("DescribeTransitGateways", { TransitGatewayIds: [transitGatewayId] });
      return text(answer, "transitGatewaySet", "item", "state");
    },
    "available",
  );
  const attached = await scene.aws("CreateTransitGatewayVpcAttachment", {
    TransitGatewayId: transitGatewayId,
    VpcId: vpcId,
    SubnetIds: [subnetId],
  });
  const attachmentId = text(attached, "transitGatewayVpcAttachment", "transitGatewayAttachmentId");
  await scene.states(
    attachmentId,
    text(attached, "transitGatewayVpcAttachment", "state"),
    () => attachmentState(scene, attachmentId),
    "available",
  );
  await scene.aws("CreateRoute", {
    RouteTableId: routeTableId,
    DestinationCidrBlock: destination,
    TransitGatewayId: transitGatewayId,
  });
  const transitGatewayRouteTableId = text(created, "transitGateway", "options", "associationDefaultRouteTableId");
  return { ...ids, gateway: { transitGatewayId, transitGatewayRouteTableId, attachmentId } };
}

export async function attachmentState(scene: Scene, attachmentId: string): Promise<string> {
  const answer = await scene.look("DescribeTransitGatewayAttachments", { TransitGatewayAttachmentIds: [attachmentId] });
  return text(answer, "transitGatewayAttachments", "item", "state");
}

async function group(
  scene: Scene,
  VpcId: string,
  GroupName: string,
  { IpProtocol, from, cidr }: { readonly IpProtocol: string; readonly from: number; readonly cidr: string },
): Promise<string> {
  const answer = await scene.aws("CreateSecurityGroup", { VpcId, GroupName, Description: `What ${GroupName} lets in` });
  const GroupId = text(answer, "groupId");
  await scene.aws("AuthorizeSecurityGroupIngress", { GroupId, IpProtocol, FromPort: from, ToPort: from, CidrIp: cidr });
  return GroupId;
}

/** The three that Session Manager's agent asks. */
async function endpoints(
  scene: Scene,
  { region }: Site,
  vpcId: string,
  subnetId: string,
  groupId: string,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const service of ["ssm", "ssmmessages", "ec2messages"]) {
    const answer = await scene.aws("CreateVpcEndpoint", {
      VpcEndpointType: "Interface",
      VpcId: vpcId,
      ServiceName: `com.amazonaws.${region}.${service}`,
      SubnetIds: [subnetId],
      SecurityGroupIds: [groupId],
      PrivateDnsEnabled: true,
    });
    ids.push(text(answer, "vpcEndpoint", "vpcEndpointId"));
  }
  return ids;
}

async function ensureRole(scene: Scene): Promise<void> {
  const roles = await scene.look("iam:ListRoles", {});
  if (optionalText(roles, "ListRolesResult", "Roles", "member", "RoleName") === roleName) return;
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  await scene.aws("iam:CreateRole", { RoleName: roleName, AssumeRolePolicyDocument: JSON.stringify(trust) });
  await scene.aws("iam:AttachRolePolicy", { RoleName: roleName, PolicyArn: managedPolicy });
  await scene.aws("iam:CreateInstanceProfile", { InstanceProfileName: roleName });
  await scene.aws("iam:AddRoleToInstanceProfile", { InstanceProfileName: roleName, RoleName: roleName });
}
