/** Attachments of every kind, as their transit gateway has them: one look-up for tables, routes and descriptions. (semantics 6.2) */
import { ec2Errors, isWellFormedId } from "../../../../aws/index.ts";
import type { TransitGatewayAttachmentState } from "../../../../model/index.ts";
import type { StateView } from "../../../state/state.ts";
import type { ActionContext } from "../../action.ts";
import { required } from "../required.ts";
import {
  type SideOfPeering,
  sidesIn,
  sidesOfGateway,
  sideWithId,
} from "../transit-gateway-peering-attachment/sides.ts";
import type { TransitGatewayVpcAttachmentRecord } from "../transit-gateway-vpc-attachment/record.ts";

export interface AnyAttachment {
  readonly TransitGatewayAttachmentId: string;
  readonly TransitGatewayId: string;
  readonly TransitGatewayOwnerId: string;
  readonly ResourceType: "vpc" | "peering";
  /** The VPC, or the peer's transit gateway. */
  readonly ResourceId: string;
  readonly ResourceOwnerId: string;
  readonly State: TransitGatewayAttachmentState;
  readonly CreatedAt: number;
}

/** The gateway's attachment with this id, also one that has ended and is still on record. */
export function attachmentOfGateway(
  transitGatewayId: string,
  attachmentId: string,
  view: Pick<StateView, "by" | "get">,
): AnyAttachment | undefined {
  const record = view.get("transitGatewayVpcAttachment", attachmentId);
  if (record !== undefined) return record.TransitGatewayId === transitGatewayId ? ofVpc(record) : undefined;
  const side = sideWithId(view, transitGatewayId, attachmentId);
  return side && ofPeering(side);
}

/** All of a gateway's attachments that are on record. */
export function attachmentsOfGateway(transitGatewayId: string, view: Pick<StateView, "by">): readonly AnyAttachment[] {
  return [
    ...view.by("transitGatewayVpcAttachment", "transitGateway", transitGatewayId).map(ofVpc),
    ...sidesOfGateway(view, transitGatewayId).map(ofPeering),
  ];
}

/** What the caller sees: attachments of its VPCs, and all of its gateways'. [TG-81] */
export function attachmentsSeen({ caller, inScope }: ActionContext): readonly AnyAttachment[] {
  return [
    ...inScope("transitGatewayVpcAttachment", caller.accountId, caller.region).map(ofVpc),
    ...sidesIn({ inScope }, caller).map(ofPeering),
  ];
}

/** The attachment with this id that the caller sees; otherwise refuses. */
export function attachmentNamed(id: string | undefined, context: ActionContext): AnyAttachment {
  const attachmentId = required("TransitGatewayAttachmentId", id);
  if (!isWellFormedId("tgw-attach", attachmentId)) {
    throw ec2Errors.malformed("transit-gateway-attachment", attachmentId);
  }
  const { accountId, region } = context.caller;
  const record = context.visible("transitGatewayVpcAttachment", attachmentId, accountId, region);
  if (record !== undefined) return ofVpc(record);
  const side = sidesIn(context, context.caller).find(({ own }) => own.TransitGatewayAttachmentId === attachmentId);
  if (side === undefined) throw ec2Errors.notFound("transit-gateway-attachment", attachmentId);
  return ofPeering(side);
}

function ofVpc(record: TransitGatewayVpcAttachmentRecord): AnyAttachment {
  const { TransitGatewayAttachmentId, TransitGatewayId, TransitGatewayOwnerId, State, CreatedAt } = record;
  return {
    TransitGatewayAttachmentId,
    TransitGatewayId,
    TransitGatewayOwnerId,
    ResourceType: "vpc",
    ResourceId: record.VpcId,
    ResourceOwnerId: record.OwnerId,
    State,
    CreatedAt,
  };
}

function ofPeering({ record, own, peer }: SideOfPeering): AnyAttachment {
  return {
    TransitGatewayAttachmentId: own.TransitGatewayAttachmentId,
    TransitGatewayId: own.TransitGatewayId,
    TransitGatewayOwnerId: own.OwnerId,
    ResourceType: "peering",
    ResourceId: peer.TransitGatewayId,
    ResourceOwnerId: peer.OwnerId,
    State: record.State,
    CreatedAt: record.CreatedAt,
  };
}
