/** What the options of a transit gateway may be. [TG-2] */
import { invalidParameterValue } from "../../../../aws/index.ts";
import { cidrFrom, cidrsOverlap, formatCidr, overlaps } from "../../../../ip/index.ts";
import type { StateView } from "../../../state/state.ts";
import { hasEnded } from "../transit-gateway-attachment/states.ts";
import { blocksInForce } from "../vpc/block-states.ts";
import { checkedBlock } from "../vpc/cidr-rules.ts";
import { checkQuota } from "../vpc/quotas.ts";

export const defaultAsn = 64_512;
const linkLocal = cidrFrom("169.254.0.0/16");

/** A private autonomous system number, of 16 or 32 bits. */
export function checkedAsn(asn: number): number {
  if ((asn >= 64_512 && asn <= 65_534) || (asn >= 4_200_000_000 && asn <= 4_294_967_294)) return asn;
  throw invalidParameterValue(
    `Value (${asn}) for parameter AmazonSideAsn is invalid. The range is 64512 to 65534 and 4200000000 to 4294967294.`,
  );
}

/** The gateway's own blocks after additions and removals. */
export function changedCidrBlocks(
  before: readonly string[],
  added: readonly string[],
  removed: readonly string[],
  gateway: { readonly TransitGatewayId: string },
  view: Pick<StateView, "by" | "get">,
): readonly string[] {
  const blocks = new Set(before);
  for (const text of removed) {
    if (!blocks.delete(formatCidr(checkedBlock(text, "RemoveTransitGatewayCidrBlocks")))) {
      throw invalidParameterValue(`The CIDR block ${text} is not associated with ${gateway.TransitGatewayId}.`);
    }
  }
  for (const text of added) {
    const block = checkedCidrBlock(text);
    const clash = [...blocks, ...attachedBlocks(gateway, view)].find((other) => cidrsOverlap(other, block));
    if (clash !== undefined) throw invalidParameterValue(`The CIDR block ${block} overlaps with ${clash}.`);
    blocks.add(block);
  }
  checkQuota("transitGatewayCidrBlocks", blocks.size, gateway.TransitGatewayId);
  return [...blocks];
}

function checkedCidrBlock(text: string): string {
  const block = checkedBlock(text, "TransitGatewayCidrBlocks");
  if (block.prefixLength > (block.family === "ipv4" ? 24 : 64)) {
    throw invalidParameterValue(
      `The CIDR block ${text} is too small. It must be a /24 or larger for IPv4, a /64 or larger for IPv6.`,
    );
  }
  if (overlaps(block, linkLocal)) {
    throw invalidParameterValue(`The CIDR block ${text} overlaps with ${formatCidr(linkLocal)}.`);
  }
  return formatCidr(block);
}

function attachedBlocks(
  { TransitGatewayId }: { readonly TransitGatewayId: string },
  view: Pick<StateView, "by" | "get">,
): readonly string[] {
  return view
    .by("transitGatewayVpcAttachment", "transitGateway", TransitGatewayId)
    .filter((attachment) => !hasEnded(attachment))
    .flatMap(({ VpcId }) => {
      const vpc = view.get("vpc", VpcId);
      return vpc === undefined
        ? []
        : [...blocksInForce(vpc.CidrBlockAssociationSet), ...blocksInForce(vpc.Ipv6CidrBlockAssociationSet)];
    });
}
