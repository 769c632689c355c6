/** CreateTransitGatewayPeeringAttachment. Whether the peer is there is found out later, and then it fails. [TG-60, TG-62, TG-64] */
import type {
  CreateTransitGatewayPeeringAttachmentCommandInput,
  CreateTransitGatewayPeeringAttachmentCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError, ec2Errors, invalidParameterValue, isAccountId, isWellFormedId } from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { required } from "../required.ts";
import { tagNewResource } from "../tag/tags.ts";
import { checkAvailable, ownGatewayNamed } from "../transit-gateway/named.ts";
import type { TransitGatewayRecord } from "../transit-gateway/record.ts";
import { hasEnded } from "../transit-gateway-attachment/states.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import { checkQuota } from "../vpc/quotas.ts";
import { toPeeringAttachment } from "./describe.ts";
import { transitGatewayPeeringAttachmentLifecycle } from "./lifecycle.ts";
import type { PeeringAttachmentSide, TransitGatewayPeeringAttachmentRecord } from "./record.ts";
import { sidesOfGateway } from "./sides.ts";

export const createTransitGatewayPeeringAttachment: Action<
  CreateTransitGatewayPeeringAttachmentCommandInput,
  CreateTransitGatewayPeeringAttachmentCommandOutput
> = (input, context) => {
  const { DynamicRouting } = input.Options ?? {};
  refuseUnmodelled("CreateTransitGatewayPeeringAttachment", {
    "Options.DynamicRouting": DynamicRouting === "disable" ? undefined : DynamicRouting,
  });
  const gateway = ownGatewayNamed(input.TransitGatewayId, context);
  const peer = peerFrom(input);
  checkAvailable(gateway.TransitGatewayId, gateway);
  if (peer.TransitGatewayId === gateway.TransitGatewayId) {
    throw invalidParameterValue(`Transit Gateway ${gateway.TransitGatewayId} cannot be peered with itself.`);
  }
  checkMayPeer(gateway, peer.TransitGatewayId, context);
  const TransitGatewayAttachmentId = context.newId("tgw-attach");
  const Requester: PeeringAttachmentSide = {
    OwnerId: gateway.OwnerId,
    Region: gateway.Region,
    TransitGatewayId: gateway.TransitGatewayId,
    TransitGatewayAttachmentId,
  };
  // [TG-62]
  const acceptersId = peer.Region === gateway.Region ? context.newId("tgw-attach") : TransitGatewayAttachmentId;
  const record: TransitGatewayPeeringAttachmentRecord = {
    OwnerId: gateway.OwnerId,
    Region: gateway.Region,
    CreatedAt: context.now,
    Requester,
    Accepter: { ...peer, TransitGatewayAttachmentId: acceptersId },
    ...(DynamicRouting !== undefined && { Options: { DynamicRouting: "disable" } }),
    State: transitGatewayPeeringAttachmentLifecycle.initial,
  };
  context.put("transitGatewayPeeringAttachment", record);
  // Tags are the requester's only.
  tagNewResource(context, input.TagSpecifications, "transit-gateway-attachment", TransitGatewayAttachmentId);
  const side = { record, role: "Requester", own: Requester, peer: record.Accepter } as const;
  return { TransitGatewayPeeringAttachment: toPeeringAttachment(side, context) };
};

function peerFrom(
  input: CreateTransitGatewayPeeringAttachmentCommandInput,
): Omit<PeeringAttachmentSide, "TransitGatewayAttachmentId"> {
  const TransitGatewayId = required("PeerTransitGatewayId", input.PeerTransitGatewayId);
  const OwnerId = required("PeerAccountId", input.PeerAccountId);
  const Region = required("PeerRegion", input.PeerRegion);
  if (!isWellFormedId("tgw", TransitGatewayId)) throw ec2Errors.malformed("transit-gateway", TransitGatewayId);
  if (!isAccountId(OwnerId)) {
    throw invalidParameterValue(
      `Value (${OwnerId}) for parameter PeerAccountId is invalid. An account id has 12 digits.`,
    );
  }
  return { TransitGatewayId, OwnerId, Region };
}

/** One peering for a pair of gateways, whoever asked, and not too many of one gateway. [TG-64] */
function checkMayPeer({ TransitGatewayId }: TransitGatewayRecord, peerId: string, context: ActionContext): void {
  const live = sidesOfGateway(context, TransitGatewayId).filter(({ record }) => !hasEnded(record));
  if (live.some(({ peer }) => peer.TransitGatewayId === peerId)) {
    // AWS's wording for VPCs; that for peerings is not published.
    throw new AwsError(
      "DuplicateTransitGatewayAttachment",
      `${TransitGatewayId} has non-deleted Transit Gateway Attachments with same peer Transit Gateway ID.`,
    );
  }
  checkQuota("transitGatewayPeerings", live.length + 1, TransitGatewayId);
  const pending = live.filter(
    ({ record: { State } }) => State === "initiatingRequest" || State === "pendingAcceptance",
  );
  checkQuota("transitGatewayPendingPeerings", pending.length + 1, TransitGatewayId);
}
