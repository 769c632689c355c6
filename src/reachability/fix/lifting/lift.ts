/** Which file lifts which blocker, by its code. What is not listed here no setting lifts. */
import type { ExplanationCode } from "../../explanation-codes.ts";
import { liftMissingInternetGateway, liftMissingPublicAddress } from "./internet.ts";
import type { Candidate, Lift, Lifting } from "./lifting.ts";
import { liftNetworkAcls } from "./network-acls.ts";
import { routeCandidates } from "./route-tables.ts";
import { liftSecurityGroups } from "./security-groups.ts";
import {
  liftAttachmentOfRoute,
  liftAttachmentState,
  liftInstanceState,
  liftPeeringState,
  liftSourceDestCheck,
} from "./states.ts";
import { liftMissingIpv6Support, liftMissingZone } from "./transit-gateway-attachments.ts";
import { liftMissingAssociation, transitGatewayTableCandidates } from "./transit-gateway-tables.ts";

const lifts: { readonly [Code in ExplanationCode]?: readonly Lift[] } = {
  BAD_STATE: [liftInstanceState, liftPeeringState, wrongTurn],
  BAD_STATE_ATTACHMENT: [liftAttachmentState, wrongTurn],
  BAD_STATE_ROUTE: [liftPeeringState, liftAttachmentOfRoute, liftInstanceState, wrongTurn],
  CANNOT_ROUTE: [wrongTurn],
  ENI_SG_RULES_MISMATCH: [liftSecurityGroups],
  ENI_SOURCE_DEST_CHECK_RESTRICTION: [liftSourceDestCheck, wrongTurn],
  GATEWAY_REJECTS_SPOOFED_TRAFFIC: [wrongTurn],
  IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS: [wrongTurn],
  IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS: [wrongTurn],
  IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS: [liftMissingPublicAddress],
  IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS: [wrongTurn, liftMissingPublicAddress],
  NGW_SOURCE_ADDRESS_REASSIGN: [wrongTurn],
  NO_POSSIBLE_DESTINATION: [wrongTurn],
  NO_ROUTE_TO_DESTINATION: [wrongTurn],
  PCX_REQUIRES_ADDRESS_IN_VPC_CIDR: [wrongTurn],
  PROTOCOL_RESTRICTION: [wrongTurn],
  SG_HAS_NO_RULES: [liftSecurityGroups],
  SG_REFERENCES_NOT_PRESERVED: [liftSecurityGroups],
  SG_REFERENCING_SUPPORT: [liftSecurityGroups],
  SUBNET_ACL_RESTRICTION: [liftNetworkAcls],
  TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION: [liftMissingAssociation],
  TGW_ROUTE_AZ_RESTRICTION: [liftMissingZone, wrongTurn],
  TGW_RTB_BAD_STATE_ROUTE: [wrongTurn],
  TGW_RTB_CANNOT_ROUTE: [liftMissingIpv6Support, wrongTurn],
  TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT: [wrongTurn],
  UNASSOCIATED_COMPONENT: [wrongTurn],
  X_ANSWER_GOES_ELSEWHERE: [wrongTurn],
  X_DELIVERED_ELSEWHERE: [wrongTurn],
  X_EGRESS_ONLY: [liftMissingInternetGateway, wrongTurn],
  X_FORWARDING_LOOP: [wrongTurn],
  X_NAT_GATEWAY_OUTBOUND_ONLY: [wrongTurn],
  X_NO_INTERNET_GATEWAY: [liftMissingInternetGateway],
};

/** What may lift the blocker, the best first. */
export function candidatesFor(lifting: Lifting): readonly Candidate[] {
  return (lifts[lifting.blocker.code] ?? []).flatMap((lift) => lift(lifting));
}

/** The packet should not be where it is blocked: every table that it met before may send it another way, the last one first. */
function wrongTurn(lifting: Lifting): readonly Candidate[] {
  return [...lifting.hops].reverse().flatMap((hop): readonly Candidate[] => {
    if (hop.kind === "transit-gateway-route-table") return transitGatewayTableCandidates(lifting, hop);
    return hop.kind === "route-table" ? routeCandidates(lifting, hop) : [];
  });
}
