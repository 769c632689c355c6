/**
 * A peering carries packets between the two VPCs' own addresses while it is active, and nothing else [PX-51]: that is what makes it
 * non-transitive. What arrives is delivered to interfaces only, and nobody asks by which way an answer should have come [PX-52, PX-54].
 */

import { isPrivateAddress } from "../../ip/index.ts";
import type { Vpc } from "../../model/index.ts";
import type { Reason } from "../explanation.ts";
import type { ExplanationCode } from "../explanation-codes.ts";
import type { Packet } from "../packet.ts";
import { straightToGoal } from "./assumed-way.ts";
import { interRegionMtu, jumboMtu } from "./mtu.ts";
import type { Step, StepFunction, StepHop, WalkContext } from "./position.ts";
import { unknownComponent } from "./unknown-component.ts";

export const vpcPeeringConnectionStep: StepFunction<"vpc-peering-connection"> = (context, position, packet) => {
  const { vpcPeeringConnectionId: component, fromVpcId, knownBad = false } = position;
  const { index } = context.prepared;
  const peering = index.vpcPeeringConnection(component);
  const near = index.vpc(fromVpcId);
  const hop: StepHop = { kind: "vpc-peering-connection", component, vpcId: fromVpcId };
  if (peering === undefined) throw new Error(`bug: ${component} is not in the model`);
  const { requester, accepter, statusCode } = peering;
  if (requester.vpcId !== fromVpcId && accepter.vpcId !== fromVpcId) {
    return { hops: [{ ...hop, blocked: { code: "CANNOT_ROUTE" } }], ...straightToGoal(context, packet) };
  }
  const farId = requester.vpcId === fromVpcId ? accepter.vpcId : requester.vpcId;
  const isActive = statusCode === "active" || knownBad;
  const state = { decision: { by: "state", state: statusCode } } as const;
  const waiting: Reason = { code: "BAD_STATE", detail: "X_PEERING_NOT_ACTIVE", state: statusCode };
  const far = index.vpc(farId);
  if (near === undefined || far === undefined) {
    const unread = "the VPC at the other end of the peering was not read";
    const unknown =
      near === undefined
        ? unknownComponent(context.prepared, fromVpcId, "the VPC was not read")
        : unknownComponent(context.prepared, farId, unread, "UNKNOWN_DESTINATION");
    return { hops: [{ ...hop, ...state, ...(!isActive && { blocked: waiting }), unknown }] };
  }
  const hops: StepHop[] = [{ ...hop, ...state, ...(!isActive && { blocked: waiting }) }];
  const mtu = requester.region === accepter.region ? jumboMtu : interRegionMtu;
  if (!carries(context, near, far, packet)) {
    const detail = whatFor(context, near, packet);
    hops.push({ ...hop, blocked: { code: "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", detail } });
    return { hops, mtu, ...straightToGoal(context, packet) } satisfies Step;
  }
  return { hops, mtu, next: { kind: "vpc-router", origin: { kind: "vpc-peering-connection", vpcId: farId, peering } } };
};

function carries({ prepared }: WalkContext, near: Vpc, far: Vpc, { header }: Packet): boolean {
  return prepared.isIn(near, header.source) && prepared.isIn(far, header.destination);
}

/** What the peering was meant for: to go on to a third VPC, or to the peer's gateways. */
function whatFor({ prepared }: WalkContext, near: Vpc, { header }: Packet): ExplanationCode {
  const destination = prepared.address(header.destination);
  const isInside = isPrivateAddress(destination) || prepared.interfacesAt(header.destination).length > 0;
  return isInside || !prepared.isIn(near, header.source) ? "X_PEERING_NOT_TRANSITIVE" : "X_EDGE_TO_EDGE";
}
