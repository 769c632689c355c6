/**
 * The engine's own codes in Reachability Analyzer's vocabulary, which is all that its clients know: the nearest one that it has. What that
 * loses is said in the analysis' warning.
 */
import type { ExplanationCode } from "../../../../reachability/index.ts";

type OwnCode = Extract<ExplanationCode, `X_${string}`>;
type AnalyzerCode = Exclude<ExplanationCode, OwnCode>;

const nearest: {
  readonly [Code in OwnCode]: AnalyzerCode | "NGW_DEST_ADDRESS_PRESERVATION" | "HIGHER_PRIORITY_ROUTE";
} = {
  X_ANSWER_GOES_ELSEWHERE: "NO_POSSIBLE_DESTINATION",
  X_DELIVERED_ELSEWHERE: "NO_POSSIBLE_DESTINATION",
  X_EDGE_TO_EDGE: "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR",
  X_EGRESS_ONLY: "CANNOT_ROUTE",
  X_EPHEMERAL_PORTS_PARTLY_ALLOWED: "SUBNET_ACL_RESTRICTION",
  X_FORWARDING_LOOP: "NO_PATH",
  X_MIDDLEBOX_ASSUMED_TO_FORWARD: "UNSUPPORTED_COMPONENT",
  X_NAT_GATEWAY_OUTBOUND_ONLY: "NGW_DEST_ADDRESS_PRESERVATION",
  X_NEVER_FORWARDED: "CANNOT_ROUTE",
  X_NO_INTERNET_GATEWAY: "NO_PATH",
  // The local route wins over every other one.
  X_OVERLAPPING_CIDRS: "HIGHER_PRIORITY_ROUTE",
  X_PEERING_NOT_ACTIVE: "BAD_STATE",
  X_PEERING_NOT_TRANSITIVE: "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR",
  X_SG_REFERENCE_OTHER_REGION: "SG_REFERENCES_NOT_PRESERVED",
  X_SMALLER_MTU: "NO_PATH",
  X_TGW_PEERING_WITHOUT_STATIC_ROUTE: "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT",
  X_TGW_PROPAGATION_MISSING: "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT",
};

/** The code as AWS's clients know it. */
export function analyzerCode(code: ExplanationCode): string {
  return isOwn(code) ? nearest[code] : code;
}

export function isOwn(code: ExplanationCode): code is OwnCode {
  return code.startsWith("X_");
}
