/** A VPC attachment as the network model sees it: with what is in force while it is being modified. [TG-15] */
import type {
  SubnetId,
  TransitGatewayAttachmentId,
  TransitGatewayId,
  TransitGatewayVpcAttachment,
  VpcId,
} from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import { hasEnded } from "../transit-gateway-attachment/states.ts";
import type { TransitGatewayVpcAttachmentRecord } from "./record.ts";

export function projectTransitGatewayVpcAttachment(
  record: TransitGatewayVpcAttachmentRecord,
  view: StateView,
): TransitGatewayVpcAttachment | undefined {
  if (hasEnded(record)) return undefined;
  const { Options } = record;
  return {
    ownerId: record.OwnerId,
    region: record.Region,
    name: ownName(record, record.TransitGatewayAttachmentId, view),
    // Ids of records were made with their prefixes.
    transitGatewayAttachmentId: record.TransitGatewayAttachmentId as TransitGatewayAttachmentId,
    transitGatewayId: record.TransitGatewayId as TransitGatewayId,
    vpcId: record.VpcId as VpcId,
    subnetIds: record.SubnetIds as readonly SubnetId[],
    state: record.State,
    applianceModeSupport: Options.ApplianceModeSupport === "enable",
    dnsSupport: Options.DnsSupport === "enable",
    ipv6Support: Options.Ipv6Support === "enable",
    securityGroupReferencingSupport: Options.SecurityGroupReferencingSupport === "enable",
  };
}
