/** The shape of an explanation: the interfaces of explanation.ts and flow.ts once more, as data, from which its JSON schema is written. */
import {
  address,
  anyText,
  checkShape,
  choice,
  cidr,
  either,
  id,
  integer,
  type JsonSchema,
  jsonSchema,
  list,
  type ModelProblem,
  optional,
  type RecordShape,
  record,
  routeTarget,
  routeTargetCases,
  type Shape,
  variants,
  variantsBy,
} from "../model/index.ts";
import type {
  Blocker,
  Decision,
  Explanation,
  Hop,
  PacketHeader,
  Reason,
  UnknownComponent,
  Warning,
} from "./explanation.ts";
import { explanationCodes } from "./explanation-codes.ts";
import type { Flow, FlowEnd, FlowTraffic } from "./flow.ts";

/** The schema of what `causeway explain --json` prints. */
export function explanationSchema(): JsonSchema {
  return jsonSchema(explanationShape, "Whether a packet gets there and its answer back, and all that stops them");
}

/** Where a value has not the shape of an explanation. */
export function explanationProblems(value: unknown): readonly ModelProblem[] {
  const problems: ModelProblem[] = [];
  checkShape(explanationShape, value, "", problems);
  return problems;
}

const port = integer(0, 65_535);
const byte = integer(0, 255);
const code = choice(...Object.keys(explanationCodes));
const way = choice("forward", "return");
const direction = choice("egress", "ingress");
const ports = record<NonNullable<PacketHeader["ports"]>>("PortRange", { from: port, to: port });

const flowEnd = variants<FlowEnd>("FlowEnd", {
  instance: { instanceId: id("i") },
  "network-interface": { networkInterfaceId: id("eni") },
  address: { address, vpcId: optional(id("vpc")) },
  internet: { address: optional(address) },
  component: { id: anyText, address },
  other: { id: anyText },
});

type Traffic<Protocol> = Extract<FlowTraffic, { readonly protocol: Protocol }>;

const flowTraffic = either(
  "FlowTraffic",
  record<Traffic<"icmp">>("FlowTraffic: icmp", {
    protocol: choice("icmp"),
    type: optional(byte),
    code: optional(byte),
  }),
  record<Extract<FlowTraffic, { readonly port: number }>>("FlowTraffic: tcp or udp", {
    protocol: choice("tcp", "udp"),
    port,
    sourcePorts: optional(ports),
  }),
  record<Traffic<number>>("FlowTraffic: another protocol", { protocol: byte }),
);

const flow = record<Flow>("Flow", {
  source: flowEnd,
  destination: flowEnd,
  traffic: flowTraffic,
  family: optional(choice("ipv4", "ipv6")),
});

const packet = record<PacketHeader>("PacketHeader", {
  source: address,
  destination: address,
  protocol: byte,
  ports: optional(ports),
  icmp: optional(record<NonNullable<PacketHeader["icmp"]>>("IcmpTypeCode", { type: byte, code: byte })),
});

const decision: Shape = variantsBy<"by", Decision>("by", "Decision", {
  "security-group-rule": { groupId: id("sg"), securityGroupRuleId: id("sgr") },
  "tracked-flow": {},
  "no-security-groups": {},
  "network-acl-entry": { networkAclId: id("acl"), ruleNumber: integer(1, 32_768) },
  "same-subnet": {},
  "local-delivery": {},
  route: { routeTableId: id("rtb"), destination: cidr, prefixListId: optional(anyText), target: routeTarget },
  "transit-gateway-route": {
    transitGatewayRouteTableId: id("tgw-rtb"),
    destination: cidr,
    type: choice("static", "propagated"),
    transitGatewayAttachmentIds: list(id("tgw-attach")),
  },
  translation: { source: optional(address), destination: optional(address) },
  state: { state: anyText },
});

const reason = {
  code,
  detail: optional(code),
  instead: optional(
    variants<NonNullable<Reason["instead"]>>("Instead", {
      ...routeTargetCases,
      "transit-gateway-attachment": { transitGatewayAttachmentId: id("tgw-attach") },
    }),
  ),
  state: optional(anyText),
};

const unknown = record<UnknownComponent>("UnknownComponent", { id: anyText, code, reason: anyText });

const hop = record<Hop>("Hop", {
  kind: choice(
    "instance",
    "network-interface",
    "security-groups",
    "network-acl",
    "vpc",
    "route-table",
    "internet-gateway",
    "egress-only-internet-gateway",
    "internet",
    "nat-gateway",
    "vpc-peering-connection",
    "transit-gateway",
    "transit-gateway-attachment",
    "transit-gateway-route-table",
    "other",
  ),
  component: anyText,
  packet,
  direction: optional(direction),
  vpcId: optional(id("vpc")),
  subnetId: optional(id("subnet")),
  networkInterfaceId: optional(id("eni")),
  groupIds: optional(list(id("sg"))),
  decision: optional(decision),
  blocked: optional(record<Reason>("Reason", reason)),
  unknown: optional(unknown),
  assumed: optional({ kind: "boolean" }),
});

/** What `causeway explain --json` prints. */
const explanationShape: RecordShape = record<Explanation>("Explanation", {
  flow,
  verdict: choice("reachable", "unreachable", "unknown"),
  forward: list(hop),
  return: list(hop),
  blockers: list(
    record<Blocker>("Blocker", { ...reason, way, component: anyText, hop: integer(0, Number.MAX_SAFE_INTEGER) }),
  ),
  unknowns: list(unknown),
  warnings: list(record<Warning>("Warning", { code, way, component: anyText })),
  mtu: integer(68, 65_535),
});
