/**
 * A random network as a CloudFormation template: the choices of the differential test, as far as a template can make them, each part written
 * in one of the ways that templates have for it.
 */
import { fars, type RandomNetwork } from "../differential/random-network.ts";

export interface WrittenResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
}

export type WrittenResources = Readonly<Record<string, WrittenResource>>;

type RandomVpc = RandomNetwork["vpcs"][number];
type RandomGateway = RandomNetwork["gateways"][number];

/** A VPC as written. */
interface Written {
  readonly name: string;
  readonly block: string;
  readonly octet: number;
  readonly ipv6: boolean;
  readonly tables: readonly string[];
  /** The first subnet of each zone. */
  readonly zones: readonly string[];
  /** What routes of this VPC may name, as a route says it; and what has to be there first. */
  readonly targets: RouteTarget[];
}

interface RouteTarget {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly after: readonly string[];
}

export function resourcesOf(random: RandomNetwork): WrittenResources {
  const resources = new Map<string, WrittenResource>();
  const add = (name: string, Type: string, Properties: object = {}, DependsOn: readonly string[] = []): void => {
    resources.set(name, { Type, Properties: { ...Properties }, ...(DependsOn.length > 0 && { DependsOn }) });
  };
  const route = (table: string, destination: string, { properties, after }: RouteTarget): void =>
    add(
      `Route${table}${destination.replaceAll(/[^0-9a-z]/g, "x")}`,
      "AWS::EC2::Route",
      { RouteTableId: ref(table), ...destinationOf(destination), ...properties },
      after,
    );
  const write: Writing = { add, route };
  add("Mixed", "AWS::EC2::PrefixList", {
    PrefixListName: "mixed",
    AddressFamily: "IPv4",
    MaxEntries: 3,
    Entries: ["10.0.1.0/24", "10.1.0.0/16", "203.0.113.64/26"].map((Cidr) => ({ Cidr })),
  });
  const vpcs: Written[] = [];
  for (const [index, each] of random.vpcs.entries()) vpcs.push(writeVpc(write, index, each, vpcs));
  const peerings = random.peerings.flatMap(({ ends }) => peeringOf(vpcs, ends)?.name ?? []);
  for (const [index, each] of random.vpcs.entries()) writeRules(write, vpcs, index, each, peerings);
  for (const each of random.peerings) writePeering(write, vpcs, each);
  for (const [index, each] of random.gateways.entries()) writeGateway(write, vpcs, index, each);
  for (const each of random.routes) writeRoute(write, vpcs, each);
  return Object.fromEntries(resources);
}

interface Writing {
  add(name: string, type: string, properties?: object, dependsOn?: readonly string[]): void;
  route(table: string, destination: string, target: RouteTarget): void;
}

const ref = (name: string) => ({ Ref: name });
const att = (name: string, attribute: string) => ({ "Fn::GetAtt": [name, attribute] });
/** One of the two ways to say it. */
const groupId = (name: string, way: number) => (way % 2 === 0 ? ref(name) : att(name, "GroupId"));
const target = (properties: object, ...after: readonly string[]): RouteTarget => ({
  properties: { ...properties },
  after,
});

function destinationOf(destination: string): object {
  if (destination === "pl-mixed") return { DestinationPrefixListId: att("Mixed", "PrefixListId") };
  return destination.includes(":") ? { DestinationIpv6CidrBlock: destination } : { DestinationCidrBlock: destination };
}

function writeVpc({ add, route }: Writing, index: number, random: RandomVpc, before: readonly Written[]): Written {
  const name = "ABCD"[index] ?? "X";
  const octet = random.block === 7 ? (before.at(-1)?.octet ?? index) : index;
  const block = `10.${octet}.0.0/16`;
  const vpcId = { VpcId: ref(name) };
  add(name, "AWS::EC2::VPC", { CidrBlock: block });
  if (random.ipv6) add(`${name}Six`, "AWS::EC2::VPCCidrBlock", { ...vpcId, AmazonProvidedIpv6CidrBlock: true });
  add(`${name}Acl`, "AWS::EC2::NetworkAcl", vpcId);
  writeAcl(add, name, random);
  const shared = `${name}Shared`;
  add(shared, "AWS::EC2::RouteTable", vpcId);
  const written: Written = {
    name,
    block,
    octet,
    ipv6: random.ipv6,
    tables: [shared, ...random.subnets.flatMap(({ ownTable }, at) => (ownTable ? [`${name}Table${at}`] : []))],
    zones: [0, 1].flatMap((zone) => {
      const at = random.subnets.findIndex((each) => each.zone === zone);
      return at < 0 ? [] : [`${name}Subnet${at}`];
    }),
    targets: [],
  };
  const hasGateway = random.outside >= 1 && random.outside !== 5;
  for (const [at, each] of random.subnets.entries()) writeSubnet(add, written, at, each, hasGateway);
  writeOutside({ add, route }, written, random.outside);
  return written;
}

function writeAcl(add: Writing["add"], name: string, { entries }: RandomVpc): void {
  const all = [
    ...entries.map((each, index) => ({
      direction: each.direction,
      number: 100 + index,
      action: each.action === 0 ? "allow" : "deny",
      traffic: traffics[each.traffic],
      far: fars[each.far],
    })),
    ...[0, 1].flatMap((direction) => [
      { direction, number: 900, action: "allow", traffic: traffics[0], far: "0.0.0.0/0" },
      { direction, number: 901, action: "allow", traffic: traffics[0], far: "::/0" },
    ]),
  ];
  for (const { direction, number, action, traffic, far: drawn = "0.0.0.0/0" } of all) {
    const { protocol = -1, from, to } = traffic ?? {};
    const far = protocol === 58 ? "::/0" : drawn;
    const isIcmp = protocol === 1 || protocol === 58;
    add(`${name}Entry${direction}n${number}`, "AWS::EC2::NetworkAclEntry", {
      NetworkAclId: ref(`${name}Acl`),
      RuleNumber: number,
      Egress: direction === 1,
      Protocol: protocol,
      RuleAction: action,
      ...(far.includes(":") ? { Ipv6CidrBlock: far } : { CidrBlock: far }),
      ...(isIcmp && { Icmp: { Type: from ?? -1, Code: to ?? -1 } }),
      ...((protocol === 6 || protocol === 17) && { PortRange: { From: from ?? 0, To: to ?? 65_535 } }),
    });
  }
}

function writeSubnet(
  add: Writing["add"],
  vpc: Written,
  at: number,
  { zone, ownTable, ownAcl, hosts }: RandomVpc["subnets"][number],
  hasGateway: boolean,
): void {
  const { name, octet, ipv6 } = vpc;
  const subnet = `${name}Subnet${at}`;
  const six = { "Fn::Select": [at, { "Fn::Cidr": [{ "Fn::Select": [0, att(name, "Ipv6CidrBlocks")] }, 8, 64] }] };
  add(
    subnet,
    "AWS::EC2::Subnet",
    {
      VpcId: ref(name),
      // Both ways to have the same block.
      CidrBlock:
        at % 2 === 0
          ? `10.${octet}.${at}.0/24`
          : { "Fn::Select": [at, { "Fn::Cidr": [att(name, "CidrBlock"), 8, 8] }] },
      AvailabilityZone: { "Fn::Select": [zone, { "Fn::GetAZs": "" }] },
      ...(ipv6 && { Ipv6CidrBlock: six }),
    },
    ipv6 ? [`${name}Six`] : [],
  );
  if (ownTable) add(`${name}Table${at}`, "AWS::EC2::RouteTable", { VpcId: ref(name) });
  const table = ownTable ? `${name}Table${at}` : `${name}Shared`;
  // Some keep the VPC's main table, which no template names.
  if (ownTable || at < 2)
    add(`${subnet}Table`, "AWS::EC2::SubnetRouteTableAssociation", { SubnetId: ref(subnet), RouteTableId: ref(table) });
  if (ownAcl)
    add(`${subnet}Acl`, "AWS::EC2::SubnetNetworkAclAssociation", {
      SubnetId: ref(subnet),
      NetworkAclId: ref(`${name}Acl`),
    });
  for (const [number, host] of hosts.entries()) {
    const hostName = `${name}Host${at}${number}`;
    const groups = [[`${name}Open`], [`${name}One`], [`${name}Two`], [`${name}One`, `${name}Two`]][host.group] ?? [];
    const address = `10.${octet}.${at}.${10 + number}`;
    const GroupSet = groups.map(groupId);
    const network =
      number === 0
        ? {
            SubnetId: ref(subnet),
            PrivateIpAddress: address,
            SecurityGroupIds: GroupSet,
            ...(ipv6 && { Ipv6AddressCount: 1 }),
          }
        : { NetworkInterfaces: [{ DeviceIndex: "0", SubnetId: ref(subnet), PrivateIpAddress: address, GroupSet }] };
    add(hostName, "AWS::EC2::Instance", {
      ImageId: "ami-0123456789abcdef0",
      ...network,
      ...(host.forwards && { SourceDestCheck: false }),
    });
    vpc.targets.push(target({ InstanceId: ref(hostName) }));
    if (!host.publicIp || !hasGateway) continue;
    if (number === 0)
      add(`${hostName}Ip`, "AWS::EC2::EIP", { Domain: "vpc", InstanceId: ref(hostName) }, [`${name}Attached`]);
    else {
      add(`${hostName}Ip`, "AWS::EC2::EIP", { Domain: "vpc" }, [`${name}Attached`]);
      const association = { AllocationId: att(`${hostName}Ip`, "AllocationId"), InstanceId: ref(hostName) };
      add(`${hostName}IpAt`, "AWS::EC2::EIPAssociation", association);
    }
  }
}

function writeOutside({ add, route }: Writing, vpc: Written, outside: number): void {
  const { name, tables, targets } = vpc;
  const [first, ...others] = tables;
  if (first === undefined || outside === 0) return;
  if (outside === 5) {
    add(`${name}Eigw`, "AWS::EC2::EgressOnlyInternetGateway", { VpcId: ref(name) });
    for (const table of tables) route(table, "::/0", target({ EgressOnlyInternetGatewayId: ref(`${name}Eigw`) }));
    return;
  }
  const attached = `${name}Attached`;
  add(`${name}Igw`, "AWS::EC2::InternetGateway");
  add(attached, "AWS::EC2::VPCGatewayAttachment", { VpcId: ref(name), InternetGatewayId: ref(`${name}Igw`) });
  const gateway = target({ GatewayId: ref(`${name}Igw`) }, attached);
  targets.push(gateway);
  if (outside === 1) return;
  route(first, "0.0.0.0/0", gateway);
  route(first, "::/0", gateway);
  if (outside === 2) return;
  add(`${name}NatIp`, "AWS::EC2::EIP", { Domain: "vpc" }, [attached]);
  const nat = { SubnetId: ref(`${name}Subnet0`), AllocationId: att(`${name}NatIp`, "AllocationId") };
  add(`${name}Nat`, "AWS::EC2::NatGateway", { ...nat, PrivateIpAddress: `10.${vpc.octet}.0.200` }, [attached]);
  const byNat = target({ NatGatewayId: ref(`${name}Nat`) });
  targets.push(byNat);
  for (const table of others) route(table, "0.0.0.0/0", outside === 6 ? gateway : byNat);
}

interface Traffic {
  readonly protocol: number;
  /** The first port, or the type of ICMP; the last port, or its code. */
  readonly from?: number;
  readonly to?: number;
}

const traffics: readonly Traffic[] = [
  { protocol: -1 },
  { protocol: 1 },
  { protocol: 6, from: 443, to: 443 },
  { protocol: 6, from: 1024, to: 65_535 },
  { protocol: 17, from: 53, to: 53 },
  { protocol: 17, from: 1024, to: 65_535 },
  { protocol: 1, from: 8, to: -1 },
  { protocol: 1, from: 0, to: 0 },
  { protocol: 6, from: 0, to: 65_535 },
  { protocol: 58 },
];

/** `One` has its rules in resources of their own, `Two` in itself where no group names it back. */
function writeRules(
  { add }: Writing,
  vpcs: readonly Written[],
  index: number,
  { rules }: RandomVpc,
  peerings: readonly string[],
): void {
  const own = vpcs[index];
  if (own === undefined) return;
  const { name } = own;
  const VpcId = ref(name);
  const everything = { IpProtocol: "-1", CidrIp: "0.0.0.0/0" };
  const everythingSix = { IpProtocol: "-1", CidrIpv6: "::/0" };
  add(`${name}Open`, "AWS::EC2::SecurityGroup", {
    GroupDescription: "all",
    VpcId,
    SecurityGroupIngress: [everything, everythingSix],
    SecurityGroupEgress: [everything, everythingSix],
  });
  const named = [
    `${name}One`,
    `${name}Two`,
    `${vpcs[(index + 1) % vpcs.length]?.name}Open`,
    `${vpcs[0]?.name}One`,
    `${vpcs.at(-1)?.name}Two`,
  ];
  const written = rules.map(({ direction, traffic, far }) => {
    const { protocol, from = -1, to = -1 } = traffics[traffic] ?? { protocol: -1 };
    const peer = direction === 0 ? "Source" : "Destination";
    const block = fars[far];
    const group = named[far - fars.length - 1];
    const end =
      block !== undefined
        ? block.includes(":")
          ? { CidrIpv6: block }
          : { CidrIp: block }
        : group === undefined
          ? { [`${peer}PrefixListId`]: att("Mixed", "PrefixListId") }
          : { [`${peer}SecurityGroupId`]: groupId(group, far) };
    return {
      direction,
      group,
      rule: { IpProtocol: protocolWord(protocol), FromPort: from, ToPort: to, ...end },
    };
  });
  const inline = (direction: number) =>
    written.filter((each) => each.direction === direction && each.group === undefined).map(({ rule }) => rule);
  add(`${name}One`, "AWS::EC2::SecurityGroup", { GroupDescription: "one", VpcId });
  add(`${name}Two`, "AWS::EC2::SecurityGroup", {
    GroupDescription: "two",
    VpcId,
    SecurityGroupIngress: inline(0),
    SecurityGroupEgress: inline(1),
  });
  for (const [number, { direction, group, rule }] of written.entries()) {
    const type = direction === 0 ? "AWS::EC2::SecurityGroupIngress" : "AWS::EC2::SecurityGroupEgress";
    // A group of another VPC can be named once these are peered, and not otherwise.
    const after = peerings.filter(
      (each) => group && [name, group[0]].every((vpc) => vpc && each.slice(4).includes(vpc)),
    );
    if (group !== undefined && group[0] !== name && after.length === 0) continue;
    if (direction === 0)
      add(`${name}OneRule${number}`, type, { GroupId: groupId(`${name}One`, number), ...rule }, after);
    if (group !== undefined)
      add(`${name}TwoRule${number}`, type, { GroupId: groupId(`${name}Two`, number), ...rule }, after);
  }
}

function protocolWord(protocol: number): string {
  return { 1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6" }[protocol] ?? String(protocol);
}

function peeringOf(vpcs: readonly Written[], ends: readonly [number, number]) {
  const [near, far] = [...ends].sort().map((end) => vpcs[end]);
  if (near === undefined || far === undefined || near.octet === far.octet) return undefined;
  return { name: `Peer${near.name}${far.name}`, near, far };
}

function writePeering(
  { add, route }: Writing,
  vpcs: readonly Written[],
  { ends, routes }: RandomNetwork["peerings"][number],
): void {
  const peering = peeringOf(vpcs, ends);
  if (peering === undefined) return;
  const { name, near, far } = peering;
  add(name, "AWS::EC2::VPCPeeringConnection", { VpcId: ref(near.name), PeerVpcId: ref(far.name) });
  const through = target({ VpcPeeringConnectionId: ref(name) });
  for (const [vpc, other, kind] of [
    [near, far, routes[0]],
    [far, near, routes[1]],
  ] as const) {
    vpc.targets.push(through);
    if (kind === 5) continue;
    const destination = kind === 4 ? `10.${other.octet}.0.0/24` : kind === 3 ? "10.0.0.0/8" : other.block;
    for (const table of vpc.tables) route(table, destination, through);
  }
}

function writeGateway({ add, route }: Writing, vpcs: readonly Written[], index: number, random: RandomGateway): void {
  const name = `Tgw${index}`;
  const isOn = (yes: boolean) => (yes ? "enable" : "disable");
  // With its own tables, or with its default one.
  const ownTable = random.referencing;
  add(name, "AWS::EC2::TransitGateway", {
    DefaultRouteTableAssociation: isOn(!ownTable),
    DefaultRouteTablePropagation: isOn(!ownTable),
  });
  if (ownTable) add(`${name}Table`, "AWS::EC2::TransitGatewayRouteTable", { TransitGatewayId: ref(name) });
  const seen = new Set<string>();
  for (const each of random.attachments) {
    const vpc = vpcs[each.vpc];
    if (vpc === undefined || seen.has(vpc.name)) continue;
    seen.add(vpc.name);
    const attachment = `${name}${vpc.name}`;
    const subnets = each.zones === 4 ? vpc.zones.slice(0, 1) : each.zones === 3 ? vpc.zones.slice(-1) : vpc.zones;
    add(attachment, each.appliance ? "AWS::EC2::TransitGatewayVpcAttachment" : "AWS::EC2::TransitGatewayAttachment", {
      TransitGatewayId: ref(name),
      VpcId: ref(vpc.name),
      SubnetIds: subnets.map(ref),
      Options: {
        Ipv6Support: isOn(each.ipv6 && vpc.ipv6),
        ApplianceModeSupport: isOn(each.appliance && subnets.length === 1),
      },
    });
    if (ownTable) writeTableEntries(add, `${name}Table`, attachment, vpc, each);
    const through = target({ TransitGatewayId: ref(name) }, attachment);
    vpc.targets.push(through);
    if (each.route === 5) continue;
    const destination = each.route === 4 ? "0.0.0.0/0" : each.route === 3 ? "10.1.0.0/16" : "10.0.0.0/8";
    for (const table of vpc.tables) route(table, destination, through);
  }
}

/** What the gateway's own table has of an attachment. */
function writeTableEntries(
  add: Writing["add"],
  table: string,
  attachment: string,
  { block, octet }: Written,
  { associated, propagates }: RandomGateway["attachments"][number],
): void {
  const TransitGatewayRouteTableId = ref(table);
  const of = { TransitGatewayAttachmentId: ref(attachment), TransitGatewayRouteTableId };
  if (associated !== 9) add(`${attachment}In`, "AWS::EC2::TransitGatewayRouteTableAssociation", of);
  if (propagates < 5) add(`${attachment}To`, "AWS::EC2::TransitGatewayRouteTablePropagation", of);
  const route = "AWS::EC2::TransitGatewayRoute";
  if (propagates === 5) add(`${attachment}Static`, route, { ...of, DestinationCidrBlock: block });
  if (propagates === 6)
    add(`${attachment}Hole`, route, {
      TransitGatewayRouteTableId,
      DestinationCidrBlock: `10.${octet}.0.0/24`,
      Blackhole: true,
    });
}

/** Anywhere to anything, more specific than local as well. [RT-23] */
function writeRoute({ route }: Writing, vpcs: readonly Written[], random: RandomNetwork["routes"][number]): void {
  const vpc = vpcs[random.vpc % vpcs.length];
  if (vpc === undefined) return;
  const { octet } = vpcs[random.destination % vpcs.length] ?? vpc;
  const destination =
    [
      `10.${octet}.0.0/16`,
      `10.${octet}.0.0/24`,
      `10.${octet}.1.0/24`,
      `10.${octet}.0.10/32`,
      "0.0.0.0/0",
      "203.0.113.0/24",
      "pl-mixed",
      "::/0",
    ][Math.floor(random.destination / 2)] ?? "0.0.0.0/0";
  const table = vpc.tables[random.table % vpc.tables.length];
  const named = vpc.targets[random.target % vpc.targets.length];
  if (table !== undefined && named !== undefined) route(table, destination, named);
}
