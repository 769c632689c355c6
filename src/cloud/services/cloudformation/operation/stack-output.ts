/**
 * An output of another stack, of any Region, and of another account by one of its roles. It is looked up when the stack that asks is made or
 * updated, and binds nobody afterwards.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
 */
import { parseArn } from "../../../../aws/index.ts";
import { type AskedOutput, type Evaluated, isUnknownValue, TemplateError } from "../../../../ingest/index.ts";
import type { ActionContext } from "../../action.ts";
import { findStack } from "../stack/find-stack.ts";

/** Throws TemplateError when there is no such role, stack or output. */
export function stackOutput(asked: AskedOutput, context: ActionContext): Evaluated {
  const { stackName, outputName, roleArn } = asked;
  const region = asked.region ?? context.caller.region;
  if (isUnknownValue(region)) return region;
  if (roleArn !== undefined && context.get("role", roleArn) === undefined)
    throw new TemplateError(`Role ${roleArn} is invalid or cannot be assumed`);
  const accountId = parseArn(roleArn ?? "")?.accountId ?? context.caller.accountId;
  const stack = findStack(stackName, context, { accountId, region });
  if (stack === undefined)
    throw new TemplateError(`Stack with id ${stackName} does not exist in ${accountId} ${region}`);
  const output = stack.Outputs.find(({ OutputKey }) => OutputKey === outputName);
  if (output === undefined)
    throw new TemplateError(`Stack ${stackName} in ${accountId} ${region} has no output named ${outputName}`);
  return output.OutputValue;
}
