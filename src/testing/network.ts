/**
 * Writes network models for tests, as short as a test wants them. Every change replaces the record, as the cloud does, so
 * that two models of one builder share what did not change.
 */
import { addressFrom, cidrContains, formatAddress } from "../ip/index.ts";
import {
  type AccountId,
  type Cidr,
  type Instance,
  type InstanceId,
  type NatGateway,
  type NetworkAclEntry,
  type NetworkAclId,
  type NetworkInterface,
  type NetworkInterfaceId,
  type NetworkModel,
  networkModelVersion,
  type PrefixList,
  type Route,
  type RouteTableId,
  type RouteTarget,
  type SecurityGroupId,
  type SecurityGroupPeer,
  type SecurityGroupRule,
  type Subnet,
  type SubnetId,
  type Vpc,
  type VpcId,
  type VpcPeeringConnection,
  type VpcPeeringConnectionId,
} from "../model/index.ts";
import { change, one } from "./records.ts";
import { type TestTransitGateways, testTransitGateways } from "./transit-gateways.ts";

/** `[...]`: protocol, ports (or ICMP type and code), and the far end: a CIDR, a group or a prefix list. */
export type RuleText = string;

type Collections = Omit<NetworkModel, "version" | "unknowns">;
type Mutable<T> = { [K in keyof T]: T[K] extends readonly (infer R)[] ? R[] : T[K] };

export interface InterfaceOptions {
  readonly groups?: readonly SecurityGroupId[];
  readonly publicIp?: string;
  readonly ipv6?: string;
  readonly secondary?: readonly string[];
  readonly sourceDestCheck?: boolean;
  readonly interfaceType?: string;
}

export interface InstanceOptions extends InterfaceOptions {
  /** Of its interface; the instance's when left out. */
  readonly interfaceName?: string;
  /** Attaches to an instance that is there already, as its next interface. */
  readonly of?: InstanceId;
}

export interface VpcOptions {
  readonly ipv6?: Cidr;
  readonly region?: string;
  readonly more?: readonly Cidr[];
  readonly ownerId?: AccountId;
  /** Without main route table, default ACL and open group. */
  readonly bare?: boolean;
}

export interface SubnetOptions {
  /** `VPC-OCTET`, of the block's third octet, when left out. */
  readonly name?: string;
  readonly ipv6?: Cidr;
  readonly routeTable?: RouteTableId;
  readonly acl?: NetworkAclId;
  /** 1 is the first zone of the Region, and the default. */
  readonly zone?: number;
}

export interface TestNetwork extends TestTransitGateways {
  model(): NetworkModel;
  /** A VPC with a main route table, a default ACL that allows all, and a group that allows all: `sg-NAME-open`. */
  vpc(name: string, cidr: Cidr, options?: VpcOptions): VpcId;
  subnet(vpc: VpcId, cidr: Cidr, options?: SubnetOptions): SubnetId;
  /** An instance `i-NAME` with interface `eni-NAME`, in the VPC's subnet that holds the address. */
  instance(name: string, vpc: VpcId, address: string, options?: InstanceOptions): InstanceId;
  /** An interface `eni-NAME` that is attached to nothing. */
  networkInterface(name: string, subnet: SubnetId, address: string, options?: InterfaceOptions): NetworkInterfaceId;
  setInstanceState(instance: InstanceId, state: Instance["state"]): void;
  stop(instance: InstanceId): void;
  start(instance: InstanceId): void;
  terminate(instance: InstanceId): void;
  changeInterface(id: NetworkInterfaceId, change: Partial<NetworkInterface>): void;
  routeTable(name: string, vpc: VpcId, options?: { gatewayIds?: readonly string[]; main?: boolean }): RouteTableId;
  /** `target` is an id (`pcx-…`, `tgw-…`, `igw-…`, `nat-…`, `eni-…`, `eigw-…`), `local`, or `blackhole`. */
  route(
    table: RouteTableId,
    destination: Cidr | `pl-${string}`,
    target: string,
    origin?: Route["origin"],
    state?: Route["state"],
  ): void;
  /** Gives the local route of a block another target. [RT-22] */
  replaceLocalRoute(table: RouteTableId, destination: Cidr, target: string): void;
  removeRoute(table: RouteTableId, destination: Cidr): void;
  /** Rules: `in tcp/443 10.0.0.0/8`, `out all 0.0.0.0/0`, `in icmp/8/-1 sg-other`, `in udp/53-60 pl-x`. */
  group(name: string, vpc: VpcId, ...rules: readonly RuleText[]): SecurityGroupId;
  setRules(group: SecurityGroupId, ...rules: readonly RuleText[]): void;
  /** Entries: `in 100 allow tcp/22 0.0.0.0/0`. */
  acl(name: string, vpc: VpcId, ...entries: readonly RuleText[]): NetworkAclId;
  /** The VPC's default one. */
  defaultAcl(name: string, vpc: VpcId, ...entries: readonly RuleText[]): NetworkAclId;
  setEntries(acl: NetworkAclId, ...entries: readonly RuleText[]): void;
  /** `pcx-A-B`, unless it has a name. */
  peer(a: VpcId, b: VpcId, status?: VpcPeeringConnection["statusCode"], name?: string): VpcPeeringConnectionId;
  setPeering(id: VpcPeeringConnectionId, status: VpcPeeringConnection["statusCode"]): void;
  /** `igw-VPC`, unless it has a name. */
  internetGateway(vpc: VpcId, name?: string): string;
  /** `eigw-VPC`, unless it has a name. */
  egressOnlyInternetGateway(vpc: VpcId, name?: string): string;
  natGateway(name: string, subnet: SubnetId, address: string, publicIp?: string): string;
  changeNatGateway(id: `nat-${string}`, change: Partial<NatGateway>): void;
  prefixList(name: string, ...entries: readonly Cidr[]): `pl-${string}`;
  changePrefixList(id: `pl-${string}`, change: Partial<PrefixList>): void;
}

const place = { ownerId: "111111111111", region: "eu-west-1" } as const;
const protocols: Readonly<Record<string, number>> = { all: -1, icmp: 1, tcp: 6, udp: 17, icmp6: 58 };

export function testNetwork(): TestNetwork {
  const all: Mutable<Collections> = {
    vpcs: [],
    subnets: [],
    routeTables: [],
    networkAcls: [],
    securityGroups: [],
    networkInterfaces: [],
    instances: [],
    internetGateways: [],
    egressOnlyInternetGateways: [],
    natGateways: [],
    vpcPeeringConnections: [],
    transitGateways: [],
    transitGatewayVpcAttachments: [],
    transitGatewayPeeringAttachments: [],
    transitGatewayRouteTables: [],
    prefixLists: [],
  };
  let macs = 0;
  const nextMac = () => {
    macs += 1;
    return `02:00:00:00:${(macs >> 8).toString(16).padStart(2, "0")}:${(macs & 255).toString(16).padStart(2, "0")}`;
  };
  const vpcOf = (id: VpcId) => one(all.vpcs, (vpc) => vpc.vpcId === id);
  /** What belongs to a VPC is its owner's, in its Region. */
  const placeOf = (id: VpcId) => ({ ownerId: vpcOf(id).ownerId, region: vpcOf(id).region });
  const addAcl = (name: string, vpcId: VpcId, isDefault: boolean, entries: readonly RuleText[]): NetworkAclId => {
    const networkAclId: NetworkAclId = `acl-${name}`;
    all.networkAcls.push({ ...placeOf(vpcId), networkAclId, vpcId, isDefault, entries: aclEntries(entries) });
    return networkAclId;
  };
  const addInterface = (
    name: string,
    { subnetId, vpcId }: Subnet,
    address: string,
    options: InterfaceOptions,
    attachment?: NetworkInterface["attachment"],
  ): void => {
    const primary = { address, primary: true };
    all.networkInterfaces.push({
      ...placeOf(vpcId),
      networkInterfaceId: `eni-${name}`,
      vpcId,
      subnetId,
      macAddress: nextMac(),
      privateAddresses: [
        options.publicIp === undefined ? primary : { ...primary, publicIp: options.publicIp },
        ...(options.secondary ?? []).map((other) => ({ address: other, primary: false })),
      ],
      ipv6Addresses: options.ipv6 === undefined ? [] : [formatAddress(addressFrom(options.ipv6))],
      securityGroupIds: options.groups ?? [`sg-${vpcId.slice(4)}-open`],
      sourceDestCheck: options.sourceDestCheck ?? true,
      interfaceType: options.interfaceType ?? "interface",
      ...(attachment !== undefined && { attachment }),
    });
  };
  const setState = (id: InstanceId, state: Instance["state"]) =>
    change(
      all.instances,
      (record) => record.instanceId === id,
      (record) => ({ ...record, state }),
    );
  const aclEntries = (texts: readonly string[]) => texts.map(parseEntry);

  const network: TestNetwork = {
    ...testTransitGateways(all, place),
    model: () => ({
      version: networkModelVersion,
      vpcs: [...all.vpcs],
      subnets: [...all.subnets],
      routeTables: [...all.routeTables],
      networkAcls: [...all.networkAcls],
      securityGroups: [...all.securityGroups],
      networkInterfaces: [...all.networkInterfaces],
      instances: [...all.instances],
      internetGateways: [...all.internetGateways],
      egressOnlyInternetGateways: [...all.egressOnlyInternetGateways],
      natGateways: [...all.natGateways],
      vpcPeeringConnections: [...all.vpcPeeringConnections],
      transitGateways: [...all.transitGateways],
      transitGatewayVpcAttachments: [...all.transitGatewayVpcAttachments],
      transitGatewayPeeringAttachments: [...all.transitGatewayPeeringAttachments],
      transitGatewayRouteTables: [...all.transitGatewayRouteTables],
      prefixLists: [...all.prefixLists],
      unknowns: [],
    }),
    vpc: (name, cidr, { ipv6, region = place.region, more = [], ownerId = place.ownerId, bare = false } = {}) => {
      const vpcId: VpcId = `vpc-${name}`;
      const vpc: Vpc = {
        ownerId,
        region,
        name,
        vpcId,
        cidrBlocks: [cidr, ...more],
        ipv6CidrBlocks: ipv6 === undefined ? [] : [ipv6],
        isDefault: false,
        enableDnsSupport: true,
        enableDnsHostnames: false,
      };
      all.vpcs.push(vpc);
      if (bare) return vpcId;
      network.routeTable(name, vpcId, { main: true });
      const open = [
        "in 100 allow all 0.0.0.0/0",
        "out 100 allow all 0.0.0.0/0",
        "in 101 allow all ::/0",
        "out 101 allow all ::/0",
      ];
      network.defaultAcl(name, vpcId, ...open);
      network.group(`${name}-open`, vpcId, "in all 0.0.0.0/0", "out all 0.0.0.0/0", "in all ::/0", "out all ::/0");
      return vpcId;
    },
    subnet: (vpcId, cidr, { name, ipv6, routeTable, acl, zone = 1 } = {}) => {
      const subnetId: SubnetId = `subnet-${name ?? `${vpcId.slice(4)}-${cidr.split(".")[2] ?? cidr}`}`;
      const base = {
        ...placeOf(vpcId),
        subnetId,
        vpcId,
        cidrBlock: cidr,
        ipv6CidrBlocks: ipv6 === undefined ? [] : [ipv6],
        availabilityZone: `${vpcOf(vpcId).region}${"abcdef"[zone - 1]}`,
        availabilityZoneId: `${vpcOf(vpcId).region === place.region ? "euw1" : "far1"}-az${zone}`,
        networkAclId: acl ?? (`acl-${vpcId.slice(4)}` as const),
      };
      all.subnets.push(routeTable === undefined ? base : { ...base, routeTableId: routeTable });
      return subnetId;
    },
    instance: (name, vpcId, address, options = {}) => {
      const instanceId: InstanceId = options.of ?? `i-${name}`;
      const subnet = one(all.subnets, (s) => s.vpcId === vpcId && cidrContains(s.cidrBlock, address));
      if (options.of === undefined) {
        all.instances.push({
          ...placeOf(vpcId),
          name,
          instanceId,
          vpcId,
          subnetId: subnet.subnetId,
          state: "running",
          imageId: "ami-0123456789abcdef0",
          instanceType: "t3.micro",
          availabilityZone: subnet.availabilityZone,
          privateDnsName: `ip-${address.replaceAll(".", "-")}.${subnet.region}.compute.internal`,
          launchTime: "2026-11-21T00:00:00.000Z",
        });
      }
      const deviceIndex = all.networkInterfaces.filter((eni) => eni.attachment?.instanceId === instanceId).length;
      addInterface(options.interfaceName ?? name, subnet, address, options, { instanceId, deviceIndex });
      return instanceId;
    },
    networkInterface: (name, subnetId, address, options = {}) => {
      addInterface(
        name,
        one(all.subnets, (each) => each.subnetId === subnetId),
        address,
        options,
      );
      return `eni-${name}`;
    },
    setInstanceState: setState,
    stop: (id) => setState(id, "stopped"),
    start: (id) => setState(id, "running"),
    terminate: (id) => {
      setState(id, "terminated");
      const gone = all.networkInterfaces.filter((eni) => eni.attachment?.instanceId === id);
      for (const eni of gone) all.networkInterfaces.splice(all.networkInterfaces.indexOf(eni), 1);
    },
    changeInterface: (id, patch) =>
      change(
        all.networkInterfaces,
        (record) => record.networkInterfaceId === id,
        (record) => ({ ...record, ...patch }),
      ),
    routeTable: (name, vpcId, { gatewayIds = [], main = false } = {}) => {
      const routeTableId: RouteTableId = `rtb-${name}`;
      all.routeTables.push({
        ...placeOf(vpcId),
        name,
        routeTableId,
        vpcId,
        main,
        routes: localRoutes(vpcOf(vpcId)),
        gatewayIds,
      });
      return routeTableId;
    },
    route: (
      tableId,
      destination,
      target,
      origin = "CreateRoute",
      state = target === "blackhole" ? "blackhole" : "active",
    ) => {
      const to: Route["destination"] = destination.startsWith("pl-")
        ? { kind: "prefix-list", prefixListId: `pl-${destination.slice(3)}` }
        : { kind: "cidr", cidr: destination };
      const route: Route = { destination: to, target: targetOf(target), state, origin };
      change(
        all.routeTables,
        (record) => record.routeTableId === tableId,
        (record) => ({
          ...record,
          routes: [
            ...record.routes.filter(
              (other) => origin !== other.origin || JSON.stringify(other.destination) !== JSON.stringify(to),
            ),
            route,
          ],
        }),
      );
    },
    replaceLocalRoute: (tableId, destination, target) =>
      change(
        all.routeTables,
        (record) => record.routeTableId === tableId,
        (record) => ({
          ...record,
          routes: record.routes.map((route) =>
            route.target.kind === "local" && route.destination.kind === "cidr" && route.destination.cidr === destination
              ? { ...route, target: targetOf(target) }
              : route,
          ),
        }),
      ),
    removeRoute: (tableId, destination) =>
      change(
        all.routeTables,
        (record) => record.routeTableId === tableId,
        (record) => ({
          ...record,
          routes: record.routes.filter(
            (route) => route.destination.kind !== "cidr" || route.destination.cidr !== destination,
          ),
        }),
      ),
    group: (name, vpcId, ...rules) => {
      const groupId: SecurityGroupId = `sg-${name}`;
      all.securityGroups.push({
        ...placeOf(vpcId),
        groupId,
        groupName: name,
        vpcId,
        rules: rules.map((rule) => parseRule(name, rule)),
      });
      return groupId;
    },
    setRules: (groupId, ...rules) =>
      change(
        all.securityGroups,
        (record) => record.groupId === groupId,
        (record) => ({
          ...record,
          rules: rules.map((rule) => parseRule(record.groupName, rule)),
        }),
      ),
    acl: (name, vpcId, ...entries) => addAcl(name, vpcId, false, entries),
    defaultAcl: (name, vpcId, ...entries) => addAcl(name, vpcId, true, entries),
    setEntries: (id, ...entries) =>
      change(
        all.networkAcls,
        (record) => record.networkAclId === id,
        (record) => ({ ...record, entries: aclEntries(entries) }),
      ),
    peer: (a, b, statusCode = "active", name = `${a.slice(4)}-${b.slice(4)}`) => {
      const vpcPeeringConnectionId: VpcPeeringConnectionId = `pcx-${name}`;
      const side = (vpcId: VpcId) => ({
        ...placeOf(vpcId),
        vpcId,
        allowDnsResolutionFromRemoteVpc: false,
      });
      all.vpcPeeringConnections.push({ vpcPeeringConnectionId, statusCode, requester: side(a), accepter: side(b) });
      return vpcPeeringConnectionId;
    },
    setPeering: (id, statusCode) =>
      change(
        all.vpcPeeringConnections,
        (record) => record.vpcPeeringConnectionId === id,
        (record) => ({ ...record, statusCode }),
      ),
    internetGateway: (vpcId, name = vpcId.slice(4)) => {
      const internetGatewayId = `igw-${name}` as const;
      all.internetGateways.push({ ...placeOf(vpcId), internetGatewayId, vpcId });
      return internetGatewayId;
    },
    egressOnlyInternetGateway: (vpcId, name = vpcId.slice(4)) => {
      const egressOnlyInternetGatewayId = `eigw-${name}` as const;
      all.egressOnlyInternetGateways.push({ ...placeOf(vpcId), egressOnlyInternetGatewayId, vpcId });
      return egressOnlyInternetGatewayId;
    },
    natGateway: (name, subnetId, address, publicIp) => {
      const natGatewayId = `nat-${name}` as const;
      const networkInterfaceId = `eni-nat${name}` as const;
      const subnet = one(all.subnets, (each) => each.subnetId === subnetId);
      const { vpcId } = subnet;
      const service = { groups: [], sourceDestCheck: false, interfaceType: "natGateway" } as const;
      const options = publicIp === undefined ? service : { ...service, publicIp };
      addInterface(`nat${name}`, subnet, address, options, { deviceIndex: 1 });
      const connectivityType = publicIp === undefined ? "private" : "public";
      all.natGateways.push({
        ...placeOf(vpcId),
        natGatewayId,
        vpcId,
        subnetId,
        connectivityType,
        state: "available",
        networkInterfaceId,
      });
      return natGatewayId;
    },
    changeNatGateway: (id, patch) =>
      change(
        all.natGateways,
        (record) => record.natGatewayId === id,
        (record) => ({ ...record, ...patch }),
      ),
    prefixList: (name, ...entries) => {
      const prefixListId = `pl-${name}` as const;
      const addressFamily = entries.some((entry) => entry.includes(":")) ? "IPv6" : "IPv4";
      all.prefixLists.push({ ...place, prefixListId, prefixListName: name, addressFamily, maxEntries: 10, entries });
      return prefixListId;
    },
    changePrefixList: (id, patch) =>
      change(
        all.prefixLists,
        (record) => record.prefixListId === id,
        (record) => ({ ...record, ...patch }),
      ),
  };
  return network;
}

function localRoutes(vpc: Vpc): readonly Route[] {
  return [...vpc.cidrBlocks, ...vpc.ipv6CidrBlocks].map((cidr) => ({
    destination: { kind: "cidr", cidr },
    target: { kind: "local" },
    state: "active",
    origin: "CreateRouteTable",
  }));
}

function targetOf(id: string): RouteTarget {
  const rest = id.slice(id.indexOf("-") + 1);
  if (id === "local") return { kind: "local" };
  if (id.startsWith("pcx-")) return { kind: "vpc-peering-connection", vpcPeeringConnectionId: `pcx-${rest}` };
  if (id.startsWith("igw-")) return { kind: "internet-gateway", internetGatewayId: `igw-${rest}` };
  if (id.startsWith("eigw-"))
    return { kind: "egress-only-internet-gateway", egressOnlyInternetGatewayId: `eigw-${rest}` };
  if (id.startsWith("tgw-")) return { kind: "transit-gateway", transitGatewayId: `tgw-${rest}` };
  if (id.startsWith("nat-")) return { kind: "nat-gateway", natGatewayId: `nat-${rest}` };
  if (id.startsWith("eni-")) return { kind: "network-interface", networkInterfaceId: `eni-${rest}` };
  return { kind: "other", id };
}

function parseRule(group: string, text: RuleText): SecurityGroupRule {
  const [direction, protocolText = "", far = ""] = text.split(" ");
  const { protocol, from, to } = parseProtocol(protocolText);
  const peer: SecurityGroupPeer = far.startsWith("sg-")
    ? { kind: "security-group", groupId: `sg-${far.slice(3)}` }
    : far.startsWith("pl-")
      ? { kind: "prefix-list", prefixListId: `pl-${far.slice(3)}` }
      : { kind: "cidr", cidr: far };
  const base = {
    securityGroupRuleId: `sgr-${group}-${text.replaceAll(/[^a-z0-9]+/g, "-")}` as const,
    isEgress: direction === "out",
    protocol,
    peer,
  };
  return from === undefined || to === undefined ? base : { ...base, fromPort: from, toPort: to };
}

function parseEntry(text: RuleText): NetworkAclEntry {
  const [direction, number, action, protocolText = "", cidrBlock = ""] = text.split(" ");
  const { protocol, from, to } = parseProtocol(protocolText);
  const base = {
    ruleNumber: Number(number),
    egress: direction === "out",
    ruleAction: action === "allow" ? ("allow" as const) : ("deny" as const),
    protocol,
    cidrBlock,
  };
  if (from === undefined || to === undefined) return base;
  if (protocol === 1 || protocol === 58) return { ...base, icmpTypeCode: { type: from, code: to } };
  return { ...base, portRange: { from, to } };
}

/** `tcp/443`, `tcp/1024-65535`, `icmp/8/-1`, `all`, `50`. */
function parseProtocol(text: string): { protocol: number; from?: number; to?: number } {
  const [name = "", first, second] = text.split("/");
  const protocol = protocols[name] ?? Number(name);
  if (first === undefined) return { protocol };
  if (protocol === 1 || protocol === 58) return { protocol, from: Number(first), to: Number(second ?? "-1") };
  const [from, to] = first.split("-").map(Number);
  return from === undefined ? { protocol } : { protocol, from, to: to ?? from };
}
