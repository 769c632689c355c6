/** The connection that joins two VPCs now. There is at most one active one between a pair, whoever asked for it. [PX-24] */
import type { StateView } from "../../../state/state.ts";
import type { VpcPeeringConnectionRecord } from "./record.ts";

/** The active connection of the pair, in either direction. */
export function activePeeringBetween(
  view: Pick<StateView, "by">,
  oneVpcId: string,
  otherVpcId: string,
): VpcPeeringConnectionRecord | undefined {
  return peeringsBetween(view, oneVpcId, otherVpcId).find((record) => record.StatusCode === "active");
}

/** Every connection of the pair that is still on record, in either direction, oldest first. */
export function peeringsBetween(
  view: Pick<StateView, "by">,
  oneVpcId: string,
  otherVpcId: string,
): VpcPeeringConnectionRecord[] {
  return view
    .by("vpcPeeringConnection", "vpc", oneVpcId)
    .filter(({ Requester, Accepter }) =>
      Requester.VpcId === oneVpcId ? Accepter.VpcId === otherVpcId : Requester.VpcId === otherVpcId,
    );
}
