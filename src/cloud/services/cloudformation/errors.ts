/** CloudFormation's refusals, worded as real AWS was recorded to word them. Clients compare some of these texts. */
import { AwsError } from "../../../aws/index.ts";
import { isTemplateError } from "../../../ingest/index.ts";

export function validationError(message: string): AwsError {
  return new AwsError("ValidationError", message);
}

/** The CDK CLI compares this text. */
export function stackNotFound(name: string): AwsError {
  return validationError(`Stack with id ${name} does not exist`);
}

/** The same, in the words of the operations that work on a stack's parts. */
export function noStack(name: string): AwsError {
  return validationError(`Stack [${name}] does not exist`);
}

export function changeSetNotFound(name: string): AwsError {
  return new AwsError("ChangeSetNotFound", `ChangeSet [${name}] does not exist`, 404);
}

export function alreadyExists(name: string): AwsError {
  return new AwsError("AlreadyExistsException", `Stack [${name}] already exists`);
}

export function constraintFailed(value: string, member: string, constraint: string): AwsError {
  return validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

/** Runs `work`; what is wrong with a template is the caller's mistake. */
export function refusingTemplates<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isTemplateError(error)) throw validationError(error.message);
    throw error;
  }
}
