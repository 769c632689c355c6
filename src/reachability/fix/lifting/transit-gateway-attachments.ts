/** An attachment that lacks a subnet in the sender's zone [TG-20], or support of IPv6 [TG-11]. */
import type { Subnet, TransitGatewayVpcAttachment } from "../../../model/index.ts";
import type { Candidate, Lift, Lifting } from "./lifting.ts";

/** A subnet of the zone: an empty one if there is, as AWS advises, then the sender's own. */
export const liftMissingZone: Lift = (lifting) => {
  const { prepared, blocker } = lifting;
  const attachment = prepared.index.transitGatewayVpcAttachment(blocker.component);
  const leaving = leavingSubnet(lifting);
  if (attachment === undefined || leaving === undefined) return [];
  const empty = (subnet: Subnet) => prepared.index.networkInterfacesInSubnet(subnet.subnetId).length === 0;
  const rank = (subnet: Subnet) => (empty(subnet) ? 0 : subnet === leaving ? 1 : 2);
  return prepared.index
    .subnetsOf(attachment.vpcId)
    .filter(({ availabilityZoneId }) => availabilityZoneId === leaving.availabilityZoneId)
    .sort((a, b) => rank(a) - rank(b))
    .map(({ subnetId }) => [modified(attachment, { addSubnetId: subnetId })]);
};

/** The subnet whose table sent the packet to the gateway. */
function leavingSubnet({ prepared: { index }, hops }: Lifting): Subnet | undefined {
  const subnetId = hops.findLast(({ kind }) => kind === "route-table")?.subnetId;
  return subnetId === undefined ? undefined : index.subnet(subnetId);
}

export const liftMissingIpv6Support: Lift = ({ prepared, blocker }) => {
  const attachment = prepared.index.transitGatewayVpcAttachment(blocker.component);
  return attachment === undefined || attachment.ipv6Support ? [] : [[modified(attachment, { ipv6Support: "enable" })]];
};

function modified(
  { ownerId, region, transitGatewayAttachmentId }: TransitGatewayVpcAttachment,
  option: { readonly addSubnetId: `subnet-${string}` } | { readonly ipv6Support: "enable" },
): Candidate[number] {
  return { ownerId, region, kind: "modify-transit-gateway-vpc-attachment", transitGatewayAttachmentId, ...option };
}
