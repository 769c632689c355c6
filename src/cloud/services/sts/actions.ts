/** The actions of STS. This cloud does not evaluate IAM: any role may be assumed, also one that nobody made. (semantics 13.4) */
import type {
  AssumeRoleCommandInput,
  AssumeRoleCommandOutput,
  GetAccessKeyInfoCommandInput,
  GetAccessKeyInfoCommandOutput,
  GetCallerIdentityCommandInput,
  GetCallerIdentityCommandOutput,
  GetSessionTokenCommandInput,
  GetSessionTokenCommandOutput,
} from "@aws-sdk/client-sts";
import { AwsError, accountOfAccessKey, assumedRoleArn, invalidParameterValue, parseArn } from "../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../action.ts";
import { globalRegion, uniqueId } from "../iam/entities.ts";
import { newCredentials } from "./credentials.ts";

export const getCallerIdentity: Action<GetCallerIdentityCommandInput, GetCallerIdentityCommandOutput> = (
  _input,
  { caller },
) => ({
  Account: caller.accountId,
  Arn: caller.arn,
  UserId: caller.userId,
});

export const assumeRole: Action<AssumeRoleCommandInput, AssumeRoleCommandOutput> = (input, context) => {
  const RoleArn = input.RoleArn ?? "";
  const { accountId, roleName } = roleOf(RoleArn);
  const RoleSessionName = checkedSessionName(input.RoleSessionName ?? "");
  checkTags(input);
  const role = context.get("role", RoleArn);
  // The CDK CLI tries its bootstrap roles first, and goes on with its own credentials when it may not have them.
  if (role === undefined && roleName.startsWith("cdk-")) {
    throw new AwsError(
      "AccessDenied",
      `User: ${context.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
      403,
    );
  }
  const seconds = input.DurationSeconds ?? 3600;
  if (seconds < 900 || seconds > 43_200)
    throw validationError(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200`,
    );
  if (role !== undefined && seconds > role.MaxSessionDuration) {
    throw validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  const Credentials = newCredentials(context, accountId, seconds);
  const RoleId = role?.RoleId ?? uniqueId("AROA", context);
  forgetExpiredSessions(context, accountId);
  context.put("roleSession", {
    OwnerId: accountId,
    Region: globalRegion,
    CreatedAt: context.now,
    AccessKeyId: Credentials.AccessKeyId,
    RoleArn,
    RoleId,
    RoleSessionName,
    ExpiresAt: context.now + seconds * 1000,
  });
  return {
    Credentials,
    AssumedRoleUser: {
      Arn: assumedRoleArn(accountId, roleName, RoleSessionName),
      AssumedRoleId: `${RoleId}:${RoleSessionName}`,
    },
    ...(input.SourceIdentity === undefined ? {} : { SourceIdentity: input.SourceIdentity }),
  };
};

export const getSessionToken: Action<GetSessionTokenCommandInput, GetSessionTokenCommandOutput> = (
  { DurationSeconds },
  context,
) => {
  const seconds = DurationSeconds ?? 43_200;
  if (seconds < 900 || seconds > 129_600)
    throw validationError(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 129600`,
    );
  return { Credentials: newCredentials(context, context.caller.accountId, seconds) };
};

export const getAccessKeyInfo: Action<GetAccessKeyInfoCommandInput, GetAccessKeyInfoCommandOutput> = ({
  AccessKeyId,
}) => ({
  Account: accountOfAccessKey(AccessKeyId ?? ""),
});

export const stsActions = {
  GetCallerIdentity: getCallerIdentity,
  AssumeRole: assumeRole,
  GetSessionToken: getSessionToken,
  GetAccessKeyInfo: getAccessKeyInfo,
} satisfies Actions;

function roleOf(arn: string): { readonly accountId: string; readonly roleName: string } {
  const parsed = parseArn(arn);
  const name = /^role\/(?:.*\/)?([\w+=,.@-]{1,64})$/.exec(parsed?.resource ?? "")?.[1];
  if (parsed === undefined || parsed.service !== "iam" || !/^\d{12}$/.test(parsed.accountId) || name === undefined) {
    throw validationError(`${arn} is invalid`);
  }
  return { accountId: parsed.accountId, roleName: name };
}

function checkedSessionName(name: string): string {
  if (!/^[\w+=,.@-]*$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  }
  if (name.length < 2 || name.length > 64) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must have length between 2 and 64`,
    );
  }
  return name;
}

function checkTags({ Tags = [], TransitiveTagKeys = [] }: AssumeRoleCommandInput): void {
  const keys = Tags.map((tag) => (tag.Key ?? "").toLowerCase());
  if (new Set(keys).size < keys.length) {
    throw invalidParameterValue("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  }
  if (TransitiveTagKeys.some((key) => !keys.includes(key.toLowerCase()))) {
    throw invalidParameterValue("The specified transitive tag key must be included in the requested tags.");
  }
}

function forgetExpiredSessions(context: ActionContext, accountId: string): void {
  for (const session of context.inScope("roleSession", accountId, globalRegion)) {
    if (session.ExpiresAt <= context.now) context.delete("roleSession", session.AccessKeyId);
  }
}

function validationError(message: string): AwsError {
  return new AwsError("ValidationError", message);
}
