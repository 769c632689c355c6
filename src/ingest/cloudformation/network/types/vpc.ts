/** AWS::EC2::VPC with what comes with it (main route table, default network ACL and group), and AWS::EC2::VPCCidrBlock. */
import type { NetworkAclEntry, SecurityGroupRule, Vpc } from "../../../../model/index.ts";
import { type Given, needed } from "../given.ts";
import { change, type NetworkDraft, neededThing, place, resourceFields } from "../network-draft.ts";
import type { StackResource } from "../read-stacks.ts";
import type { NetworkType } from "./network-type.ts";

export const mainRouteTable = (vpc: StackResource) => vpc.id("rtb", "main");
export const defaultNetworkAcl = (vpc: StackResource) => vpc.id("acl", "default");
export const defaultSecurityGroup = (vpc: StackResource) => vpc.id("sg", "default");

export const vpcType: NetworkType = {
  name: "AWS::EC2::VPC",
  prefix: "vpc",
  idAttributes: ["VpcId"],
  attribute(resource, name, draft) {
    switch (name) {
      case "CidrBlock":
        return resource.properties().raw("CidrBlock");
      case "DefaultSecurityGroup":
        return defaultSecurityGroup(resource);
      case "DefaultNetworkAcl":
        return defaultNetworkAcl(resource);
      // A template that asks for it has a block of Amazon's, or none.
      case "Ipv6CidrBlocks":
        return [draft.addresses.ipv6Block(resource.id("vpc"))];
      default:
        return undefined;
    }
  },
  build(resource, draft) {
    const given = resource.properties();
    const vpcId = resource.id("vpc");
    const routeTableId = mainRouteTable(resource);
    const networkAclId = defaultNetworkAcl(resource);
    const groupId = defaultSecurityGroup(resource);
    const fields = resourceFields(resource);
    const { name, ...place_ } = fields;
    const vpc: Vpc = {
      ...fields,
      vpcId,
      cidrBlocks: [needed("CidrBlock", given.cidr("CidrBlock"))],
      ipv6CidrBlocks: [],
      isDefault: false,
      enableDnsSupport: given.boolean("EnableDnsSupport") ?? true,
      enableDnsHostnames: given.boolean("EnableDnsHostnames") ?? false,
    };
    draft.vpcs.set(vpcId, vpc);
    place(draft, vpcId, resource);
    draft.routeTables.set(routeTableId, { ...place_, routeTableId, vpcId, main: true, routes: [], gatewayIds: [] });
    place(draft, routeTableId, resource, "main route table");
    draft.networkAcls.set(networkAclId, {
      ...place_,
      networkAclId,
      vpcId,
      isDefault: true,
      entries: bothWays([{ ...everything, ruleNumber: 100, ruleAction: "allow" }, lastEntry]),
    });
    place(draft, networkAclId, resource, "default network ACL");
    const fromItself: SecurityGroupRule = {
      securityGroupRuleId: `sgr-${groupId.slice("sg-".length)}-itself`,
      isEgress: false,
      protocol: -1,
      peer: { kind: "security-group", groupId, userId: fields.ownerId },
    };
    draft.securityGroups.set(groupId, {
      ...place_,
      groupId,
      groupName: "default",
      vpcId,
      rules: [fromItself, everythingOut(groupId, "0.0.0.0/0")],
    });
    place(draft, groupId, resource, "default security group");
  },
};

const everything = { protocol: -1, cidrBlock: "0.0.0.0/0" } as const;
/** What nobody can remove. [NA-3] */
export const lastEntry = { ...everything, ruleNumber: 32_767, ruleAction: "deny" } as const;
const lastIpv6Entry = { ...lastEntry, ruleNumber: 32_768, cidrBlock: "::/0" } as const;
const allowIpv6 = { ...everything, ruleNumber: 101, ruleAction: "allow", cidrBlock: "::/0" } as const;

export function bothWays(entries: readonly Omit<NetworkAclEntry, "egress">[]): readonly NetworkAclEntry[] {
  return [true, false].flatMap((egress) => entries.map((entry) => ({ ...entry, egress })));
}

/** What AWS writes into a new group. */
export function everythingOut(groupId: string, cidr: string): SecurityGroupRule {
  return {
    securityGroupRuleId: `sgr-${groupId.slice("sg-".length)}-out${cidr.includes(":") ? "6" : ""}`,
    isEgress: true,
    protocol: -1,
    peer: { kind: "cidr", cidr },
  };
}

export const vpcCidrBlockType: NetworkType = {
  name: "AWS::EC2::VPCCidrBlock",
  touches: (resource) => vpcOf(resource.properties()),
  build(resource, draft) {
    const given = resource.properties();
    const [id = ""] = vpcOf(given);
    const block = given.cidr("CidrBlock");
    if (block !== undefined) {
      change(draft.vpcs, id, (vpc) => ({ ...vpc, cidrBlocks: [...vpc.cidrBlocks, block] }));
      return;
    }
    const own = given.cidr("Ipv6CidrBlock");
    const isAmazons = given.boolean("AmazonProvidedIpv6CidrBlock") ?? false;
    if (own === undefined && !isAmazons) {
      draft.lose(id, "where the block comes from that is associated with it is not modelled");
      return;
    }
    addIpv6(neededThing(draft.vpcs, id), own ?? draft.addresses.ipv6Block(id), draft);
  },
};

function vpcOf(given: Given): readonly string[] {
  const id = given.id("VpcId", "vpc");
  return id === undefined ? [] : [id];
}

/** With its first IPv6 block a VPC's default group and its ACLs let IPv6 through as they do IPv4. */
function addIpv6(vpc: Vpc, block: string, draft: NetworkDraft): void {
  const { vpcId } = vpc;
  draft.vpcs.set(vpcId, { ...vpc, ipv6CidrBlocks: [...vpc.ipv6CidrBlocks, block] });
  if (vpc.ipv6CidrBlocks.length > 0) return;
  for (const [id, acl] of draft.networkAcls) {
    if (acl.vpcId !== vpcId) continue;
    const added = bothWays(acl.isDefault ? [allowIpv6, lastIpv6Entry] : [lastIpv6Entry]);
    draft.networkAcls.set(id, { ...acl, entries: [...acl.entries, ...added] });
  }
  for (const [id, group] of draft.securityGroups) {
    if (group.vpcId !== vpcId || group.groupName !== "default") continue;
    draft.securityGroups.set(id, { ...group, rules: [...group.rules, everythingOut(group.groupId, "::/0")] });
  }
}

/** What a network ACL of the VPC has of AWS. */
export function lastEntriesIn(vpc: Vpc | undefined): readonly NetworkAclEntry[] {
  return bothWays(vpc !== undefined && vpc.ipv6CidrBlocks.length > 0 ? [lastEntry, lastIpv6Entry] : [lastEntry]);
}
