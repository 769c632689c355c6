/**
 * A model made ready for questions, once for each model object: texts as numbers, tables as prefix maps, and each only when it is
 * first asked for.
 */
import { addressFrom, type CidrBlock, cidrFrom, contains, type IpAddress } from "../ip/index.ts";
import {
  type Address,
  type Cidr,
  indexNetworkModel,
  type NatGateway,
  type NetworkAcl,
  type NetworkInterface,
  type NetworkModel,
  type NetworkModelIndex,
  privateAddressesOf,
  type RouteTable,
  type SecurityGroup,
  type TransitGatewayRouteTable,
  type Unknown,
  type Vpc,
} from "../model/index.ts";
import { type CompiledAcl, compileAcl } from "./compiled-acl.ts";
import { type CompiledGroup, compileGroup } from "./compiled-group.ts";
import {
  type CompiledRouteTable,
  type CompiledTransitGatewayTable,
  compileRouteTable,
  compileTransitGatewayTable,
} from "./compiled-route-table.ts";

/** A private address that has a public one. */
export interface PublicMapping {
  readonly networkInterface: NetworkInterface;
  readonly address: Address;
}

export interface PreparedModel {
  readonly index: NetworkModelIndex;
  address(text: Address): IpAddress;
  block(text: Cidr): CidrBlock;
  /** Whether one of the VPC's blocks holds the address. */
  isIn(vpc: Vpc, address: Address): boolean;
  interfaceAt(vpcId: string, address: Address): NetworkInterface | undefined;
  /** Every interface that holds the private or IPv6 address, in whatever VPC. */
  interfacesAt(address: Address): readonly NetworkInterface[];
  publicMapping(publicIp: Address): PublicMapping | undefined;
  /** The VPC whose IPv6 block holds the address; blocks of two VPCs never overlap. */
  vpcOfIpv6(address: Address): Vpc | undefined;
  natGatewayOf(networkInterfaceId: string): NatGateway | undefined;
  /** What the model's source named and could not give that may join networks outside AWS. */
  joiningUnknown(): Unknown | undefined;
  routeTable(table: RouteTable): CompiledRouteTable;
  transitGatewayTable(table: TransitGatewayRouteTable): CompiledTransitGatewayTable;
  acl(acl: NetworkAcl): CompiledAcl;
  group(group: SecurityGroup): CompiledGroup;
}

const prepared = new WeakMap<NetworkModel, PreparedModel>();

/** The same one at every call. */
export function prepareModel(model: NetworkModel): PreparedModel {
  let made = prepared.get(model);
  if (made === undefined) {
    made = prepare(model);
    prepared.set(model, made);
  }
  return made;
}

function prepare(model: NetworkModel): PreparedModel {
  const index = indexNetworkModel(model);
  const address = remembered(addressFrom);
  const block = remembered(cidrFrom);
  const owners = lazy(() => ownersOf(model));
  const publics = lazy(() => publicMappingsOf(model));
  const ipv6Vpcs = lazy(() => model.vpcs.filter((vpc) => vpc.ipv6CidrBlocks.length > 0));
  const joining = lazy(() => model.unknowns.find(({ id }) => joiningIds.test(id)));
  const natGateways = lazy(() => new Map(model.natGateways.map((each) => [each.networkInterfaceId as string, each])));
  const holds = (blocks: readonly Cidr[], text: Address) => blocks.some((each) => contains(block(each), address(text)));
  return {
    index,
    address,
    block,
    isIn: (vpc, text) => holds(text.includes(":") ? vpc.ipv6CidrBlocks : vpc.cidrBlocks, text),
    interfaceAt: (vpcId, text) => owners().get(vpcId)?.get(text),
    interfacesAt: (text) =>
      index.networkInterfacesByAddress(text).filter((each) => privateAddressesOf(each).includes(text)),
    publicMapping: (publicIp) => publics().get(publicIp),
    vpcOfIpv6: (text) => ipv6Vpcs().find((vpc) => holds(vpc.ipv6CidrBlocks, text)),
    natGatewayOf: (networkInterfaceId) => natGateways().get(networkInterfaceId),
    joiningUnknown: joining,
    routeTable: remembered((table) => compileRouteTable(table, index)),
    transitGatewayTable: remembered(compileTransitGatewayTable),
    acl: remembered(compileAcl),
    group: remembered((group) => compileGroup(group, index)),
  };
}

/** Virtual private gateways, VPN connections, local and Direct Connect gateways, and attachments of gateways that are no VPC's and no peering's. */
const joiningIds = /^(?:vgw|vpn|lgw|dxgw|tgw-attach)-[^.]+$/;

function ownersOf(model: NetworkModel): ReadonlyMap<string, ReadonlyMap<Address, NetworkInterface>> {
  const owners = new Map<string, Map<Address, NetworkInterface>>();
  for (const networkInterface of model.networkInterfaces) {
    const here = owners.get(networkInterface.vpcId) ?? new Map<Address, NetworkInterface>();
    owners.set(networkInterface.vpcId, here);
    for (const each of privateAddressesOf(networkInterface)) if (!here.has(each)) here.set(each, networkInterface);
  }
  return owners;
}

function publicMappingsOf(model: NetworkModel): ReadonlyMap<Address, PublicMapping> {
  const mappings = new Map<Address, PublicMapping>();
  for (const networkInterface of model.networkInterfaces) {
    for (const { address, publicIp } of networkInterface.privateAddresses) {
      if (publicIp !== undefined) mappings.set(publicIp, { networkInterface, address });
    }
  }
  return mappings;
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function remembered<Key, T>(make: (key: Key) => T): (key: Key) => T {
  const known = new Map<Key, T>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      known.set(key, value);
    }
    return value;
  };
}
