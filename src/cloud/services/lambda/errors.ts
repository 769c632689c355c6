/** Lambda's refusals. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html#API_CreateFunction_Errors */
import { AwsError } from "../../../aws/index.ts";

export function resourceNotFound(message: string): AwsError {
  return new AwsError("ResourceNotFoundException", message, 404);
}

export function resourceConflict(message: string): AwsError {
  return new AwsError("ResourceConflictException", message, 409);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message);
}

/** AWS has it, this cloud does not. */
export function notModelled(what: string): AwsError {
  return invalidParameter(`${what} is not modelled by this local cloud.`);
}

export function preconditionFailed(): AwsError {
  return new AwsError(
    "PreconditionFailedException",
    "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
    412,
  );
}
