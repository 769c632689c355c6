/** The two sides of a peering attachment: which of them an account sees, and by which id. [TG-61, TG-62] */
import type { Scope } from "../../../state/record.ts";
import type { StateView } from "../../../state/state.ts";
import type { PeeringAttachmentSide, TransitGatewayPeeringAttachmentRecord } from "./record.ts";

/** A peering as one side has it. */
export interface SideOfPeering {
  readonly record: TransitGatewayPeeringAttachmentRecord;
  readonly role: "Requester" | "Accepter";
  readonly own: PeeringAttachmentSide;
  readonly peer: PeeringAttachmentSide;
}

/** Every side that there is to see: the accepter's only once the request has reached it, and never of a failed one. */
export function sidesOf(record: TransitGatewayPeeringAttachmentRecord): readonly SideOfPeering[] {
  const { State, Requester, Accepter } = record;
  const requester: SideOfPeering = { record, role: "Requester", own: Requester, peer: Accepter };
  if (State === "initiatingRequest" || State === "failing" || State === "failed") return [requester];
  return [requester, { record, role: "Accepter", own: Accepter, peer: Requester }];
}

/** The sides that an account has in a Region: both, for a peering within one account and Region. */
export function sidesIn(view: Pick<StateView, "inScope">, { accountId, region }: Scope): readonly SideOfPeering[] {
  return view
    .inScope("transitGatewayPeeringAttachment", accountId, region)
    .flatMap(sidesOf)
    .filter(({ own }) => own.OwnerId === accountId && own.Region === region);
}

/** The sides of a gateway. */
export function sidesOfGateway(view: Pick<StateView, "by">, transitGatewayId: string): readonly SideOfPeering[] {
  return view
    .by("transitGatewayPeeringAttachment", "transitGateway", transitGatewayId)
    .flatMap(sidesOf)
    .filter(({ own }) => own.TransitGatewayId === transitGatewayId);
}

/** The gateway's side with this id. */
export function sideWithId(
  view: Pick<StateView, "by">,
  transitGatewayId: string,
  attachmentId: string,
): SideOfPeering | undefined {
  return view
    .by("transitGatewayPeeringAttachment", "attachment", attachmentId)
    .flatMap(sidesOf)
    .find(({ own }) => own.TransitGatewayId === transitGatewayId && own.TransitGatewayAttachmentId === attachmentId);
}
