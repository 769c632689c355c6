/** How a call names a security group: by id, or by name in the default VPC; and what the caller may see of them. */
import { AwsError, missingParameter } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import { named } from "../required.ts";
import type { VpcRecord } from "../vpc/record.ts";
import { groupFilters } from "./group-filters.ts";
import type { SecurityGroupRecord } from "./record.ts";

export const securityGroups: DescribeDefinition<"securityGroup"> = {
  table: "securityGroup",
  kind: "security-group",
  idPrefix: "sg",
  filters: groupFilters,
  indexed: { "vpc-id": "vpc" },
};

/** The caller's group with this id. `InvalidGroup.NotFound`, `InvalidGroupId.Malformed`. [SG-14] */
export function groupById(id: string | undefined, context: ActionContext): SecurityGroupRecord {
  return named(securityGroups, "GroupId", id, context);
}

/** The group of a call that takes an id, or the name of a group in the default VPC. */
export function groupNamed(
  { GroupId, GroupName }: { readonly GroupId?: string | undefined; readonly GroupName?: string | undefined },
  context: ActionContext,
): SecurityGroupRecord {
  if (GroupId) return groupById(GroupId, context);
  if (GroupName) return groupInDefaultVpc(GroupName, context);
  throw missingParameter("GroupName or GroupId");
}

/** The default VPC's group of that name. */
export function groupInDefaultVpc(name: string, context: ActionContext): SecurityGroupRecord {
  const { VpcId } = defaultVpc(context);
  const group = context.by("securityGroup", "vpc", VpcId).find((each) => each.GroupName === name);
  if (group !== undefined) return group;
  throw new AwsError("InvalidGroup.NotFound", `The security group '${name}' does not exist in default VPC '${VpcId}'`);
}

/** The default VPC of the caller's Region. */
export function defaultVpc(context: ActionContext): VpcRecord {
  const { accountId, region } = context.caller;
  const vpc = context.inScope("vpc", accountId, region).find((each) => each.IsDefault);
  if (vpc === undefined) throw new AwsError("VPCIdNotSpecified", "No default VPC for this user");
  return vpc;
}
