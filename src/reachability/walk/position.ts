/** Where a packet is, and what a step says about it. A step is a value: model, place and packet in, what happened and the next place out. */
import type {
  InternetGatewayId,
  NetworkInterface,
  Subnet,
  TransitGatewayAttachmentId,
  TransitGatewayVpcAttachment,
  VpcId,
  VpcPeeringConnection,
} from "../../model/index.ts";
import type { Hop, Way } from "../explanation.ts";
import type { ExplanationCode } from "../explanation-codes.ts";
import type { Packet } from "../packet.ts";
import type { PreparedModel } from "../prepared-model.ts";

/** By what a packet came to a VPC's router. It decides which table routes it, which subnet's border it crosses, and whom groups take it for. */
export type Origin =
  | {
      readonly kind: "network-interface";
      readonly vpcId: VpcId;
      readonly networkInterface: NetworkInterface;
      readonly subnet: Subnet;
    }
  | {
      readonly kind: "transit-gateway-attachment";
      readonly vpcId: VpcId;
      readonly attachment: TransitGatewayVpcAttachment;
      readonly subnet: Subnet;
      /** Where it surely comes from: it came to the same gateway by its own VPC's attachment. [SG-40] */
      readonly sender?: TransitGatewayVpcAttachment;
    }
  | { readonly kind: "vpc-peering-connection"; readonly vpcId: VpcId; readonly peering: VpcPeeringConnection }
  | { readonly kind: "internet"; readonly vpcId: VpcId; readonly gatewayId: string }
  /** Nobody knows: a blocker before it is taken as lifted, or the sender's subnet, which decides it, was not read. */
  | { readonly kind: "assumed"; readonly vpcId: VpcId; readonly sender?: NetworkInterface };

export type Position =
  /** At the router of its VPC, on its way out of where it came from. */
  | { readonly kind: "vpc-router"; readonly origin: Origin }
  | { readonly kind: "network-interface"; readonly origin: Origin; readonly networkInterface: NetworkInterface }
  | {
      readonly kind: "vpc-peering-connection";
      readonly vpcPeeringConnectionId: string;
      readonly fromVpcId: VpcId;
      /** The route's state has said already that it is not active. */
      readonly knownBad?: boolean;
    }
  | {
      readonly kind: "internet-gateway";
      readonly internetGatewayId: InternetGatewayId | string;
      readonly fromVpcId: VpcId;
    }
  | { readonly kind: "egress-only-internet-gateway"; readonly id: string; readonly fromVpcId: VpcId }
  | { readonly kind: "internet" }
  | { readonly kind: "from-internet"; readonly gatewayId: string; readonly vpcId: VpcId; readonly egressOnly: boolean }
  | { readonly kind: "to-transit-gateway"; readonly transitGatewayId: string; readonly origin: Origin }
  | {
      readonly kind: "transit-gateway";
      readonly transitGatewayId: string;
      /** By which attachment it came, as this gateway knows it. [TG-62] */
      readonly attachmentId: TransitGatewayAttachmentId;
      /** The zone it came from; none over a peering of gateways. [TG-67] */
      readonly zoneId?: string;
      readonly sender?: TransitGatewayVpcAttachment;
    }
  /** At its goal, or at whoever has the address. */
  | { readonly kind: "arrived"; readonly networkInterface?: NetworkInterface };

/** The packet is the one that the step was given. */
export type StepHop = Omit<Hop, "packet" | "assumed">;

export interface Step {
  readonly hops: readonly StepHop[];
  /** None: it cannot be followed any further. */
  readonly next?: Position;
  /** The packet as it goes on. */
  readonly packet?: Packet;
  readonly warnings?: readonly { readonly code: ExplanationCode; readonly component: string }[];
  /** In how many ways a flow's hash may choose here. [TG-20] */
  readonly choices?: number;
  /** Largest packet here. */
  readonly mtu?: number;
}

/** The shape of every file in this folder. Pure. */
export type StepFunction<K extends Position["kind"]> = (
  context: WalkContext,
  position: Extract<Position, { kind: K }>,
  packet: Packet,
) => Step;

/** What one walk is about. */
export interface WalkContext {
  readonly prepared: PreparedModel;
  readonly way: Way;
  readonly goal: Goal;
  /** Which of the ways that a flow's hash may choose. */
  readonly choice: number;
  /** Of an answer: what is kept of its request. */
  readonly request?: Request;
}

/** Where the packet should come to. */
export interface Goal {
  /** The header's destination when it is there. */
  readonly address: string;
  /** The interface that is meant; another one with the address is the wrong one. */
  readonly meant?: NetworkInterface;
  /** The only interface with the address: where the way would lead if nothing blocked. */
  readonly likely?: NetworkInterface;
  readonly vpcId?: VpcId;
  /** It is enough to get to this component. */
  readonly component?: string;
}

/** What the components on the way remember of a request. */
export interface Request {
  /** Interfaces at which groups let it pass: `trackingKey`s. */
  readonly tracked: ReadonlySet<string>;
  readonly translations: readonly Translation[];
  /** Private sources that passed an internet gateway only by assumption. */
  readonly unmapped: ReadonlyMap<string, { readonly gatewayId: string; readonly vpcId: VpcId }>;
}

export interface Translation {
  readonly component: string;
  readonly before: Packet;
  readonly after: Packet;
}

/** One flow at one interface, by the addresses of its request. [SG-60] */
export function trackingKey(networkInterfaceId: string, requestSource: string, requestDestination: string): string {
  return `${networkInterfaceId} ${requestSource} ${requestDestination}`;
}
