/** A VPC's attachment to a transit gateway. [TG-10 to TG-13] */
import type { TransitGatewayAttachmentState } from "../../../../model/index.ts";
import type { CloudRecord } from "../../../state/record.ts";
import type { Switch } from "../transit-gateway/record.ts";

export type TransitGatewayVpcAttachmentState = Exclude<
  TransitGatewayAttachmentState,
  "initiating" | "initiatingRequest"
>;

export interface TransitGatewayVpcAttachmentOptionsRecord {
  readonly DnsSupport: Switch;
  readonly SecurityGroupReferencingSupport: Switch;
  readonly Ipv6Support: Switch;
  readonly ApplianceModeSupport: Switch;
}

/** What ModifyTransitGatewayVpcAttachment can change. */
interface Changeable {
  readonly SubnetIds: readonly string[];
  readonly Options: TransitGatewayVpcAttachmentOptionsRecord;
}

/** `OwnerId` is the VPC's owner. */
export interface TransitGatewayVpcAttachmentRecord extends CloudRecord, Changeable {
  readonly TransitGatewayAttachmentId: string;
  readonly TransitGatewayId: string;
  readonly TransitGatewayOwnerId: string;
  readonly VpcId: string;
  readonly State: TransitGatewayVpcAttachmentState;
  /** One in each subnet, from the moment when the attachment is available. [TG-12] */
  readonly Interfaces: readonly { readonly SubnetId: string; readonly NetworkInterfaceId: string }[];
  /** What a modification will bring; what is above stays in force until then. [TG-15] */
  readonly Wanted?: Changeable;
}
