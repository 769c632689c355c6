/** Resource Access Manager: shares, what and whom they join, and the invitations to accept. A share lives in one Region. */
import type { CloudRecord } from "../../state/record.ts";

export interface RamTag {
  readonly key: string;
  readonly value: string;
}

/** `OwnerId` is the account that shares. */
export interface ResourceShareRecord extends CloudRecord {
  readonly ResourceShareArn: string;
  readonly Name: string;
  readonly AllowExternalPrincipals: boolean;
  readonly Status: "ACTIVE" | "DELETING" | "DELETED";
  readonly LastUpdatedAt: number;
  /** Permissions that were named when the share was made; a type of resource without one has its default. */
  readonly PermissionArns: readonly string[];
  readonly Tags: readonly RamTag[];
  /** Other accounts that have accepted it, and so see it. */
  readonly SharedWith: readonly string[];
}

type AssociationStatus = "ASSOCIATING" | "ASSOCIATED" | "DISASSOCIATING" | "DISASSOCIATED";

interface AssociationRecord extends CloudRecord {
  readonly ResourceShareArn: string;
  readonly Status: AssociationStatus;
  readonly LastUpdatedAt: number;
}

/** A resource in a share. */
export interface ResourceAssociationRecord extends AssociationRecord {
  readonly ResourceArn: string;
}

/** An account that is given a share; `ASSOCIATING` until it accepts. */
export interface PrincipalAssociationRecord extends AssociationRecord {
  /** An account's id. */
  readonly Principal: string;
}

/** `OwnerId` is the receiver: only they see it. */
export interface ResourceShareInvitationRecord extends CloudRecord {
  readonly ResourceShareInvitationArn: string;
  readonly ResourceShareArn: string;
  readonly SenderAccountId: string;
  readonly Status: "PENDING" | "ACCEPTED" | "REJECTED" | "EXPIRED";
}

/** An association is one for its share and what it joins to it; joined again, it starts anew. */
export function resourceAssociationId(shareArn: string, resourceArn: string): string {
  return `${shareArn} ${resourceArn}`;
}

export function principalAssociationId(shareArn: string, principal: string): string {
  return `${shareArn} ${principal}`;
}
