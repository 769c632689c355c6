/**
 * For which destination a missing or wrong route is made: the block of the VPC where the goal is, as people write routes and as AWS's own
 * guides do, unless another route decides there that must keep its traffic; then the goal's subnet, and at last the one address.
 */
import { cidrContains, familyOf, prefixLengthOf } from "../../../ip/index.ts";
import type { Cidr } from "../../../model/index.ts";
import type { Blocker } from "../../explanation.ts";
import type { Lifting, LiftingEnd } from "./lifting.ts";
import { narrowestBlock } from "./lifting.ts";

/** A route that is there, in whatever kind of table. */
export interface PresentRoute {
  readonly destination: Cidr;
  /** What drops, serves nobody: it may be given another target. */
  readonly isBlackhole: boolean;
  /** A route for a block itself, neither of a prefix list nor propagated: the one that a new route must not repeat. */
  readonly isOwn: boolean;
}

export interface ChosenDestination {
  readonly destination: Cidr;
  readonly isThere: boolean;
}

/**
 * `deciding` is the route that now decides for the address, if any; `all` are the table's. With `onlyHost` not more than the one address
 * may go another way: somebody else in the block is reached by the present one.
 */
export function destinationFor(
  lifting: Lifting,
  address: string,
  { deciding, all, onlyHost }: { deciding?: PresentRoute | undefined; all: readonly PresentRoute[]; onlyHost: boolean },
): ChosenDestination | undefined {
  const blocks = blocksAround(lifting, address);
  const [widest] = blocks;
  if (widest === undefined) return undefined;
  // A dead route for the same goal is mended as it is.
  if (deciding?.isBlackhole && deciding.isOwn && prefixLengthOf(deciding.destination) >= prefixLengthOf(widest))
    return { destination: deciding.destination, isThere: true };
  const narrowest = blocks.at(-1);
  for (const destination of onlyHost && narrowest !== undefined ? [narrowest] : blocks) {
    const same = all.find((route) => route.isOwn && route.destination === destination);
    if (same !== undefined && !same.isBlackhole) continue;
    if (!winsOver(destination, deciding)) continue;
    return { destination, isThere: same !== undefined };
  }
  return undefined;
}

/** The present route leads to another VPC with the same block, which must not lose it. */
export function isOthersAsWell({ code }: Blocker): boolean {
  return code === "X_DELIVERED_ELSEWHERE" || code === "X_ANSWER_GOES_ELSEWHERE" || code === "NO_POSSIBLE_DESTINATION";
}

/** From the VPC's block to the address alone. */
function blocksAround(lifting: Lifting, address: string): readonly Cidr[] {
  const holder = [lifting.goal, lifting.start].find((end) => end.address === address);
  const inside = holder === undefined ? [] : privateBlocks(lifting, holder);
  return [...new Set([...inside, narrowestBlock(lifting, address)])];
}

function privateBlocks(
  { prepared: { index } }: Lifting,
  { address, vpcId, networkInterface }: LiftingEnd,
): readonly Cidr[] {
  const vpc = vpcId === undefined ? undefined : index.vpc(vpcId);
  const subnet = networkInterface === undefined ? undefined : index.subnet(networkInterface.subnetId);
  const isIpv6 = familyOf(address) === "ipv6";
  const all = isIpv6
    ? [...(vpc?.ipv6CidrBlocks ?? []), ...(subnet?.ipv6CidrBlocks ?? [])]
    : [...(vpc?.cidrBlocks ?? []), ...(subnet === undefined ? [] : [subnet.cidrBlock])];
  return all.filter((block) => cidrContains(block, address));
}

/** Whether a static route for the block decides where the other one does now. [RT-28, RT-29] */
function winsOver(destination: Cidr, deciding: PresentRoute | undefined): boolean {
  if (deciding === undefined) return true;
  const difference = prefixLengthOf(destination) - prefixLengthOf(deciding.destination);
  return difference > 0 || (difference === 0 && (!deciding.isOwn || deciding.isBlackhole));
}
