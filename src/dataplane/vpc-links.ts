/** The links of a VPC's router that lead out of the VPC, and the subnets that transit gateways deliver into. */
import { attachedMembers } from "./group-references.ts";
import type { AttachmentLink } from "./live-transit-gateways.ts";
import type { LiveNetwork, VpcScope } from "./vpc-scope.ts";
import { egressOnlyLink, internetLink } from "./wiring.ts";

/** To gateways and peers: links at which no subnet ends. */
export function gatewayLinks(scope: VpcScope): readonly string[] {
  const links = scope.peerings.map((peering) => peering.link);
  if (scope.internetGateway !== undefined) links.push(internetLink);
  if (scope.egressOnlyInternetGateway !== undefined) links.push(egressOnlyLink);
  return links;
}

/** One for each zone of each attachment, and a second one where rules ask for the members of a group. [SG-40] */
export function attachmentLinks(scope: VpcScope, network: LiveNetwork): readonly AttachmentLink[] {
  const asked = new Set(attachedMembers(scope, network).map(({ heardBy }) => heardBy));
  return scope.attachments.flatMap((live) =>
    live.zones.flatMap(({ link, memberLink, subnet }) =>
      (asked.has(live) ? [link, memberLink] : [link]).map((name) => ({ link: name, subnet })),
    ),
  );
}
