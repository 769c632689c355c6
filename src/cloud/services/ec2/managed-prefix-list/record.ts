/** A managed prefix list and its versions. */
import type { CloudRecord } from "../../../state/record.ts";

export interface PrefixListEntry {
  readonly Cidr: string;
  readonly Description?: string;
}

/** `OwnerId` is `AWS` for the lists that AWS keeps. */
export interface ManagedPrefixListRecord extends CloudRecord {
  readonly PrefixListId: string;
  readonly PrefixListName: string;
  readonly AddressFamily: "IPv4" | "IPv6";
  readonly MaxEntries: number;
  readonly Version: number;
  readonly State:
    | "create-in-progress"
    | "create-complete"
    | "modify-in-progress"
    | "modify-complete"
    | "delete-in-progress"
    | "delete-complete"
    | "delete-failed";
  /** Why a deletion failed. */
  readonly StateMessage?: string;
  /** Entries of every version, the newest last; index 0 is version 1. */
  readonly Versions: readonly (readonly PrefixListEntry[])[];
  /** Accounts other than the owner that see the list in its Region: for AWS's own, all that have used the Region. */
  readonly Viewers?: readonly string[];
}

/** The owner that AWS's own lists show. */
export const awsOwner = "AWS";
