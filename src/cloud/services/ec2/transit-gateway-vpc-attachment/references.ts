/** Which transit gateway lets rules of one VPC name security groups of another: it and both attachments must say so. [SG-40] */
import type { StateView } from "../../../state/state.ts";
import { carriesPackets } from "../transit-gateway-attachment/states.ts";
import type { TransitGatewayVpcAttachmentRecord } from "./record.ts";

/** The id of such a gateway between the two VPCs, if there is one. */
export function referencingGatewayBetween(
  view: Pick<StateView, "by" | "get">,
  oneVpcId: string,
  otherVpcId: string,
): string | undefined {
  const others = new Set(referencing(otherVpcId, view).map(({ TransitGatewayId }) => TransitGatewayId));
  const shared = referencing(oneVpcId, view).find(({ TransitGatewayId }) => others.has(TransitGatewayId));
  return shared?.TransitGatewayId;
}

/** Attachments of the VPC over which references work. Switching them off at the gateway switches them off for all. */
function referencing(vpcId: string, view: Pick<StateView, "by" | "get">): TransitGatewayVpcAttachmentRecord[] {
  return view
    .by("transitGatewayVpcAttachment", "vpc", vpcId)
    .filter(
      (attachment) =>
        carriesPackets(attachment) &&
        attachment.Options.SecurityGroupReferencingSupport === "enable" &&
        view.get("transitGateway", attachment.TransitGatewayId)?.Options.SecurityGroupReferencingSupport === "enable",
    );
}
