/** Who references a group across a peering or a transit gateway, and which rules have lost what they referenced. [SG-51 to SG-54] */
import type {
  DescribeSecurityGroupReferencesCommandInput,
  DescribeSecurityGroupReferencesCommandOutput,
  DescribeStaleSecurityGroupsCommandInput,
  DescribeStaleSecurityGroupsCommandOutput,
  SecurityGroupReference,
  StaleIpPermission,
  StaleSecurityGroup,
} from "@aws-sdk/client-ec2";
import { missingParameter } from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { byIds, describe } from "../describe.ts";
import { named } from "../required.ts";
import { referencingGatewayBetween } from "../transit-gateway-vpc-attachment/references.ts";
import { vpcDescription } from "../vpc/describe.ts";
import { activePeeringBetween } from "../vpc-peering-connection/between.ts";
import { securityGroups } from "./lookup.ts";
import { toUserIdGroupPair } from "./permissions.ts";
import type { SecurityGroupRecord, SecurityGroupRuleRecord } from "./record.ts";
import { stale } from "./references.ts";
import { hasPorts } from "./rule.ts";

/** Tells the referenced group's owner; references within one VPC are not listed. [SG-53] */
export const describeSecurityGroupReferences: Action<
  DescribeSecurityGroupReferencesCommandInput,
  DescribeSecurityGroupReferencesCommandOutput
> = ({ GroupId }, context) => {
  if (!GroupId?.length) throw missingParameter("GroupId");
  return {
    SecurityGroupReferenceSet: byIds(securityGroups, GroupId, context).flatMap((group) => referencesOf(group, context)),
  };
};

export const describeStaleSecurityGroups: Action<
  DescribeStaleSecurityGroupsCommandInput,
  DescribeStaleSecurityGroupsCommandOutput
> = (input, context) => {
  const { VpcId } = named(vpcDescription, "VpcId", input.VpcId, context);
  const { MaxResults, NextToken: token } = input;
  const { records, NextToken } = describe(
    {
      ...securityGroups,
      pageSize: { min: 5, max: 255 },
      shown: (group) => group.VpcId === VpcId && group.Rules.some((rule) => stale(rule, group, context)),
    },
    undefined,
    { MaxResults, NextToken: token },
    context,
  );
  return { StaleSecurityGroupSet: records.map((group) => toStaleGroup(group, context)), NextToken };
};

function referencesOf({ GroupId, VpcId }: SecurityGroupRecord, context: ActionContext): SecurityGroupReference[] {
  const referencing = new Set(context.by("securityGroup", "references", GroupId).map((group) => group.VpcId));
  referencing.delete(VpcId);
  return [...referencing].flatMap((ReferencingVpcId): SecurityGroupReference[] => {
    const peering = activePeeringBetween(context, VpcId, ReferencingVpcId);
    if (peering !== undefined) {
      return [{ GroupId, ReferencingVpcId, VpcPeeringConnectionId: peering.VpcPeeringConnectionId }];
    }
    const TransitGatewayId = referencingGatewayBetween(context, VpcId, ReferencingVpcId);
    return TransitGatewayId === undefined ? [] : [{ GroupId, ReferencingVpcId, TransitGatewayId }];
  });
}

function toStaleGroup(group: SecurityGroupRecord, context: ActionContext): StaleSecurityGroup {
  const { GroupId, GroupName, Description, VpcId } = group;
  const rules = group.Rules.filter((rule) => stale(rule, group, context));
  return {
    GroupId,
    GroupName,
    Description,
    VpcId,
    StaleIpPermissions: toStalePermissions(rules, false, group, context),
    StaleIpPermissionsEgress: toStalePermissions(rules, true, group, context),
  };
}

function toStalePermissions(
  rules: readonly SecurityGroupRuleRecord[],
  isEgress: boolean,
  group: SecurityGroupRecord,
  context: ActionContext,
): StaleIpPermission[] {
  return rules
    .filter((rule) => rule.IsEgress === isEgress)
    .map(({ IpProtocol, FromPort, ToPort, ReferencedGroup }) => ({
      IpProtocol,
      ...(hasPorts(IpProtocol) && { FromPort, ToPort }),
      UserIdGroupPairs: ReferencedGroup ? [stalePair(ReferencedGroup, group, context)] : [],
    }));
}

/** The account is not told once the group itself is gone. [SG-51] */
function stalePair(
  reference: NonNullable<SecurityGroupRuleRecord["ReferencedGroup"]>,
  { VpcId }: SecurityGroupRecord,
  context: ActionContext,
) {
  const { UserId, ...pair } = toUserIdGroupPair(reference, VpcId, context);
  return context.get("securityGroup", reference.GroupId) === undefined ? pair : { ...pair, UserId };
}
