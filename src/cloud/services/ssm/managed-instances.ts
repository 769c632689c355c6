/**
 * Which instances Systems Manager sees: those whose agents have a role and a path to it [9.7], and those that had them once, whose
 * connection is lost.
 */
import type {
  DescribeInstanceInformationCommandInput,
  DescribeInstanceInformationCommandOutput,
  InstanceInformation,
  PingStatus,
} from "@aws-sdk/client-ssm";
import { AwsError } from "../../../aws/index.ts";
import type { Action, ActionContext } from "../action.ts";
import { imageById } from "../ec2/image/images.ts";
import type { InstanceRecord } from "../ec2/instance/record.ts";
import { interfacesOf } from "../ec2/instance/to-api.ts";
import { tagsOf } from "../ec2/tag/tags.ts";
import { offsetPage } from "../offset-page.ts";
import { readAgents } from "./agent/agents.ts";

export const describeInstanceInformation: Action<
  DescribeInstanceInformationCommandInput,
  DescribeInstanceInformationCommandOutput
> = (input, context) => {
  const { accountId, region } = context.caller;
  const statusOf = pingStatus(context);
  const older = (input.InstanceInformationFilterList ?? []).map(({ key, valueSet }) =>
    test(key ?? "", valueSet ?? [], statusOf, context),
  );
  const newer = (input.Filters ?? []).map(({ Key, Values }) => test(Key ?? "", Values ?? [], statusOf, context));
  const rows = context
    .inScope("instance", accountId, region)
    .filter((record) => [...older, ...newer].every((matches) => matches(record)))
    .filter((record) => statusOf(record) !== undefined);
  const { items, NextToken } = offsetPage(rows, { ...input, MaxResults: input.MaxResults ?? 10 }, { min: 5, max: 50 });
  return {
    InstanceInformationList: items.map((record) => toInformation(record, statusOf(record), context)),
    NextToken,
  };
};

/** The agent that this cloud plays. */
export const agentVersion = "3.3.3050.0";

/** Looks at each instance once; undefined for one that Systems Manager has never heard of. */
function pingStatus(context: ActionContext): (record: InstanceRecord) => PingStatus | undefined {
  const agents = readAgents(context, context.model);
  const known = new Map<string, PingStatus | undefined>();
  return (record) => {
    const { InstanceId } = record;
    if (!known.has(InstanceId)) known.set(InstanceId, agents.isOnline(record) ? "Online" : lost(InstanceId, context));
    return known.get(InstanceId);
  };
}

function lost(instanceId: string, context: ActionContext): PingStatus | undefined {
  return context.get("managedInstance", instanceId) === undefined ? undefined : "ConnectionLost";
}

function toInformation(
  record: InstanceRecord,
  status: PingStatus | undefined,
  context: ActionContext,
): InstanceInformation {
  const image = imageById(record.Region, record.ImageId);
  const [primary] = interfacesOf(context, record.InstanceId);
  const ubuntu = /ubuntu-\w+-([\d.]+)/.exec(image.name)?.[1];
  const platform =
    ubuntu !== undefined
      ? { name: "Ubuntu", version: ubuntu }
      : { name: "Amazon Linux", version: image.name.startsWith("amzn2") ? "2" : "2023" };
  return {
    InstanceId: record.InstanceId,
    PingStatus: status,
    // When the last one was of an agent that is gone, nobody has written down.
    ...(status === "Online" ? { LastPingDateTime: new Date(context.now) } : {}),
    AgentVersion: agentVersion,
    IsLatestVersion: true,
    PlatformType: "Linux",
    PlatformName: platform.name,
    PlatformVersion: platform.version,
    ResourceType: "EC2Instance",
    IPAddress: primary?.PrivateIpAddresses[0]?.PrivateIpAddress,
    ComputerName: record.PrivateDnsName,
    SourceId: record.InstanceId,
    SourceType: "AWS::EC2::Instance",
  };
}

function test(
  key: string,
  values: readonly string[],
  statusOf: (record: InstanceRecord) => PingStatus | undefined,
  context: ActionContext,
): (record: InstanceRecord) => boolean {
  if (key.startsWith("tag:")) {
    const name = key.slice("tag:".length);
    return ({ InstanceId }) =>
      tagsOf(context, InstanceId).some((tag) => tag.Key === name && values.includes(tag.Value));
  }
  switch (key) {
    case "InstanceIds":
      return ({ InstanceId }) => values.includes(InstanceId);
    case "tag-key":
      return ({ InstanceId }) => tagsOf(context, InstanceId).some((tag) => values.includes(tag.Key));
    case "PingStatus":
      return (record) => values.includes(statusOf(record) ?? "");
    case "PlatformTypes":
      return () => values.includes("Linux");
    case "ResourceType":
      return () => values.includes("EC2Instance");
    case "AgentVersion":
      return () => values.includes(agentVersion);
    case "ActivationIds":
    case "AssociationStatus":
    case "IamRole":
      return () => false;
    default:
      throw new AwsError("InvalidInstanceInformationFilterValue", `The filter key '${key}' is not valid.`);
  }
}
