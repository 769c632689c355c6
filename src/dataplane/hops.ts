/** Where to listen to the packets of a thing: the namespace and links that a capture of it has to look at. */
import type { NamespaceName } from "../host/index.ts";
import type { Fragment } from "./kernel-state.ts";
import type { Plan } from "./plan.ts";
import { egressOnlyLink, internetLink, internetNamespace } from "./wiring.ts";

export interface Hop {
  readonly namespace: NamespaceName;
  /** Links of the namespace, or `any` alone for all of them. */
  readonly links: readonly string[];
  /** What is seen there, in a few words. */
  readonly seen: string;
}

/** The hop of an instance, interface, VPC, peering, gateway, attachment, or `internet`; `undefined` when it carries no packets now. */
export function hopOf(plan: Plan, id: string): Hop | undefined {
  const { network } = plan;
  if (id === internetNamespace) {
    return plan.fragments.has(internetNamespace)
      ? { namespace: internetNamespace, links: ["any"], seen: "everything that reaches the internet" }
      : undefined;
  }
  if (network.hosts.has(id)) {
    const seen = id.startsWith("nat-") ? "what the NAT gateway gets and sends" : "what the instance gets and sends";
    return { namespace: id, links: ["any"], seen };
  }
  for (const [vpcId, scope] of network.scopes) {
    if (vpcId === id)
      return { namespace: vpcId, links: ["any"], seen: "everything that the VPC's router gets and sends" };
    const live = scope.interfaces.find((candidate) => candidate.networkInterface.networkInterfaceId === id);
    if (live !== undefined)
      return { namespace: vpcId, links: [live.link], seen: "what the router gets from and sends to the interface" };
    const peering = scope.peerings.find((candidate) => candidate.peering.vpcPeeringConnectionId === id);
    if (peering !== undefined) return { namespace: vpcId, links: [peering.link], seen: "what crosses the peering" };
    if (scope.internetGateway?.internetGatewayId === id) {
      return {
        namespace: vpcId,
        links: [internetLink],
        seen: "what crosses the internet gateway, with public addresses",
      };
    }
    if (scope.egressOnlyInternetGateway?.egressOnlyInternetGatewayId === id) {
      return { namespace: vpcId, links: [egressOnlyLink], seen: "what crosses the egress-only internet gateway" };
    }
  }
  return transitGatewayHop(plan, id);
}

function transitGatewayHop({ network, fragments }: Plan, id: string): Hop | undefined {
  for (const [namespace, { attachments, peerings }] of network.transitGateways) {
    if (namespace === id)
      return { namespace, links: ["any"], seen: "everything that the transit gateway gets and sends" };
    const live = attachments.find(({ attachment }) => attachment.transitGatewayAttachmentId === id);
    if (live !== undefined) {
      const links = linksOf(fragments.get(id), namespace);
      if (links.length === 0) return undefined;
      return { namespace, links, seen: "what crosses the attachment, in all its zones" };
    }
    const peering = peerings.find(({ attachmentId }) => attachmentId === id);
    if (peering !== undefined) return { namespace, links: [peering.link], seen: "what crosses the peering" };
  }
  return undefined;
}

function linksOf(fragment: Fragment | undefined, namespace: string): readonly string[] {
  return [...(fragment?.items.values() ?? [])].flatMap((item) =>
    item.kind === "veth" && item.peer.namespace === namespace ? [item.peer.link] : [],
  );
}
