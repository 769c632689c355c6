/** A VPC peering connection: two sides, one status, seen by each account in the Region of its own VPC. [PX-5] */
import type { VpcPeeringConnectionStateReasonCode } from "../../../../model/index.ts";
import type { CloudRecord } from "../../../state/record.ts";

export interface PeeringSide {
  readonly OwnerId: string;
  readonly Region: string;
  readonly VpcId: string;
  /** The VPC's blocks as they were when last known; kept so that a terminal row still tells them. */
  readonly CidrBlockSet: readonly string[];
  readonly Ipv6CidrBlockSet: readonly string[];
  readonly AllowDnsResolutionFromRemoteVpc: boolean;
}

/** `OwnerId` and `Region` are the requester's. */
export interface VpcPeeringConnectionRecord extends CloudRecord {
  readonly VpcPeeringConnectionId: string;
  readonly Requester: PeeringSide;
  readonly Accepter: PeeringSide;
  readonly StatusCode: VpcPeeringConnectionStateReasonCode;
  readonly StatusMessage: string;
  /** Milliseconds since the epoch; present while the request is open. [PX-4] */
  readonly ExpirationTime?: number;
  /** Who deleted it, for the message and for how long each side still sees it. [PX-2] */
  readonly DeletedBy?: string;
  /** When the row reached its terminal state, milliseconds since the epoch. */
  readonly EndedAt?: number;
}
