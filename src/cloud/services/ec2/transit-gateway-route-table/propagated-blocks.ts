/** What an attachment brings into a table that it propagates into, and since when. [TG-14, TG-17, TG-32, TG-45] */
import type { StateView } from "../../../state/state.ts";
import { type AnyAttachment, attachmentOfGateway } from "../transit-gateway-attachment/attachments.ts";
import { carriesPackets } from "../transit-gateway-attachment/states.ts";
import type { CidrBlockAssociation } from "../vpc/record.ts";
import type { TransitGatewayPropagationRecord } from "./record.ts";

export interface PropagatedBlock {
  readonly block: string;
  readonly attachment: AnyAttachment;
  /** Milliseconds since the epoch: of two that bring the same block, the one that brought it first has it. [TG-45] */
  readonly since: number;
}

/** Every block of an attached VPC, IPv6 where the attachment supports it. A peering brings nothing. [TG-32, TG-63] */
export function propagatedBlocks(
  { TransitGatewayId, TransitGatewayAttachmentId, CreatedAt }: TransitGatewayPropagationRecord,
  view: Pick<StateView, "get" | "by">,
): readonly PropagatedBlock[] {
  const attachment = attachmentOfGateway(TransitGatewayId, TransitGatewayAttachmentId, view);
  const options = view.get("transitGatewayVpcAttachment", TransitGatewayAttachmentId)?.Options;
  if (attachment === undefined || options === undefined || !carriesPackets(attachment)) return [];
  const vpc = view.get("vpc", attachment.ResourceId);
  if (vpc === undefined) return [];
  const associations: readonly CidrBlockAssociation[] = [
    ...vpc.CidrBlockAssociationSet,
    ...(options.Ipv6Support === "enable" ? vpc.Ipv6CidrBlockAssociationSet : []),
  ];
  return associations
    .filter(({ State }) => State !== "disassociating")
    .map(({ CidrBlock, AssociatedAt = vpc.CreatedAt }) => ({
      block: CidrBlock,
      attachment,
      since: Math.max(CreatedAt, AssociatedAt),
    }));
}
