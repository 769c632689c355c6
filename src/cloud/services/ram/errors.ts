/** RAM's refusals. https://docs.aws.amazon.com/ram/latest/APIReference/CommonErrors.html and each operation's own list. */
import { AwsError } from "../../../aws/index.ts";

/** Nothing by that name that the caller sees. */
export function unknownResource(message: string): AwsError {
  return new AwsError("UnknownResourceException", message);
}

export function malformedArn(message: string): AwsError {
  return new AwsError("MalformedArnException", message);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}

export function operationNotPermitted(message: string): AwsError {
  return new AwsError("OperationNotPermittedException", message);
}
