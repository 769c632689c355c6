/** AWS::EC2::SecurityGroupIngress and AWS::EC2::SecurityGroupEgress: rules that are resources of their own. */
import type {
  AuthorizeSecurityGroupIngressCommandOutput,
  DescribeSecurityGroupsCommandOutput,
} from "@aws-sdk/client-ec2";
import { permissionOf, type Rule } from "./ip-permission.ts";
import { ResourceFailure, type ResourceWork, resourceType } from "./resource-type.ts";

interface Properties extends Rule {
  readonly GroupId?: string;
  readonly GroupName?: string;
}

const shared = ["CidrIp", "CidrIpv6", "Description", "FromPort", "GroupId", "IpProtocol", "ToPort"] as const;

function ruleType(direction: "Ingress" | "Egress", more: readonly (keyof Properties)[]) {
  return resourceType<Properties>({
    name: `AWS::EC2::SecurityGroup${direction}`,
    properties: [...shared, ...more],
    create(work) {
      const { GroupId: _id, GroupName: _name, ...rule } = work.properties;
      const { SecurityGroupRules = [] } = work.call<AuthorizeSecurityGroupIngressCommandOutput>(
        `ec2:AuthorizeSecurityGroup${direction}`,
        { GroupId: groupOf(work), IpPermissions: [permissionOf(rule)] },
      );
      return SecurityGroupRules[0]?.SecurityGroupRuleId ?? "";
    },
    update(work) {
      const { Description = "" } = work.properties;
      work.call(`ec2:UpdateSecurityGroupRuleDescriptions${direction}`, {
        GroupId: groupOf(work),
        SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: work.physicalId, Description }],
      });
    },
    delete(work) {
      const input = { GroupId: groupOf(work), SecurityGroupRuleIds: [work.physicalId] };
      work.call(`ec2:RevokeSecurityGroup${direction}`, input);
    },
    attributes: ({ physicalId }) => ({ Id: physicalId }),
  });
}

export const securityGroupIngressType = ruleType("Ingress", [
  "GroupName",
  "SourcePrefixListId",
  "SourceSecurityGroupId",
  "SourceSecurityGroupName",
  "SourceSecurityGroupOwnerId",
]);

export const securityGroupEgressType = ruleType("Egress", ["DestinationPrefixListId", "DestinationSecurityGroupId"]);

/** A name stands for a group of the default VPC. */
function groupOf(work: ResourceWork<Properties>): string {
  const { GroupId, GroupName } = work.properties;
  if (GroupId !== undefined) return GroupId;
  if (GroupName === undefined) throw new ResourceFailure("GroupId must be specified.");
  const input = { Filters: [{ Name: "group-name", Values: [GroupName] }] };
  const { SecurityGroups = [] } = work.call<DescribeSecurityGroupsCommandOutput>("ec2:DescribeSecurityGroups", input);
  const [group] = SecurityGroups;
  if (group?.GroupId === undefined) throw new ResourceFailure(`The security group '${GroupName}' does not exist`);
  return group.GroupId;
}
