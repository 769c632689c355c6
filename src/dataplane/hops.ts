/** Where to listen to the packets of a thing: the namespace and link that a capture of it has to look at. */
import type { NamespaceName } from "../host/index.ts";
import type { Plan } from "./plan.ts";
import { egressOnlyLink, internetLink, internetNamespace } from "./wiring.ts";

export interface Hop {
  readonly namespace: NamespaceName;
  /** A link of the namespace, or `any` for all of them. */
  readonly link: string;
  /** What is seen there, in a few words. */
  readonly seen: string;
}

/** The hop of an instance, interface, VPC, peering, gateway, or `internet`; `undefined` when it carries no packets now. */
export function hopOf(plan: Plan, id: string): Hop | undefined {
  const { network } = plan;
  if (id === internetNamespace) {
    return plan.fragments.has(internetNamespace)
      ? { namespace: internetNamespace, link: "any", seen: "everything that reaches the internet" }
      : undefined;
  }
  if (network.hosts.has(id)) {
    const seen = id.startsWith("nat-") ? "what the NAT gateway gets and sends" : "what the instance gets and sends";
    return { namespace: id, link: "any", seen };
  }
  for (const [vpcId, scope] of network.scopes) {
    if (vpcId === id) return { namespace: vpcId, link: "any", seen: "everything that the VPC's router gets and sends" };
    const live = scope.interfaces.find((candidate) => candidate.networkInterface.networkInterfaceId === id);
    if (live !== undefined)
      return { namespace: vpcId, link: live.link, seen: "what the router gets from and sends to the interface" };
    const peering = scope.peerings.find((candidate) => candidate.peering.vpcPeeringConnectionId === id);
    if (peering !== undefined) return { namespace: vpcId, link: peering.link, seen: "what crosses the peering" };
    if (scope.internetGateway?.internetGatewayId === id) {
      return { namespace: vpcId, link: internetLink, seen: "what crosses the internet gateway, with public addresses" };
    }
    if (scope.egressOnlyInternetGateway?.egressOnlyInternetGatewayId === id) {
      return { namespace: vpcId, link: egressOnlyLink, seen: "what crosses the egress-only internet gateway" };
    }
  }
  return undefined;
}
