/** Whether two VPCs can be peered at all: both there, owned and placed as the request says, and without any overlap of CIDRs. [PX-21, PX-28] */
import { cidrsOverlap } from "../../../../ip/index.ts";
import type { StateView } from "../../../state/state.ts";
import type { Transaction } from "../../../state/transaction.ts";
import type { VpcRecord } from "../vpc/record.ts";
import type { PeeringSide, VpcPeeringConnectionRecord } from "./record.ts";

/** True when the request must fail. The reasons are deliberately not told apart: an account cannot probe foreign VPC ids. */
export function peeringFailure({ Requester, Accepter }: VpcPeeringConnectionRecord, transaction: Transaction): boolean {
  if (Requester.VpcId === Accepter.VpcId) return true;
  const requester = transaction.visible("vpc", Requester.VpcId, Requester.OwnerId, Requester.Region);
  const accepter = transaction.visible("vpc", Accepter.VpcId, Accepter.OwnerId, Accepter.Region);
  if (requester === undefined || accepter === undefined) return true;
  return (
    anyOverlap(blocksOf(requester), blocksOf(accepter)) || anyOverlap(ipv6BlocksOf(requester), ipv6BlocksOf(accepter))
  );
}

/** The addresses of a side's VPC as they are; undefined when it is gone. */
export function currentBlocks(
  { VpcId }: PeeringSide,
  view: Pick<StateView, "get">,
): { readonly ipv4: readonly string[]; readonly ipv6: readonly string[] } | undefined {
  const vpc = view.get("vpc", VpcId);
  return vpc && { ipv4: blocksOf(vpc), ipv6: ipv6BlocksOf(vpc) };
}

/** The IPv4 blocks that count, the primary one first. */
export function blocksOf(vpc: VpcRecord): readonly string[] {
  return vpc.CidrBlockAssociationSet.filter((a) => a.State === "associated" || a.State === "associating").map(
    (a) => a.CidrBlock,
  );
}

/** The IPv6 blocks that count. */
export function ipv6BlocksOf(vpc: VpcRecord): readonly string[] {
  return vpc.Ipv6CidrBlockAssociationSet.filter((a) => a.State === "associated" || a.State === "associating").map(
    (a) => a.CidrBlock,
  );
}

function anyOverlap(left: readonly string[], right: readonly string[]): boolean {
  return left.some((a) => right.some((b) => cidrsOverlap(a, b)));
}
