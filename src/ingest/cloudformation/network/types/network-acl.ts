/** AWS::EC2::NetworkAcl and its entries. */
import type { NetworkAclEntry } from "../../../../model/index.ts";
import { protocolNumber } from "../../../protocol-number.ts";
import { needed } from "../given.ts";
import { change, place, resourceFields } from "../network-draft.ts";
import type { StackResource } from "../read-stacks.ts";
import type { NetworkType } from "./network-type.ts";
import { lastEntriesIn } from "./vpc.ts";

export const networkAclType: NetworkType = {
  name: "AWS::EC2::NetworkAcl",
  prefix: "acl",
  idAttributes: ["Id"],
  build(resource, draft) {
    const networkAclId = resource.id("acl");
    const vpcId = needed("VpcId", resource.properties().id("VpcId", "vpc"));
    draft.networkAcls.set(networkAclId, {
      ...resourceFields(resource),
      networkAclId,
      vpcId,
      isDefault: false,
      entries: lastEntriesIn(draft.vpcs.get(vpcId)),
    });
    place(draft, networkAclId, resource);
  },
};

/** Its order among the others, and that of its directions, is settled with the whole network. */
export const networkAclEntryType: NetworkType = {
  name: "AWS::EC2::NetworkAclEntry",
  touches: aclOf,
  build(resource, draft) {
    const entry = entryOf(resource);
    for (const id of aclOf(resource)) {
      change(draft.networkAcls, id, (acl) => ({ ...acl, entries: [...acl.entries, entry] }));
    }
  },
};

function aclOf(resource: StackResource): readonly string[] {
  const id = resource.properties().id("NetworkAclId", "acl");
  return id === undefined ? [] : [id];
}

function entryOf(resource: StackResource): NetworkAclEntry {
  const given = resource.properties();
  const protocol = needed("Protocol", protocolNumber(given.text("Protocol")));
  const ports = protocol === 6 || protocol === 17 ? given.item("PortRange") : undefined;
  const icmp = protocol === 1 || protocol === 58 ? given.item("Icmp") : undefined;
  return {
    ruleNumber: needed("RuleNumber", given.integer("RuleNumber")),
    egress: given.boolean("Egress") ?? false,
    ruleAction: needed("RuleAction", given.text("RuleAction")) === "allow" ? "allow" : "deny",
    protocol,
    cidrBlock: needed("CidrBlock", given.cidr("CidrBlock") ?? given.cidr("Ipv6CidrBlock")),
    ...(ports && { portRange: { from: ports.integer("From") ?? 0, to: ports.integer("To") ?? 65_535 } }),
    ...(icmp && { icmpTypeCode: { type: icmp.integer("Type") ?? -1, code: icmp.integer("Code") ?? -1 } }),
  };
}
