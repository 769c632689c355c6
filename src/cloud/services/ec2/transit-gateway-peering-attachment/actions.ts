/** Peering attachments of transit gateways: answering, ending and describing them. [TG-61, TG-62] */
import type {
  AcceptTransitGatewayPeeringAttachmentCommandInput,
  AcceptTransitGatewayPeeringAttachmentCommandOutput,
  DeleteTransitGatewayPeeringAttachmentCommandInput,
  DeleteTransitGatewayPeeringAttachmentCommandOutput,
  DescribeTransitGatewayPeeringAttachmentsCommandInput,
  DescribeTransitGatewayPeeringAttachmentsCommandOutput,
  RejectTransitGatewayPeeringAttachmentCommandInput,
  RejectTransitGatewayPeeringAttachmentCommandOutput,
} from "@aws-sdk/client-ec2";
import { invalidParameterValue } from "../../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { describeRows } from "../describe.ts";
import { invalidState } from "../transit-gateway/named.ts";
import { hasEnded } from "../transit-gateway-attachment/states.ts";
import { checkQuota } from "../vpc/quotas.ts";
import { createTransitGatewayPeeringAttachment } from "./create.ts";
import { peeringAttachmentDescription, peeringAttachmentNamed, toPeeringAttachment } from "./describe.ts";
import { type SideOfPeering, sidesIn, sidesOfGateway } from "./sides.ts";

const acceptTransitGatewayPeeringAttachment: Action<
  AcceptTransitGatewayPeeringAttachmentCommandInput,
  AcceptTransitGatewayPeeringAttachmentCommandOutput
> = (input, context) => {
  const side = peeringAttachmentNamed(input.TransitGatewayAttachmentId, context);
  checkAnswers(side, "accept");
  const live = sidesOfGateway(context, side.own.TransitGatewayId).filter(({ record }) => !hasEnded(record));
  checkQuota("transitGatewayPeerings", live.length, side.own.TransitGatewayId);
  return moved(side, "AcceptTransitGatewayPeeringAttachment", context);
};

const rejectTransitGatewayPeeringAttachment: Action<
  RejectTransitGatewayPeeringAttachmentCommandInput,
  RejectTransitGatewayPeeringAttachmentCommandOutput
> = (input, context) => {
  const side = peeringAttachmentNamed(input.TransitGatewayAttachmentId, context);
  checkAnswers(side, "reject");
  return moved(side, "RejectTransitGatewayPeeringAttachment", context);
};

/** Either side may end it. */
const deleteTransitGatewayPeeringAttachment: Action<
  DeleteTransitGatewayPeeringAttachmentCommandInput,
  DeleteTransitGatewayPeeringAttachmentCommandOutput
> = (input, context) => {
  const side = peeringAttachmentNamed(input.TransitGatewayAttachmentId, context);
  return moved(side, "DeleteTransitGatewayPeeringAttachment", context);
};

const describeTransitGatewayPeeringAttachments: Action<
  DescribeTransitGatewayPeeringAttachmentsCommandInput,
  DescribeTransitGatewayPeeringAttachmentsCommandOutput
> = (input, context) => {
  const seen = sidesIn(context, context.caller);
  const ids = input.TransitGatewayAttachmentIds;
  const { records, NextToken } = describeRows(peeringAttachmentDescription, seen, ids, input, context);
  return { TransitGatewayPeeringAttachments: records.map((side) => toPeeringAttachment(side, context)), NextToken };
};

export const transitGatewayPeeringAttachmentActions = {
  CreateTransitGatewayPeeringAttachment: createTransitGatewayPeeringAttachment,
  AcceptTransitGatewayPeeringAttachment: acceptTransitGatewayPeeringAttachment,
  RejectTransitGatewayPeeringAttachment: rejectTransitGatewayPeeringAttachment,
  DeleteTransitGatewayPeeringAttachment: deleteTransitGatewayPeeringAttachment,
  DescribeTransitGatewayPeeringAttachments: describeTransitGatewayPeeringAttachments,
} satisfies Actions;

/** Only the accepter answers, by its own id and in its own Region. [TG-61, TG-62] */
function checkAnswers({ role, own }: SideOfPeering, answer: "accept" | "reject"): void {
  if (role === "Accepter") return;
  throw invalidParameterValue(
    `Cannot ${answer} ${own.TransitGatewayAttachmentId} as the source of the peering request.`,
  );
}

function moved(side: SideOfPeering, event: string, context: ActionContext) {
  const record = context.fire("transitGatewayPeeringAttachment", side.record, event);
  if (record === undefined) throw invalidState(side.own.TransitGatewayAttachmentId);
  return { TransitGatewayPeeringAttachment: toPeeringAttachment({ ...side, record }, context) };
}
