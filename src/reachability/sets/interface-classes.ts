/**
 * The quotient: interfaces that no rule, route or state of the model can tell apart are one class, and everything is asked of classes. Members
 * share the subnet, the set of groups, the part between two cuts in which their address lies, and whatever else the walk looks at in an
 * end. So a walk for one member is the walk of all, with other ids in it.
 */
import { addressFrom, cidrFrom, familyOf, type IpFamily } from "../../ip/index.ts";
import type { Address, Cidr, NetworkInterface, NetworkModel, Subnet, VpcId } from "../../model/index.ts";
import type { PreparedModel } from "../prepared-model.ts";
import { type AddressNumber, boundsOf, type Cuts, cutsOf, partOf } from "./address-order.ts";
import { type ClassKind, classFacts, twinNumbers } from "./class-facts.ts";

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
  const twins = twinNumbers(model, family);
  const blocks = boundariesOf(model, family);
  const cuts = cutsOf(twins.size === 0 ? blocks : [...blocks, ...[...twins].flatMap(around)]);
  const facts = classFacts(prepared, family, twins, blocks);
  const groupSets: (readonly string[])[] = [];
  const setNumbers = new Map<string, Map<string, number>>();
  const found = new Map<string, Map<string | number, Draft>>();
  for (const networkInterface of model.networkInterfaces) {
    const address = ownAddress(networkInterface, family);
    if (address === undefined || !isEnd(prepared, networkInterface)) continue;
    const { vpcId, subnetId } = networkInterface;
    const number = addressFrom(address).value;
    const { kind, connected, otherwise } = facts(networkInterface, address, number);
    const groupSet = numberOf(setNumbers, groupSets, networkInterface);
    const part = partOf(cuts, number);
    // A number where it can be one: most interfaces have nothing else that tells them apart.
    const key =
      kind === "compiled" && otherwise === "" ? part * 2 ** 24 + groupSet : `${part} ${groupSet} ${kind} ${otherwise}`;
    const inSubnet = found.get(subnetId) ?? new Map<string | number, Draft>();
    const draft = inSubnet.get(key);
    if (draft !== undefined) {
      draft.members.push(networkInterface);
      continue;
    }
    const subnet = prepared.index.subnet(subnetId);
    found.set(subnetId, inSubnet);
    inSubnet.set(key, { part, members: [networkInterface], address, kind, vpcId, subnet, groupSet, connected });
  }
  const drafts = [...found.values()].flatMap((each) => [...each.values()]).sort((a, b) => a.part - b.part);
  return {
    family,
    classes: drafts,
    groupSets,
    classOf: lazyClassOf(drafts),
    ...columnsOf(drafts, cuts, family),
  };
}

function around(number: AddressNumber): readonly AddressNumber[] {
  return typeof number === "bigint" ? [number, number + 1n] : [number, number + 1];
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
  numbers: Map<string, Map<string, number>>,
  sets: (readonly string[])[],
  { securityGroupIds: ids, vpcId }: NetworkInterface,
): number {
  const sorted = ids.length > 1 ? [...new Set(ids)].sort() : ids;
  const key = sorted.length === 1 ? (sorted[0] ?? "") : sorted.join(" ");
  const inVpc = numbers.get(vpcId) ?? new Map<string, number>();
  let number = inVpc.get(key);
  if (number === undefined) {
    number = sets.length;
    sets.push(sorted);
    inVpc.set(key, number);
    numbers.set(vpcId, inVpc);
  }
  return number;
}

/** Where every block of the model begins and where it ends. */
function boundariesOf(model: NetworkModel, family: IpFamily): ReadonlySet<AddressNumber> {
  const seen = new Set<Cidr>();
  const numbers = new Set<AddressNumber>();
  for (const block of blocksOf(model)) {
    if (seen.has(block)) continue;
    seen.add(block);
    if (familyOf(block) !== family) continue;
    for (const bound of boundsOf(cidrFrom(block))) numbers.add(bound);
  }
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
