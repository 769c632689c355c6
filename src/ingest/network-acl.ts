/** Network ACLs with their entries. */
import type { NetworkAcl, NetworkAclEntry } from "../model/index.ts";
import { type Item, required } from "./item.ts";
import { mergeResources, resourceFields } from "./merge.ts";
import type { Part, Seen } from "./part.ts";
import { protocolNumber } from "./protocol-number.ts";
import type { Report } from "./report.ts";

export function readNetworkAcls(parts: readonly Part[], report: Report): readonly NetworkAcl[] {
  return mergeResources(parts.flatMap(networkAclsOf), report);
}

function networkAclsOf(part: Part): readonly Seen<NetworkAcl>[] {
  return part.readEach("NetworkAcls", { field: "NetworkAclId", prefix: "acl" }, (item, networkAclId) => ({
    ...resourceFields(item, part),
    networkAclId,
    vpcId: required(item, "VpcId", item.id("VpcId", "vpc")),
    isDefault: item.boolean("IsDefault") ?? false,
    entries: item
      .items("Entries")
      // An entry left out would open or close more than anybody could tell: then the whole ACL is not known.
      .map(readEntry)
      .sort((a, b) => Number(b.egress) - Number(a.egress) || a.ruleNumber - b.ruleNumber),
  }));
}

function readEntry(item: Item): NetworkAclEntry {
  const need = <T>(name: string, value: T | undefined): T => required(item, name, value);
  const protocol = need("Protocol", protocolNumber(item.text("Protocol")));
  const icmp = item.item("IcmpTypeCode");
  const ports = item.item("PortRange");
  return {
    ruleNumber: need("RuleNumber", item.integer("RuleNumber")),
    egress: need("Egress", item.boolean("Egress")),
    ruleAction: need("RuleAction", item.choice("RuleAction", ["allow", "deny"])),
    protocol,
    cidrBlock: need("CidrBlock", item.cidr("CidrBlock") ?? item.cidr("Ipv6CidrBlock")),
    ...(ports && { portRange: { from: need("From", ports.integer("From")), to: need("To", ports.integer("To")) } }),
    ...(icmp && {
      icmpTypeCode: { type: need("Type", icmp.integer("Type")), code: need("Code", icmp.integer("Code")) },
    }),
  };
}
