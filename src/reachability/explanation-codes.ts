/**
 * Every code that an explanation may carry, and what it means. AWS's are Reachability Analyzer's, with its meaning
 * (https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html); ours start with `X_`. The page docs/reference/explanation-codes.md is
 * made from this table.
 */

export interface CodeMeaning {
  readonly meaning: string;
  /** What usually mends it; codes that no setting mends say so. */
  readonly remedy: string;
}

/** `X_`: ours. */
export const explanationCodes = {
  BAD_STATE: {
    meaning:
      "A component is in a state in which it carries no packets: a stopped instance, a peering that is not active.",
    remedy:
      "Bring it into the state: start the instance, accept the peering. What has failed, expired or is deleted must be made anew.",
  },
  BAD_STATE_ATTACHMENT: {
    meaning: "A transit gateway attachment is not available.",
    remedy: "Accept the attachment, or make it anew.",
  },
  BAD_STATE_ROUTE: {
    meaning:
      "The most specific route is a blackhole: its target is gone, detached or not active. Less specific routes do not count.",
    remedy: "Let the route name a target that is there, or delete it.",
  },
  CANNOT_ROUTE: {
    meaning:
      "The route's target cannot carry this packet: it has no address of the packet's family, or stands in another VPC.",
    remedy: "Let the route name a target that can.",
  },
  DISCONNECTED_VPCS: {
    meaning: "Nothing joins the two VPCs: no peering, and no transit gateway that both are attached to.",
    remedy: "Peer them, or attach both to a transit gateway.",
  },
  ENI_SG_RULES_MISMATCH: {
    meaning: "No rule of the interface's security groups lets the packet pass.",
    remedy: "Add a rule for the protocol, the port and the other end.",
  },
  ENI_SOURCE_DEST_CHECK_RESTRICTION: {
    meaning: "The interface's source/destination check refuses a packet that is neither from it nor for it.",
    remedy: "Switch the check off where the instance shall forward.",
  },
  GATEWAY_REJECTS_SPOOFED_TRAFFIC: {
    meaning: "A gateway takes only packets with a source address of its VPC.",
    remedy: "None at the gateway: the sender's own VPC needs a gateway, or a NAT gateway on the way.",
  },
  HIGHER_PRIORITY_ROUTE: {
    meaning: "The table has the route that is needed, and another one for the same prefix goes before it.",
    remedy: "Delete the route that goes before it, or let it name a target that is there.",
  },
  IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS: {
    meaning: "The internet gateway takes no packet for a private address (RFC 1918).",
    remedy: "Route the destination to a peering or a transit gateway.",
  },
  IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS: {
    meaning: "The internet gateway takes no packet for an address of 100.64.0.0/10 (RFC 6598).",
    remedy: "Route the destination to a peering or a transit gateway.",
  },
  IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS: {
    meaning: "From the internet only an interface with a public address can be reached.",
    remedy: "Associate an Elastic IP address with the interface.",
  },
  IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS: {
    meaning: "The internet gateway drops a packet whose source has no public address in this VPC.",
    remedy: "Associate an Elastic IP address, or route to a NAT gateway instead.",
  },
  IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS: {
    meaning: "The internet gateway takes no packet from a private address (RFC 1918).",
    remedy: "None: no such packet crosses the internet.",
  },
  IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS: {
    meaning: "The internet gateway takes no packet from an address of 100.64.0.0/10 (RFC 6598).",
    remedy: "None: no such packet crosses the internet.",
  },
  MORE_SPECIFIC_ROUTE: {
    meaning: "The table has the route that is needed, and one with a longer prefix goes before it.",
    remedy: "Delete the longer prefix, or let it name a target that is there.",
  },
  NGW_SOURCE_ADDRESS_REASSIGN: {
    meaning:
      "An answer is routed to a NAT gateway that did not carry the request: it would give it another source, so it drops it.",
    remedy: "Route the answer the way that the request came.",
  },
  NO_PATH: {
    meaning: "The way from the source to the destination does not lead by the component that is one of the two.",
    remedy: "Route the packets to the component, or ask for the way by another one.",
  },
  NO_POSSIBLE_DESTINATION: {
    meaning: "The address is in the VPC's range and no interface has it.",
    remedy: "Use an address that an interface has.",
  },
  NO_ROUTE_TO_DESTINATION: {
    meaning: "The route table has no route for the packet's destination.",
    remedy: "Add the route.",
  },
  NO_SOURCE_OR_DESTINATION: {
    meaning:
      "An end of the flow is not in the model, has no address of the flow's family, or is not the only one with its address.",
    remedy: "Name an end that is there, with its VPC.",
  },
  PCX_REQUIRES_ADDRESS_IN_VPC_CIDR: {
    meaning: "A peering carries only packets from an address of the one VPC to an address of the other.",
    remedy: "None at the peering: packets for elsewhere need a peering of their own, or a transit gateway.",
  },
  PROTOCOL_RESTRICTION: {
    meaning: "A NAT gateway carries TCP, UDP and ICMP only.",
    remedy: "None at the NAT gateway.",
  },
  SG_HAS_NO_RULES: {
    meaning: "The interface's security groups have no rule at all for the direction.",
    remedy: "Add a rule for the protocol, the port and the other end.",
  },
  SG_REFERENCES_NOT_PRESERVED: {
    meaning:
      "A rule names the sender's group, but the packet does not come from the sender directly: a group is known within its VPC and over a peering of one Region.",
    remedy: "Name the sender's addresses in the rule.",
  },
  SG_REFERENCING_SUPPORT: {
    meaning:
      "A rule names a group behind a transit gateway, and the gateway or an attachment does not let references through.",
    remedy: "Switch security group referencing on at the gateway and both attachments, or name addresses in the rule.",
  },
  SUBNET_ACL_RESTRICTION: {
    meaning:
      "The subnet's network ACL denies the packet. It keeps no state: answers need entries of their own, for ports 1024-65535.",
    remedy: "Add an entry with a lower number than the one that denies.",
  },
  TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION: {
    meaning: "The attachment is associated with no route table of the transit gateway: what comes from it is dropped.",
    remedy: "Associate the attachment with a route table.",
  },
  TGW_ROUTE_AZ_RESTRICTION: {
    meaning:
      "The attachment has no subnet in the sender's Availability Zone: from there the transit gateway cannot be reached.",
    remedy: "Add a subnet of the zone to the attachment.",
  },
  TGW_RTB_BAD_STATE_ROUTE: {
    meaning: "The transit gateway's most specific route is a blackhole.",
    remedy: "Let the route name an attachment, or delete it.",
  },
  TGW_RTB_CANNOT_ROUTE: {
    meaning: "The attachment that the transit gateway's route names cannot carry the packet: it has no IPv6 support.",
    remedy: "Switch IPv6 support on at the attachment.",
  },
  TGW_RTB_MORE_SPECIFIC_ROUTE: {
    meaning:
      "The transit gateway's table has the route that is needed, and a blackhole with a longer prefix goes before it.",
    remedy: "Delete the longer prefix, or let it name an attachment that is there.",
  },
  TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT: {
    meaning: "The transit gateway's route table has no route for the packet's destination.",
    remedy: "Let the attachment propagate into the table, or add a static route.",
  },
  TGW_RTB_ROUTES_ARE_UNKNOWN: {
    meaning: "The transit gateway or its route tables were not read: another account's, perhaps.",
    remedy: "Add a snapshot of the gateway's account and Region.",
  },
  UNASSOCIATED_COMPONENT: {
    meaning: "An interface is attached to nothing.",
    remedy: "Attach it to a running instance.",
  },
  UNKNOWN_DESTINATION: {
    meaning: "The VPC at the other end was not read.",
    remedy: "Add a snapshot of its account and Region.",
  },
  UNKNOWN_PEERED_SGS: {
    meaning: "A rule names a group of a VPC that was not read.",
    remedy: "Add a snapshot of its account and Region.",
  },
  UNKNOWN_RESOURCE: {
    meaning: "A component that the packet meets is not in the model.",
    remedy: "Add a snapshot of its account and Region.",
  },
  UNSUPPORTED_COMPONENT: {
    meaning: "The packet comes to a component that this version cannot follow.",
    remedy: "None: look at the component yourself.",
  },
  AVAILABILITY_ZONE_CROSSED: {
    meaning: "The way leads from one Availability Zone to another.",
    remedy: "None needed: it is no blocker.",
  },
  TRANSIT_GATEWAY_APPLIANCE_MODE_RECOMMENDED: {
    meaning: "An appliance behind a transit gateway sees both directions of a flow for sure only with appliance mode.",
    remedy: "Switch appliance mode on at the appliance VPC's attachment.",
  },
  X_ANSWER_GOES_ELSEWHERE: {
    meaning:
      "The answer comes to another interface than the one that asked, with the same address: two VPCs with one block.",
    remedy: "Route the asking VPC's addresses, more exactly if need be, to where the request comes from.",
  },
  X_DELIVERED_ELSEWHERE: {
    meaning:
      "The packet comes to another interface than the one that is meant, with the same address: two VPCs with one block.",
    remedy: "Route the meant VPC's addresses, more exactly if need be, to its peering or attachment.",
  },
  X_EDGE_TO_EDGE: {
    meaning: "The packet should go through the peer to a gateway of the peer's: a peering gives no use of it.",
    remedy: "None at the peering: the VPC needs a gateway of its own, or a transit gateway with central egress.",
  },
  X_EGRESS_ONLY: {
    meaning: "An egress-only internet gateway lets nothing in but answers, and no answer out.",
    remedy: "Route IPv6 to an internet gateway.",
  },
  X_EPHEMERAL_PORTS_PARTLY_ALLOWED: {
    meaning:
      "The network ACL lets answers pass to some of the ports 1024-65535 only. Common clients (32768-60999) are served.",
    remedy: "Allow 1024-65535, unless every client is known.",
  },
  X_FORWARDING_LOOP: {
    meaning: "The packet comes to a place where it has been, and goes round until its time is over.",
    remedy: "Change one of the routes on the way.",
  },
  X_MIDDLEBOX_ASSUMED_TO_FORWARD: {
    meaning:
      "The way leads through an instance. Whether its operating system forwards is not known, and taken for granted.",
    remedy: "None needed: look at the instance.",
  },
  X_NAT_GATEWAY_OUTBOUND_ONLY: {
    meaning: "A NAT gateway lets nothing in but answers to what it sent out.",
    remedy: "Give the destination a public address, or a load balancer.",
  },
  X_NEVER_FORWARDED: {
    meaning: "Link-local, multicast and broadcast addresses, and the services' own, are never forwarded.",
    remedy: "None.",
  },
  X_NO_INTERNET_GATEWAY: {
    meaning: "The VPC has no gateway by which packets from the internet come in.",
    remedy: "Attach an internet gateway to the VPC.",
  },
  X_OVERLAPPING_CIDRS: {
    meaning:
      "The destination's address lies in the sender's own VPC as well: the local route keeps every such packet there.",
    remedy: "None: no route beats the local one. Reach a service there by PrivateLink, or renumber.",
  },
  X_PEERING_NOT_ACTIVE: {
    meaning: "The peering is not active: it waits to be accepted, or was rejected, deleted, has expired or failed.",
    remedy: "Accept it within seven days; otherwise make it anew.",
  },
  X_PEERING_NOT_TRANSITIVE: {
    meaning: "The packet should go through the peer to a third VPC: a peering does not do that.",
    remedy: "None at the peering: peer the two VPCs, or attach both to a transit gateway.",
  },
  X_SG_REFERENCE_OTHER_REGION: {
    meaning: "A rule names a group over a peering between Regions: there it matches nothing.",
    remedy: "Name the sender's addresses in the rule.",
  },
  X_SMALLER_MTU: {
    meaning:
      "The component takes smaller packets than a VPC does (9001 bytes): 8500 through a transit gateway and between Regions, 1500 to the internet.",
    remedy:
      "None needed: packets that are too big and may not be fragmented are answered so, unless a rule drops that answer (ICMP 3/4).",
  },
  X_TGW_PEERING_WITHOUT_STATIC_ROUTE: {
    meaning: "The destination is behind a peered transit gateway, and peerings propagate nothing.",
    remedy: "Add a static route to the peering attachment, on both gateways.",
  },
  X_TGW_PROPAGATION_MISSING: {
    meaning: "The destination's VPC is attached to the transit gateway and does not propagate into the table.",
    remedy: "Let its attachment propagate into the table.",
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

export type ExplanationCode = keyof typeof explanationCodes;

/** Whose word a code is. */
export function codeOrigin(code: string): "Reachability Analyzer" | "Causeway" {
  return code.startsWith("X_") ? "Causeway" : "Reachability Analyzer";
}
