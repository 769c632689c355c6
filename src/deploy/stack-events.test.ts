/** The first thing that went wrong, among all that fails because of it. */
import { expect, test } from "vitest";
import { failures, firstFailure } from "./stack-events.ts";
import type { CloudFormationEvent } from "./toolkit-voice.ts";

const stackId = "arn:aws:cloudformation:us-east-1:111111111111:stack/s/1";
const event = (
  LogicalResourceId: string,
  ResourceStatus: string,
  ResourceStatusReason?: string,
): CloudFormationEvent => ({
  StackId: stackId,
  PhysicalResourceId: LogicalResourceId === "s" ? stackId : `id-of-${LogicalResourceId}`,
  LogicalResourceId,
  ResourceType: "AWS::EC2::VPC",
  ResourceStatus,
  ...(ResourceStatusReason !== undefined && { ResourceStatusReason }),
});

const rolledBack = [
  event("s", "CREATE_IN_PROGRESS", "User Initiated"),
  event("B", "CREATE_IN_PROGRESS"),
  event("C", "CREATE_FAILED", "Resource creation cancelled"),
  event("A", "CREATE_FAILED", "The CIDR is invalid"),
  event("B", "CREATE_FAILED", "Resource creation Cancelled"),
  event("s", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [A, B, C]."),
];

test("is not what was called off, nor the stack", () => {
  expect(firstFailure(rolledBack)).toEqual({
    logicalId: "A",
    type: "AWS::EC2::VPC",
    status: "CREATE_FAILED",
    reason: "The CIDR is invalid",
    physicalId: "id-of-A",
  });
});

test("is the stack where no resource says why", () => {
  const failed = event("s", "DELETE_FAILED", "The role cannot be assumed");
  expect(firstFailure([failed])).toMatchObject({ logicalId: "s", reason: "The role cannot be assumed" });
});

test("is nothing where nothing failed; and of a deletion it is all that failed", () => {
  expect(firstFailure([event("A", "CREATE_COMPLETE")])).toBeUndefined();
  const deletion = [event("A", "DELETE_FAILED", "has dependencies"), event("B", "DELETE_FAILED", "in use")];
  expect(failures(deletion).map(({ logicalId }) => logicalId)).toEqual(["A", "B"]);
});
