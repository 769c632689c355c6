/**
 * The quotient: interfaces that no rule, route or state of the model can tell apart are one class, and everything is asked of classes. Members
 * share the subnet, the set of groups, the part between two cuts in which their address lies, and whatever else the walk looks at in an
 * end. So a walk for one member is the walk of all, with other ids in it.
 */
import { addressFrom, cidrFrom, contains, familyOf, type IpFamily } from "../../ip/index.ts";
import type { Address, Cidr, NetworkInterface, NetworkModel, Subnet, Vpc, VpcId } from "../../model/index.ts";
import type { PreparedModel } from "../prepared-model.ts";
import { isNeverForwarded } from "../walk/route-tables.ts";
import { type AddressNumber, boundsOf, type Cuts, cutsOf, partOf } from "./address-order.ts";

/**
 * `compiled`: what happens to its packets is in the compiled rows. `dead`: neither sends nor receives. `walked`: something about it is
 * missing or odd, and each of its pairs is walked.
 */
export type ClassKind = "compiled" | "dead" | "walked";

export interface InterfaceClass {
  readonly members: readonly NetworkInterface[];
  /** Of the first member. */
  readonly address: Address;
  readonly kind: ClassKind;
  readonly vpcId: VpcId;
  /** `undefined`: it is not in the model. */
  readonly subnet: Subnet | undefined;
  /** The number of its set of groups in its VPC. */
  readonly groupSet: number;
  /** Subnets of other interfaces of the same instance: answers to there leave by these. */
  readonly connected: readonly Cidr[];
}

export interface InterfaceClasses {
  readonly family: IpFamily;
  /** Sorted by address, so that a block is a range of them. */
  readonly classes: readonly InterfaceClass[];
  /** The sets of groups, by number. */
  readonly groupSets: readonly (readonly string[])[];
  classOf(networkInterfaceId: string): number | undefined;
  /** The classes whose addresses lie in the block: from, and the first behind. */
  range(block: Cidr): readonly [number, number];
  /** Whether the block's ends fall between classes: if not, a rule that names it would split one. */
  fits(block: Cidr): boolean;
}

/** The address by which a pair is asked: the primary private one, or the first IPv6 one. */
export function ownAddress(
  { privateAddresses, ipv6Addresses }: NetworkInterface,
  family: IpFamily,
): Address | undefined {
  if (family === "ipv6") return ipv6Addresses[0];
  return (privateAddresses.find(({ primary }) => primary) ?? privateAddresses[0])?.address;
}

export function classify(prepared: PreparedModel, family: IpFamily): InterfaceClasses {
  const { model } = prepared.index;
  const twins = twinsOf(model, family);
  const cuts = cutsOf(boundariesOf(model, family, twins));
  const facts = classFacts(prepared, family);
  const groupSets: (readonly string[])[] = [];
  const setNumbers = new Map<string, number>();
  const found = new Map<string, Draft>();
  for (const networkInterface of model.networkInterfaces) {
    const address = ownAddress(networkInterface, family);
    if (address === undefined || !isEnd(prepared, networkInterface)) continue;
    const groupSet = numberOf(setNumbers, groupSets, networkInterface);
    const part = partOf(cuts, addressFrom(address).value);
    const { kind, connected, otherwise } = facts(networkInterface, address);
    const key = `${part} ${networkInterface.subnetId} ${groupSet} ${kind} ${otherwise}`;
    const draft = found.get(key);
    if (draft !== undefined) {
      draft.members.push(networkInterface);
      continue;
    }
    const { vpcId, subnetId } = networkInterface;
    const subnet = prepared.index.subnet(subnetId);
    found.set(key, { part, members: [networkInterface], address, kind, vpcId, subnet, groupSet, connected });
  }
  const drafts = [...found.values()].sort((a, b) => a.part - b.part);
  return {
    family,
    classes: drafts,
    groupSets,
    classOf: lazyClassOf(drafts),
    ...columnsOf(drafts, cuts, family),
  };
}

interface Draft extends InterfaceClass {
  readonly part: number;
  readonly members: NetworkInterface[];
}

/** Gateways' interfaces are on the way of packets, never their end. */
function isEnd({ natGatewayOf }: PreparedModel, { interfaceType, networkInterfaceId }: NetworkInterface): boolean {
  return (
    interfaceType !== "transit_gateway" &&
    interfaceType !== "natGateway" &&
    natGatewayOf(networkInterfaceId) === undefined
  );
}

function columnsOf(drafts: readonly Draft[], cuts: Cuts, family: IpFamily) {
  const parts = Int32Array.from(drafts, ({ part }) => part);
  const firstWith = (part: number) => {
    let low = 0;
    let high = parts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((parts[middle] ?? 0) < part) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  // A bound that is no cut lies in a part: the range then takes the whole of it, which `fits` refuses where it matters.
  const isBetween = (bound: AddressNumber) => {
    const part = partOf(cuts, bound);
    return (part > 0 && cuts[part - 1] === bound) || parts[firstWith(part)] !== part;
  };
  const known = new Map<Cidr, readonly [number, number]>();
  return {
    range(block: Cidr): readonly [number, number] {
      const before = known.get(block);
      if (before !== undefined) return before;
      if (familyOf(block) !== family) return nothing;
      const [first, behind] = boundsOf(cidrFrom(block));
      const range = [firstWith(partOf(cuts, first)), firstWith(partOf(cuts, behind))] as const;
      known.set(block, range);
      return range;
    },
    fits(block: Cidr): boolean {
      return familyOf(block) !== family || boundsOf(cidrFrom(block)).every(isBetween);
    },
  };
}

const nothing = [0, 0] as const;

function lazyClassOf(classes: readonly InterfaceClass[]): InterfaceClasses["classOf"] {
  let known: Map<string, number> | undefined;
  return (networkInterfaceId) => {
    if (known === undefined) {
      known = new Map();
      for (const [number, { members }] of classes.entries())
        for (const member of members) known.set(member.networkInterfaceId, number);
    }
    return known.get(networkInterfaceId);
  };
}

function numberOf(
  numbers: Map<string, number>,
  sets: (readonly string[])[],
  { securityGroupIds: ids, vpcId }: NetworkInterface,
): number {
  const sorted = ids.length > 1 ? [...new Set(ids)].sort() : ids;
  const key = `${vpcId} ${sorted.join(" ")}`;
  let number = numbers.get(key);
  if (number === undefined) {
    number = sets.length;
    sets.push(sorted);
    numbers.set(key, number);
  }
  return number;
}

/** Where every block of the model begins and where it ends. */
function boundariesOf(model: NetworkModel, family: IpFamily, twins: ReadonlySet<Address>): ReadonlySet<AddressNumber> {
  const seen = new Set<Cidr>();
  const numbers = new Set<AddressNumber>();
  for (const block of blocksOf(model)) {
    if (seen.has(block) || familyOf(block) !== family) continue;
    seen.add(block);
    for (const bound of boundsOf(cidrFrom(block))) numbers.add(bound);
  }
  for (const twin of twins)
    for (const bound of boundsOf(cidrFrom(`${twin}/${family === "ipv4" ? 32 : 128}`))) numbers.add(bound);
  return numbers;
}

function* blocksOf(model: NetworkModel): Generator<Cidr> {
  for (const { cidrBlocks, ipv6CidrBlocks } of model.vpcs) yield* [...cidrBlocks, ...ipv6CidrBlocks];
  for (const { cidrBlock, ipv6CidrBlocks } of model.subnets) {
    yield cidrBlock;
    yield* ipv6CidrBlocks;
  }
  for (const { routes } of model.routeTables)
    for (const { destination } of routes) if (destination.kind === "cidr") yield destination.cidr;
  for (const { routes } of model.transitGatewayRouteTables) for (const each of routes) yield each.destinationCidrBlock;
  for (const { entries } of model.networkAcls) for (const { cidrBlock } of entries) yield cidrBlock;
  for (const { rules } of model.securityGroups) for (const { peer } of rules) if (peer.kind === "cidr") yield peer.cidr;
  for (const { entries } of model.prefixLists) yield* entries;
}

/** Addresses that occur twice, in two VPCs or as somebody's public one: each is a part of its own, because the walk may meet the other one. */
function twinsOf(model: NetworkModel, family: IpFamily): ReadonlySet<Address> {
  const once = new Set<Address>();
  const twins = new Set<Address>();
  const meet = (address: Address) => {
    if (once.has(address)) twins.add(address);
    else once.add(address);
  };
  for (const { privateAddresses, ipv6Addresses } of model.networkInterfaces) {
    if (family === "ipv6") for (const address of ipv6Addresses) meet(address);
    else
      for (const { address, publicIp } of privateAddresses) {
        meet(address);
        if (publicIp !== undefined) meet(publicIp);
      }
  }
  return twins;
}

interface Facts {
  readonly kind: ClassKind;
  readonly connected: readonly Cidr[];
  /** What else tells classes apart: the public address's part, the subnets behind other interfaces. */
  readonly otherwise: string;
}

function classFacts(prepared: PreparedModel, family: IpFamily) {
  const { index } = prepared;
  const publicCuts = cutsOf(boundariesOf(index.model, "ipv4", new Set()));
  const subnetIsKnown = new Map<string, boolean>();
  const isKnown = (subnetId: string, vpcId: string) => {
    let known = subnetIsKnown.get(subnetId);
    if (known === undefined) {
      const subnet = index.subnet(subnetId);
      known =
        subnet?.vpcId === vpcId &&
        index.vpc(vpcId) !== undefined &&
        index.networkAcl(subnet.networkAclId) !== undefined;
      subnetIsKnown.set(subnetId, known);
    }
    return known;
  };
  const blocks = new Map<string, boolean>();
  const isInPlace = (subnet: Subnet, vpc: Vpc, address: Address) => {
    // Most interfaces of a subnet share what their address must lie in.
    const key = `${subnet.subnetId}`;
    let nested = blocks.get(key);
    const own = family === "ipv4" ? [subnet.cidrBlock] : subnet.ipv6CidrBlocks;
    if (nested === undefined) {
      const outer = family === "ipv4" ? vpc.cidrBlocks : vpc.ipv6CidrBlocks;
      nested = own.every((each) => outer.some((block) => contains(prepared.block(block), prepared.block(each))));
      blocks.set(key, nested);
    }
    const { value } = addressFrom(address);
    return nested && own.some((each) => isWithin(boundsOf(prepared.block(each)), value));
  };
  return (networkInterface: NetworkInterface, address: Address): Facts => {
    const { attachment, vpcId, subnetId, securityGroupIds, privateAddresses } = networkInterface;
    const publicIp =
      family === "ipv4" ? privateAddresses.find((each) => each.address === address)?.publicIp : undefined;
    const publicPart = publicIp === undefined ? "" : partOf(publicCuts, addressFrom(publicIp).value);
    const connected = connectedSubnets(prepared, networkInterface);
    const instance = attachment?.instanceId === undefined ? undefined : index.instance(attachment.instanceId);
    const subnet = index.subnet(subnetId);
    const vpc = index.vpc(vpcId);
    const isHolder = prepared.interfaceAt(vpcId, address) === networkInterface;
    const isWhole =
      isKnown(subnetId, vpcId) &&
      subnet !== undefined &&
      vpc !== undefined &&
      (attachment?.instanceId === undefined || instance !== undefined) &&
      securityGroupIds.every((id) => index.securityGroup(id) !== undefined) &&
      isInPlace(subnet, vpc, address) &&
      isHolder &&
      !isNeverForwarded(addressFrom(address));
    const isDead = attachment === undefined || (instance !== undefined && instance.state !== "running");
    const kind = !isWhole ? "walked" : isDead ? "dead" : "compiled";
    return {
      kind,
      connected,
      otherwise: `${publicPart} ${connected.join(" ")} ${isHolder ? "" : networkInterface.networkInterfaceId}`,
    };
  };
}

function isWithin([first, behind]: readonly [AddressNumber, AddressNumber], value: AddressNumber): boolean {
  return first <= value && value < behind;
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
