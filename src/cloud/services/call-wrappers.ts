/** What surrounds every action alike: dry runs, and client tokens that make a repeated call give its first answer. (semantics 12.6, 13.1) */
import { AwsError, dryRunOperation, invalidParameterValue } from "../../aws/index.ts";
import type { ActionContext } from "./action.ts";

/** With `DryRun`, does everything but keep it: a call that would succeed is answered with `DryRunOperation`, and undone by that. */
export function dryRun(input: object, run: () => object): object {
  const output = run();
  if ("DryRun" in input && input.DryRun === true) {
    throw dryRunOperation();
  }
  return output;
}

/** A client token is valid for about a day. */
const tokenLifeMs = 86_400_000;
/** ASCII characters. (semantics 12.6) */
const tokenMaxLength = 64;

export function idempotent(
  service: string,
  operation: string,
  input: object,
  context: ActionContext,
  run: () => object,
): object {
  const token = tokenOf(input);
  if (service === "ec2" && token !== undefined && (token.length > tokenMaxLength || /[^ -~]/.test(token))) {
    throw invalidParameterValue(
      `Value (${token.slice(0, tokenMaxLength)}…) for parameter clientToken is invalid. It can have up to ${tokenMaxLength} ASCII characters.`,
    );
  }
  // Describe calls carry no token; a dry run leaves nothing to repeat.
  if (token === undefined || ("DryRun" in input && input.DryRun === true)) return run();
  const { accountId: OwnerId, region: Region } = context.caller;
  const Key = `${OwnerId}/${Region}/${service}:${operation}/${token}`;
  const ParametersDigest = JSON.stringify(input, sortedMembers);
  const first = context.get("clientToken", Key);
  if (first !== undefined && context.now - first.CreatedAt < tokenLifeMs) {
    if (first.ParametersDigest !== ParametersDigest) {
      throw new AwsError(
        service === "ram" ? "IdempotentParameterMismatchException" : "IdempotentParameterMismatch",
        `The client token '${token}' was used before with other parameters. Use a new token for a new request.`,
      );
    }
    return JSON.parse(first.OutputJson, revivedDates);
  }
  const output = run();
  context.put("clientToken", {
    Key,
    OwnerId,
    Region,
    CreatedAt: context.now,
    ParametersDigest,
    OutputJson: JSON.stringify(output, markedDates),
  });
  return output;
}

/** The caller's token, if there is one: RAM spells its members in lower camel case. */
function tokenOf(input: object): string | undefined {
  const token = "ClientToken" in input ? input.ClientToken : "clientToken" in input ? input.clientToken : undefined;
  return typeof token === "string" && token !== "" ? token : undefined;
}

function sortedMembers(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const dateMember = "$date";

function markedDates(this: unknown, key: string, value: unknown): unknown {
  // JSON.stringify has already made text of a Date; the holder still has the Date itself.
  const original = typeof this === "object" && this !== null ? Reflect.get(this, key) : undefined;
  return original instanceof Date ? { [dateMember]: original.getTime() } : value;
}

function revivedDates(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && dateMember in value
    ? new Date(Number(value[dateMember]))
    : value;
}
