/** SendCommand and CancelCommand: a script runs in each targeted instance, as root, after the call was answered. */
import type {
  CancelCommandCommandInput,
  CancelCommandCommandOutput,
  SendCommandCommandInput,
  SendCommandCommandOutput,
} from "@aws-sdk/client-ssm";
import { AwsError } from "../../../aws/index.ts";
import type { Action, ActionContext, Background } from "../action.ts";
import { scriptCommand } from "../ec2/instance/script-command.ts";
import { tagsOf } from "../ec2/tag/tags.ts";
import { uuid } from "../uuid.ts";
import { advice, readAgents } from "./agent/agents.ts";
import { toCommand } from "./commands.ts";
import { cancelled, ended, failed, isFinal, newInvocation, storeInvocations, updateInvocation } from "./invocations.ts";
import type { CommandRecord } from "./record.ts";

const maxInstanceIds = 50;
const defaultExecutionSeconds = 3600;
const maxExecutionSeconds = 172_800;

export const sendCommand: Action<SendCommandCommandInput, SendCommandCommandOutput> = (input, context) => {
  const { DocumentName = "", Comment = "", TimeoutSeconds = 3600, InstanceIds = [], Targets = [] } = input;
  if (DocumentName !== "AWS-RunShellScript") throw unknownDocument(DocumentName);
  if (TimeoutSeconds < 30 || TimeoutSeconds > 2_592_000) {
    throw validation(
      `1 validation error detected: Value '${TimeoutSeconds}' at 'timeoutSeconds' failed to satisfy constraint: Member must have value between 30 and 2592000`,
    );
  }
  const Parameters = checkedParameters(input.Parameters ?? {});
  const { accountId: OwnerId, region: Region } = context.caller;
  const record: CommandRecord = {
    OwnerId,
    Region,
    CreatedAt: context.now,
    CommandId: uuid(context.randomBytes(16)),
    DocumentName,
    Comment,
    Parameters,
    InstanceIds,
    Targets: Targets.map(({ Key = "", Values = [] }) => ({ Key, Values })),
    TimeoutSeconds,
    Invocations: targeted(input, context).map(newInvocation),
    State: "open",
  };
  const command = storeInvocations(context, record, record.Invocations);
  context.background((background) => run(command, background));
  return { Command: toCommand(command) };
};

export const cancelCommand: Action<CancelCommandCommandInput, CancelCommandCommandOutput> = (
  { CommandId = "", InstanceIds },
  context,
) => {
  const { accountId, region } = context.caller;
  const command = context.visible("command", CommandId, accountId, region);
  if (command === undefined) throw new AwsError("InvalidCommandId", `The command ID '${CommandId}' does not exist.`);
  const Invocations = command.Invocations.map((invocation) => {
    if (isFinal(invocation) || (InstanceIds?.length && !InstanceIds.includes(invocation.InstanceId))) return invocation;
    context.afterCommit(() => running.get(runKey(CommandId, invocation.InstanceId))?.abort());
    return cancelled(invocation, context.now);
  });
  storeInvocations(context, command, Invocations);
  return {};
};

/** What runs now, so that it can be called off. Commands have universally unique ids, so one map serves every cloud of the process. */
const running = new Map<string, AbortController>();

function runKey(commandId: string, instanceId: string): string {
  return `${commandId} ${instanceId}`;
}

async function run(
  { CommandId, Invocations, Parameters, Region }: CommandRecord,
  background: Background,
): Promise<void> {
  const seconds = Number(Parameters.executionTimeout?.[0] ?? defaultExecutionSeconds);
  const command = scriptCommand(scriptOf(Parameters));
  await Promise.all(
    Invocations.map(async ({ InstanceId }) => {
      const key = runKey(CommandId, InstanceId);
      const abort = new AbortController();
      running.set(key, abort);
      try {
        background.transact((transaction) =>
          updateInvocation(transaction, CommandId, InstanceId, (invocation) => ({
            ...invocation,
            Status: "InProgress",
            StatusDetails: "InProgress",
            StartedAt: transaction.now,
          })),
        );
        if (background.dataPlane.mode === "model") {
          background.transact((transaction) =>
            updateInvocation(transaction, CommandId, InstanceId, (invocation) =>
              failed(invocation, noPackets, transaction.now),
            ),
          );
          return;
        }
        const result = await background.dataPlane.run({
          instanceId: InstanceId,
          ...command,
          environment: { AWS_SSM_INSTANCE_ID: InstanceId, AWS_SSM_REGION_NAME: Region },
          timeoutMs: seconds * 1000,
          signal: abort.signal,
        });
        background.transact((transaction) =>
          updateInvocation(transaction, CommandId, InstanceId, (invocation) =>
            ended(invocation, result, transaction.now),
          ),
        );
      } catch (error) {
        // The invocation must not stay open whatever went wrong; a fault while its instance runs is reported as one.
        const reason = `the command could not be run: ${error instanceof Error ? error.message : String(error)}`;
        const isRunning = background.transact((transaction) => {
          updateInvocation(transaction, CommandId, InstanceId, (invocation) =>
            failed(invocation, reason, transaction.now),
          );
          return transaction.get("instance", InstanceId)?.State === "running";
        });
        if (isRunning && !abort.signal.aborted) throw error;
      } finally {
        running.delete(key);
      }
    }),
  );
}

const noPackets = "the command was not run: this cloud moves no packets here (data plane: model)";

/** The ids of the instances that the command goes to. An id must name one whose agent is online; a target selects among these. */
function targeted({ InstanceIds = [], Targets = [] }: SendCommandCommandInput, context: ActionContext): string[] {
  const { accountId, region } = context.caller;
  if (InstanceIds.length > 0 && Targets.length > 0)
    throw new AwsError("InvalidParameters", "Specify InstanceIds or Targets, not both.");
  if (InstanceIds.length === 0 && Targets.length === 0) throw invalidInstanceIds([], accountId);
  if (InstanceIds.length > maxInstanceIds) {
    throw validation(
      `1 validation error detected: Value at 'instanceIds' failed to satisfy constraint: Member must have length less than or equal to ${maxInstanceIds}`,
    );
  }
  const agents = readAgents(context, context.model);
  const ids = [...new Set(InstanceIds)];
  const instances = ids.map((id) => ({ id, record: context.visible("instance", id, accountId, region) }));
  const wrong = instances.filter(({ record }) => record === undefined || !agents.isOnline(record));
  if (wrong.length > 0) {
    const missing = wrong.flatMap(({ record }) => (record === undefined ? [] : agents.missing(record)));
    throw invalidInstanceIds(
      wrong.map(({ id }) => id),
      accountId,
      advice(missing),
    );
  }
  if (ids.length > 0) return ids;
  const selectors = Targets.map(selector);
  return context
    .inScope("instance", accountId, region)
    .filter(({ InstanceId }) => selectors.every((selects) => selects(InstanceId, context)))
    .filter((record) => agents.isOnline(record))
    .map((record) => record.InstanceId);
}

function selector({ Key = "", Values = [] }: { Key?: string | undefined; Values?: string[] | undefined }) {
  if (Key === "InstanceIds" || Key === "instanceids")
    return (id: string) => Values.includes(id) || Values.includes("*");
  if (Key === "tag-key")
    return (id: string, context: ActionContext) => tagsOf(context, id).some((tag) => Values.includes(tag.Key));
  if (Key.startsWith("tag:")) {
    const name = Key.slice("tag:".length);
    return (id: string, context: ActionContext) =>
      tagsOf(context, id).some((tag) => tag.Key === name && Values.includes(tag.Value));
  }
  throw new AwsError(
    "InvalidTarget",
    `The target key '${Key}' is not modelled by this local cloud; use InstanceIds, tag-key or tag:<key>.`,
  );
}

/** The document's own parameters and patterns. https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html */
function checkedParameters(parameters: Readonly<Record<string, readonly string[]>>): CommandRecord["Parameters"] {
  for (const name of Object.keys(parameters)) {
    if (name !== "commands" && name !== "workingDirectory" && name !== "executionTimeout") {
      throw new AwsError("InvalidParameters", `Document AWS-RunShellScript has no parameter '${name}'.`);
    }
  }
  if (!parameters.commands?.length) throw new AwsError("InvalidParameters", "Parameter 'commands' requires a value.");
  const [timeout] = parameters.executionTimeout ?? [];
  if (
    timeout !== undefined &&
    (!/^\d{1,6}$/.test(timeout) || Number(timeout) < 1 || Number(timeout) > maxExecutionSeconds)
  ) {
    throw new AwsError(
      "InvalidParameters",
      `Parameter 'executionTimeout' must be 1 to ${maxExecutionSeconds} seconds; got '${timeout}'.`,
    );
  }
  return parameters;
}

function scriptOf({ commands = [], workingDirectory }: CommandRecord["Parameters"]): string {
  const script = commands.join("\n");
  const [directory] = workingDirectory ?? [];
  return directory ? `cd -- '${directory.replaceAll("'", "'\\''")}' || exit 1\n${script}` : script;
}

function unknownDocument(name: string): AwsError {
  return new AwsError(
    "InvalidDocument",
    `Document ${name} does not exist in this local cloud, which has AWS-RunShellScript.`,
  );
}

/** AWS says no more than which instances. */
function invalidInstanceIds(ids: readonly string[], accountId: string, why = ""): AwsError {
  const said = `Instances [[${ids.join(", ")}]] not in a valid state for account ${accountId}`;
  return new AwsError("InvalidInstanceId", why === "" ? said : `${said}. ${why}`);
}

function validation(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
