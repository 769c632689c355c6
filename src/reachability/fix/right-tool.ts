/** Where no setting can help: which of AWS's other tools does. */
import { indexNetworkModel, type NetworkModel, type VpcId } from "../../model/index.ts";
import type { Blocker } from "../explanation.ts";
import { type ExplanationCode, explanationCodes } from "../explanation-codes.ts";
import type { FlowEnds } from "../flow-ends.ts";
import { overlap } from "./lifting/ways.ts";

export type ToolName =
  | "vpc-peering-connection"
  | "transit-gateway"
  | "privatelink"
  | "internet-gateway"
  | "nat-gateway"
  | "load-balancer"
  | "renumbering"
  | "none";

export interface RightTool {
  /** The best first. */
  readonly tools: readonly ToolName[];
  /** Why no setting can help, and what the tools would do, in a sentence or two. */
  readonly why: string;
  /** Between which VPCs, where the tool joins two. */
  readonly between?: readonly [VpcId, VpcId];
}

export function rightTool(model: NetworkModel, ends: FlowEnds, { code, detail, state }: Blocker): RightTool {
  const between = vpcsOf(ends);
  const pair = between?.map((id) => indexNetworkModel(model).vpc(id));
  const [near, far] = pair ?? [];
  const overlaps = near !== undefined && far !== undefined && near !== far && overlap(near, far);
  const joined = between === undefined ? {} : { between };
  if (code === "X_OVERLAPPING_CIDRS" || (overlaps && joins.has(detail ?? code))) {
    return {
      ...joined,
      tools: ["privatelink", "renumbering"],
      why: "The two VPCs' blocks overlap: AWS peers no such VPCs, and no route beats the local one. A single service of the other VPC can be reached by PrivateLink, whose endpoint has an address of the sender's own VPC; otherwise one of the two must be renumbered.",
    };
  }
  if (state !== undefined && dead.has(state)) {
    return {
      ...joined,
      tools: ["none"],
      why: `What is ${state} comes back by no setting: it must be made anew, and routes must name the new one.`,
    };
  }
  const known = toolsByCode[detail ?? code] ?? toolsByCode[code];
  if (known === undefined) {
    const { remedy } = explanationCodes[detail ?? code];
    return {
      tools: ["none"],
      why: `No setting that may be changed without harm to other traffic lifts this. ${remedy}`,
    };
  }
  return joins.has(detail ?? code) ? { ...joined, ...known } : known;
}

const dead: ReadonlySet<string> = new Set(["failed", "rejected", "expired", "deleted", "deleting", "terminated"]);

/** Where the tool joins the two VPCs. */
const joins: ReadonlySet<ExplanationCode> = new Set([
  "DISCONNECTED_VPCS",
  "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR",
  "X_PEERING_NOT_TRANSITIVE",
]);

const peerThem: Pick<RightTool, "tools" | "why"> = {
  tools: ["vpc-peering-connection", "transit-gateway"],
  why: "A peering carries only what is between its own two VPCs, and nothing through a third: no setting makes it transitive. The two VPCs need a peering of their own, or must both be attached to a transit gateway.",
};

const toolsByCode: { readonly [Code in ExplanationCode]?: Pick<RightTool, "tools" | "why"> } = {
  X_PEERING_NOT_TRANSITIVE: peerThem,
  PCX_REQUIRES_ADDRESS_IN_VPC_CIDR: peerThem,
  DISCONNECTED_VPCS: {
    tools: ["vpc-peering-connection", "transit-gateway"],
    why: "Nothing joins the two VPCs. They need a peering, or must both be attached to a transit gateway.",
  },
  X_EDGE_TO_EDGE: {
    tools: ["nat-gateway", "internet-gateway", "transit-gateway"],
    why: "A peering gives no use of the peer's gateways. The VPC needs a NAT gateway or an internet gateway of its own, or a transit gateway with central egress.",
  },
  X_NAT_GATEWAY_OUTBOUND_ONLY: {
    tools: ["internet-gateway", "load-balancer"],
    why: "A NAT gateway lets nothing in. What is to be reached from outside needs a public address of its own, or a load balancer before it.",
  },
  X_EGRESS_ONLY: {
    tools: ["internet-gateway"],
    why: "An egress-only internet gateway lets nothing in but answers. What is to be reached from outside needs an internet gateway, and its subnet a route to it.",
  },
  NGW_SOURCE_ADDRESS_REASSIGN: {
    tools: ["internet-gateway"],
    why: "The answer is routed to a NAT gateway that did not carry the request, and all else in the subnet needs that route. What is to be reached from outside belongs in a subnet whose route leads to the internet gateway.",
  },
  IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS: {
    tools: ["nat-gateway"],
    why: "The sender has no public address here, and can be given none where it is not an instance's interface of this VPC. A NAT gateway in the VPC gives it one on the way out.",
  },
  GATEWAY_REJECTS_SPOOFED_TRAFFIC: {
    tools: ["internet-gateway", "nat-gateway"],
    why: "A gateway takes only what comes from its own VPC. The sender's VPC needs a gateway of its own.",
  },
  PROTOCOL_RESTRICTION: {
    tools: ["internet-gateway"],
    why: "A NAT gateway carries TCP, UDP and ICMP only. Other protocols need a public address and a route to an internet gateway.",
  },
  NO_POSSIBLE_DESTINATION: {
    tools: ["none"],
    why: "No interface has the address. Use one that an interface has.",
  },
  NO_SOURCE_OR_DESTINATION: {
    tools: ["none"],
    why: "An end of the flow is not in the model, or has no address of the flow's family.",
  },
  X_NEVER_FORWARDED: {
    tools: ["none"],
    why: "AWS forwards no packet for such an address.",
  },
  UNASSOCIATED_COMPONENT: {
    tools: ["none"],
    why: "The interface is attached to nothing. Attach it to an instance.",
  },
  SUBNET_ACL_RESTRICTION: {
    tools: ["none"],
    why: "The network ACL has no free number before the entry that denies. Give that entry a higher number.",
  },
  NO_ROUTE_TO_DESTINATION: {
    tools: ["none"],
    why: "Nothing that is there leads to the destination.",
  },
};

function vpcsOf(ends: FlowEnds): readonly [VpcId, VpcId] | undefined {
  if ("problem" in ends) return undefined;
  const from = ends.sender.networkInterface?.vpcId;
  const to = ends.goal.meant?.vpcId ?? ends.goal.likely?.vpcId ?? ends.goal.vpcId;
  return from === undefined || to === undefined || from === to ? undefined : [from, to];
}
