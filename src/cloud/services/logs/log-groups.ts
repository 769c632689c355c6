/** Log groups: names, retention, tags. Retention is kept and not acted upon. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
import type {
  CreateLogGroupCommandInput,
  CreateLogGroupCommandOutput,
  DeleteLogGroupCommandInput,
  DeleteLogGroupCommandOutput,
  DeleteRetentionPolicyCommandInput,
  DeleteRetentionPolicyCommandOutput,
  DescribeLogGroupsCommandInput,
  DescribeLogGroupsCommandOutput,
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  ListTagsLogGroupCommandInput,
  ListTagsLogGroupCommandOutput,
  PutRetentionPolicyCommandInput,
  PutRetentionPolicyCommandOutput,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from "@aws-sdk/client-cloudwatch-logs";
import { AwsError, parseArn } from "../../../aws/index.ts";
import type { Transaction } from "../../state/transaction.ts";
import type { Action, ActionContext, Actions } from "../action.ts";
import { offsetPage } from "../offset-page.ts";
import { batchKey, type GroupName, groupKey, type LogGroupRecord, streamKey } from "./record.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentions: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const maxTags = 50;

const createLogGroup: Action<CreateLogGroupCommandInput, CreateLogGroupCommandOutput> = (input, context) => {
  const LogGroupName = checkedName(input.logGroupName);
  if (logGroup(context, LogGroupName) !== undefined) throw alreadyExists("log group");
  if (input.deletionProtectionEnabled) throw invalid("Protection from deletion is not modelled by this local cloud.");
  context.put("logGroup", {
    ...newLogGroup(context, LogGroupName),
    LogGroupClass: input.logGroupClass ?? "STANDARD",
    ...(input.kmsKeyId === undefined ? {} : { KmsKeyId: input.kmsKeyId }),
    Tags: withTags({}, input.tags),
  });
  return {};
};

const deleteLogGroup: Action<DeleteLogGroupCommandInput, DeleteLogGroupCommandOutput> = ({ logGroupName }, context) => {
  const group = knownLogGroup(context, logGroupName);
  const key = groupKey(group);
  for (const stream of context.by("logStream", "group", key)) context.delete("logStream", streamKey(stream));
  for (const batch of context.by("logEvents", "group", key)) context.delete("logEvents", batchKey(batch));
  context.delete("logGroup", key);
  return {};
};

const describeLogGroups: Action<DescribeLogGroupsCommandInput, DescribeLogGroupsCommandOutput> = (input, context) => {
  const { logGroupNamePrefix, logGroupNamePattern, logGroupClass, logGroupIdentifiers } = input;
  if (logGroupNamePrefix !== undefined && logGroupNamePattern !== undefined)
    throw invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
  const { accountId, region } = context.caller;
  const wanted = logGroupIdentifiers?.map((each) => nameOf(each));
  const pattern = logGroupNamePattern?.toLowerCase();
  const rows = context
    .inScope("logGroup", accountId, region)
    .filter(
      ({ LogGroupName, LogGroupClass }) =>
        LogGroupName.startsWith(logGroupNamePrefix ?? "") &&
        (pattern === undefined || LogGroupName.toLowerCase().includes(pattern)) &&
        (logGroupClass ?? LogGroupClass) === LogGroupClass &&
        (wanted?.includes(LogGroupName) ?? true),
    )
    .sort((a, b) => (a.LogGroupName < b.LogGroupName ? -1 : 1));
  const { items, NextToken } = offsetPage(
    rows,
    { MaxResults: input.limit ?? 50, NextToken: input.nextToken },
    { min: 1, max: 50 },
  );
  return {
    logGroups: items.map((group) => ({
      logGroupName: group.LogGroupName,
      creationTime: group.CreatedAt,
      metricFilterCount: 0,
      arn: `${logGroupArn(group)}:*`,
      logGroupArn: logGroupArn(group),
      logGroupClass: group.LogGroupClass,
      storedBytes: 0,
      ...(group.RetentionInDays === undefined ? {} : { retentionInDays: group.RetentionInDays }),
      ...(group.KmsKeyId === undefined ? {} : { kmsKeyId: group.KmsKeyId }),
    })),
    ...(NextToken === undefined ? {} : { nextToken: NextToken }),
  };
};

const putRetentionPolicy: Action<PutRetentionPolicyCommandInput, PutRetentionPolicyCommandOutput> = (
  { logGroupName, retentionInDays = 0 },
  context,
) => {
  const group = knownLogGroup(context, logGroupName);
  if (!retentions.includes(retentionInDays)) {
    throw invalid(
      `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${retentions.join(", ")}]`,
    );
  }
  context.put("logGroup", { ...group, RetentionInDays: retentionInDays });
  return {};
};

const deleteRetentionPolicy: Action<DeleteRetentionPolicyCommandInput, DeleteRetentionPolicyCommandOutput> = (
  { logGroupName },
  context,
) => {
  const { RetentionInDays: _, ...group } = knownLogGroup(context, logGroupName);
  context.put("logGroup", group);
  return {};
};

const tagResource: Action<TagResourceCommandInput, TagResourceCommandOutput> = ({ resourceArn, tags }, context) => {
  const group = knownLogGroup(context, resourceArn);
  context.put("logGroup", { ...group, Tags: withTags(group.Tags, tags) });
  return {};
};

const untagResource: Action<UntagResourceCommandInput, UntagResourceCommandOutput> = (
  { resourceArn, tagKeys = [] },
  context,
) => {
  const group = knownLogGroup(context, resourceArn);
  const Tags = Object.fromEntries(Object.entries(group.Tags).filter(([key]) => !tagKeys.includes(key)));
  context.put("logGroup", { ...group, Tags });
  return {};
};

const listTagsForResource: Action<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput> = (
  { resourceArn },
  context,
) => ({ tags: { ...knownLogGroup(context, resourceArn).Tags } });

const listTagsLogGroup: Action<ListTagsLogGroupCommandInput, ListTagsLogGroupCommandOutput> = (
  { logGroupName },
  context,
) => ({ tags: { ...knownLogGroup(context, logGroupName).Tags } });

export const logGroupActions = {
  CreateLogGroup: createLogGroup,
  DeleteLogGroup: deleteLogGroup,
  DescribeLogGroups: describeLogGroups,
  PutRetentionPolicy: putRetentionPolicy,
  DeleteRetentionPolicy: deleteRetentionPolicy,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
  ListTagsLogGroup: listTagsLogGroup,
} satisfies Actions;

/** `arn:aws:logs:<region>:<account>:log-group:<name>` */
export function logGroupArn({ OwnerId, Region, LogGroupName }: GroupName): string {
  return `arn:aws:logs:${Region}:${OwnerId}:log-group:${LogGroupName}`;
}

export function newLogGroup(
  {
    now,
    caller,
  }: Pick<Transaction, "now"> & { readonly caller: { readonly accountId: string; readonly region: string } },
  LogGroupName: string,
): LogGroupRecord {
  const { accountId: OwnerId, region: Region } = caller;
  return { OwnerId, Region, CreatedAt: now, LogGroupName, LogGroupClass: "STANDARD", Tags: {} };
}

/** The caller's group of that name. Throws ResourceNotFoundException. */
export function knownLogGroup(context: ActionContext, nameOrArn: string | undefined): LogGroupRecord {
  const group = logGroup(context, nameOf(nameOrArn ?? ""));
  if (group === undefined) throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  return group;
}

export function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}

export function alreadyExists(what: string): AwsError {
  return new AwsError("ResourceAlreadyExistsException", `The specified ${what} already exists`);
}

function logGroup({ get, caller }: ActionContext, LogGroupName: string): LogGroupRecord | undefined {
  return get("logGroup", groupKey({ OwnerId: caller.accountId, Region: caller.region, LogGroupName }));
}

/** Groups are named by ARN too, with `:*` behind it or without. */
function nameOf(nameOrArn: string): string {
  const resource = parseArn(nameOrArn)?.resource;
  return resource === undefined ? nameOrArn : resource.replace(/^log-group:/, "").replace(/:\*$/, "");
}

function checkedName(name = ""): string {
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name) || name.startsWith("aws/")) {
    throw invalid(
      `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
    );
  }
  return name;
}

function withTags(
  before: LogGroupRecord["Tags"],
  added: Readonly<Record<string, string>> | undefined,
): LogGroupRecord["Tags"] {
  const tags = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(added ?? {})) {
    if (key === "" || key.length > 128 || /^aws:/i.test(key)) throw invalid(`The tag key '${key}' is not valid.`);
    tags.set(key, value);
  }
  if (tags.size > maxTags)
    throw new AwsError("TooManyTagsException", `A resource can have no more than ${maxTags} tags.`);
  return Object.fromEntries(tags);
}
