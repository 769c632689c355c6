/** A network ACL and its entries, the unremovable last ones included. [NA-3] */
import type { CloudRecord } from "../../../state/record.ts";

export interface NetworkAclEntryRecord {
  readonly RuleNumber: number;
  readonly Egress: boolean;
  /** A decimal number, or `-1`. [NA-7] */
  readonly Protocol: string;
  readonly RuleAction: "allow" | "deny";
  readonly CidrBlock?: string;
  readonly Ipv6CidrBlock?: string;
  readonly PortRange?: { readonly From: number; readonly To: number };
  readonly IcmpTypeCode?: { readonly Type: number; readonly Code: number };
}

export interface NetworkAclRecord extends CloudRecord {
  readonly NetworkAclId: string;
  readonly VpcId: string;
  readonly IsDefault: boolean;
  readonly Entries: readonly NetworkAclEntryRecord[];
}
