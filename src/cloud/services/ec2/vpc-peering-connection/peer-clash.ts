/** Why a CIDR block cannot be added to a VPC because of its peerings. [AD-12] */
import { cidrsOverlap } from "../../../../ip/index.ts";
import type { StateView } from "../../../state/state.ts";
import { currentBlocks } from "./feasibility.ts";

/**
 * The id of the first connection that stands in the way: its peer has overlapping addresses, or it is the VPC's own request, still
 * unanswered. The accepter of a request may add any block; one that overlaps makes the later acceptance fail.
 */
export function peerClash(view: Pick<StateView, "by" | "get">, vpcId: string, cidr: string): string | undefined {
  const clash = view.by("vpcPeeringConnection", "vpc", vpcId).find(({ StatusCode, Requester, Accepter }) => {
    if (StatusCode === "pending-acceptance") return Requester.VpcId === vpcId;
    if (StatusCode !== "active" && StatusCode !== "provisioning") return false;
    const peer = currentBlocks(Requester.VpcId === vpcId ? Accepter : Requester, view);
    return [...(peer?.ipv4 ?? []), ...(peer?.ipv6 ?? [])].some((block) => cidrsOverlap(block, cidr));
  });
  return clash?.VpcPeeringConnectionId;
}
