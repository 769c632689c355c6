/** Why a resource failed, in the words that CloudFormation's events have for it. */
import { type AwsError, isAwsError } from "../../../../aws/index.ts";
import { isTemplateError } from "../../../../ingest/index.ts";
import type { Transaction } from "../../../state/transaction.ts";
import { uuid } from "../../uuid.ts";
import { ResourceFailure } from "../resource-types/resource-type.ts";

/** Which service has refused. */
const refusers = new WeakMap<AwsError, string>();

export function noteRefuser(error: AwsError, service: string): void {
  refusers.set(error, service);
}

/** The reason, or undefined for what is no refusal but a defect of ours. */
export function reasonOf(error: unknown, { randomBytes }: Pick<Transaction, "randomBytes">): string | undefined {
  if (error instanceof ResourceFailure || isTemplateError(error)) return error.message;
  if (!isAwsError(error)) return undefined;
  const service = serviceWords.get(refusers.get(error) ?? "") ?? "Unknown";
  const request = `(Service: ${service}, Status Code: ${error.httpStatus}, Request ID: ${uuid(randomBytes(16))})`;
  const token = `(RequestToken: ${uuid(randomBytes(16))}, HandlerErrorCode: ${handlerErrorCode(error.code)})`;
  return `Resource handler returned message: "${error.message} ${request}" ${token}`;
}

const serviceWords: ReadonlyMap<string, string> = new Map([
  ["cloudformation", "CloudFormation"],
  ["ec2", "Ec2"],
  ["ecr", "Ecr"],
  ["iam", "Iam"],
  ["kms", "Kms"],
  ["lambda", "Lambda"],
  ["logs", "CloudWatchLogs"],
  ["s3", "S3"],
  ["ssm", "Ssm"],
]);

function handlerErrorCode(code: string): string {
  const found = handlerErrorCodes.find(([pattern]) => pattern.test(code));
  return found === undefined ? "GeneralServiceException" : found[1];
}

const handlerErrorCodes: readonly (readonly [RegExp, string])[] = [
  [/NotFound|NoSuch/, "NotFound"],
  [/AlreadyExist|Duplicate|BucketAlready/, "AlreadyExists"],
  [/LimitExceeded/, "ServiceLimitExceeded"],
  [/AccessDenied|Unauthorized|AuthFailure/, "AccessDenied"],
  [/DependencyViolation|IncorrectState|InvalidStateTransition|Conflict|InUse/, "ResourceConflict"],
  [/^Invalid|^Missing|Validation|Malformed|Unsupported|UnknownParameter/, "InvalidRequest"],
];

/** Whether what was to be deleted is not there any more. */
export function saysNotFound(error: unknown): boolean {
  return isAwsError(error) && handlerErrorCode(error.code) === "NotFound";
}

/** Whether the refusal may be over when something else has come to its end. */
export function saysNotYet(error: unknown): boolean {
  return isAwsError(error) && handlerErrorCode(error.code) === "ResourceConflict";
}
