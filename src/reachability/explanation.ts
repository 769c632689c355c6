/**
 * An answer: what every component on the way did to the packet, and to the answer on its way back. A blocked packet is a value, never an
 * exception; the way goes on behind a blocker as if it were lifted, so that all of them are found at once. All of it is plain data.
 */
import type {
  Address,
  Cidr,
  NetworkAclId,
  RouteTableId,
  RouteTarget,
  SecurityGroupId,
  SecurityGroupRuleId,
  SubnetId,
  TransitGatewayAttachmentId,
  TransitGatewayRouteTableId,
  Unknown,
  VpcId,
} from "../model/index.ts";
import type { ExplanationCode } from "./explanation-codes.ts";
import type { Flow } from "./flow.ts";

export type Verdict = "reachable" | "unreachable" | "unknown";

/** The request's way, or its answer's. */
export type Way = "forward" | "return";

export interface Explanation {
  readonly flow: Flow;
  /** `unreachable` where anything blocks; else `unknown` where anything is; else `reachable`. */
  readonly verdict: Verdict;
  readonly forward: readonly Hop[];
  /** Empty when nothing is answered (one-way ICMP), and when the forward way could not be followed to its end. */
  readonly return: readonly Hop[];
  /** Everything that must change, in the order that packets meet it. */
  readonly blockers: readonly Blocker[];
  readonly unknowns: readonly UnknownComponent[];
  readonly warnings: readonly Warning[];
  /** Bytes of the largest packet that fits all the way. */
  readonly mtu: number;
}

export type HopKind =
  | "instance"
  | "network-interface"
  | "security-groups"
  | "network-acl"
  /** The router itself, where no table decides. */
  | "vpc"
  | "route-table"
  | "internet-gateway"
  | "egress-only-internet-gateway"
  | "internet"
  | "nat-gateway"
  | "vpc-peering-connection"
  | "transit-gateway"
  | "transit-gateway-attachment"
  | "transit-gateway-route-table"
  | "other";

/** What one component did to one packet. */
export interface Hop {
  readonly kind: HopKind;
  /** Its id: `eni-…`, `acl-…`, `rtb-…`, `pcx-…`; `internet`. */
  readonly component: string;
  /** The packet as the component saw it. */
  readonly packet: PacketHeader;
  readonly direction?: "egress" | "ingress";
  readonly vpcId?: VpcId;
  readonly subnetId?: SubnetId;
  /** For security groups: at which interface, and all groups there. */
  readonly networkInterfaceId?: string;
  readonly groupIds?: readonly SecurityGroupId[];
  /** What let it pass, or denied it. */
  readonly decision?: Decision;
  readonly blocked?: Reason;
  /** Why it cannot be said what the component does. */
  readonly unknown?: UnknownComponent;
  /** The packet is here only because a blocker before is taken as lifted. */
  readonly assumed?: true;
}

export interface Reason {
  readonly code: ExplanationCode;
  /** A second code of ours that says more exactly what the first one means here. */
  readonly detail?: ExplanationCode;
  /** By which way the walk went on, where a route is missing or leads nowhere: what a route would have to name. */
  readonly instead?:
    | RouteTarget
    | { readonly kind: "transit-gateway-attachment"; readonly transitGatewayAttachmentId: string };
  /** The state that is not good enough: `pending-acceptance`, `stopped`. */
  readonly state?: string;
}

export interface Blocker extends Reason {
  readonly way: Way;
  readonly component: string;
  /** Index of the hop in `forward` or `return`. */
  readonly hop: number;
}

/** A component of which it cannot be said what it does. */
export interface UnknownComponent extends Unknown {
  readonly code: ExplanationCode;
}

/** Something to know about a way that is no blocker. */
export interface Warning {
  readonly code: ExplanationCode;
  readonly way: Way;
  readonly component: string;
}

export type Decision =
  | {
      readonly by: "security-group-rule";
      readonly groupId: SecurityGroupId;
      readonly securityGroupRuleId: SecurityGroupRuleId;
    }
  /** An answer to what passed here before. [SG-2] */
  | { readonly by: "tracked-flow" }
  /** A service's interface has none and lets everything pass. [SG-6] */
  | { readonly by: "no-security-groups" }
  | { readonly by: "network-acl-entry"; readonly networkAclId: NetworkAclId; readonly ruleNumber: number }
  /** Within the subnet no table is asked. [RT-6] */
  | { readonly by: "same-subnet" }
  /** What comes over a gateway that routes by addresses alone. [PX-52] */
  | { readonly by: "local-delivery" }
  | {
      readonly by: "route";
      readonly routeTableId: RouteTableId;
      /** The prefix that was longest; an entry of the list when the route names one. */
      readonly destination: Cidr;
      readonly prefixListId?: string;
      readonly target: RouteTarget;
    }
  | {
      readonly by: "transit-gateway-route";
      readonly transitGatewayRouteTableId: TransitGatewayRouteTableId;
      readonly destination: Cidr;
      readonly type: "static" | "propagated";
      readonly transitGatewayAttachmentIds: readonly TransitGatewayAttachmentId[];
    }
  | { readonly by: "translation"; readonly source?: Address; readonly destination?: Address }
  | { readonly by: "state"; readonly state: string };

export interface PacketHeader {
  readonly source: Address;
  readonly destination: Address;
  /** IANA number. */
  readonly protocol: number;
  /** TCP and UDP: the destination port; of an answer the whole range that clients take their ports from. */
  readonly ports?: { readonly from: number; readonly to: number };
  readonly icmp?: { readonly type: number; readonly code: number };
}
