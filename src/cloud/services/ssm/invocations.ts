/** The states of a command's invocations, and of the command over all of them. https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html */
import type { CommandStatus } from "@aws-sdk/client-ssm";
import type { InstanceCommandResult } from "../../ports.ts";
import type { Transaction } from "../../state/transaction.ts";
import type { CommandInvocationRecord, CommandRecord, InvocationStatus } from "./record.ts";

const maxOutput = 24_000;
const maxErrorOutput = 8_000;

/** An invocation that waits for its instance. AWS shows -1 until there is an exit status. */
export function newInvocation(InstanceId: string): CommandInvocationRecord {
  return {
    InstanceId,
    Status: "Pending",
    StatusDetails: "Pending",
    ResponseCode: -1,
    StandardOutputContent: "",
    StandardErrorContent: "",
  };
}

/** The invocation after its script has ended. */
export function ended(
  invocation: CommandInvocationRecord,
  result: InstanceCommandResult,
  now: number,
): CommandInvocationRecord {
  const { exitCode, stdout, stderr, timedOut } = result;
  const Status: InvocationStatus = timedOut ? "TimedOut" : exitCode === 0 ? "Success" : "Failed";
  const complaint =
    exitCode === 0 && !timedOut ? "" : `failed to run commands: ${timedOut ? "timed out" : `exit status ${exitCode}`}`;
  return {
    ...invocation,
    Status,
    StatusDetails: timedOut ? "ExecutionTimedOut" : Status,
    // The agent kills what runs too long, and reports 128 + SIGKILL.
    ResponseCode: timedOut ? 137 : exitCode,
    StandardOutputContent: stdout.slice(0, maxOutput),
    StandardErrorContent: withComplaint(stderr, complaint),
    EndedAt: now,
  };
}

/** The invocation when its script could not be run, or not to its end. */
export function failed(invocation: CommandInvocationRecord, reason: string, now: number): CommandInvocationRecord {
  return {
    ...invocation,
    Status: "Failed",
    StatusDetails: "Failed",
    ResponseCode: -1,
    StandardErrorContent: withComplaint(invocation.StandardErrorContent, reason),
    EndedAt: now,
  };
}

export function cancelled(invocation: CommandInvocationRecord, now: number): CommandInvocationRecord {
  return { ...invocation, Status: "Cancelled", StatusDetails: "Cancelled", EndedAt: now };
}

/** Whether nothing more will happen to it. */
export function isFinal({ Status }: CommandInvocationRecord): boolean {
  return Status !== "Pending" && Status !== "InProgress";
}

/** Replaces one invocation, unless it has ended meanwhile; the command is done when all of its invocations are. */
export function updateInvocation(
  transaction: Transaction,
  commandId: string,
  instanceId: string,
  change: (invocation: CommandInvocationRecord) => CommandInvocationRecord,
): void {
  const command = transaction.get("command", commandId);
  if (command === undefined) return;
  const Invocations = command.Invocations.map((invocation) =>
    invocation.InstanceId === instanceId && !isFinal(invocation) ? change(invocation) : invocation,
  );
  storeInvocations(transaction, command, Invocations);
}

/** Stores the command with these invocations. */
export function storeInvocations(
  transaction: Transaction,
  command: CommandRecord,
  Invocations: readonly CommandInvocationRecord[],
): CommandRecord {
  const after: CommandRecord = { ...command, Invocations, State: Invocations.every(isFinal) ? "done" : "open" };
  transaction.put("command", after);
  return after;
}

/** The command's own state: what is still going on, else the worst that happened. */
export function commandStatus({ Invocations }: Pick<CommandRecord, "Invocations">): CommandStatus {
  const has = (status: InvocationStatus): boolean => Invocations.some((invocation) => invocation.Status === status);
  if (Invocations.length > 0 && Invocations.every((invocation) => invocation.Status === "Pending")) return "Pending";
  if (has("Pending") || has("InProgress")) return "InProgress";
  for (const status of ["Failed", "TimedOut", "Cancelled"] as const) if (has(status)) return status;
  return "Success";
}

function withComplaint(stderr: string, complaint: string): string {
  if (complaint === "") return stderr.slice(0, maxErrorOutput);
  const kept = stderr.slice(0, Math.max(0, maxErrorOutput - complaint.length - 1));
  return `${kept === "" || kept.endsWith("\n") ? kept : `${kept}\n`}${complaint}`;
}
