/** What CloudFormation has noted of a stack's last operation, and the first thing in it that went wrong. */
import type { Clients } from "./cloud.ts";
import { isNoSuchStack } from "./deployed-stack.ts";
import type { CloudFormationEvent } from "./toolkit-voice.ts";

const pagesAtMost = 20;

/** The events of the last operation, oldest first. A stack that is gone has none. */
export async function readEvents(
  { cloudFormation }: Clients,
  stackId: string,
): Promise<readonly CloudFormationEvent[]> {
  const events: CloudFormationEvent[] = [];
  let token: string | undefined;
  try {
    for (let page = 0; page < pagesAtMost; page += 1) {
      const { StackEvents = [], NextToken } = await cloudFormation.describeStackEvents({
        StackName: stackId,
        ...(token !== undefined && { NextToken: token }),
      });
      for (const event of StackEvents) {
        events.push(event);
        if (beginsOperation(event)) return events.reverse();
      }
      token = NextToken;
      if (token === undefined) break;
    }
  } catch (error) {
    if (!isNoSuchStack(error)) throw error;
  }
  return events.reverse();
}

const beginnings: ReadonlySet<string> = new Set(["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"]);

function beginsOperation({ StackId, PhysicalResourceId, ResourceStatus = "" }: CloudFormationEvent): boolean {
  return StackId !== undefined && StackId === PhysicalResourceId && beginnings.has(ResourceStatus);
}

export interface Failure {
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly physicalId: string | undefined;
}

/** What else was under way when the first resource failed is called off, and fails too. */
const calledOff = /^Resource (creation|update|deletion) [Cc]ancelled/;

/** The first resource that failed, as CloudFormation has it; undefined when none did. */
export function firstFailure(events: readonly CloudFormationEvent[]): Failure | undefined {
  return failures(events)[0];
}

/** Every resource that failed of itself, in the order in which they did; the stack itself only where no resource says why. */
export function failures(events: readonly CloudFormationEvent[]): readonly Failure[] {
  const failed = events.filter(({ ResourceStatus = "" }) => ResourceStatus.endsWith("_FAILED"));
  const own = failed.filter(
    ({ StackId, PhysicalResourceId }) => StackId === undefined || StackId !== PhysicalResourceId,
  );
  const causes = own.filter(({ ResourceStatusReason = "" }) => !calledOff.test(ResourceStatusReason));
  const told = causes.length > 0 ? causes : own.length > 0 ? own : failed;
  return told.map(({ LogicalResourceId, ResourceType, ResourceStatus, ResourceStatusReason, PhysicalResourceId }) => ({
    logicalId: LogicalResourceId ?? "",
    type: ResourceType ?? "",
    status: ResourceStatus ?? "",
    reason: ResourceStatusReason ?? "CloudFormation gives no reason",
    physicalId: PhysicalResourceId,
  }));
}
