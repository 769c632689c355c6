/** Rules of security groups, and entries of network ACLs. */
import type { NetworkModel } from "../../../model/index.ts";
import type { ChangeOf } from "../network-change.ts";
import type { AppliedKinds } from "./applied-kinds.ts";
import { editModel } from "./edit-model.ts";

export const applyRuleChanges: AppliedKinds<
  "authorize-security-group-ingress" | "authorize-security-group-egress" | "create-network-acl-entry"
> = {
  "authorize-security-group-ingress": (model, change) => addRule(model, change, false),
  "authorize-security-group-egress": (model, change) => addRule(model, change, true),

  "create-network-acl-entry": (model, { networkAclId, entry }) =>
    editModel(model, "networkAcls", (acl) =>
      acl.networkAclId === networkAclId
        ? {
            ...acl,
            entries: [...acl.entries, entry].sort(
              (a, b) => Number(a.egress) - Number(b.egress) || a.ruleNumber - b.ruleNumber,
            ),
          }
        : acl,
    ),
};

function addRule(
  model: NetworkModel,
  { groupId, permission }: ChangeOf<"authorize-security-group-ingress" | "authorize-security-group-egress">,
  isEgress: boolean,
): NetworkModel {
  return editModel(model, "securityGroups", (group) => {
    if (group.groupId !== groupId) return group;
    // Provisional, and the only one with its number in the group.
    const securityGroupRuleId = `sgr-new-${group.rules.length + 1}` as const;
    return { ...group, rules: [...group.rules, { securityGroupRuleId, isEgress, ...permission }] };
  });
}
