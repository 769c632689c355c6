/** Peering attachments as the API shows them to each side, how they are found, and the one that a call names. [TG-62] */
import type { TransitGatewayPeeringAttachment } from "@aws-sdk/client-ec2";
import { ec2Errors } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import { type RowsDefinition, rowsByIds } from "../describe.ts";
import { required } from "../required.ts";
import { tagsOf } from "../tag/tags.ts";
import type { PeeringAttachmentSide } from "./record.ts";
import { type SideOfPeering, sidesIn } from "./sides.ts";

export const peeringAttachmentDescription: RowsDefinition<SideOfPeering> = {
  kind: "transit-gateway-attachment",
  idPrefix: "tgw-attach",
  idOf: ({ own }) => own.TransitGatewayAttachmentId,
  filters: {
    "local-owner-id": ({ own }) => own.OwnerId,
    "remote-owner-id": ({ peer }) => peer.OwnerId,
    state: ({ record }) => record.State,
    "transit-gateway-attachment-id": ({ own }) => own.TransitGatewayAttachmentId,
    "transit-gateway-id": ({ own }) => own.TransitGatewayId,
  },
};

/** The requester is told the accepter's id too. */
export function toPeeringAttachment(
  { record, role, own }: SideOfPeering,
  context: ActionContext,
): TransitGatewayPeeringAttachment {
  const { State, Requester, Accepter, Options, CreatedAt } = record;
  return {
    TransitGatewayAttachmentId: own.TransitGatewayAttachmentId,
    ...(role === "Requester" && { AccepterTransitGatewayAttachmentId: Accepter.TransitGatewayAttachmentId }),
    RequesterTgwInfo: toTgwInfo(Requester),
    AccepterTgwInfo: toTgwInfo(Accepter),
    ...(Options !== undefined && { Options }),
    Status: { Code: State, ...(isFailure(State) && { Message: failureMessage }) },
    State,
    CreationTime: new Date(CreatedAt),
    Tags: tagsOf(context, own.TransitGatewayAttachmentId),
  };
}

/** The caller's side with this id. One of a deleted peering is only shown, no longer used. */
export function peeringAttachmentNamed(id: string | undefined, context: ActionContext): SideOfPeering {
  const attachmentId = required("TransitGatewayAttachmentId", id);
  const [side] = rowsByIds(peeringAttachmentDescription, sidesIn(context, context.caller), [attachmentId]);
  if (side === undefined || side.record.State === "deleted") {
    throw ec2Errors.notFound("transit-gateway-attachment", attachmentId);
  }
  return side;
}

/** The reasons are not told apart: an account cannot probe foreign gateways' ids. */
const failureMessage = "The peer transit gateway does not exist, or cannot be peered with.";

function isFailure(state: string): boolean {
  return state === "failing" || state === "failed";
}

function toTgwInfo({ TransitGatewayId, OwnerId, Region }: PeeringAttachmentSide) {
  return { TransitGatewayId, OwnerId, Region };
}
