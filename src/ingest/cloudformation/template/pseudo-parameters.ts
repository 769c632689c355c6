/**
 * The parameters that every template has.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
 */
import { noValue } from "./evaluate.ts";
import type { Evaluated, UnknownValue } from "./value.ts";

export interface PseudoParameters {
  /** Unknown for a template that may be deployed anywhere. */
  readonly accountId: string | UnknownValue;
  readonly region: string | UnknownValue;
  readonly stackId: string;
  readonly stackName: string;
  readonly notificationArns: readonly string[];
}

const names = [
  "AWS::AccountId",
  "AWS::NoValue",
  "AWS::NotificationARNs",
  "AWS::Partition",
  "AWS::Region",
  "AWS::StackId",
  "AWS::StackName",
  "AWS::URLSuffix",
];

export function isPseudoParameter(name: string): boolean {
  return names.includes(name);
}

/** The value, or undefined when the name is no pseudo parameter's. */
export function pseudoParameter(name: string, stack: PseudoParameters): Evaluated | typeof noValue | undefined {
  switch (name) {
    case "AWS::AccountId":
      return stack.accountId;
    case "AWS::NoValue":
      return noValue;
    case "AWS::NotificationARNs":
      return stack.notificationArns;
    case "AWS::Partition":
      return "aws";
    case "AWS::Region":
      return stack.region;
    case "AWS::StackId":
      return stack.stackId;
    case "AWS::StackName":
      return stack.stackName;
    case "AWS::URLSuffix":
      return "amazonaws.com";
    default:
      return undefined;
  }
}
