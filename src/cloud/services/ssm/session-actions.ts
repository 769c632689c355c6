/**
 * Session Manager's API: a session is begun here and entered through its data channel. Documents: the default shell and
 * AWS-StartInteractiveCommand. https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html
 */
import type {
  DescribeSessionsCommandInput,
  DescribeSessionsCommandOutput,
  ResumeSessionCommandInput,
  ResumeSessionCommandOutput,
  Session,
  StartSessionCommandInput,
  StartSessionCommandOutput,
  TerminateSessionCommandInput,
  TerminateSessionCommandOutput,
} from "@aws-sdk/client-ssm";
import { AwsError } from "../../../aws/index.ts";
import { tokenDigest } from "../../session-door.ts";
import type { Action, ActionContext, Actions } from "../action.ts";
import { offsetPage } from "../offset-page.ts";
import { advice, readAgents } from "./agent/agents.ts";
import type { SessionEvent } from "./lifecycle.ts";
import type { SessionRecord } from "./record.ts";

const defaultDocument = "SSM-SessionManagerRunShell";
const commandDocument = "AWS-StartInteractiveCommand";
/** Documents of AWS whose sessions this cloud cannot lead. */
const unmodelledDocuments: readonly string[] = [
  "AWS-StartPortForwardingSession",
  "AWS-StartPortForwardingSessionToRemoteHost",
  "AWS-StartPortForwardingSessionToSocket",
  "AWS-StartSSHSession",
  "AWS-StartNonInteractiveCommand",
  "AWS-PasswordReset",
];

const startSession: Action<StartSessionCommandInput, StartSessionCommandOutput> = (input, context) => {
  const { Target = "", Reason, DocumentName = defaultDocument, Parameters = {} } = input;
  const { accountId: OwnerId, region: Region, arn: Owner } = context.caller;
  const Command = commandOf(DocumentName, Parameters);
  if (context.dataPlane.mode === "model") {
    throw new AwsError(
      "UnsupportedOperation",
      "StartSession needs a shell in an instance, and this cloud moves no packets here (data plane: model). 'causeway status' says why.",
    );
  }
  checkConnected(Target, context);
  const token = newToken(context);
  const record: SessionRecord = {
    OwnerId,
    Region,
    CreatedAt: context.now,
    SessionId: context.newId(Owner.split(/[:/]/).at(-1) ?? ""),
    Target,
    DocumentName,
    ...(Command !== undefined && { Command }),
    ...(Reason !== undefined && { Reason }),
    Owner,
    Status: "Connecting",
    TokenDigest: tokenDigest(token),
  };
  context.put("session", record);
  return opening(record, token, context);
};

/** A new token for a session whose connection was lost. Without one, AWS's client takes the session for timed out. */
const resumeSession: Action<ResumeSessionCommandInput, ResumeSessionCommandOutput> = (input, context) => {
  const record = session(input.SessionId, context);
  if (record.Status === "Terminated") return { SessionId: record.SessionId };
  const token = newToken(context);
  context.put("session", { ...record, TokenDigest: tokenDigest(token) });
  return opening(record, token, context);
};

const terminateSession: Action<TerminateSessionCommandInput, TerminateSessionCommandOutput> = (input, context) => {
  const record = session(input.SessionId, context);
  context.fire("session", record, "end" satisfies SessionEvent);
  return { SessionId: record.SessionId };
};

const describeSessions: Action<DescribeSessionsCommandInput, DescribeSessionsCommandOutput> = (input, context) => {
  const { State, Filters = [] } = input;
  if (State !== "Active" && State !== "History") {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${State}' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [History, Active]`,
    );
  }
  const { accountId, region } = context.caller;
  const tests = Filters.map(({ key, value = "" }) => filter(key ?? "", value));
  const rows = context
    .inScope("session", accountId, region)
    .filter((record) => (record.Status === "Terminated") === (State === "History"))
    .filter((record) => tests.every((matches) => matches(record)))
    .reverse();
  const { items, NextToken } = offsetPage(rows, input, { min: 1, max: 200 });
  return { Sessions: items.map(toSession), NextToken };
};

export const sessionActions = {
  StartSession: startSession,
  ResumeSession: resumeSession,
  TerminateSession: terminateSession,
  DescribeSessions: describeSessions,
} satisfies Actions;

/** What the document runs; undefined for a shell. */
function commandOf(document: string, parameters: Readonly<Record<string, readonly string[]>>): string | undefined {
  if (unmodelledDocuments.includes(document)) {
    throw new AwsError(
      "UnsupportedOperation",
      `The session document ${document} is not modelled by this local cloud, which has ${defaultDocument} and ${commandDocument}.`,
    );
  }
  if (document !== defaultDocument && document !== commandDocument)
    throw new AwsError("InvalidDocument", `Document with name ${document} does not exist.`);
  const allowed = document === commandDocument ? ["command"] : [];
  const unknown = Object.keys(parameters).find((name) => !allowed.includes(name));
  if (unknown !== undefined)
    throw new AwsError("InvalidParameters", `Document ${document} has no parameter '${unknown}'.`);
  if (document === defaultDocument) return undefined;
  const [command] = parameters.command ?? [];
  if (!command) throw new AwsError("InvalidParameters", "Parameter 'command' requires a value.");
  return command;
}

/** AWS says no more than the first sentence. */
function checkConnected(target: string, context: ActionContext): void {
  const { accountId, region } = context.caller;
  const instance = context.visible("instance", target, accountId, region);
  const missing = instance === undefined ? [] : readAgents(context, context.model).missing(instance);
  if (instance !== undefined && missing.length === 0) return;
  throw new AwsError("TargetNotConnected", `${target} is not connected. ${advice(missing)}`.trim());
}

/** Nobody can guess it, and it opens the session once. */
function newToken(context: ActionContext): string {
  return Buffer.from(context.randomBytes(48)).toString("base64url");
}

function opening({ SessionId }: SessionRecord, TokenValue: string, { settings }: ActionContext) {
  const base = settings.endpoint.replace(/^http/, "ws");
  const StreamUrl = `${base}/v1/data-channel/${encodeURIComponent(SessionId)}?role=publish_subscribe`;
  return { SessionId, TokenValue, StreamUrl };
}

function session(id: string | undefined, context: ActionContext): SessionRecord {
  const { accountId, region } = context.caller;
  const record = context.visible("session", id ?? "", accountId, region);
  if (record === undefined) throw new AwsError("DoesNotExistException", `Session with ID ${id} does not exist.`);
  return record;
}

function toSession(record: SessionRecord): Session {
  const { SessionId, Target, Status, CreatedAt, EndedAt, DocumentName, Owner, Reason } = record;
  return {
    SessionId,
    Target,
    Status,
    StartDate: new Date(CreatedAt),
    ...(EndedAt !== undefined && { EndDate: new Date(EndedAt) }),
    DocumentName,
    Owner,
    ...(Reason !== undefined && { Reason }),
  };
}

function filter(key: string, value: string): (record: SessionRecord) => boolean {
  switch (key) {
    case "InvokedAfter": {
      const at = time(value);
      return (record) => record.CreatedAt > at;
    }
    case "InvokedBefore": {
      const at = time(value);
      return (record) => record.CreatedAt < at;
    }
    case "Target":
      return (record) => record.Target === value;
    case "Owner":
      return (record) => record.Owner === value;
    case "Status":
      return (record) => record.Status === value;
    case "SessionId":
      return (record) => record.SessionId === value;
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
