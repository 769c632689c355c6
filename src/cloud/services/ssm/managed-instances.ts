/**
 * Which instances Systems Manager sees. On AWS the agent needs a role and a path to three endpoints [9.7]; here the agent's
 * path is not modelled, and every running instance is online.
 */
import type {
  DescribeInstanceInformationCommandInput,
  DescribeInstanceInformationCommandOutput,
  InstanceInformation,
} from "@aws-sdk/client-ssm";
import { AwsError } from "../../../aws/index.ts";
import type { Action, ActionContext } from "../action.ts";
import { imageById } from "../ec2/image/images.ts";
import type { InstanceRecord } from "../ec2/instance/record.ts";
import { interfacesOf } from "../ec2/instance/to-api.ts";
import { tagsOf } from "../ec2/tag/tags.ts";
import { offsetPage } from "../offset-page.ts";

export const describeInstanceInformation: Action<
  DescribeInstanceInformationCommandInput,
  DescribeInstanceInformationCommandOutput
> = (input, context) => {
  const { accountId, region } = context.caller;
  const older = (input.InstanceInformationFilterList ?? []).map(({ key, valueSet }) =>
    test(key ?? "", valueSet ?? [], context),
  );
  const newer = (input.Filters ?? []).map(({ Key, Values }) => test(Key ?? "", Values ?? [], context));
  const rows = context
    .inScope("instance", accountId, region)
    .filter((record) => record.State === "running")
    .filter((record) => [...older, ...newer].every((matches) => matches(record)));
  const { items, NextToken } = offsetPage(rows, { ...input, MaxResults: input.MaxResults ?? 10 }, { min: 5, max: 50 });
  return { InstanceInformationList: items.map((record) => toInformation(record, context)), NextToken };
};

/** The agent that this cloud plays. */
export const agentVersion = "3.3.3050.0";

function toInformation(record: InstanceRecord, context: ActionContext): InstanceInformation {
  const image = imageById(record.Region, record.ImageId);
  const [primary] = interfacesOf(context, record.InstanceId);
  const ubuntu = /ubuntu-\w+-([\d.]+)/.exec(image.name)?.[1];
  const platform =
    ubuntu !== undefined
      ? { name: "Ubuntu", version: ubuntu }
      : { name: "Amazon Linux", version: image.name.startsWith("amzn2") ? "2" : "2023" };
  return {
    InstanceId: record.InstanceId,
    PingStatus: "Online",
    LastPingDateTime: new Date(context.now),
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

function test(key: string, values: readonly string[], context: ActionContext): (record: InstanceRecord) => boolean {
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
      return () => values.includes("Online");
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
