/**
 * Which parts of a network carry packets: interfaces that are attached to something running, the VPCs that hold them, and the
 * peerings and transit gateways that join such VPCs. Everything else costs the kernel nothing.
 */
import type {
  EgressOnlyInternetGateway,
  Instance,
  InternetGateway,
  NatGateway,
  NetworkAcl,
  NetworkInterface,
  NetworkInterfaceId,
  NetworkModel,
  PrefixList,
  PrefixListId,
  RouteTable,
  SecurityGroup,
  SecurityGroupId,
  Subnet,
  TransitGatewayId,
  Vpc,
  VpcId,
  VpcPeeringConnection,
} from "../model/index.ts";
import {
  type LiveAttachment,
  type LiveTransitGateway,
  linkIdsOf,
  liveTransitGateways,
} from "./live-transit-gateways.ts";
import { type Memo, memo } from "./memo.ts";
import { type Allocation, linkNames, numbers, numbersInTurn } from "./naming.ts";
import { lastRouteTable } from "./wiring.ts";

/** An attached interface of something running. Kept by identity while none of its facts changes. */
export interface LiveInterface {
  readonly networkInterface: NetworkInterface;
  readonly subnet: Subnet;
  readonly host: Host;
  /** Name of the router's end of its link, in the VPC's namespace. */
  readonly link: string;
  /** Connection-label bit that means: this interface has let the flow pass. [SG-65] */
  readonly label: number;
}

/** What an interface belongs to; each has a namespace of its own. */
export type Host =
  | { readonly kind: "instance"; readonly id: string; readonly instance: Instance }
  | { readonly kind: "nat-gateway"; readonly id: string; readonly natGateway: NatGateway };

/** An active peering between two VPCs that both carry packets, seen from one of them. */
export interface LivePeering {
  readonly peering: VpcPeeringConnection;
  /** The same name in both namespaces. */
  readonly link: string;
  readonly peerVpc: Vpc;
  /** Group references and jumbo frames need it. [SG-30, PX-56] */
  readonly sameRegion: boolean;
}

/** A VPC that carries packets, and all that decides about packets in it. */
export interface VpcScope {
  readonly vpc: Vpc;
  readonly routeTables: readonly RouteTable[];
  readonly networkAcls: ReadonlyMap<string, NetworkAcl>;
  readonly securityGroups: ReadonlyMap<SecurityGroupId, SecurityGroup>;
  readonly interfaces: readonly LiveInterface[];
  readonly interfacesOfGroup: ReadonlyMap<SecurityGroupId, readonly LiveInterface[]>;
  readonly internetGateway?: InternetGateway;
  readonly egressOnlyInternetGateway?: EgressOnlyInternetGateway;
  readonly peerings: readonly LivePeering[];
  readonly attachments: readonly LiveAttachment[];
}

/** What a plan is made from. */
export interface LiveNetwork {
  readonly scopes: ReadonlyMap<VpcId, VpcScope>;
  readonly transitGateways: ReadonlyMap<TransitGatewayId, LiveTransitGateway>;
  readonly hosts: ReadonlyMap<string, readonly LiveInterface[]>;
  readonly interfaces: ReadonlyMap<NetworkInterfaceId, LiveInterface>;
  readonly prefixLists: ReadonlyMap<PrefixListId, PrefixList>;
  /** VPCs with public addresses or IPv6 blocks, alive or not: the internet must not answer for them. */
  readonly publicFacts: ReadonlyMap<VpcId, PublicFacts>;
}

export interface PublicFacts {
  readonly vpc: Vpc;
  readonly interfaces: readonly NetworkInterface[];
}

/** Names and numbers that outlive one plan. */
export interface Names {
  readonly links: Allocation<string>;
  readonly labels: Map<VpcId, Allocation<number>>;
  /** By VPC or transit gateway. */
  readonly tables: Map<string, Allocation<number>>;
  readonly liveInterfaces: Memo<LiveInterface>;
  readonly hosts: Memo<Host>;
}

export function newNames(): Names {
  return { links: linkNames(), labels: new Map(), tables: new Map(), liveInterfaces: memo(), hosts: memo() };
}

/** Kernel table numbers of a VPC's or transit gateway's route tables; below 100 are the data plane's own. */
export function tableNumbers(names: Names, ownerId: VpcId | TransitGatewayId): Allocation<number> {
  return entryOf(names.tables, ownerId, () => numbers(101, lastRouteTable));
}

/** Packets that came from outside every zone: over a peering of gateways [TG-67], or from the internet. */
export const noZone = "";

/** What a route table is called for packets of one zone: routes to a transit gateway differ by zone. [TG-20] */
export function zoneTable(routeTableId: string, zoneId: string): string {
  return `${routeTableId} ${zoneId}`;
}

/** Finds what carries packets in the model. */
export function liveNetwork(model: NetworkModel, names: Names): LiveNetwork {
  const vpcs = byId(model.vpcs, (vpc) => vpc.vpcId);
  const subnets = byId(model.subnets, (subnet) => subnet.subnetId);
  const instances = byId(model.instances, (instance) => instance.instanceId);
  const natGateways = byId(model.natGateways, (natGateway) => natGateway.networkInterfaceId);
  const scopes = new Map<VpcId, MutableScope>();
  const hosts = new Map<string, LiveInterface[]>();
  const interfaces = new Map<NetworkInterfaceId, LiveInterface>();
  const publicFacts = new Map<VpcId, { vpc: Vpc; interfaces: NetworkInterface[] }>();
  for (const vpc of model.vpcs) if (vpc.ipv6CidrBlocks.length > 0) publicFacts.set(vpc.vpcId, { vpc, interfaces: [] });

  for (const networkInterface of model.networkInterfaces) {
    const vpc = vpcs.get(networkInterface.vpcId);
    const subnet = subnets.get(networkInterface.subnetId);
    if (vpc === undefined || subnet === undefined) continue;
    if (networkInterface.privateAddresses.some((address) => address.publicIp !== undefined)) {
      entryOf(publicFacts, vpc.vpcId, () => ({ vpc, interfaces: [] })).interfaces.push(networkInterface);
    }
    const host = hostOf(networkInterface, instances, natGateways, names);
    if (host === undefined) continue;
    const id = networkInterface.networkInterfaceId;
    const link = names.links.of(id);
    // A flow that an interface let pass is still tracked when it is gone: its successor must not be taken for it. [SG-60]
    const label = entryOf(names.labels, vpc.vpcId, () => numbersInTurn(0, 127)).of(id);
    const live = names.liveInterfaces.of(id, [networkInterface, subnet, host, link, label], () => ({
      networkInterface,
      subnet,
      host,
      link,
      label,
    }));
    interfaces.set(id, live);
    entryOf(hosts, host.id, () => []).push(live);
    const scope = entryOf(scopes, vpc.vpcId, () => emptyScope(vpc));
    scope.interfaces.push(live);
    for (const groupId of networkInterface.securityGroupIds) {
      entryOf(scope.interfacesOfGroup, groupId, () => []).push(live);
    }
  }
  addSettings(scopes, model);
  for (const peering of model.vpcPeeringConnections) addPeering(scopes, peering, names);
  const transitGateways = liveTransitGateways(model, scopes, names.links);
  for (const { attachments } of transitGateways.values()) {
    for (const live of attachments) scopes.get(live.vpc.vpcId)?.attachments.push(live);
  }
  for (const attached of hosts.values()) attached.sort(byDeviceIndex);
  const prefixLists = byId(model.prefixLists, (list) => list.prefixListId);
  const network = { scopes, transitGateways, hosts, interfaces, prefixLists, publicFacts };
  forgetTheGone(names, network);
  return network;
}

interface MutableScope extends VpcScope {
  readonly routeTables: RouteTable[];
  readonly networkAcls: Map<string, NetworkAcl>;
  readonly securityGroups: Map<SecurityGroupId, SecurityGroup>;
  readonly interfaces: LiveInterface[];
  readonly interfacesOfGroup: Map<SecurityGroupId, LiveInterface[]>;
  internetGateway?: InternetGateway;
  egressOnlyInternetGateway?: EgressOnlyInternetGateway;
  readonly peerings: LivePeering[];
  readonly attachments: LiveAttachment[];
}

function emptyScope(vpc: Vpc): MutableScope {
  return {
    vpc,
    routeTables: [],
    networkAcls: new Map(),
    securityGroups: new Map(),
    interfaces: [],
    interfacesOfGroup: new Map(),
    peerings: [],
    attachments: [],
  };
}

/** Only running instances send and receive [IN-1]; a NAT gateway only when available. */
function hostOf(
  networkInterface: NetworkInterface,
  instances: ReadonlyMap<string, Instance>,
  natGateways: ReadonlyMap<string, NatGateway>,
  names: Names,
): Host | undefined {
  const natGateway = natGateways.get(networkInterface.networkInterfaceId);
  if (natGateway !== undefined) {
    if (natGateway.state !== "available") return undefined;
    const id = natGateway.natGatewayId;
    return names.hosts.of(id, [natGateway], () => ({ kind: "nat-gateway", id, natGateway }));
  }
  const instanceId = networkInterface.attachment?.instanceId;
  const instance = instanceId === undefined ? undefined : instances.get(instanceId);
  if (instance === undefined || instance.state !== "running") return undefined;
  const id = instance.instanceId;
  return names.hosts.of(id, [instance], () => ({ kind: "instance", id, instance }));
}

function addSettings(scopes: ReadonlyMap<VpcId, MutableScope>, model: NetworkModel): void {
  for (const table of model.routeTables) scopes.get(table.vpcId)?.routeTables.push(table);
  for (const acl of model.networkAcls) scopes.get(acl.vpcId)?.networkAcls.set(acl.networkAclId, acl);
  for (const group of model.securityGroups) scopes.get(group.vpcId)?.securityGroups.set(group.groupId, group);
  for (const gateway of model.internetGateways) {
    const scope = gateway.vpcId === undefined ? undefined : scopes.get(gateway.vpcId);
    if (scope !== undefined) scope.internetGateway = gateway;
  }
  for (const gateway of model.egressOnlyInternetGateways) {
    const scope = scopes.get(gateway.vpcId);
    if (scope !== undefined) scope.egressOnlyInternetGateway = gateway;
  }
}

function addPeering(scopes: ReadonlyMap<VpcId, MutableScope>, peering: VpcPeeringConnection, names: Names): void {
  if (peering.statusCode !== "active") return;
  const requester = scopes.get(peering.requester.vpcId);
  const accepter = scopes.get(peering.accepter.vpcId);
  if (requester === undefined || accepter === undefined) return;
  const link = names.links.of(peering.vpcPeeringConnectionId);
  const sameRegion = peering.requester.region === peering.accepter.region;
  requester.peerings.push({ peering, link, peerVpc: accepter.vpc, sameRegion });
  accepter.peerings.push({ peering, link, peerVpc: requester.vpc, sameRegion });
}

function byDeviceIndex(a: LiveInterface, b: LiveInterface): number {
  return (a.networkInterface.attachment?.deviceIndex ?? 0) - (b.networkInterface.attachment?.deviceIndex ?? 0);
}

function forgetTheGone(names: Names, { interfaces, scopes, transitGateways }: LiveNetwork): void {
  const alive = new Set<string>([...interfaces.keys(), ...linkIdsOf(transitGateways.values())]);
  for (const scope of scopes.values()) {
    for (const { peering } of scope.peerings) alive.add(peering.vpcPeeringConnectionId);
    for (const gateway of [
      scope.internetGateway?.internetGatewayId,
      scope.egressOnlyInternetGateway?.egressOnlyInternetGatewayId,
    ]) {
      if (gateway !== undefined) alive.add(gateway);
    }
    const tableIds = scope.routeTables.map((table) => table.routeTableId);
    const subnets = [...scope.interfaces, ...scope.attachments.flatMap(({ zones }) => zones)].map(
      ({ subnet }) => subnet,
    );
    keepTables(names.tables.get(scope.vpc.vpcId), tableIds, subnets);
  }
  for (const [id, { routeTables, attachments }] of transitGateways) {
    const tableIds = routeTables.map((table) => table.transitGatewayRouteTableId);
    const subnets = attachments.flatMap(({ zones }) => zones.map(({ subnet }) => subnet));
    keepTables(names.tables.get(id), tableIds, subnets);
  }
  names.links.keepOnly(alive);
  for (const [vpcId, labels] of names.labels) {
    if (scopes.has(vpcId)) labels.keepOnly(alive);
    else names.labels.delete(vpcId);
  }
  const owners = new Set<string>([...scopes.keys(), ...transitGateways.keys()]);
  for (const owner of names.tables.keys()) if (!owners.has(owner)) names.tables.delete(owner);
  names.liveInterfaces.sweep();
  names.hosts.sweep();
}

function keepTables(
  tables: Allocation<number> | undefined,
  tableIds: readonly string[],
  subnets: readonly Subnet[],
): void {
  const zoneIds = new Set([noZone, ...subnets.map((subnet) => subnet.availabilityZoneId)]);
  tables?.keepOnly(new Set(tableIds.flatMap((id) => [...zoneIds].map((zoneId) => zoneTable(id, zoneId)))));
}

function byId<K extends string, T>(records: readonly T[], idOf: (record: T) => K): Map<K, T> {
  return new Map(records.map((record) => [idOf(record), record]));
}

/** The entry of the map, made when missing. */
function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
