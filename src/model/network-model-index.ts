/**
 * Look-ups on a network model: by id, and along the relations that AWS draws (the subnets of a VPC, the interfaces in a
 * group). Built once per model and only as far as it is asked; the model is readonly, so an index never grows stale.
 */
import type {
  Address,
  EgressOnlyInternetGateway,
  Instance,
  InstanceId,
  InternetGateway,
  NatGateway,
  NetworkAcl,
  NetworkInterface,
  NetworkModel,
  PrefixList,
  RouteTable,
  SecurityGroup,
  SecurityGroupId,
  Subnet,
  SubnetId,
  TransitGateway,
  TransitGatewayPeeringAttachment,
  TransitGatewayRouteTable,
  TransitGatewayVpcAttachment,
  Vpc,
  VpcId,
  VpcPeeringConnection,
} from "./network-model.ts";

/** Ids are looked up as they are: `undefined` or an empty list when the model has no such thing. */
export interface NetworkModelIndex {
  readonly model: NetworkModel;

  vpc(vpcId: string): Vpc | undefined;
  subnet(subnetId: string): Subnet | undefined;
  routeTable(routeTableId: string): RouteTable | undefined;
  networkAcl(networkAclId: string): NetworkAcl | undefined;
  securityGroup(groupId: string): SecurityGroup | undefined;
  networkInterface(networkInterfaceId: string): NetworkInterface | undefined;
  instance(instanceId: string): Instance | undefined;
  internetGateway(internetGatewayId: string): InternetGateway | undefined;
  egressOnlyInternetGateway(egressOnlyInternetGatewayId: string): EgressOnlyInternetGateway | undefined;
  natGateway(natGatewayId: string): NatGateway | undefined;
  vpcPeeringConnection(vpcPeeringConnectionId: string): VpcPeeringConnection | undefined;
  transitGateway(transitGatewayId: string): TransitGateway | undefined;
  transitGatewayVpcAttachment(transitGatewayAttachmentId: string): TransitGatewayVpcAttachment | undefined;
  /** By the id that either side knows it by. [TG-62] */
  transitGatewayPeeringAttachment(transitGatewayAttachmentId: string): TransitGatewayPeeringAttachment | undefined;
  transitGatewayRouteTable(transitGatewayRouteTableId: string): TransitGatewayRouteTable | undefined;
  prefixList(prefixListId: string): PrefixList | undefined;
  /** Why a component or fact is missing, when the source said so. */
  unknownReason(id: string): string | undefined;

  subnetsOf(vpcId: VpcId): readonly Subnet[];
  routeTablesOf(vpcId: VpcId): readonly RouteTable[];
  mainRouteTable(vpcId: VpcId): RouteTable | undefined;
  /** The explicitly associated table, else the VPC's main one. */
  effectiveRouteTable(subnetId: SubnetId): RouteTable | undefined;
  /** The subnets that a table routes, those without an association included when it is the main one. */
  subnetsRoutedBy(routeTableId: string): readonly Subnet[];
  /** The table associated with a gateway's edge, which routes what arrives there. [RT-40] */
  gatewayRouteTable(gatewayId: string): RouteTable | undefined;
  networkAclOf(subnetId: SubnetId): NetworkAcl | undefined;
  networkAclsOf(vpcId: VpcId): readonly NetworkAcl[];
  securityGroupsOf(vpcId: VpcId): readonly SecurityGroup[];
  instancesOf(vpcId: VpcId): readonly Instance[];
  /** The interfaces attached to an instance, the primary one (device index 0) first. */
  networkInterfacesOf(instanceId: InstanceId): readonly NetworkInterface[];
  networkInterfacesInVpc(vpcId: VpcId): readonly NetworkInterface[];
  networkInterfacesInSubnet(subnetId: SubnetId): readonly NetworkInterface[];
  networkInterfacesInGroup(groupId: SecurityGroupId): readonly NetworkInterface[];
  /** The interface that holds a private or IPv6 address; unique within a VPC. */
  networkInterfaceAt(vpcId: VpcId, address: Address): NetworkInterface | undefined;
  /** Every interface, in whatever VPC, that holds the address or is reached by it as its public one. */
  networkInterfacesByAddress(address: Address): readonly NetworkInterface[];
  /** A VPC has at most one. */
  internetGatewayOf(vpcId: VpcId): InternetGateway | undefined;
  egressOnlyInternetGatewaysOf(vpcId: VpcId): readonly EgressOnlyInternetGateway[];
  natGatewaysOf(vpcId: VpcId): readonly NatGateway[];
  /** The connections with this VPC at either end, whatever their state. */
  peeringsOf(vpcId: VpcId): readonly VpcPeeringConnection[];
  /** The attachments of a VPC, to whatever gateway and in whatever state. */
  transitGatewayAttachmentsOf(vpcId: VpcId): readonly TransitGatewayVpcAttachment[];
  transitGatewayRouteTablesOf(transitGatewayId: string): readonly TransitGatewayRouteTable[];
}

const indexes = new WeakMap<NetworkModel, NetworkModelIndex>();

/** The index of this model object, the same one at every call. */
export function indexNetworkModel(model: NetworkModel): NetworkModelIndex {
  let index = indexes.get(model);
  if (index === undefined) {
    index = buildIndex(model);
    indexes.set(model, index);
  }
  return index;
}

/** Every address of an interface by which packets in the VPC name it: private IPv4, then IPv6. */
export function privateAddressesOf(networkInterface: NetworkInterface): readonly Address[] {
  return [...networkInterface.privateAddresses.map((each) => each.address), ...networkInterface.ipv6Addresses];
}

/** The ids under which the two sides know a transit gateway peering attachment: one or two. [TG-62] */
export function peeringAttachmentIds(attachment: TransitGatewayPeeringAttachment): ReadonlySet<string> {
  const { transitGatewayAttachmentId, accepter } = attachment;
  return new Set([transitGatewayAttachmentId, accepter.transitGatewayAttachmentId ?? transitGatewayAttachmentId]);
}

function buildIndex(model: NetworkModel): NetworkModelIndex {
  const vpcs = lazyById(model.vpcs, (each) => each.vpcId);
  const subnets = lazyById(model.subnets, (each) => each.subnetId);
  const routeTables = lazyById(model.routeTables, (each) => each.routeTableId);
  const networkAcls = lazyById(model.networkAcls, (each) => each.networkAclId);
  const securityGroups = lazyById(model.securityGroups, (each) => each.groupId);
  const networkInterfaces = lazyById(model.networkInterfaces, (each) => each.networkInterfaceId);
  const instances = lazyById(model.instances, (each) => each.instanceId);
  const internetGateways = lazyById(model.internetGateways, (each) => each.internetGatewayId);
  const egressOnlyGateways = lazyById(model.egressOnlyInternetGateways, (each) => each.egressOnlyInternetGatewayId);
  const natGateways = lazyById(model.natGateways, (each) => each.natGatewayId);
  const peerings = lazyById(model.vpcPeeringConnections, (each) => each.vpcPeeringConnectionId);
  const transitGateways = lazyById(model.transitGateways, (each) => each.transitGatewayId);
  const vpcAttachments = lazyById(model.transitGatewayVpcAttachments, (each) => each.transitGatewayAttachmentId);
  const peeringAttachments = lazyGroups(model.transitGatewayPeeringAttachments, (each) => [
    ...peeringAttachmentIds(each),
  ]);
  const transitGatewayRouteTables = lazyById(
    model.transitGatewayRouteTables,
    (each) => each.transitGatewayRouteTableId,
  );
  const vpcAttachmentsByVpc = lazyGroups(model.transitGatewayVpcAttachments, (each) => [each.vpcId]);
  const routeTablesByTransitGateway = lazyGroups(model.transitGatewayRouteTables, (each) => [each.transitGatewayId]);
  const prefixLists = lazyById(model.prefixLists, (each) => each.prefixListId);
  const unknowns = lazyById(model.unknowns, (each) => each.id);

  const subnetsByVpc = lazyGroups(model.subnets, (each) => [each.vpcId]);
  const routeTablesByVpc = lazyGroups(model.routeTables, (each) => [each.vpcId]);
  const routeTablesByGateway = lazyGroups(model.routeTables, (each) => each.gatewayIds);
  const networkAclsByVpc = lazyGroups(model.networkAcls, (each) => [each.vpcId]);
  const securityGroupsByVpc = lazyGroups(model.securityGroups, (each) => [each.vpcId]);
  const instancesByVpc = lazyGroups(model.instances, (each) => [each.vpcId]);
  const interfacesByInstance = lazyGroups(
    // Sorted before grouping, so that each group comes out by device index.
    () => [...model.networkInterfaces].sort((a, b) => deviceIndex(a) - deviceIndex(b)),
    (each) => (each.attachment?.instanceId === undefined ? [] : [each.attachment.instanceId]),
  );
  const interfacesByVpc = lazyGroups(model.networkInterfaces, (each) => [each.vpcId]);
  const interfacesBySubnet = lazyGroups(model.networkInterfaces, (each) => [each.subnetId]);
  const interfacesByGroup = lazyGroups(model.networkInterfaces, (each) => each.securityGroupIds);
  const interfacesByAddress = lazyGroups(model.networkInterfaces, (each) => [
    ...privateAddressesOf(each),
    ...each.privateAddresses.flatMap(({ publicIp }) => (publicIp === undefined ? [] : [publicIp])),
  ]);
  const internetGatewaysByVpc = lazyGroups(model.internetGateways, ({ vpcId }) => (vpcId === undefined ? [] : [vpcId]));
  const egressOnlyGatewaysByVpc = lazyGroups(model.egressOnlyInternetGateways, (each) => [each.vpcId]);
  const natGatewaysByVpc = lazyGroups(model.natGateways, (each) => [each.vpcId]);
  const peeringsByVpc = lazyGroups(model.vpcPeeringConnections, (each) => [each.requester.vpcId, each.accepter.vpcId]);
  const subnetsByRouteTable = lazyGroups(model.subnets, (each) => {
    const table = effectiveRouteTable(each.subnetId);
    return table === undefined ? [] : [table.routeTableId];
  });

  function mainRouteTable(vpcId: VpcId): RouteTable | undefined {
    return routeTablesByVpc(vpcId).find((table) => table.main);
  }

  function effectiveRouteTable(subnetId: SubnetId): RouteTable | undefined {
    const subnet = subnets(subnetId);
    if (subnet === undefined) return undefined;
    return subnet.routeTableId === undefined ? mainRouteTable(subnet.vpcId) : routeTables(subnet.routeTableId);
  }

  return {
    model,
    vpc: vpcs,
    subnet: subnets,
    routeTable: routeTables,
    networkAcl: networkAcls,
    securityGroup: securityGroups,
    networkInterface: networkInterfaces,
    instance: instances,
    internetGateway: internetGateways,
    egressOnlyInternetGateway: egressOnlyGateways,
    natGateway: natGateways,
    vpcPeeringConnection: peerings,
    transitGateway: transitGateways,
    transitGatewayVpcAttachment: vpcAttachments,
    transitGatewayPeeringAttachment: (id) => peeringAttachments(id)[0],
    transitGatewayRouteTable: transitGatewayRouteTables,
    prefixList: prefixLists,
    unknownReason: (id) => unknowns(id)?.reason,
    subnetsOf: subnetsByVpc,
    routeTablesOf: routeTablesByVpc,
    mainRouteTable,
    effectiveRouteTable,
    subnetsRoutedBy: subnetsByRouteTable,
    gatewayRouteTable: (gatewayId) => routeTablesByGateway(gatewayId)[0],
    networkAclOf(subnetId) {
      const subnet = subnets(subnetId);
      return subnet === undefined ? undefined : networkAcls(subnet.networkAclId);
    },
    networkAclsOf: networkAclsByVpc,
    securityGroupsOf: securityGroupsByVpc,
    instancesOf: instancesByVpc,
    networkInterfacesOf: interfacesByInstance,
    networkInterfacesInVpc: interfacesByVpc,
    networkInterfacesInSubnet: interfacesBySubnet,
    networkInterfacesInGroup: interfacesByGroup,
    networkInterfaceAt: (vpcId, address) =>
      interfacesByAddress(address).find((each) => each.vpcId === vpcId && privateAddressesOf(each).includes(address)),
    networkInterfacesByAddress: interfacesByAddress,
    internetGatewayOf: (vpcId) => internetGatewaysByVpc(vpcId)[0],
    egressOnlyInternetGatewaysOf: egressOnlyGatewaysByVpc,
    natGatewaysOf: natGatewaysByVpc,
    peeringsOf: peeringsByVpc,
    transitGatewayAttachmentsOf: vpcAttachmentsByVpc,
    transitGatewayRouteTablesOf: routeTablesByTransitGateway,
  };
}

function deviceIndex(networkInterface: NetworkInterface): number {
  return networkInterface.attachment?.deviceIndex ?? Number.MAX_SAFE_INTEGER;
}

/** Of two things with one id the first counts; `validateNetworkModel` reports the second. */
function lazyById<T>(items: readonly T[], idOf: (item: T) => string): (id: string) => T | undefined {
  let byId: Map<string, T> | undefined;
  return (id) => {
    if (byId === undefined) {
      byId = new Map();
      for (const item of items) if (!byId.has(idOf(item))) byId.set(idOf(item), item);
    }
    return byId.get(id);
  };
}

const none: readonly never[] = [];

/** Each item under each of its keys once, in the items' order. */
function lazyGroups<T>(
  items: readonly T[] | (() => readonly T[]),
  keysOf: (item: T) => readonly string[],
): (key: string) => readonly T[] {
  let groups: Map<string, T[]> | undefined;
  return (key) => {
    groups ??= group(typeof items === "function" ? items() : items, keysOf);
    return groups.get(key) ?? none;
  };
}

function group<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of new Set(keysOf(item))) {
      const members = groups.get(key);
      if (members === undefined) groups.set(key, [item]);
      else members.push(item);
    }
  }
  return groups;
}
