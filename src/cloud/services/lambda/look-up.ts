/** Which function a request means: by name, by ARN with a version or without, or by an ARN's last parts. */
import type { StateView } from "../../state/state.ts";
import type { Caller } from "../action.ts";
import { invalidParameter, resourceNotFound } from "./errors.ts";
import { type FunctionRecord, functionKey, latest } from "./record.ts";

type View = Pick<StateView, "get">;

export function functionArn(caller: Pick<Caller, "accountId" | "region">, name: string): string {
  return `arn:aws:lambda:${caller.region}:${caller.accountId}:function:${name}`;
}

/** The function as the caller names it. Throws ResourceNotFoundException, also for another account's. */
export function functionNamed(
  { get, caller }: View & { readonly caller: Pick<Caller, "accountId" | "region"> },
  {
    FunctionName = "",
    Qualifier,
  }: { readonly FunctionName?: string | undefined; readonly Qualifier?: string | undefined },
): FunctionRecord {
  const { arn, qualifier } = parsedName(FunctionName, caller);
  if (qualifier !== undefined && Qualifier !== undefined && qualifier !== Qualifier)
    throw invalidParameter("The derived qualifier from the function name does not match the specified qualifier.");
  const Version = Qualifier ?? qualifier ?? latest;
  const record = get("lambdaFunction", functionKey({ FunctionArn: arn, Version }));
  if (record?.OwnerId !== caller.accountId || record.Region !== caller.region) {
    const named = Qualifier === undefined && qualifier === undefined ? arn : `${arn}:${Version}`;
    throw resourceNotFound(`Function not found: ${named}`);
  }
  return record;
}

/** `name`, `name:qualifier`, `account:function:name`, or the whole ARN. */
function parsedName(
  text: string,
  caller: Pick<Caller, "accountId" | "region">,
): { readonly arn: string; readonly qualifier: string | undefined } {
  const match =
    /^(?:(arn:aws:lambda:[a-z0-9-]+:\d{12}:function:|(\d{12}):function:|function:)?)([A-Za-z0-9_-]{1,64})(?::(\$LATEST|[A-Za-z0-9_-]+))?$/.exec(
      text,
    );
  if (match === null) {
    throw invalidParameter(
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`,
    );
  }
  const [, prefix = "", account, name = "", qualifier] = match;
  const arn = prefix.startsWith("arn:")
    ? `${prefix}${name}`
    : functionArn({ ...caller, accountId: account ?? caller.accountId }, name);
  return { arn, qualifier };
}
