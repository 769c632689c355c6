/** A transit gateway and its options. [TG-1, TG-2] */
import type { TransitGateway } from "../../../../model/index.ts";
import type { CloudRecord } from "../../../state/record.ts";

export type Switch = "enable" | "disable";

export interface TransitGatewayOptionsRecord {
  readonly AmazonSideAsn: number;
  readonly TransitGatewayCidrBlocks: readonly string[];
  readonly AutoAcceptSharedAttachments: Switch;
  readonly DefaultRouteTableAssociation: Switch;
  /** Present exactly while the switch above is on. [TG-3] */
  readonly AssociationDefaultRouteTableId?: string;
  readonly DefaultRouteTablePropagation: Switch;
  /** Present exactly while the switch above is on. [TG-3] */
  readonly PropagationDefaultRouteTableId?: string;
  readonly VpnEcmpSupport: Switch;
  readonly DnsSupport: Switch;
  readonly SecurityGroupReferencingSupport: Switch;
}

export interface TransitGatewayRecord extends CloudRecord {
  readonly TransitGatewayId: string;
  readonly State: TransitGateway["state"];
  readonly Description: string;
  readonly Options: TransitGatewayOptionsRecord;
  /** Accounts, besides the owner, that see the gateway and may attach VPCs to it. [TG-80] */
  readonly SharedWith: readonly string[];
}
