/** VPC attachments of transit gateways, seen by the VPC's owner and by the gateway's. Ended ones are only shown for a while. */
import type { TransitGatewayAttachmentState, TransitGatewayVpcAttachment } from "../model/index.ts";
import { type Item, isIdOf, required } from "./item.ts";
import { mergeResources, resourceFields } from "./merge.ts";
import type { Part, Seen } from "./part.ts";
import type { Report } from "./report.ts";
import { switchOf } from "./transit-gateway.ts";

export function readTransitGatewayVpcAttachments(
  parts: readonly Part[],
  report: Report,
): readonly TransitGatewayVpcAttachment[] {
  return mergeResources(parts.flatMap(attachmentsOf), report);
}

const states: readonly TransitGatewayAttachmentState[] = [
  "initiating",
  "initiatingRequest",
  "pendingAcceptance",
  "rollingBack",
  "pending",
  "available",
  "modifying",
  "deleting",
  "deleted",
  "failed",
  "rejected",
  "rejecting",
  "failing",
];

const ended: ReadonlySet<TransitGatewayAttachmentState> = new Set(["deleted", "failed", "rejected"]);

/** The state; undefined for an attachment that is over. */
export function attachmentState(item: Item): TransitGatewayAttachmentState | undefined {
  const state = required(item, "State", item.choice("State", states));
  return ended.has(state) ? undefined : state;
}

function attachmentsOf(part: Part): readonly Seen<TransitGatewayVpcAttachment>[] {
  const id = { field: "TransitGatewayAttachmentId", prefix: "tgw-attach" } as const;
  return part.readEach("TransitGatewayVpcAttachments", id, (item, transitGatewayAttachmentId) => {
    const state = attachmentState(item);
    if (state === undefined) return undefined;
    return {
      ...resourceFields(item, part, "VpcOwnerId"),
      transitGatewayAttachmentId,
      transitGatewayId: required(item, "TransitGatewayId", item.id("TransitGatewayId", "tgw")),
      vpcId: required(item, "VpcId", item.id("VpcId", "vpc")),
      subnetIds: item.texts("SubnetIds").map((each) => subnetId(item, each)),
      state,
      applianceModeSupport: switchOf(item, "ApplianceModeSupport", transitGatewayAttachmentId, false),
      dnsSupport: switchOf(item, "DnsSupport", transitGatewayAttachmentId, true),
      ipv6Support: switchOf(item, "Ipv6Support", transitGatewayAttachmentId, false),
      securityGroupReferencingSupport: switchOf(
        item,
        "SecurityGroupReferencingSupport",
        transitGatewayAttachmentId,
        true,
      ),
    };
  });
}

function subnetId(item: Item, text: string): TransitGatewayVpcAttachment["subnetIds"][number] {
  return required(item, "SubnetIds", isIdOf("subnet", text) ? text : undefined);
}
