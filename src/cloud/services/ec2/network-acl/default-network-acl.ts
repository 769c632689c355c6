/** The entries that AWS gives by itself: the unremovable last ones [NA-3], and a default network ACL's open rules [NA-4]. */
import type { Transaction } from "../../../state/transaction.ts";
import type { VpcRecord } from "../vpc/record.ts";
import { ipv6BlocksOf } from "../vpc-peering-connection/feasibility.ts";
import type { NetworkAclEntryRecord, NetworkAclRecord } from "./record.ts";

/** The numbers of the entries shown as `*`, which nobody can change. */
export const lastRuleNumber = { ipv4: 32_767, ipv6: 32_768 } as const;

/** Makes the VPC's default network ACL, which lets everything through. */
export function createDefaultNetworkAcl(transaction: Transaction, vpc: VpcRecord): NetworkAclRecord {
  return putNetworkAcl(transaction, vpc, true);
}

/** Makes a network ACL that denies everything. */
export function createClosedNetworkAcl(transaction: Transaction, vpc: VpcRecord): NetworkAclRecord {
  return putNetworkAcl(transaction, vpc, false);
}

/**
 * Brings the ACLs of a VPC up to IPv6 when it gets its first such block: a last entry in each, and, where a default ACL's own
 * rules are as they were, rule 101 as well. Does nothing the second time.
 */
export function addIpv6Entries(transaction: Transaction, vpc: Pick<VpcRecord, "VpcId">): void {
  for (const acl of transaction.by("networkAcl", "vpc", vpc.VpcId)) {
    if (acl.Entries.some(({ RuleNumber }) => RuleNumber === lastRuleNumber.ipv6)) continue;
    const added = bothWays({ ...last, RuleNumber: lastRuleNumber.ipv6, Ipv6CidrBlock: "::/0" });
    if (acl.IsDefault && isUntouched(acl)) added.push(...bothWays(allowIpv6));
    transaction.put("networkAcl", { ...acl, Entries: [...acl.Entries, ...added] });
  }
}

type EntryOfBothWays = Omit<NetworkAclEntryRecord, "Egress">;

const last = { Protocol: "-1", RuleAction: "deny" } as const;
const allowIpv4: EntryOfBothWays = { RuleNumber: 100, Protocol: "-1", RuleAction: "allow", CidrBlock: "0.0.0.0/0" };
const allowIpv6: EntryOfBothWays = { RuleNumber: 101, Protocol: "-1", RuleAction: "allow", Ipv6CidrBlock: "::/0" };

function putNetworkAcl(transaction: Transaction, vpc: VpcRecord, IsDefault: boolean): NetworkAclRecord {
  const hasIpv6 = ipv6BlocksOf(vpc).length > 0;
  const entries: EntryOfBothWays[] = [{ ...last, RuleNumber: lastRuleNumber.ipv4, CidrBlock: "0.0.0.0/0" }];
  if (IsDefault) entries.push(allowIpv4);
  if (hasIpv6) entries.push({ ...last, RuleNumber: lastRuleNumber.ipv6, Ipv6CidrBlock: "::/0" });
  if (IsDefault && hasIpv6) entries.push(allowIpv6);
  const acl: NetworkAclRecord = {
    OwnerId: vpc.OwnerId,
    Region: vpc.Region,
    CreatedAt: transaction.now,
    NetworkAclId: transaction.newId("acl"),
    VpcId: vpc.VpcId,
    IsDefault,
    Entries: entries.flatMap(bothWays),
  };
  transaction.put("networkAcl", acl);
  return acl;
}

function bothWays(entry: EntryOfBothWays): NetworkAclEntryRecord[] {
  return [
    { ...entry, Egress: true },
    { ...entry, Egress: false },
  ];
}

/** Whether only the two rules 100 that the ACL came with are there, as they came. */
function isUntouched({ Entries }: NetworkAclRecord): boolean {
  const own = Entries.filter(({ RuleNumber }) => RuleNumber < lastRuleNumber.ipv4);
  return (
    own.length === 2 &&
    own.every(
      (entry) =>
        entry.RuleNumber === allowIpv4.RuleNumber &&
        entry.RuleAction === "allow" &&
        entry.Protocol === "-1" &&
        entry.CidrBlock === allowIpv4.CidrBlock,
    )
  );
}
