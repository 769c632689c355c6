/** An egress-only internet gateway: IPv6 out, answers in, and nothing that begins outside; so no answers out either. [semantics 9.5] */

import { isIpv6 } from "../packet.ts";
import { straightToGoal } from "./assumed-way.ts";
import { spoofedHop } from "./internet-gateway.ts";
import { internetMtu } from "./mtu.ts";
import type { StepFunction, StepHop } from "./position.ts";
import { unknownComponent } from "./unknown-component.ts";

export const egressOnlyInternetGatewayStep: StepFunction<"egress-only-internet-gateway"> = (
  context,
  position,
  packet,
) => {
  const { id, fromVpcId } = position;
  const { index } = context.prepared;
  const gateway = index.egressOnlyInternetGateway(id);
  const hop: StepHop = { kind: "egress-only-internet-gateway", component: id, direction: "egress", vpcId: fromVpcId };
  if (gateway === undefined) {
    return { hops: [{ ...hop, unknown: unknownComponent(context.prepared, id, "the gateway is not in the model") }] };
  }
  if (gateway.vpcId !== fromVpcId || !isIpv6(packet)) {
    return { hops: [{ ...hop, blocked: { code: "CANNOT_ROUTE" } }], ...straightToGoal(context, packet) };
  }
  const hops: StepHop[] = [];
  if (context.way === "return") hops.push({ ...hop, blocked: { code: "X_EGRESS_ONLY" } });
  hops.push(spoofedHop(context, fromVpcId, packet, hop) ?? hop);
  return { hops, next: { kind: "internet" }, mtu: internetMtu };
};
