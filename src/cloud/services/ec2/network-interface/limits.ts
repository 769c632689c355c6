/** What an interface may hold: groups and addresses. [AD-58] https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
import { AwsError, ec2Errors } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import { instanceTypeOf } from "../instance/instance-types.ts";
import type { NetworkInterfaceRecord } from "./record.ts";

/** AWS's default quota of security groups per interface. */
const maxGroups = 5;

/** The groups for an interface in a VPC: those asked for, checked, or the VPC's default group. */
export function groupsFor(
  context: ActionContext,
  vpcId: string,
  subnetId: string,
  wanted: readonly string[] | undefined,
): readonly string[] {
  if (!wanted?.length) {
    const standard = context.by("securityGroup", "vpc", vpcId).find((group) => group.GroupName === "default");
    if (standard === undefined) throw new Error(`bug: ${vpcId} has no default security group`);
    return [standard.GroupId];
  }
  const groups = [...new Set(wanted)];
  for (const groupId of groups) {
    const group = context.visible("securityGroup", groupId, context.caller.accountId, context.caller.region);
    if (group === undefined) throw ec2Errors.notFound("security-group", groupId);
    if (group.VpcId !== vpcId) {
      throw new AwsError(
        "InvalidParameter",
        `Security group ${groupId} and subnet ${subnetId} belong to different networks.`,
      );
    }
  }
  if (groups.length > maxGroups) {
    throw new AwsError(
      "SecurityGroupsPerInterfaceLimitExceeded",
      `The maximum number of security groups per interface is ${maxGroups}; ${groups.length} were given.`,
    );
  }
  return groups;
}

/** Refuses more private addresses on the interface than its instance's type allows. */
export function checkAddressLimit(
  context: ActionContext,
  record: NetworkInterfaceRecord,
  more: number,
  family: "IPv4" | "IPv6",
): void {
  const instanceId = record.Attachment?.InstanceId;
  const instance = instanceId === undefined ? undefined : context.get("instance", instanceId);
  const type = instance === undefined ? undefined : instanceTypeOf(instance.InstanceType);
  if (instance === undefined || type === undefined) return;
  const has = family === "IPv4" ? record.PrivateIpAddresses.length : record.Ipv6Addresses.length;
  const max = family === "IPv4" ? type.ipv4AddressesPerInterface : type.ipv6AddressesPerInterface;
  if (has + more > max) {
    throw new AwsError(
      "PrivateIpAddressLimitExceeded",
      `Number of private addresses will exceed limit: ${instance.InstanceType} allows ${max} ${family} addresses per interface.`,
    );
  }
}
