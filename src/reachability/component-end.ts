/**
 * A component as an end of a flow: where packets are that come by an internet gateway, a peering connection, a transit gateway or one of its
 * attachments, and what has already been decided about them there.
 */
import type { Address, TransitGatewayVpcAttachment, VpcId } from "../model/index.ts";
import type { Reason, UnknownComponent } from "./explanation.ts";
import type { PreparedModel } from "./prepared-model.ts";
import { carriesPackets } from "./walk/attachment-state.ts";
import type { Goal, Position, StepHop } from "./walk/position.ts";

export interface ComponentEnd {
  readonly id: string;
  readonly start: Position;
  /** What the component itself has done to the packet before it is there. */
  readonly hops: readonly StepHop[];
  /** Where who sends is, if the component tells: answers should get there. */
  readonly vpcId?: VpcId;
  /** The packet has not come from the internet: nobody has translated its destination. */
  readonly isInside: boolean;
}

export interface EndProblem {
  readonly component: string;
  readonly blocked?: Reason;
  readonly unknown?: UnknownComponent;
}

type Found = ComponentEnd | { readonly problem: EndProblem } | undefined;

/** Whether flows can end at a component of this kind. */
export function isComponentEnd(id: string): boolean {
  return /^(?:igw|pcx|tgw(?!-rtb))-/.test(id);
}

/** Undefined when packets that come by it cannot be followed. */
export function componentEnd(prepared: PreparedModel, id: string, source: Address, goal: Goal): Found {
  if (!isComponentEnd(id)) return undefined;
  if (id.startsWith("igw-")) return internetGatewayEnd(prepared, id);
  if (id.startsWith("pcx-")) return peeringEnd(prepared, id, goal);
  if (id.startsWith("tgw-attach-")) return attachmentEnd(prepared, id, source);
  return transitGatewayEnd(prepared, id, source);
}

function internetGatewayEnd({ index }: PreparedModel, id: string): Found {
  const gateway = index.internetGateway(id);
  if (gateway === undefined) return notThere(id);
  if (gateway.vpcId === undefined) return { problem: { component: id, blocked: { code: "UNASSOCIATED_COMPONENT" } } };
  return { id, start: { kind: "internet" }, hops: [], isInside: false };
}

/** Out of it, into the one of its two VPCs where the goal is. */
function peeringEnd({ index }: PreparedModel, id: string, goal: Goal): Found {
  const peering = index.vpcPeeringConnection(id);
  if (peering === undefined) return notThere(id);
  const { requester, accepter, vpcPeeringConnectionId } = peering;
  const into = goal.meant?.vpcId ?? goal.likely?.vpcId ?? goal.vpcId;
  if (into !== requester.vpcId && into !== accepter.vpcId) {
    return { problem: { component: id, blocked: { code: "DISCONNECTED_VPCS" } } };
  }
  const fromVpcId = into === requester.vpcId ? accepter.vpcId : requester.vpcId;
  // The peering's own step judges the packet: it comes from the other VPC.
  const start = { kind: "vpc-peering-connection", vpcPeeringConnectionId, fromVpcId } as const;
  return { id, start, hops: [], vpcId: fromVpcId, isInside: true };
}

function attachmentEnd(prepared: PreparedModel, id: string, source: Address): Found {
  const attachment = prepared.index.transitGatewayVpcAttachment(id);
  if (attachment === undefined) return prepared.index.transitGatewayPeeringAttachment(id) && undefined;
  return behindAttachment(prepared, id, attachment, source);
}

/** By the attachment of the VPC that the source is in. */
function transitGatewayEnd(prepared: PreparedModel, id: string, source: Address): Found {
  const { index } = prepared;
  if (index.transitGateway(id) === undefined) return notThere(id);
  const attachment = index.model.transitGatewayVpcAttachments.find((each) => {
    const vpc = index.vpc(each.vpcId);
    return each.transitGatewayId === id && vpc !== undefined && prepared.isIn(vpc, source);
  });
  return attachment && behindAttachment(prepared, id, attachment, source);
}

function behindAttachment(
  prepared: PreparedModel,
  id: string,
  attachment: TransitGatewayVpcAttachment,
  source: Address,
): ComponentEnd {
  const { transitGatewayAttachmentId: attachmentId, transitGatewayId, vpcId, state } = attachment;
  const hop = { kind: "transit-gateway-attachment", component: attachmentId, direction: "ingress", vpcId } as const;
  const vpc = prepared.index.vpc(vpcId);
  const isOwn = vpc !== undefined && prepared.isIn(vpc, source);
  return {
    id,
    start: { kind: "transit-gateway", transitGatewayId, attachmentId, ...(isOwn && { sender: attachment }) },
    hops: [
      carriesPackets(attachment)
        ? { ...hop, decision: { by: "state", state } }
        : { ...hop, blocked: { code: "BAD_STATE_ATTACHMENT", state } },
    ],
    vpcId,
    isInside: true,
  };
}

function notThere(component: string): { readonly problem: EndProblem } {
  return { problem: { component, blocked: { code: "NO_SOURCE_OR_DESTINATION" } } };
}
