/**
 * A question: one kind of packet from one thing to another. IPv4 or IPv6 follows from the addresses; between two things that
 * have both it is IPv4 unless the flow says otherwise.
 */
import type { Address, InstanceId, NetworkInterfaceId, VpcId } from "../model/index.ts";

export type FlowEnd =
  /** By the interface that its operating system takes for the other end: see `leavingInterface`. */
  | { readonly kind: "instance"; readonly instanceId: InstanceId }
  | { readonly kind: "network-interface"; readonly networkInterfaceId: NetworkInterfaceId }
  /**
   * A private address may be in several VPCs: `vpcId` says which is meant. Without it a source must be unique, and a destination is
   * whoever the packet comes to.
   */
  | { readonly kind: "address"; readonly address: Address; readonly vpcId?: VpcId }
  /** Any host outside; `internetHost` when it has no address of its own here. */
  | { readonly kind: "internet"; readonly address?: Address }
  /**
   * An internet gateway, a peering connection, a transit gateway or one of its VPCs' attachments. As the source, packets from the address come
   * by it; as the destination, it is enough to get to it on the way to the address. What answers come from or go to beyond it is not asked.
   */
  | { readonly kind: "component"; readonly id: string; readonly address: Address }
  /** What is there and cannot be followed as an end (a virtual private gateway, a load balancer): the answer is `unknown` and names it. */
  | { readonly kind: "other"; readonly id: string };

export type FlowTraffic =
  /** An echo request when left out. With IPv6 addresses it is ICMPv6. */
  | { readonly protocol: "icmp"; readonly type?: number; readonly code?: number }
  | {
      readonly protocol: "tcp" | "udp";
      readonly port: number;
      /** By which ports the sender asks, where they are known; answers must get to all of them. Else those that systems commonly take. */
      readonly sourcePorts?: { readonly from: number; readonly to: number };
    }
  /** An IANA number: 50 is ESP. */
  | { readonly protocol: number };

export interface Flow {
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
  readonly traffic: FlowTraffic;
  readonly family?: "ipv4" | "ipv6";
}

/** The host that stands for the internet: documentation ranges, nobody's. */
export const internetHost = { ipv4: "203.0.113.10", ipv6: "2001:db8:ffff::10" } as const;
