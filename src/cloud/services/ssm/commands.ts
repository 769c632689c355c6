/** Reading commands and their invocations back. */
import type {
  Command,
  CommandInvocation,
  GetCommandInvocationCommandInput,
  GetCommandInvocationCommandOutput,
  ListCommandInvocationsCommandInput,
  ListCommandInvocationsCommandOutput,
  ListCommandsCommandInput,
  ListCommandsCommandOutput,
} from "@aws-sdk/client-ssm";
import { AwsError } from "../../../aws/index.ts";
import type { Action, ActionContext } from "../action.ts";
import { tagsOf } from "../ec2/tag/tags.ts";
import { offsetPage } from "../offset-page.ts";
import { commandStatus, isFinal } from "./invocations.ts";
import type { CommandInvocationRecord, CommandRecord } from "./record.ts";

const pageSize = { min: 1, max: 50 };
const pluginName = "aws:runShellScript";
/** A plugin's `Output` in lists is the beginning only. */
const maxListedOutput = 2_500;

export const getCommandInvocation: Action<GetCommandInvocationCommandInput, GetCommandInvocationCommandOutput> = (
  { CommandId = "", InstanceId, PluginName },
  context,
) => {
  const { accountId, region } = context.caller;
  const command = context.visible("command", CommandId, accountId, region);
  const invocation = command?.Invocations.find((each) => each.InstanceId === InstanceId);
  if (command === undefined || invocation === undefined) throw new AwsError("InvocationDoesNotExist", "");
  if (PluginName !== undefined && PluginName !== pluginName)
    throw new AwsError("InvalidPluginName", `The command has no plugin '${PluginName}'.`);
  const { StartedAt, EndedAt } = invocation;
  return {
    CommandId,
    InstanceId,
    Comment: command.Comment,
    DocumentName: command.DocumentName,
    DocumentVersion: "$DEFAULT",
    PluginName: pluginName,
    ResponseCode: invocation.ResponseCode,
    ExecutionStartDateTime: StartedAt === undefined ? "" : new Date(StartedAt).toISOString(),
    ExecutionEndDateTime: EndedAt === undefined ? "" : new Date(EndedAt).toISOString(),
    ExecutionElapsedTime: StartedAt === undefined || EndedAt === undefined ? "" : `PT${(EndedAt - StartedAt) / 1000}S`,
    Status: invocation.Status,
    StatusDetails: invocation.StatusDetails,
    StandardOutputContent: invocation.StandardOutputContent,
    StandardOutputUrl: "",
    StandardErrorContent: invocation.StandardErrorContent,
    StandardErrorUrl: "",
    CloudWatchOutputConfig: { CloudWatchLogGroupName: "", CloudWatchOutputEnabled: false },
  };
};

export const listCommands: Action<ListCommandsCommandInput, ListCommandsCommandOutput> = (input, context) => {
  const rows = selected(input, context).filter(
    ({ Invocations }) =>
      input.InstanceId === undefined || Invocations.some((each) => each.InstanceId === input.InstanceId),
  );
  const { items, NextToken } = offsetPage(rows, input, pageSize);
  return { Commands: items.map(toCommand), NextToken };
};

export const listCommandInvocations: Action<ListCommandInvocationsCommandInput, ListCommandInvocationsCommandOutput> = (
  input,
  context,
) => {
  const rows = selected(input, context).flatMap((command) =>
    command.Invocations.filter((each) => input.InstanceId === undefined || each.InstanceId === input.InstanceId).map(
      (invocation) => ({
        command,
        invocation,
      }),
    ),
  );
  const { items, NextToken } = offsetPage(rows, input, pageSize);
  const CommandInvocations = items.map(({ command, invocation }) =>
    toInvocation(command, invocation, input.Details === true, context),
  );
  return { CommandInvocations, NextToken };
};

/** A command as the API shows it. */
export function toCommand(record: CommandRecord): Command {
  const { CreatedAt, Parameters, Invocations, TimeoutSeconds } = record;
  const Status = commandStatus(record);
  const count = (...statuses: readonly string[]): number =>
    Invocations.filter((each) => statuses.includes(each.Status)).length;
  const executionSeconds = Number(Parameters.executionTimeout?.[0] ?? 3600);
  return {
    CommandId: record.CommandId,
    DocumentName: record.DocumentName,
    DocumentVersion: "$DEFAULT",
    Comment: record.Comment,
    Parameters: Object.fromEntries(Object.entries(Parameters).map(([name, values]) => [name, [...values]])),
    InstanceIds: [...record.InstanceIds],
    Targets: record.Targets.map(({ Key, Values }) => ({ Key, Values: [...Values] })),
    RequestedDateTime: new Date(CreatedAt),
    ExpiresAfter: new Date(CreatedAt + (TimeoutSeconds + executionSeconds) * 1000),
    TimeoutSeconds,
    Status,
    StatusDetails: Invocations.length === 0 ? "NoInstancesInTag" : Status,
    TargetCount: Invocations.length,
    CompletedCount: Invocations.filter(isFinal).length,
    ErrorCount: count("Failed", "TimedOut"),
    DeliveryTimedOutCount: 0,
    MaxConcurrency: "50",
    MaxErrors: "0",
    OutputS3BucketName: "",
    OutputS3KeyPrefix: "",
    ServiceRole: "",
    NotificationConfig: { NotificationArn: "", NotificationEvents: [] },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: "", CloudWatchOutputEnabled: false },
  };
}

type Filters = ListCommandsCommandInput["Filters"];

/** The caller's commands, the newest first, by id and filters. */
function selected(
  { CommandId, Filters }: { readonly CommandId?: string | undefined; readonly Filters?: Filters },
  context: ActionContext,
): CommandRecord[] {
  const { accountId, region } = context.caller;
  const tests = (Filters ?? []).map(({ key, value = "" }) => filter(key ?? "", value));
  const rows = context
    .inScope("command", accountId, region)
    .filter((record) => CommandId === undefined || record.CommandId === CommandId);
  if (CommandId !== undefined && rows.length === 0)
    throw new AwsError("InvalidCommandId", `The command ID '${CommandId}' does not exist.`);
  return rows.filter((record) => tests.every((matches) => matches(record))).reverse();
}

function filter(key: string, value: string): (record: CommandRecord) => boolean {
  switch (key) {
    case "InvokedAfter":
      return (record) => record.CreatedAt > time(value);
    case "InvokedBefore":
      return (record) => record.CreatedAt < time(value);
    case "Status":
      return (record) => commandStatus(record) === value;
    case "DocumentName":
      return (record) => record.DocumentName === value;
    case "ExecutionStage":
      return (record) => (record.State === "open" ? "Executing" : "Complete") === value;
    default:
      throw new AwsError("InvalidFilterKey", `The filter key '${key}' is not valid.`);
  }
}

function time(value: string): number {
  const at = Date.parse(value);
  if (Number.isNaN(at))
    throw new AwsError("ValidationException", `'${value}' is not a time; write it as 2026-01-31T12:00:00Z.`);
  return at;
}

function toInvocation(
  command: CommandRecord,
  each: CommandInvocationRecord,
  details: boolean,
  context: ActionContext,
): CommandInvocation {
  const base: CommandInvocation = {
    CommandId: command.CommandId,
    InstanceId: each.InstanceId,
    InstanceName: tagsOf(context, each.InstanceId).find((tag) => tag.Key === "Name")?.Value ?? "",
    Comment: command.Comment,
    DocumentName: command.DocumentName,
    DocumentVersion: "$DEFAULT",
    RequestedDateTime: new Date(command.CreatedAt),
    Status: each.Status,
    StatusDetails: each.StatusDetails,
    StandardOutputUrl: "",
    StandardErrorUrl: "",
    CommandPlugins: [],
    ServiceRole: "",
    NotificationConfig: { NotificationArn: "", NotificationEvents: [] },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: "", CloudWatchOutputEnabled: false },
  };
  if (!details) return base;
  const { StartedAt, EndedAt, StandardOutputContent, StandardErrorContent } = each;
  const output =
    StandardErrorContent === ""
      ? StandardOutputContent
      : `${StandardOutputContent}\n----------ERROR-------\n${StandardErrorContent}`;
  return {
    ...base,
    CommandPlugins: [
      {
        Name: pluginName,
        Status: each.Status,
        StatusDetails: each.StatusDetails,
        ResponseCode: each.ResponseCode,
        ...(StartedAt === undefined ? {} : { ResponseStartDateTime: new Date(StartedAt) }),
        ...(EndedAt === undefined ? {} : { ResponseFinishDateTime: new Date(EndedAt) }),
        Output: output.slice(0, maxListedOutput),
        OutputS3BucketName: "",
        OutputS3KeyPrefix: "",
        OutputS3Region: command.Region,
        StandardOutputUrl: "",
        StandardErrorUrl: "",
      },
    ],
  };
}
