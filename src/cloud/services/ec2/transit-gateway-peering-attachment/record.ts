/** Two transit gateways joined, seen by either side as an attachment of its own gateway. [TG-60 to TG-64] */
import type { TransitGatewayAttachmentState } from "../../../../model/index.ts";
import type { CloudRecord } from "../../../state/record.ts";

export type TransitGatewayPeeringAttachmentState = Exclude<
  TransitGatewayAttachmentState,
  "initiating" | "modifying" | "rollingBack"
>;

export interface PeeringAttachmentSide {
  readonly OwnerId: string;
  readonly Region: string;
  readonly TransitGatewayId: string;
  /** The same at both sides in different Regions, one for each side within a Region. [TG-62] */
  readonly TransitGatewayAttachmentId: string;
}

/** `OwnerId` and `Region` are the requester's. */
export interface TransitGatewayPeeringAttachmentRecord extends CloudRecord {
  readonly Requester: PeeringAttachmentSide;
  readonly Accepter: PeeringAttachmentSide;
  /** As asked for: AWS shows no options where none were given. */
  readonly Options?: { readonly DynamicRouting: "disable" };
  readonly State: TransitGatewayPeeringAttachmentState;
}
