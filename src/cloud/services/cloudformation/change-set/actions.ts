/**
 * Change sets: made, reviewed, executed or thrown away.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
 */
import type {
  Change,
  CreateChangeSetCommandInput,
  CreateChangeSetCommandOutput,
  DeleteChangeSetCommandInput,
  DeleteChangeSetCommandOutput,
  DescribeChangeSetCommandInput,
  DescribeChangeSetCommandOutput,
  ExecuteChangeSetCommandInput,
  ExecuteChangeSetCommandOutput,
  ListChangeSetsCommandInput,
  ListChangeSetsCommandOutput,
  ResourceChangeDetail,
} from "@aws-sdk/client-cloudformation";
import { AwsError } from "../../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { offsetPage } from "../../offset-page.ts";
import { uuid } from "../../uuid.ts";
import { changeSetNotFound, constraintFailed, noStack, validationError } from "../errors.ts";
import { refuseUpdateIn } from "../stack/actions.ts";
import { checkedToken } from "../stack/client-request-token.ts";
import { shownParameter } from "../stack/describe.ts";
import { checkedStackName, findStack } from "../stack/find-stack.ts";
import { beginOperation, newStackId, newStackRecord, userInitiated } from "../stack/operations.ts";
import type { StackOperation, StackRecord } from "../stack/record.ts";
import { requestedDefinition } from "../stack/requested-definition.ts";
import { putStackWithEvent } from "../stack-event/events.ts";
import { changesFor } from "./changes.ts";
import { changeSetsOf, findChangeSet } from "./find-change-set.ts";
import type { ChangeSetRecord } from "./record.ts";

const pageSize = 100;

const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

const createChangeSet: Action<CreateChangeSetCommandInput, CreateChangeSetCommandOutput> = (input, context) => {
  const name = checkedName(input.ChangeSetName);
  const ChangeSetType = input.ChangeSetType ?? "UPDATE";
  if (ChangeSetType === "IMPORT" || input.ResourcesToImport?.length)
    throw validationError("A change set of type IMPORT is not modelled by this local cloud.");
  if (ChangeSetType !== "CREATE" && ChangeSetType !== "UPDATE")
    throw constraintFailed(
      ChangeSetType,
      "changeSetType",
      "Member must satisfy enum value set: [UPDATE, CREATE, IMPORT]",
    );
  if (input.DeploymentMode !== undefined)
    throw validationError(`The DeploymentMode ${input.DeploymentMode} is not modelled by this local cloud.`);
  const stackName = checkedStackName(input.StackName);
  const present = findStack(stackName, context);
  const stack =
    ChangeSetType === "CREATE" ? stackToCreate(stackName, name, present, context) : stackToUpdate(stackName, present);
  if (context.by("changeSet", "stack", stack.StackId).some(({ ChangeSetName }) => ChangeSetName === name))
    throw new AwsError("AlreadyExistsException", `ChangeSet ${name} cannot be created since it already exists`);
  const previous = ChangeSetType === "UPDATE" ? stack : undefined;
  const requested = requestedDefinition(input, stack, previous, context, true);
  const { changes, hasChanges, warning } = changesFor(stack, requested, context);
  const missing = requested.plan.missingThings[0];
  const Fault = missing ?? (hasChanges ? undefined : noChanges);
  const { accountId, region } = context.caller;
  if (present === undefined) putStackWithEvent(context, { ...stack, StackStatusReason: userInitiated });
  const ChangeSetId = `arn:aws:cloudformation:${region}:${accountId}:changeSet/${name}/${uuid(context.randomBytes(16))}`;
  context.put("changeSet", {
    OwnerId: accountId,
    Region: region,
    CreatedAt: context.now,
    ChangeSetId,
    ChangeSetName: name,
    StackId: stack.StackId,
    StackName: stack.StackName,
    ChangeSetType,
    Status: "CREATE_PENDING",
    ExecutionStatus: "UNAVAILABLE",
    Definition: requested.definition,
    IncludeNestedStacks: input.IncludeNestedStacks ?? false,
    Changes: JSON.stringify(Fault === undefined ? changes : []),
    ...(input.Description !== undefined && { ChangeSetDescription: input.Description }),
    ...(input.OnStackFailure !== undefined && { OnStackFailure: input.OnStackFailure }),
    ...(Fault !== undefined && { Fault }),
    ...(warning !== undefined && { Warning: warning }),
  });
  return { Id: ChangeSetId, StackId: stack.StackId };
};

function checkedName(name: string | undefined): string {
  if (!/^(?:[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/]*)$/.test(name ?? ""))
    throw constraintFailed(
      name ?? "",
      "changeSetName",
      "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/]*",
    );
  return name ?? "";
}

function stackToCreate(
  stackName: string,
  changeSetName: string,
  present: StackRecord | undefined,
  context: ActionContext,
): StackRecord {
  if (present !== undefined && present.StackStatus !== "REVIEW_IN_PROGRESS")
    throw validationError(
      `Stack [${stackName}] already exists and cannot be created again with the changeSet [${changeSetName}].`,
    );
  return present ?? newStackRecord(newStackId(stackName, context), stackName, context);
}

function stackToUpdate(stackName: string, present: StackRecord | undefined): StackRecord {
  if (present === undefined) throw noStack(stackName);
  refuseUpdateIn(present);
  return present;
}

const describeChangeSet: Action<DescribeChangeSetCommandInput, DescribeChangeSetCommandOutput> = (input, context) => {
  const changeSet = namedChangeSet(input.ChangeSetName, input.StackName, context);
  const { Definition, Status, ExecutionStatus } = changeSet;
  const isMade = Status === "CREATE_COMPLETE" || Status === "FAILED";
  const changes: readonly Change[] = isMade ? JSON.parse(changeSet.Changes) : [];
  const request = { MaxResults: pageSize, NextToken: input.NextToken };
  const { items, NextToken } = offsetPage(changes, request, { min: 1, max: pageSize });
  const reason = isMade
    ? (changeSet.Fault ?? (input.IncludePropertyValues ? changeSet.Warning : undefined))
    : undefined;
  return {
    ChangeSetName: changeSet.ChangeSetName,
    ChangeSetId: changeSet.ChangeSetId,
    StackId: changeSet.StackId,
    StackName: changeSet.StackName,
    Description: changeSet.ChangeSetDescription,
    Parameters: Definition.Parameters.length === 0 ? undefined : Definition.Parameters.map(shownParameter),
    CreationTime: new Date(changeSet.CreatedAt),
    ExecutionStatus,
    Status,
    StatusReason: reason,
    NotificationARNs: [],
    RollbackConfiguration: {},
    Capabilities: [...Definition.Capabilities] as DescribeChangeSetCommandOutput["Capabilities"],
    Tags: Definition.Tags.length === 0 ? undefined : Definition.Tags.map((tag) => ({ ...tag })),
    Changes: items.map((change) => (input.IncludePropertyValues ? change : withoutValues(change))),
    NextToken,
    IncludeNestedStacks: changeSet.IncludeNestedStacks,
    OnStackFailure: changeSet.OnStackFailure as DescribeChangeSetCommandOutput["OnStackFailure"],
  };
};

/** What is shown to a reader who has not asked for values. */
function withoutValues(change: Change): Change {
  const { BeforeContext: _before, AfterContext: _after, Details = [], ...rest } = change.ResourceChange ?? {};
  const shown = Details.filter((detail) => !isToldByResource(detail, Details)).map(({ Target, ...detail }) => ({
    ...detail,
    Target: Target && {
      Attribute: Target.Attribute,
      ...(Target.Name !== undefined && { Name: Target.Name }),
      RequiresRecreation: Target.RequiresRecreation,
    },
  }));
  return { ...change, ResourceChange: { ...rest, Details: shown } };
}

/** That a property may change is no news beside the resource that makes it change. */
function isToldByResource(detail: ResourceChangeDetail, all: readonly ResourceChangeDetail[]): boolean {
  if (detail.ChangeSource !== "DirectModification" || detail.Evaluation !== "Dynamic") return false;
  return all.some(
    ({ ChangeSource, Target }) => ChangeSource?.startsWith("Resource") && Target?.Name === detail.Target?.Name,
  );
}

const executeChangeSet: Action<ExecuteChangeSetCommandInput, ExecuteChangeSetCommandOutput> = (input, context) => {
  const changeSet = namedChangeSet(input.ChangeSetName, input.StackName, context);
  const token = checkedToken(input.ClientRequestToken);
  if (token !== undefined && changeSet.ClientRequestToken === token) return {};
  const { ChangeSetId, StackId, Status, ExecutionStatus, Definition, ChangeSetType } = changeSet;
  if (Status !== "CREATE_COMPLETE" || ExecutionStatus !== "AVAILABLE") {
    const status = Status === "CREATE_COMPLETE" ? ExecutionStatus : Status;
    throw new AwsError(
      "InvalidChangeSetStatus",
      `ChangeSet [${ChangeSetId}] cannot be executed in its current status of [${status}]`,
    );
  }
  const stack = context.must("stack", StackId);
  // Things and exports may have come or gone since.
  const { fault } = requestedDefinition({ ...againAsInput(Definition) }, stack, undefined, context, true);
  const begun = beginOperation(
    stack,
    ChangeSetType === "CREATE" ? "CreateStack" : "UpdateStack",
    {
      definition: Definition,
      fault,
      onFailure: onFailure(changeSet.OnStackFailure),
      clientRequestToken: token,
      changeSetId: ChangeSetId,
      changes: { DisableRollback: input.DisableRollback ?? false },
    },
    context,
  );
  if (begun === undefined)
    throw validationError(`Stack:${StackId} is in ${stack.StackStatus} state and can not be updated.`);
  context.put("changeSet", {
    ...changeSet,
    ExecutionStatus: "EXECUTE_IN_PROGRESS",
    ...(token !== undefined && { ClientRequestToken: token }),
  });
  for (const other of context.by("changeSet", "stack", StackId)) {
    if (other.ChangeSetId !== ChangeSetId) context.delete("changeSet", other.ChangeSetId);
  }
  return {};
};

function againAsInput({ TemplateBody, Parameters, Tags, Capabilities, RoleARN }: ChangeSetRecord["Definition"]) {
  return {
    TemplateBody,
    Parameters: Parameters.map(({ ParameterKey, ParameterValue }) => ({ ParameterKey, ParameterValue })),
    Tags: [...Tags],
    Capabilities: [...Capabilities],
    ...(RoleARN !== undefined && { RoleARN }),
  };
}

function onFailure(wanted: string | undefined): StackOperation["OnFailure"] | undefined {
  return wanted === "DELETE" || wanted === "DO_NOTHING" || wanted === "ROLLBACK" ? wanted : undefined;
}

/** Deleting twice is no mistake; a stack that was only waiting for the change set stays. */
const deleteChangeSet: Action<DeleteChangeSetCommandInput, DeleteChangeSetCommandOutput> = (input, context) => {
  const changeSet = findChangeSet(checkedName(input.ChangeSetName), input.StackName, context);
  if (changeSet === undefined) return {};
  if (changeSet.ExecutionStatus === "EXECUTE_IN_PROGRESS")
    throw new AwsError(
      "InvalidChangeSetStatus",
      `ChangeSet [${changeSet.ChangeSetId}] cannot be deleted in its current status of [${changeSet.ExecutionStatus}]`,
    );
  context.delete("changeSet", changeSet.ChangeSetId);
  return {};
};

const listChangeSets: Action<ListChangeSetsCommandInput, ListChangeSetsCommandOutput> = (input, context) => {
  const changeSets = changeSetsOf(checkedStackName(input.StackName), context).filter(
    ({ ExecutionStatus }) => !ExecutionStatus.startsWith("EXECUTE"),
  );
  const request = { MaxResults: pageSize, NextToken: input.NextToken };
  const { items, NextToken } = offsetPage(changeSets, request, { min: 1, max: pageSize });
  return {
    Summaries: items.map((changeSet) => ({
      StackId: changeSet.StackId,
      StackName: changeSet.StackName,
      ChangeSetId: changeSet.ChangeSetId,
      ChangeSetName: changeSet.ChangeSetName,
      ExecutionStatus: changeSet.ExecutionStatus,
      Status: changeSet.Status,
      StatusReason: changeSet.Fault,
      CreationTime: new Date(changeSet.CreatedAt),
      Description: changeSet.ChangeSetDescription,
      IncludeNestedStacks: changeSet.IncludeNestedStacks,
    })),
    NextToken,
  };
};

function namedChangeSet(
  name: string | undefined,
  stackName: string | undefined,
  context: ActionContext,
): ChangeSetRecord {
  const changeSet = findChangeSet(checkedName(name), stackName, context);
  if (changeSet === undefined) throw changeSetNotFound(name ?? "");
  return changeSet;
}

export const changeSetActions = {
  CreateChangeSet: createChangeSet,
  DescribeChangeSet: describeChangeSet,
  ExecuteChangeSet: executeChangeSet,
  DeleteChangeSet: deleteChangeSet,
  ListChangeSets: listChangeSets,
} satisfies Actions;
