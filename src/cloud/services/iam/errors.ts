/** IAM's refusals. https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and each operation's own list. */
import { AwsError } from "../../../aws/index.ts";

/** Nothing by that name; 404, as IAM answers. */
export function noSuchEntity(message: string): AwsError {
  return new AwsError("NoSuchEntity", message, 404);
}

export function entityAlreadyExists(message: string): AwsError {
  return new AwsError("EntityAlreadyExists", message, 409);
}

/** Something still hangs on what is to be deleted. */
export function deleteConflict(message: string): AwsError {
  return new AwsError("DeleteConflict", message, 409);
}

export function limitExceeded(message: string): AwsError {
  return new AwsError("LimitExceeded", message, 409);
}

export function validationError(message: string): AwsError {
  return new AwsError("ValidationError", message);
}

export function malformedPolicyDocument(message: string): AwsError {
  return new AwsError("MalformedPolicyDocument", message);
}
