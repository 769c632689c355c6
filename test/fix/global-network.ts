/** The global network in a local cloud: two Regions, a transit gateway in each, and their peering; whole, or with one setting broken. */
import { EC2 } from "@aws-sdk/client-ec2";
import type { TestCloud } from "../support/start-cloud.ts";
import { present, running, until } from "./departments.ts";

const account = "111111111111";

export interface Site {
  readonly ec2: EC2;
  readonly block: string;
  readonly vpcId: string;
  readonly tableId: string;
  readonly subnetId: string;
  readonly groupId: string;
  readonly instanceId: string;
  readonly gatewayId: string;
  readonly gatewayTableId: string;
  readonly attachmentId: string;
}

export interface GlobalNetwork {
  readonly near: Site;
  readonly far: Site;
  readonly peeringId: string;
}

const anyone = "172.16.0.0/16";

/** Two servers that ping each other. */
export async function globalNetwork(cloud: TestCloud): Promise<GlobalNetwork> {
  const [near, far] = await Promise.all([
    buildSite(cloud, "us-east-1", "172.16.0.0/24", 64512),
    buildSite(cloud, "eu-west-1", "172.16.1.0/24", 64513),
  ]);
  const { TransitGatewayPeeringAttachment } = await far.ec2.createTransitGatewayPeeringAttachment({
    TransitGatewayId: far.gatewayId,
    PeerTransitGatewayId: near.gatewayId,
    PeerAccountId: account,
    PeerRegion: "us-east-1",
  });
  const peeringId = present(TransitGatewayPeeringAttachment?.TransitGatewayAttachmentId);
  await attachmentBecomes(near.ec2, peeringId, "pendingAcceptance");
  await near.ec2.acceptTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId: peeringId });
  await attachmentBecomes(near.ec2, peeringId, "available");
  await gatewayRoute(near, far.block, peeringId);
  await gatewayRoute(far, near.block, peeringId);
  return { near, far, peeringId };
}

async function buildSite(cloud: TestCloud, region: string, block: string, asn: number): Promise<Site> {
  const ec2 = new EC2({
    endpoint: cloud.endpoint,
    region,
    credentials: { accessKeyId: account, secretAccessKey: "causeway" },
    maxAttempts: 1,
  });
  const { Vpc } = await ec2.createVpc({ CidrBlock: block });
  const VpcId = present(Vpc?.VpcId);
  const half = block.replace("0/24", "0/25");
  const subnetId = await makeSubnet(ec2, VpcId, half, `${region}a`);
  const { RouteTables } = await ec2.describeRouteTables({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] });
  const tableId = present(RouteTables?.[0]?.RouteTableId);
  const { GroupId } = await ec2.createSecurityGroup({ VpcId, GroupName: "ping", Description: "ping" });
  const groupId = present(GroupId);
  await ec2.authorizeSecurityGroupIngress({
    GroupId: groupId,
    IpPermissions: [{ IpProtocol: "icmp", FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: anyone }] }],
  });
  const { TransitGateway } = await ec2.createTransitGateway({ Options: { AmazonSideAsn: asn } });
  const gatewayId = present(TransitGateway?.TransitGatewayId);
  await until(async () => {
    const { TransitGateways } = await ec2.describeTransitGateways({ TransitGatewayIds: [gatewayId] });
    return TransitGateways?.[0]?.State === "available";
  }, gatewayId);
  const { TransitGatewayVpcAttachment } = await ec2.createTransitGatewayVpcAttachment({
    TransitGatewayId: gatewayId,
    VpcId,
    SubnetIds: [subnetId],
  });
  const attachmentId = present(TransitGatewayVpcAttachment?.TransitGatewayAttachmentId);
  await attachmentBecomes(ec2, attachmentId, "available");
  await ec2.createRoute({ RouteTableId: tableId, DestinationCidrBlock: anyone, TransitGatewayId: gatewayId });
  const instanceId = await launch(ec2, subnetId, groupId);
  const gatewayTableId = present(TransitGateway?.Options?.AssociationDefaultRouteTableId);
  return { ec2, block, vpcId: VpcId, tableId, subnetId, groupId, instanceId, gatewayId, gatewayTableId, attachmentId };
}

async function makeSubnet(ec2: EC2, VpcId: string, CidrBlock: string, AvailabilityZone: string): Promise<string> {
  const { Subnet } = await ec2.createSubnet({ VpcId, CidrBlock, AvailabilityZone });
  return present(Subnet?.SubnetId);
}

async function launch(ec2: EC2, SubnetId: string, groupId: string): Promise<string> {
  const place = { SubnetId, SecurityGroupIds: [groupId], MinCount: 1, MaxCount: 1 };
  const { Instances } = await ec2.runInstances({
    ImageId: "ami-0123456789abcdef0",
    InstanceType: "t3.micro",
    ...place,
  });
  const instanceId = present(Instances?.[0]?.InstanceId);
  await running(ec2, instanceId);
  return instanceId;
}

async function attachmentBecomes(ec2: EC2, id: string, state: string): Promise<void> {
  await until(async () => {
    const { TransitGatewayAttachments } = await ec2.describeTransitGatewayAttachments({
      TransitGatewayAttachmentIds: [id],
    });
    return TransitGatewayAttachments?.[0]?.State === state;
  }, `${id} ${state}`);
}

async function gatewayRoute({ ec2, gatewayTableId }: Site, DestinationCidrBlock: string, id: string): Promise<void> {
  await ec2.createTransitGatewayRoute({
    TransitGatewayRouteTableId: gatewayTableId,
    DestinationCidrBlock,
    TransitGatewayAttachmentId: id,
  });
}

/** The ends of the ping that is broken. */
export interface Broken {
  readonly from: string;
  readonly to: string;
}

type Break = (network: GlobalNetwork) => Promise<Broken | undefined>;

/** What can be taken away of the whole network, one at each place where it can be missing. */
export const breaks = {
  "the near VPC's route": async ({ near }) => deleteVpcRoute(near),
  "the far VPC's route": async ({ far }) => deleteVpcRoute(far),
  "the near gateway's static route": async ({ near, far }) => deleteGatewayRoute(near, far),
  "the far gateway's static route": async ({ near, far }) => deleteGatewayRoute(far, near),
  "the near propagation": async ({ near }) => disablePropagation(near),
  "the far propagation": async ({ far }) => disablePropagation(far),
  "the near association": async ({ near }) => disassociate(near, near.attachmentId),
  "the far association": async ({ far }) => disassociate(far, far.attachmentId),
  "the peering's association": async ({ far, peeringId }) => disassociate(far, peeringId),
  "the right association: there is another table": async ({ near }) => {
    await disassociate(near, near.attachmentId);
    const { ec2, gatewayId: TransitGatewayId, attachmentId } = near;
    const { TransitGatewayRouteTable } = await ec2.createTransitGatewayRouteTable({ TransitGatewayId });
    const tableId = present(TransitGatewayRouteTable?.TransitGatewayRouteTableId);
    await until(async () => {
      const { TransitGatewayRouteTables } = await ec2.describeTransitGatewayRouteTables({
        TransitGatewayRouteTableIds: [tableId],
      });
      return TransitGatewayRouteTables?.[0]?.State === "available";
    }, tableId);
    await ec2.associateTransitGatewayRouteTable({
      TransitGatewayRouteTableId: tableId,
      TransitGatewayAttachmentId: attachmentId,
    });
    await until(async () => (await associationOf(near, tableId, attachmentId)) === "associated", attachmentId);
    return undefined;
  },
  "a subnet of the sender's zone": async ({ near, far }) => {
    const { ec2, vpcId, block, groupId } = near;
    const other = await makeSubnet(ec2, vpcId, block.replace("0/24", "128/25"), "us-east-1b");
    return { from: await launch(ec2, other, groupId), to: far.instanceId };
  },
} as const satisfies Readonly<Record<string, Break>>;

async function deleteVpcRoute({ ec2, tableId }: Site): Promise<undefined> {
  await ec2.deleteRoute({ RouteTableId: tableId, DestinationCidrBlock: anyone });
}

async function deleteGatewayRoute({ ec2, gatewayTableId }: Site, { block }: Site): Promise<undefined> {
  await ec2.deleteTransitGatewayRoute({ TransitGatewayRouteTableId: gatewayTableId, DestinationCidrBlock: block });
  await until(async () => {
    const { Routes } = await ec2.searchTransitGatewayRoutes({
      TransitGatewayRouteTableId: gatewayTableId,
      Filters: [{ Name: "route-search.exact-match", Values: [block] }],
    });
    return Routes?.length === 0;
  }, block);
}

async function disablePropagation({ ec2, gatewayTableId, attachmentId }: Site): Promise<undefined> {
  const member = { TransitGatewayRouteTableId: gatewayTableId, TransitGatewayAttachmentId: attachmentId };
  await ec2.disableTransitGatewayRouteTablePropagation(member);
  await until(async () => {
    const { TransitGatewayRouteTablePropagations } = await ec2.getTransitGatewayRouteTablePropagations({
      TransitGatewayRouteTableId: gatewayTableId,
    });
    return !TransitGatewayRouteTablePropagations?.some((each) => each.TransitGatewayAttachmentId === attachmentId);
  }, attachmentId);
}

async function disassociate(site: Site, id: string): Promise<undefined> {
  const { ec2, gatewayTableId } = site;
  await ec2.disassociateTransitGatewayRouteTable({
    TransitGatewayRouteTableId: gatewayTableId,
    TransitGatewayAttachmentId: id,
  });
  await until(async () => (await associationOf(site, gatewayTableId, id)) === undefined, id);
}

async function associationOf({ ec2 }: Site, tableId: string, id: string): Promise<string | undefined> {
  const { Associations } = await ec2.getTransitGatewayRouteTableAssociations({ TransitGatewayRouteTableId: tableId });
  return Associations?.find((each) => each.TransitGatewayAttachmentId === id)?.State;
}
