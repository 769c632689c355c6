/** A peering attachment as the network model sees it. */
import type {
  TransitGatewayAttachmentId,
  TransitGatewayId,
  TransitGatewayPeeringAttachment,
  TransitGatewayPeeringAttachmentSide,
} from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import { hasEnded } from "../transit-gateway-attachment/states.ts";
import type { PeeringAttachmentSide, TransitGatewayPeeringAttachmentRecord } from "./record.ts";

export function projectTransitGatewayPeeringAttachment(
  record: TransitGatewayPeeringAttachmentRecord,
  view: StateView,
): TransitGatewayPeeringAttachment | undefined {
  if (hasEnded(record)) return undefined;
  const { TransitGatewayAttachmentId } = record.Requester;
  return {
    // Ids of records were made with their prefixes, or checked for them.
    transitGatewayAttachmentId: TransitGatewayAttachmentId as TransitGatewayAttachmentId,
    name: ownName(record, TransitGatewayAttachmentId, view),
    state: record.State,
    requester: projectSide(record.Requester),
    accepter: projectSide(record.Accepter),
  };
}

function projectSide(side: PeeringAttachmentSide): TransitGatewayPeeringAttachmentSide {
  return {
    ownerId: side.OwnerId,
    region: side.Region,
    transitGatewayId: side.TransitGatewayId as TransitGatewayId,
    transitGatewayAttachmentId: side.TransitGatewayAttachmentId as TransitGatewayAttachmentId,
  };
}
