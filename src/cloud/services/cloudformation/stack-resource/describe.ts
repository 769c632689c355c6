/** The resources of a stack as the API shows them. */
import type {
  DescribeStackResourceCommandInput,
  DescribeStackResourceCommandOutput,
  DescribeStackResourcesCommandInput,
  DescribeStackResourcesCommandOutput,
  ListStackResourcesCommandInput,
  ListStackResourcesCommandOutput,
  StackResource,
} from "@aws-sdk/client-cloudformation";
import { scopeKey } from "../../../state/record.ts";
import type { Action, ActionContext } from "../../action.ts";
import { offsetPage } from "../../offset-page.ts";
import { noStack, stackNotFound, validationError } from "../errors.ts";
import { namedStack } from "../stack/find-stack.ts";
import type { StackResourceRecord } from "./record.ts";

const pageSize = 100;

export const describeStackResources: Action<DescribeStackResourcesCommandInput, DescribeStackResourcesCommandOutput> = (
  input,
  context,
) => {
  const { StackName, LogicalResourceId, PhysicalResourceId } = input;
  if (StackName && PhysicalResourceId)
    throw validationError("Either StackName or PhysicalResourceId can be specified, not both.");
  const stackId = StackName
    ? namedStack(StackName, context, stackNotFound).StackId
    : stackOf(PhysicalResourceId, context);
  const resources = resourcesOf(stackId, context).filter(
    (each) => LogicalResourceId === undefined || each.LogicalResourceId === LogicalResourceId,
  );
  return { StackResources: resources.map(resourceToApi) };
};

function stackOf(physicalId: string | undefined, context: ActionContext): string {
  if (!physicalId) throw validationError("Either StackName or PhysicalResourceId must be specified.");
  const { accountId, region } = context.caller;
  const [resource] = context.by("stackResource", "physicalId", `${scopeKey(accountId, region)}/${physicalId}`);
  if (resource === undefined) throw validationError(`Stack for ${physicalId} does not exist`);
  return resource.StackId;
}

export const describeStackResource: Action<DescribeStackResourceCommandInput, DescribeStackResourceCommandOutput> = (
  input,
  context,
) => {
  const stack = namedStack(input.StackName, context, noStack);
  const resource = resourcesOf(stack.StackId, context).find(
    (each) => each.LogicalResourceId === input.LogicalResourceId,
  );
  if (resource === undefined)
    throw validationError(`Resource ${input.LogicalResourceId} does not exist for stack ${input.StackName}`);
  const { Timestamp: LastUpdatedTimestamp, ...rest } = resourceToApi(resource);
  return { StackResourceDetail: { ...rest, LastUpdatedTimestamp, Metadata: resource.Metadata ?? "{}" } };
};

export const listStackResources: Action<ListStackResourcesCommandInput, ListStackResourcesCommandOutput> = (
  input,
  context,
) => {
  const { StackId } = namedStack(input.StackName, context, stackNotFound);
  const request = { MaxResults: pageSize, NextToken: input.NextToken };
  const { items, NextToken } = offsetPage(resourcesOf(StackId, context), request, { min: 1, max: pageSize });
  return {
    StackResourceSummaries: items.map((resource) => {
      const { Timestamp: LastUpdatedTimestamp, StackId: _id, StackName: _name, ...rest } = resourceToApi(resource);
      return { ...rest, LastUpdatedTimestamp };
    }),
    NextToken,
  };
};

/** In the order of their names, as AWS gives them. */
function resourcesOf(stackId: string, context: ActionContext): readonly StackResourceRecord[] {
  return context
    .by("stackResource", "stack", stackId)
    .filter(({ Leaving }) => !Leaving)
    .sort((a, b) => (a.LogicalResourceId < b.LogicalResourceId ? -1 : 1));
}

function resourceToApi(resource: StackResourceRecord) {
  return {
    StackId: resource.StackId,
    StackName: resource.StackName,
    LogicalResourceId: resource.LogicalResourceId,
    PhysicalResourceId: resource.PhysicalResourceId === "" ? undefined : resource.PhysicalResourceId,
    ResourceType: resource.ResourceType,
    Timestamp: new Date(resource.UpdatedAt),
    // The statuses are those that the engine gives, which are AWS's.
    ResourceStatus: resource.ResourceStatus as StackResource["ResourceStatus"],
    ResourceStatusReason: resource.ResourceStatusReason,
    DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" as const },
  };
}
