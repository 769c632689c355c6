/** The walk-through's departments in a local cloud, up to one of the states that people get stuck in. */
import type { EC2 } from "@aws-sdk/client-ec2";
import { eventually } from "../support/processes.ts";

export interface Department {
  readonly vpcId: string;
  readonly tableId: string;
  readonly groupId: string;
  readonly instanceId: string;
  readonly block: string;
}

export interface Plan {
  readonly name: string;
  readonly block: string;
  readonly subnet: string;
  readonly host: string;
  /** Marketing has a way to the internet. */
  readonly gateway?: boolean;
}

export const marketingPlan: Plan = {
  name: "Marketing",
  block: "10.10.0.0/16",
  subnet: "10.10.1.0/24",
  host: "10.10.1.10",
  gateway: true,
};
export const financePlan: Plan = {
  name: "Finance",
  block: "172.31.0.0/16",
  subnet: "172.31.1.0/24",
  host: "172.31.1.20",
};
export const developerPlan: Plan = {
  name: "Developer",
  block: "10.20.0.0/16",
  subnet: "10.20.1.0/24",
  host: "10.20.1.30",
};

/** A VPC with a server whose group lets nothing in. */
export async function department(ec2: EC2, { name, block, subnet, host, gateway }: Plan): Promise<Department> {
  const { Vpc } = await ec2.createVpc({ CidrBlock: block });
  const VpcId = present(Vpc?.VpcId);
  const { Subnet } = await ec2.createSubnet({ VpcId, CidrBlock: subnet });
  const { GroupId } = await ec2.createSecurityGroup({ VpcId, GroupName: name, Description: name });
  const { RouteTables } = await ec2.describeRouteTables({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] });
  const tableId = present(RouteTables?.[0]?.RouteTableId);
  if (gateway) {
    const { InternetGateway } = await ec2.createInternetGateway({});
    const GatewayId = present(InternetGateway?.InternetGatewayId);
    await ec2.attachInternetGateway({ VpcId, InternetGatewayId: GatewayId });
    await ec2.createRoute({ RouteTableId: tableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId });
  }
  const { Instances } = await ec2.runInstances({
    ImageId: "ami-0123456789abcdef0",
    InstanceType: "t3.micro",
    MinCount: 1,
    MaxCount: 1,
    SubnetId: present(Subnet?.SubnetId),
    PrivateIpAddress: host,
    SecurityGroupIds: [present(GroupId)],
  });
  const instanceId = present(Instances?.[0]?.InstanceId);
  await running(ec2, instanceId);
  return { vpcId: VpcId, tableId, groupId: present(GroupId), instanceId, block };
}

export async function running(ec2: EC2, instanceId: string): Promise<void> {
  await until(async () => {
    const { Reservations } = await ec2.describeInstances({ InstanceIds: [instanceId] });
    return Reservations?.[0]?.Instances?.[0]?.State?.Name === "running";
  }, instanceId);
}

/** Asks for a peering; with `accept` until it is active. */
export async function peer(
  ec2: EC2,
  from: Department,
  to: Department,
  { accept = true, peerOwnerId }: { readonly accept?: boolean; readonly peerOwnerId?: string } = {},
): Promise<string> {
  const { VpcPeeringConnection } = await ec2.createVpcPeeringConnection({
    VpcId: from.vpcId,
    PeerVpcId: to.vpcId,
    PeerOwnerId: peerOwnerId,
  });
  const id = present(VpcPeeringConnection?.VpcPeeringConnectionId);
  const isIn = (status: string) => async (): Promise<boolean> => {
    const { VpcPeeringConnections } = await ec2.describeVpcPeeringConnections({ VpcPeeringConnectionIds: [id] });
    return VpcPeeringConnections?.[0]?.Status?.Code === status;
  };
  await until(isIn("pending-acceptance"), id);
  if (!accept) return id;
  await ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
  await until(isIn("active"), id);
  return id;
}

export async function route(ec2: EC2, { tableId }: Department, DestinationCidrBlock: string, peering: string) {
  await ec2.createRoute({ RouteTableId: tableId, DestinationCidrBlock, VpcPeeringConnectionId: peering });
}

export async function until(is: () => Promise<boolean>, what: string): Promise<void> {
  if (!(await eventually(is, 60_000))) throw new Error(`${what} does not get there`);
}

export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the answer lacks what was asked for");
  return value;
}
