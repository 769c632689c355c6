/**
 * Writes network models for tests, as short as a test wants them. Every change replaces the record, as the cloud does, so
 * that two models of one builder share what did not change.
 */
import { addressFrom, cidrContains, formatAddress } from "../ip/index.ts";
import {
  type Cidr,
  type Instance,
  type InstanceId,
  type NetworkAclEntry,
  type NetworkAclId,
  type NetworkInterface,
  type NetworkInterfaceId,
  type NetworkModel,
  networkModelVersion,
  type Route,
  type RouteTableId,
  type RouteTarget,
  type SecurityGroupId,
  type SecurityGroupPeer,
  type SecurityGroupRule,
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

export interface InstanceOptions {
  readonly groups?: readonly SecurityGroupId[];
  readonly publicIp?: string;
  readonly ipv6?: string;
  readonly secondary?: readonly string[];
  readonly sourceDestCheck?: boolean;
  /** Attaches to an instance that is there already, as its next interface. */
  readonly of?: InstanceId;
}

export interface SubnetOptions {
  readonly ipv6?: Cidr;
  readonly routeTable?: RouteTableId;
  readonly acl?: NetworkAclId;
  /** 1 is the first zone of the Region, and the default. */
  readonly zone?: number;
}

export interface TestNetwork extends TestTransitGateways {
  model(): NetworkModel;
  /** A VPC with a main route table, a default ACL that allows all, and a group that allows all: `sg-NAME-open`. */
  vpc(name: string, cidr: Cidr, options?: { ipv6?: Cidr; region?: string; more?: readonly Cidr[] }): VpcId;
  subnet(vpc: VpcId, cidr: Cidr, options?: SubnetOptions): SubnetId;
  /** An instance `i-NAME` with interface `eni-NAME`, in the VPC's subnet that holds the address. */
  instance(name: string, vpc: VpcId, address: string, options?: InstanceOptions): InstanceId;
  stop(instance: InstanceId): void;
  start(instance: InstanceId): void;
  terminate(instance: InstanceId): void;
  changeInterface(id: NetworkInterfaceId, change: Partial<NetworkInterface>): void;
  routeTable(name: string, vpc: VpcId, options?: { gatewayIds?: readonly string[] }): RouteTableId;
  /** `target` is an id (`pcx-…`, `tgw-…`, `igw-…`, `nat-…`, `eni-…`, `eigw-…`), `local`, or `blackhole`. */
  route(table: RouteTableId, destination: Cidr | `pl-${string}`, target: string, origin?: Route["origin"]): void;
  removeRoute(table: RouteTableId, destination: Cidr): void;
  /** Rules: `in tcp/443 10.0.0.0/8`, `out all 0.0.0.0/0`, `in icmp/8/-1 sg-other`, `in udp/53-60 pl-x`. */
  group(name: string, vpc: VpcId, ...rules: readonly RuleText[]): SecurityGroupId;
  setRules(group: SecurityGroupId, ...rules: readonly RuleText[]): void;
  /** Entries: `in 100 allow tcp/22 0.0.0.0/0`. */
  acl(name: string, vpc: VpcId, ...entries: readonly RuleText[]): NetworkAclId;
  setEntries(acl: NetworkAclId, ...entries: readonly RuleText[]): void;
  peer(a: VpcId, b: VpcId, status?: VpcPeeringConnection["statusCode"]): VpcPeeringConnectionId;
  setPeering(id: VpcPeeringConnectionId, status: VpcPeeringConnection["statusCode"]): void;
  internetGateway(vpc: VpcId): string;
  egressOnlyInternetGateway(vpc: VpcId): string;
  natGateway(name: string, subnet: SubnetId, address: string, publicIp?: string): string;
  prefixList(name: string, ...entries: readonly Cidr[]): `pl-${string}`;
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
    vpc: (name, cidr, { ipv6, region = place.region, more = [] } = {}) => {
      const vpcId: VpcId = `vpc-${name}`;
      const at = { ...place, region, name };
      const vpc: Vpc = {
        ...at,
        vpcId,
        cidrBlocks: [cidr, ...more],
        ipv6CidrBlocks: ipv6 === undefined ? [] : [ipv6],
        isDefault: false,
        enableDnsSupport: true,
        enableDnsHostnames: false,
      };
      all.vpcs.push(vpc);
      all.routeTables.push({
        ...at,
        routeTableId: `rtb-${name}`,
        vpcId,
        main: true,
        routes: localRoutes(vpc),
        gatewayIds: [],
      });
      const open = [
        "in 100 allow all 0.0.0.0/0",
        "out 100 allow all 0.0.0.0/0",
        "in 101 allow all ::/0",
        "out 101 allow all ::/0",
      ];
      all.networkAcls.push({ ...at, networkAclId: `acl-${name}`, vpcId, isDefault: true, entries: aclEntries(open) });
      network.group(`${name}-open`, vpcId, "in all 0.0.0.0/0", "out all 0.0.0.0/0", "in all ::/0", "out all ::/0");
      return vpcId;
    },
    subnet: (vpcId, cidr, { ipv6, routeTable, acl, zone = 1 } = {}) => {
      const subnetId: SubnetId = `subnet-${vpcId.slice(4)}-${cidr.split(".")[2] ?? cidr}`;
      const base = {
        ...place,
        region: vpcOf(vpcId).region,
        subnetId,
        vpcId,
        cidrBlock: cidr,
        ipv6CidrBlocks: ipv6 === undefined ? [] : [ipv6],
        availabilityZone: `${vpcOf(vpcId).region}${"abc"[zone - 1]}`,
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
          ...place,
          region: subnet.region,
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
      const primary = { address, primary: true };
      all.networkInterfaces.push({
        ...place,
        region: subnet.region,
        networkInterfaceId: `eni-${name}`,
        vpcId,
        subnetId: subnet.subnetId,
        macAddress: nextMac(),
        privateAddresses: [
          options.publicIp === undefined ? primary : { ...primary, publicIp: options.publicIp },
          ...(options.secondary ?? []).map((other) => ({ address: other, primary: false })),
        ],
        ipv6Addresses: options.ipv6 === undefined ? [] : [formatAddress(addressFrom(options.ipv6))],
        securityGroupIds: options.groups ?? [`sg-${vpcId.slice(4)}-open`],
        sourceDestCheck: options.sourceDestCheck ?? true,
        interfaceType: "interface",
        attachment: { instanceId, deviceIndex },
      });
      return instanceId;
    },
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
    routeTable: (name, vpcId, { gatewayIds = [] } = {}) => {
      const routeTableId: RouteTableId = `rtb-${name}`;
      all.routeTables.push({
        ...place,
        name,
        routeTableId,
        vpcId,
        main: false,
        routes: localRoutes(vpcOf(vpcId)),
        gatewayIds,
      });
      return routeTableId;
    },
    route: (tableId, destination, target, origin = "CreateRoute") => {
      const state = target === "blackhole" ? "blackhole" : "active";
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
      const region = vpcOf(vpcId).region;
      all.securityGroups.push({
        ...place,
        region,
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
    acl: (name, vpcId, ...entries) => {
      const networkAclId: NetworkAclId = `acl-${name}`;
      all.networkAcls.push({ ...place, networkAclId, vpcId, isDefault: false, entries: aclEntries(entries) });
      return networkAclId;
    },
    setEntries: (id, ...entries) =>
      change(
        all.networkAcls,
        (record) => record.networkAclId === id,
        (record) => ({ ...record, entries: aclEntries(entries) }),
      ),
    peer: (a, b, statusCode = "active") => {
      const vpcPeeringConnectionId: VpcPeeringConnectionId = `pcx-${a.slice(4)}-${b.slice(4)}`;
      const side = (vpcId: VpcId) => ({
        ownerId: place.ownerId,
        region: vpcOf(vpcId).region,
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
    internetGateway: (vpcId) => {
      const internetGatewayId = `igw-${vpcId.slice(4)}` as const;
      all.internetGateways.push({ ...place, region: vpcOf(vpcId).region, internetGatewayId, vpcId });
      return internetGatewayId;
    },
    egressOnlyInternetGateway: (vpcId) => {
      const egressOnlyInternetGatewayId = `eigw-${vpcId.slice(4)}` as const;
      all.egressOnlyInternetGateways.push({
        ...place,
        region: vpcOf(vpcId).region,
        egressOnlyInternetGatewayId,
        vpcId,
      });
      return egressOnlyInternetGatewayId;
    },
    natGateway: (name, subnetId, address, publicIp) => {
      const natGatewayId = `nat-${name}` as const;
      const networkInterfaceId = `eni-nat${name}` as const;
      const { vpcId, region } = one(all.subnets, (subnet) => subnet.subnetId === subnetId);
      const primary = { address, primary: true };
      all.networkInterfaces.push({
        ...place,
        region,
        networkInterfaceId,
        vpcId,
        subnetId,
        macAddress: nextMac(),
        privateAddresses: [publicIp === undefined ? primary : { ...primary, publicIp }],
        ipv6Addresses: [],
        securityGroupIds: [],
        sourceDestCheck: false,
        interfaceType: "natGateway",
        attachment: { deviceIndex: 1 },
      });
      const connectivityType = publicIp === undefined ? "private" : "public";
      all.natGateways.push({
        ...place,
        region,
        natGatewayId,
        vpcId,
        subnetId,
        connectivityType,
        state: "available",
        networkInterfaceId,
      });
      return natGatewayId;
    },
    prefixList: (name, ...entries) => {
      const prefixListId = `pl-${name}` as const;
      const addressFamily = entries.some((entry) => entry.includes(":")) ? "IPv6" : "IPv4";
      all.prefixLists.push({ ...place, prefixListId, prefixListName: name, addressFamily, maxEntries: 10, entries });
      return prefixListId;
    },
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
