/** AWS::EC2::SecurityGroup, and rules that are resources of their own. */
import type { SecurityGroupId, SecurityGroupPeer, SecurityGroupRule } from "../../../../model/index.ts";
import { hasPorts, protocolNumber } from "../../../protocol-number.ts";
import { isUnknownValue } from "../../template/index.ts";
import { type Given, NotTold, needed } from "../given.ts";
import { change, type NetworkDraft, place, resourceFields } from "../network-draft.ts";
import type { StackResource } from "../read-stacks.ts";
import type { NetworkType } from "./network-type.ts";
import { unknownBlock } from "./unknown-block.ts";
import { everythingOut } from "./vpc.ts";

export const securityGroupType: NetworkType = {
  name: "AWS::EC2::SecurityGroup",
  prefix: "sg",
  idAttributes: ["GroupId", "Id"],
  attribute: (resource, name) => (name === "VpcId" ? resource.properties().raw("VpcId") : undefined),
  build(resource, draft) {
    const given = resource.properties();
    const groupId = resource.id("sg");
    const vpcId = needed("VpcId", given.id("VpcId", "vpc"));
    const rules = (["Ingress", "Egress"] as const).flatMap((direction) =>
      given
        .items(`SecurityGroup${direction}`)
        .map((each, index) =>
          ruleOf(each, groupId, `${direction.toLowerCase()}-${index}`, direction === "Egress", draft),
        ),
    );
    const isOpen = !rules.some(({ isEgress }) => isEgress);
    draft.securityGroups.set(groupId, {
      ...resourceFields(resource),
      groupId,
      groupName: groupName(given) ?? resource.logicalId,
      vpcId,
      rules: [...rules, ...(isOpen ? openEgress(groupId, vpcId, draft) : [])],
    });
    place(draft, groupId, resource);
  },
};

function groupName(given: Given): string | undefined {
  const name = given.raw("GroupName");
  return typeof name === "string" ? name : undefined;
}

function openEgress(groupId: SecurityGroupId, vpcId: string, { vpcs }: NetworkDraft): readonly SecurityGroupRule[] {
  const hasIpv6 = (vpcs.get(vpcId)?.ipv6CidrBlocks.length ?? 0) > 0;
  return ["0.0.0.0/0", ...(hasIpv6 ? ["::/0"] : [])].map((cidr) => everythingOut(groupId, cidr));
}

function ruleType(direction: "Ingress" | "Egress"): NetworkType {
  return {
    name: `AWS::EC2::SecurityGroup${direction}`,
    touches: groupOf,
    build(resource, draft) {
      const given = resource.properties();
      for (const id of groupOf(resource)) {
        const rule = ruleOf(given, id, resource.id("sgr").slice("sgr-".length), direction === "Egress", draft);
        place(draft, rule.securityGroupRuleId, resource);
        change(draft.securityGroups, id, (group) => ({ ...group, rules: [...group.rules, rule] }));
      }
    },
  };
}

export const securityGroupIngressType: NetworkType = ruleType("Ingress");
export const securityGroupEgressType: NetworkType = ruleType("Egress");

function groupOf(resource: StackResource): readonly SecurityGroupId[] {
  const id = resource.properties().id("GroupId", "sg");
  return id === undefined ? [] : [id];
}

function ruleOf(
  given: Given,
  groupId: SecurityGroupId,
  place_: string,
  isEgress: boolean,
  draft: NetworkDraft,
): SecurityGroupRule {
  const protocol = needed("IpProtocol", protocolNumber(given.text("IpProtocol")));
  const fromPort = given.integer("FromPort");
  const toPort = given.integer("ToPort");
  const ports = hasPorts(protocol) && fromPort !== undefined ? { fromPort, toPort: toPort ?? fromPort } : {};
  const description = given.raw("Description");
  return {
    securityGroupRuleId: place_.includes(groupId.slice("sg-".length))
      ? `sgr-${place_}`
      : `sgr-${groupId.slice("sg-".length)}-${place_}`,
    isEgress,
    protocol,
    ...ports,
    peer: peerOf(given, draft),
    ...(typeof description === "string" && { description }),
  };
}

/** Groups of another VPC are told from those of the own one when all are there. */
function peerOf(given: Given, draft: NetworkDraft): SecurityGroupPeer {
  for (const name of ["CidrIp", "CidrIpv6"]) {
    const raw = given.raw(name);
    if (isUnknownValue(raw)) return { kind: "prefix-list", prefixListId: unknownBlock(raw, draft) };
    const cidr = given.cidr(name);
    if (cidr !== undefined) return { kind: "cidr", cidr };
  }
  const prefixListId = given.id("SourcePrefixListId", "pl") ?? given.id("DestinationPrefixListId", "pl");
  if (prefixListId !== undefined) return { kind: "prefix-list", prefixListId };
  const groupId = given.id("SourceSecurityGroupId", "sg") ?? given.id("DestinationSecurityGroupId", "sg");
  if (groupId === undefined) throw new NotTold("a rule names its other side in a way that is not modelled");
  const raw = given.raw("SourceSecurityGroupOwnerId");
  const userId = draft.resource(groupId)?.stack.accountId ?? (typeof raw === "string" ? raw : undefined);
  return { kind: "security-group", groupId, ...(userId !== undefined && { userId }) };
}
