/** What an account holds, as facts to compare. What comes in a bundle is looked at as a whole: a part that is missing is a fact too. */
import {
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type Instance,
  type NetworkAcl,
  type NetworkInterface,
  type RouteTable,
  type SecurityGroup,
  type SecurityGroupRule,
  type Subnet,
  type Tag,
  type Vpc,
  type VpcPeeringConnection,
} from "@aws-sdk/client-ec2";

/** The fact's name and its value. A fact that is not there is `absent`. */
export type Facts = ReadonlyMap<string, string>;
type Fact = readonly [name: string, value: string];

export async function observeAccount(client: EC2Client): Promise<Facts> {
  const own = { Filters: [{ Name: "is-default", Values: ["false"] }] };
  const [vpcs, subnets, tables, acls, groups, rules, peerings, reservations, interfaces] = await Promise.all([
    client.send(new DescribeVpcsCommand(own)),
    client.send(new DescribeSubnetsCommand({})),
    client.send(new DescribeRouteTablesCommand({})),
    client.send(new DescribeNetworkAclsCommand({})),
    client.send(new DescribeSecurityGroupsCommand({})),
    client.send(new DescribeSecurityGroupRulesCommand({})),
    client.send(new DescribeVpcPeeringConnectionsCommand({})),
    client.send(new DescribeInstancesCommand({})),
    client.send(new DescribeNetworkInterfacesCommand({})),
  ]);
  const {
    Vpcs = [],
    Subnets = [],
    RouteTables = [],
    NetworkAcls = [],
    SecurityGroups = [],
  } = { ...vpcs, ...subnets, ...tables, ...acls, ...groups };
  const instances = (reservations.Reservations ?? []).flatMap((each) => each.Instances ?? []);
  const facts = new Map<string, string>();
  const found: readonly Fact[] = [
    ...Vpcs.flatMap((each) => vpcFacts(each, RouteTables, NetworkAcls, SecurityGroups)),
    ...Subnets.flatMap((each) => subnetFacts(each, NetworkAcls)),
    ...RouteTables.flatMap(routeFacts),
    ...ruleFacts(rules.SecurityGroupRules ?? []),
    ...(peerings.VpcPeeringConnections ?? []).flatMap(peeringFacts),
    ...instances.flatMap((each) => instanceFacts(each, interfaces.NetworkInterfaces ?? [])),
    ...roundFacts([...Vpcs, ...Subnets, ...SecurityGroups]),
  ];
  // Things of one name are one fact.
  for (const [name, value] of found) {
    const before = facts.get(name);
    facts.set(name, before === undefined ? value : [...before.split(" "), value].toSorted().join(" "));
  }
  return facts;
}

/** A VPC has from its first moment one main route table, one default network ACL and one default group. */
function vpcFacts(
  { VpcId, CidrBlock, State }: Vpc,
  tables: readonly RouteTable[],
  acls: readonly NetworkAcl[],
  groups: readonly SecurityGroup[],
): readonly Fact[] {
  const main = tables.filter((each) => each.VpcId === VpcId && each.Associations?.some(({ Main }) => Main));
  const acl = acls.filter((each) => each.VpcId === VpcId && each.IsDefault);
  const group = groups.filter((each) => each.VpcId === VpcId && each.GroupName === "default");
  const whole = State === "available" && main.length === 1 && acl.length === 1 && group.length === 1;
  const parts = `${State}, ${main.length} tables, ${acl.length} ACLs, ${group.length} groups`;
  return [[`vpc ${CidrBlock}`, `${VpcId}`], ...(whole ? [] : [[`part of ${VpcId}`, parts] as const])];
}

function subnetFacts({ SubnetId, VpcId, CidrBlock }: Subnet, acls: readonly NetworkAcl[]): readonly Fact[] {
  const covering = acls.filter((acl) => acl.Associations?.some((each) => each.SubnetId === SubnetId));
  return [
    [`subnet ${VpcId} ${CidrBlock}`, `${SubnetId}`],
    ...(covering.length === 1 ? [] : [[`part of ${SubnetId}`, `${covering.length} ACLs`] as const]),
  ];
}

function routeFacts({ RouteTableId, Routes = [] }: RouteTable): readonly Fact[] {
  return Routes.filter((each) => each.VpcPeeringConnectionId !== undefined).map((each) => [
    `route ${RouteTableId} ${each.DestinationCidrBlock}`,
    `${each.VpcPeeringConnectionId} ${each.State}`,
  ]);
}

/** The ranges of one port are one fact with all of them in its name: one that is missing makes another fact. */
function ruleFacts(rules: readonly SecurityGroupRule[]): readonly Fact[] {
  const ranges = new Map<string, string[]>();
  for (const each of rules) {
    if (each.IsEgress || each.CidrIpv4 === undefined) continue;
    const key = `rule ${each.GroupId} ${each.IpProtocol} ${each.FromPort}`;
    ranges.set(key, [...(ranges.get(key) ?? []), each.CidrIpv4].toSorted());
  }
  return [...ranges].map(([key, cidrs]) => [`${key} ${cidrs.join(" ")}`, "there"]);
}

function peeringFacts(each: VpcPeeringConnection): readonly Fact[] {
  const code = each.Status?.Code;
  if (code === "deleted" || code === "deleting") return [];
  const name = `peering ${each.RequesterVpcInfo?.VpcId} ${each.AccepterVpcInfo?.VpcId}`;
  return [[name, `${each.VpcPeeringConnectionId} ${code}`]];
}

function instanceFacts(
  { InstanceId, State, Tags }: Instance,
  interfaces: readonly NetworkInterface[],
): readonly Fact[] {
  const attached = interfaces.filter((each) => each.Attachment?.InstanceId === InstanceId).length;
  if (State?.Name === "terminated")
    return attached === 0 ? [] : [[`part of ${InstanceId}`, "terminated, with an interface"]];
  const whole = State?.Name === "running" && attached === 1;
  return [
    [`instances ${tagOf("Name", Tags)}`, `${InstanceId}`],
    ...(whole ? [] : [[`part of ${InstanceId}`, `${State?.Name}, ${attached} interfaces`] as const]),
  ];
}

function roundFacts(tagged: readonly { readonly Tags?: Tag[] | undefined }[]): readonly Fact[] {
  return tagged.flatMap(({ Tags }) => {
    const round = tagOf("Round", Tags);
    return round === undefined ? [] : [["round", round] as const];
  });
}

function tagOf(key: string, tags: readonly Tag[] = []): string | undefined {
  return tags.find((each) => each.Key === key)?.Value;
}
