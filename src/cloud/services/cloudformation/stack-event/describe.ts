/** A stack's events, the newest first. */
import type {
  DescribeStackEventsCommandInput,
  DescribeStackEventsCommandOutput,
  StackEvent,
} from "@aws-sdk/client-cloudformation";
import type { Action } from "../../action.ts";
import { offsetPage } from "../../offset-page.ts";
import { noStack } from "../errors.ts";
import { namedStack } from "../stack/find-stack.ts";
import type { StackEventRecord } from "./record.ts";

const pageSize = 100;

export const describeStackEvents: Action<DescribeStackEventsCommandInput, DescribeStackEventsCommandOutput> = (
  input,
  context,
) => {
  const { StackId } = namedStack(input.StackName, context, noStack);
  const events = [...context.by("stackEvent", "stack", StackId)].sort((a, b) => b.Sequence - a.Sequence);
  const request = { MaxResults: pageSize, NextToken: input.NextToken };
  const { items, NextToken } = offsetPage(events, request, { min: 1, max: pageSize });
  return { StackEvents: items.map(eventToApi), NextToken };
};

function eventToApi(event: StackEventRecord): StackEvent {
  const {
    CreatedAt,
    OwnerId: _owner,
    Region: _region,
    Sequence: _sequence,
    Due: _due,
    ResourceStatus,
    ...rest
  } = event;
  // The statuses are those of the life cycles, which are AWS's.
  return { ...rest, Timestamp: new Date(CreatedAt), ResourceStatus: ResourceStatus as StackEvent["ResourceStatus"] };
}
