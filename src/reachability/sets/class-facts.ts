/** What of one interface, besides its subnet, groups and address, tells its class from others; and whether the compiled rows can speak for it. */
import { addressFrom, contains, type IpFamily } from "../../ip/index.ts";
import type { Address, Cidr, InstanceId, NetworkInterface, NetworkModel } from "../../model/index.ts";
import type { PreparedModel } from "../prepared-model.ts";
import { isNeverForwarded } from "../walk/route-tables.ts";
import { type AddressNumber, boundsOf, cutsOf, partOf } from "./address-order.ts";

/**
 * `compiled`: what happens to its packets is in the compiled rows. `dead`: neither sends nor receives. `walked`: something about it is
 * missing or odd, and each of its pairs is walked.
 */
export type ClassKind = "compiled" | "dead" | "walked";

export interface ClassFacts {
  readonly kind: ClassKind;
  /** Subnets behind other interfaces of its instance. */
  readonly connected: readonly Cidr[];
  /** These, the public address's part, and the id of what is like no other: empty for most. */
  readonly otherwise: string;
}

type Bounds = readonly [AddressNumber, AddressNumber];

/** `blocks`: where the model's blocks of the family begin and end. */
export function classFacts(
  prepared: PreparedModel,
  family: IpFamily,
  twins: ReadonlySet<AddressNumber>,
  blocks: ReadonlySet<AddressNumber>,
): (networkInterface: NetworkInterface, address: Address, number: AddressNumber) => ClassFacts {
  const { index } = prepared;
  const multiHomed = instancesWithSeveral(index.model);
  const appliances = appliancesOf(prepared);
  const places = new Map<string, { readonly vpcId: string; readonly bounds: readonly Bounds[] }>();
  let publicCuts: readonly AddressNumber[] | undefined;
  const isKnownGroup = (id: string) => index.securityGroup(id) !== undefined;

  /** Where the subnet's addresses lie; nowhere when the subnet is not whole. */
  const placesOf = (subnetId: string, vpcId: string) => {
    let found = places.get(subnetId);
    if (found?.vpcId !== vpcId) {
      found = { vpcId, bounds: wholeSubnet(prepared, family, subnetId, vpcId) };
      places.set(subnetId, found);
    }
    return found.bounds;
  };

  return (networkInterface, address, number) => {
    const { attachment, vpcId, subnetId, securityGroupIds, privateAddresses } = networkInterface;
    const instanceId = attachment?.instanceId;
    const instance = instanceId === undefined ? undefined : index.instance(instanceId);
    const isHolder = !twins.has(number) || prepared.interfaceAt(vpcId, address) === networkInterface;
    const isWhole =
      isHolder &&
      (instanceId === undefined || instance !== undefined) &&
      placesOf(subnetId, vpcId).some(([first, behind]) => first <= number && number < behind) &&
      securityGroupIds.every(isKnownGroup) &&
      !isNeverForwarded(addressFrom(address));
    const isDead = attachment === undefined || (instance !== undefined && instance.state !== "running");
    const connected =
      instanceId !== undefined && multiHomed.has(instanceId) ? connectedSubnets(prepared, networkInterface) : none;
    const publicIp =
      family === "ipv4" ? privateAddresses.find((each) => each.address === address)?.publicIp : undefined;
    let otherwise = connected.join(" ");
    if (publicIp !== undefined) {
      publicCuts ??= cutsOf(blocks);
      otherwise += ` public ${partOf(publicCuts, addressFrom(publicIp).value)}`;
    }
    const isAppliance = appliances.has(networkInterface.networkInterfaceId) || appliances.has(instanceId ?? "");
    if (!isHolder || isAppliance) otherwise += ` ${networkInterface.networkInterfaceId}`;
    return { kind: !isWhole ? "walked" : isDead ? "dead" : "compiled", connected, otherwise };
  };
}

function wholeSubnet(
  { index, block }: PreparedModel,
  family: IpFamily,
  subnetId: string,
  vpcId: string,
): readonly Bounds[] {
  const subnet = index.subnet(subnetId);
  const vpc = index.vpc(vpcId);
  if (subnet?.vpcId !== vpcId || vpc === undefined || index.networkAcl(subnet.networkAclId) === undefined) return [];
  const own = family === "ipv4" ? [subnet.cidrBlock] : subnet.ipv6CidrBlocks;
  const outer = family === "ipv4" ? vpc.cidrBlocks : vpc.ipv6CidrBlocks;
  const inside = own.filter((each) => outer.some((around) => contains(block(around), block(each))));
  return inside.map((each) => boundsOf(block(each)));
}

/** Addresses that occur twice, in two VPCs or as somebody's public one: the walk may meet the other one. */
export function twinNumbers(model: NetworkModel, family: IpFamily): ReadonlySet<AddressNumber> {
  const numbers: AddressNumber[] = [];
  for (const { privateAddresses, ipv6Addresses } of model.networkInterfaces) {
    if (family === "ipv6") for (const address of ipv6Addresses) numbers.push(addressFrom(address).value);
    else
      for (const { address, publicIp } of privateAddresses) {
        numbers.push(addressFrom(address).value);
        if (publicIp !== undefined) numbers.push(addressFrom(publicIp).value);
      }
  }
  const sorted =
    family === "ipv4"
      ? Float64Array.from(numbers, Number).sort()
      : numbers.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const twins = new Set<AddressNumber>();
  for (let at = 1; at < sorted.length; at += 1) {
    const number = sorted[at];
    if (number !== undefined && number === sorted[at - 1]) twins.add(number);
  }
  return twins;
}

/** Instances that have another interface than the first. */
export function instancesWithSeveral({ networkInterfaces }: NetworkModel): ReadonlySet<InstanceId> {
  const several = new Set<InstanceId>();
  for (const { attachment } of networkInterfaces) {
    const { instanceId, deviceIndex = 0 } = attachment ?? {};
    if (instanceId !== undefined && deviceIndex !== 0) several.add(instanceId);
  }
  return several;
}

/** Interfaces that routes name, and their instances: on the way of other packets, but the end of their own. None is like another. */
function appliancesOf({ index }: PreparedModel): ReadonlySet<string> {
  const appliances = new Set<string>();
  for (const { routes } of index.model.routeTables) {
    for (const { target } of routes) {
      if (target.kind !== "network-interface") continue;
      appliances.add(target.networkInterfaceId);
      const instanceId = index.networkInterface(target.networkInterfaceId)?.attachment?.instanceId;
      if (instanceId !== undefined) appliances.add(instanceId);
    }
  }
  return appliances;
}

/** For the primary interface of an instance with several: where its answers leave by another one. See `leavingInterface`. */
function connectedSubnets(
  { index }: PreparedModel,
  { attachment, networkInterfaceId, subnetId }: NetworkInterface,
): readonly Cidr[] {
  if (attachment?.instanceId === undefined) return none;
  const [primary, ...others] = index.networkInterfacesOf(attachment.instanceId);
  if (primary?.networkInterfaceId !== networkInterfaceId || others.length === 0) return none;
  return others.flatMap((each) => (each.subnetId === subnetId ? [] : (index.subnet(each.subnetId)?.cidrBlock ?? [])));
}

const none: readonly Cidr[] = [];
