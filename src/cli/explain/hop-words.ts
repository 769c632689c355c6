/** What a component did to a packet, in the words that a line has room for. */

import { routeTargetId } from "../../model/index.ts";
import type { Decision, Hop, HopKind } from "../../reachability/index.ts";

/** The kinds as a column, all of one width. */
export const hopLabels: { readonly [K in HopKind]: string } = {
  instance: "instance",
  "network-interface": "interface",
  "security-groups": "groups",
  "network-acl": "ACL",
  vpc: "router",
  "route-table": "route table",
  "internet-gateway": "internet gw",
  "egress-only-internet-gateway": "egress-only gw",
  internet: "internet",
  "nat-gateway": "NAT gateway",
  "vpc-peering-connection": "peering",
  "transit-gateway": "transit gw",
  "transit-gateway-attachment": "attachment",
  "transit-gateway-route-table": "gateway table",
  other: "other",
};

/** `groups in`, `ACL out`: where it matters, the direction. */
export function hopLabel({ kind, direction }: Hop): string {
  const label = hopLabels[kind];
  if (direction === undefined || (kind !== "security-groups" && kind !== "network-acl")) return label;
  return `${label} ${direction === "egress" ? "out" : "in"}`;
}

/** Why it let the packet pass, or did not. */
export function decisionWords(decision: Decision, blocked: boolean): string {
  switch (decision.by) {
    case "security-group-rule":
      return `rule ${decision.securityGroupRuleId}`;
    case "tracked-flow":
      return "an answer to what passed here";
    case "no-security-groups":
      return "has none, lets all pass";
    case "network-acl-entry":
      return `rule ${decision.ruleNumber} ${blocked ? "denies" : "allows"}`;
    case "same-subnet":
      return "within the subnet";
    case "local-delivery":
      return "to the VPC's own interfaces only";
    case "route":
      return `${decision.destination} → ${routeTargetId(decision.target)}`;
    case "transit-gateway-route":
      return `${decision.destination} → ${decision.transitGatewayAttachmentIds.join(", ") || "blackhole"} (${decision.type})`;
    case "translation":
      return [
        ...(decision.source === undefined ? [] : [`source becomes ${decision.source}`]),
        ...(decision.destination === undefined ? [] : [`destination becomes ${decision.destination}`]),
      ].join(", ");
    case "state":
      return decision.state;
  }
}
