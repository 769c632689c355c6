/** A network ACL as the API shows it, the last entries included. [NA-3] */
import type { NetworkAcl } from "@aws-sdk/client-ec2";
import type { ActionContext } from "../../action.ts";
import { tagsOf } from "../tag/tags.ts";
import type { NetworkAclEntryRecord, NetworkAclRecord } from "./record.ts";

export function toNetworkAcl(acl: NetworkAclRecord, context: ActionContext): NetworkAcl {
  const { NetworkAclId } = acl;
  return {
    NetworkAclId,
    VpcId: acl.VpcId,
    OwnerId: acl.OwnerId,
    IsDefault: acl.IsDefault,
    Entries: inOrder(acl.Entries).map((entry) => ({ ...entry })),
    Associations: context.by("subnet", "networkAcl", NetworkAclId).map(({ SubnetId, NetworkAclAssociationId }) => ({
      NetworkAclAssociationId,
      NetworkAclId,
      SubnetId,
    })),
    Tags: tagsOf(context, NetworkAclId),
  };
}

/** Egress first, as AWS lists them, each direction by number. */
export function inOrder(entries: readonly NetworkAclEntryRecord[]): NetworkAclEntryRecord[] {
  return [...entries].sort((a, b) => Number(b.Egress) - Number(a.Egress) || a.RuleNumber - b.RuleNumber);
}
