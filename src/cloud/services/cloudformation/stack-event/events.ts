/** Writing down what happens to stacks and their resources, in the order in which it happens. */
import type { Transaction } from "../../../state/transaction.ts";
import { uuid } from "../../uuid.ts";
import type { StackRecord } from "../stack/record.ts";
import type { StackResourceRecord } from "../stack-resource/record.ts";
import type { StackEventRecord } from "./record.ts";

/** Stores the stack as it is now, and an event that tells its status. Answers the stack as stored. */
export function putStackWithEvent(transaction: Transaction, stack: StackRecord): StackRecord {
  return putEvent(transaction, stack, {
    EventId: uuid(transaction.randomBytes(16)),
    LogicalResourceId: stack.StackName,
    PhysicalResourceId: stack.StackId,
    ResourceType: "AWS::CloudFormation::Stack",
    ResourceStatus: stack.StackStatus,
    ...(stack.StackStatusReason !== undefined && { ResourceStatusReason: stack.StackStatusReason }),
  });
}

/** Stores the resource as it is now, and an event that tells its status, and why it is so. */
export function putResourceWithEvent(transaction: Transaction, resource: StackResourceRecord, reason?: string): void {
  const { ResourceStatusReason: _past, ...rest } = resource;
  const because = reason === undefined ? {} : { ResourceStatusReason: reason };
  transaction.put("stackResource", { ...rest, ...because });
  const stack = transaction.must("stack", resource.StackId);
  const time = new Date(nextTime(transaction, stack)).toISOString();
  putEvent(transaction, stack, {
    EventId: `${resource.LogicalResourceId}-${resource.ResourceStatus}-${time}`,
    LogicalResourceId: resource.LogicalResourceId,
    PhysicalResourceId: resource.PhysicalResourceId,
    ResourceType: resource.ResourceType,
    ResourceStatus: resource.ResourceStatus,
    ResourceProperties: JSON.stringify(resource.Properties),
    ...because,
  });
}

type Happening = Pick<
  StackEventRecord,
  | "EventId"
  | "LogicalResourceId"
  | "PhysicalResourceId"
  | "ResourceType"
  | "ResourceStatus"
  | "ResourceStatusReason"
  | "ResourceProperties"
>;

function putEvent(transaction: Transaction, stack: StackRecord, happening: Happening): StackRecord {
  const { OwnerId, Region, StackId, StackName, Operation } = stack;
  const Sequence = stack.EventCount + 1;
  const CreatedAt = nextTime(transaction, stack);
  transaction.put("stackEvent", {
    OwnerId,
    Region,
    CreatedAt,
    StackId,
    StackName,
    Sequence,
    ...happening,
    ...(Operation?.ClientRequestToken !== undefined && { ClientRequestToken: Operation.ClientRequestToken }),
  });
  const counted = { ...stack, EventCount: Sequence, LastEventAt: CreatedAt };
  transaction.put("stack", counted);
  return counted;
}

/** Clients tell events apart by ids that are made of their times, stop at one that they know, and sort by time: no two have the same. */
function nextTime(transaction: Transaction, { LastEventAt = 0 }: StackRecord): number {
  return Math.max(transaction.now, LastEventAt + 1);
}
