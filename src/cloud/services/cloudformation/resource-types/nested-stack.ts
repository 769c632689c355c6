/** AWS::CloudFormation::Stack: a stack of its own, which this one owns. Its Ref is its id. */
import type { DescribeStacksCommandOutput, Stack } from "@aws-sdk/client-cloudformation";
import { type Evaluated, isUnknownValue } from "../../../../ingest/index.ts";
import { ResourceFailure, type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";

interface Properties {
  readonly TemplateURL?: string;
  readonly Parameters?: { readonly [name: string]: string };
  readonly Tags?: readonly ResourceTag[];
  readonly TimeoutInMinutes?: number;
}

export const nestedStackType = resourceType<Properties>({
  name: "AWS::CloudFormation::Stack",
  properties: ["TemplateURL", "Parameters", "Tags", "TimeoutInMinutes"],
  asSpecified: (given) => ({
    ...given,
    ...(given.Parameters !== undefined && { Parameters: withoutLists(given.Parameters) }),
  }),
  create: (work) => work.nested.create(),
  created: (work) => isOver(work, "CREATE_COMPLETE", "created"),
  update: (work) => work.nested.update(),
  // Going back may find it as it was: it has gone back by itself. It cleans up together with this one.
  updated(work) {
    const { StackStatus = "" } = describe(work);
    const isThere = StackStatus.endsWith("_COMPLETE") || StackStatus.endsWith("_COMPLETE_CLEANUP_IN_PROGRESS");
    return (isThere && work.nested.isAsAsked()) || isOver(work, "UPDATE_COMPLETE", "updated");
  },
  delete: (work) => void work.call("cloudformation:DeleteStack", { StackName: work.physicalId }),
  deleted: (work) => isOver(work, "DELETE_COMPLETE", "deleted"),
  attributes(work) {
    const { Outputs = [] } = describe(work);
    return Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [`Outputs.${OutputKey}`, OutputValue]));
  },
});

/** A parameter's list is told as CloudFormation tells it: with commas. */
function withoutLists(parameters: Evaluated): Evaluated {
  if (typeof parameters !== "object" || parameters === null || isUnknownValue(parameters)) return parameters;
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
  );
}

function describe(work: ResourceWork<Properties>): Stack {
  const input = { StackName: work.physicalId };
  return (
    work.call<DescribeStacksCommandOutput>("cloudformation:DescribeStacks", input).Stacks?.[0] ?? bug(work.physicalId)
  );
}

function bug(id: string): never {
  throw new Error(`bug: no stack ${id}`);
}

function isOver(work: ResourceWork<Properties>, wanted: string, verb: string): boolean {
  const { StackStatus = "", StackStatusReason, StackId } = describe(work);
  // A rollback that only has to clean up has failed already, and waits for this stack.
  if (StackStatus.endsWith("_IN_PROGRESS") && StackStatus !== "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    return false;
  if (StackStatus === wanted) return true;
  throw new ResourceFailure(
    `Embedded stack ${StackId} was not successfully ${verb}: ${StackStatusReason ?? `it is in state ${StackStatus}`}`,
  );
}
