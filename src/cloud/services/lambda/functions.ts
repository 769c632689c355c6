/** Functions and their versions: made, shown, changed, published, deleted. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
import type {
  CreateFunctionCommandInput,
  CreateFunctionCommandOutput,
  DeleteFunctionCommandInput,
  DeleteFunctionCommandOutput,
  GetFunctionCommandInput,
  GetFunctionCommandOutput,
  GetFunctionConfigurationCommandInput,
  GetFunctionConfigurationCommandOutput,
  ListFunctionsCommandInput,
  ListFunctionsCommandOutput,
  ListVersionsByFunctionCommandInput,
  ListVersionsByFunctionCommandOutput,
  PublishVersionCommandInput,
  PublishVersionCommandOutput,
  UpdateFunctionCodeCommandInput,
  UpdateFunctionCodeCommandOutput,
  UpdateFunctionConfigurationCommandInput,
  UpdateFunctionConfigurationCommandOutput,
} from "@aws-sdk/client-lambda";
import type { Action, ActionContext, Actions } from "../action.ts";
import { offsetPage } from "../offset-page.ts";
import { uuid } from "../uuid.ts";
import { settingsAfter, shown, usualSettings } from "./configuration.ts";
import { invalidParameter, notModelled, preconditionFailed, resourceConflict } from "./errors.ts";
import { newFunctionCode } from "./function-code.ts";
import { functionArn, functionNamed } from "./look-up.ts";
import { type FunctionRecord, functionKey, latest, processKey } from "./record.ts";
import { checkedTags } from "./tags.ts";

const createFunction: Action<CreateFunctionCommandInput, CreateFunctionCommandOutput> = (input, context) => {
  const { accountId: OwnerId, region: Region } = context.caller;
  const FunctionName = /^(?:arn:aws:lambda:[a-z0-9-]+:\d{12}:function:)?([A-Za-z0-9_-]{1,64})$/.exec(
    input.FunctionName ?? "",
  )?.[1];
  if (FunctionName === undefined) throw invalidParameter(`The function name '${input.FunctionName}' is not valid.`);
  const FunctionArn = functionArn(context.caller, FunctionName);
  if (context.get("lambdaFunction", functionKey({ FunctionArn, Version: latest })) !== undefined)
    throw resourceConflict(`Function already exist: ${FunctionName}`);
  if (input.Runtime === undefined || input.Handler === undefined) {
    if (input.PackageType === "Image") throw notModelled("A function from a container image");
    throw invalidParameter(
      "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
    );
  }
  const record: FunctionRecord = {
    OwnerId,
    Region,
    CreatedAt: context.now,
    FunctionArn,
    FunctionName,
    Version: latest,
    State: "Pending",
    ...settingsAfter(context, input, usualSettings(FunctionName)),
    Architectures: input.Architectures ?? ["x86_64"],
    Code: newFunctionCode(context, input.Code ?? {}),
    LastModified: context.now,
    RevisionId: uuid(context.randomBytes(16)),
    Tags: checkedTags({}, input.Tags),
    Permissions: [],
    NextVersion: 1,
  };
  context.put("lambdaFunction", record);
  context.afterCommit(() => context.functions.prepare());
  return shown(input.Publish ? published(context, record) : record);
};

const getFunction: Action<GetFunctionCommandInput, GetFunctionCommandOutput> = (input, context) => {
  const record = functionNamed(context, input);
  return {
    Configuration: shown(record),
    Code: { RepositoryType: "S3" },
    ...(Object.keys(record.Tags).length === 0 ? {} : { Tags: { ...record.Tags } }),
  };
};

const getFunctionConfiguration: Action<GetFunctionConfigurationCommandInput, GetFunctionConfigurationCommandOutput> = (
  input,
  context,
) => shown(functionNamed(context, input));

const listFunctions: Action<ListFunctionsCommandInput, ListFunctionsCommandOutput> = (input, context) => {
  const { accountId, region } = context.caller;
  const rows = context
    .inScope("lambdaFunction", accountId, region)
    .filter(({ Version }) => input.FunctionVersion === "ALL" || Version === latest);
  const { items, NextToken } = offsetPage(rows, pageOf(input), { min: 1, max: 10_000 });
  return { Functions: items.map(shown), ...(NextToken === undefined ? {} : { NextMarker: NextToken }) };
};

const listVersionsByFunction: Action<ListVersionsByFunctionCommandInput, ListVersionsByFunctionCommandOutput> = (
  input,
  context,
) => {
  const { FunctionArn } = functionNamed(context, input);
  const rows = context.by("lambdaFunction", "arn", FunctionArn);
  const { items, NextToken } = offsetPage(rows, pageOf(input), { min: 1, max: 10_000 });
  return { Versions: items.map(shown), ...(NextToken === undefined ? {} : { NextMarker: NextToken }) };
};

const updateFunctionCode: Action<UpdateFunctionCodeCommandInput, UpdateFunctionCodeCommandOutput> = (
  input,
  context,
) => {
  const before = changeable(context, input);
  const Code = newFunctionCode(context, input);
  if (input.DryRun) {
    context.blobs.remove(Code.Blob);
    return shown(before);
  }
  const record = changed(context, before, { Code, Architectures: input.Architectures ?? before.Architectures });
  forgetCode(context, before);
  return shown(input.Publish ? published(context, record) : record);
};

const updateFunctionConfiguration: Action<
  UpdateFunctionConfigurationCommandInput,
  UpdateFunctionConfigurationCommandOutput
> = (input, context) => {
  const before = changeable(context, input);
  return shown(changed(context, before, settingsAfter(context, input, before)));
};

const publishVersion: Action<PublishVersionCommandInput, PublishVersionCommandOutput> = (input, context) => {
  const record = changeable(context, input);
  if (input.CodeSha256 !== undefined && input.CodeSha256 !== record.Code.Sha256) {
    throw invalidParameter(
      `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${record.Code.Sha256}). Please try again with the CodeSHA256 in $LATEST.`,
    );
  }
  return shown(published(context, record, input.Description));
};

const deleteFunction: Action<DeleteFunctionCommandInput, DeleteFunctionCommandOutput> = (input, context) => {
  const record = functionNamed(context, input);
  const named = input.Qualifier ?? latest;
  if (input.Qualifier === latest)
    throw invalidParameter("$LATEST version cannot be deleted without deleting the function.");
  const gone = named === latest ? context.by("lambdaFunction", "arn", record.FunctionArn) : [record];
  for (const each of gone) {
    context.delete("lambdaFunction", functionKey(each));
    retireLater(context, each);
    forgetCode(context, each);
  }
  return { StatusCode: 204 };
};

export const functionActions = {
  CreateFunction: createFunction,
  GetFunction: getFunction,
  GetFunctionConfiguration: getFunctionConfiguration,
  ListFunctions: listFunctions,
  ListVersionsByFunction: listVersionsByFunction,
  UpdateFunctionCode: updateFunctionCode,
  UpdateFunctionConfiguration: updateFunctionConfiguration,
  PublishVersion: publishVersion,
  DeleteFunction: deleteFunction,
} satisfies Actions;

/** `$LATEST`, when nothing else is at work on it. Throws ResourceConflictException, PreconditionFailedException. */
function changeable(
  context: ActionContext,
  input: { readonly FunctionName?: string | undefined; readonly RevisionId?: string | undefined },
): FunctionRecord {
  const record = functionNamed(context, { FunctionName: input.FunctionName });
  if (record.State !== "Active") {
    throw resourceConflict(
      record.State === "Pending"
        ? `The operation cannot be performed at this time. The function is currently in the following state: Pending`
        : `The operation cannot be performed at this time. An update is in progress for resource: ${record.FunctionArn}`,
    );
  }
  if (input.RevisionId !== undefined && input.RevisionId !== record.RevisionId) throw preconditionFailed();
  return record;
}

function changed(context: ActionContext, before: FunctionRecord, change: Partial<FunctionRecord>): FunctionRecord {
  const RevisionId = uuid(context.randomBytes(16));
  const after = { ...before, ...change, RevisionId, LastModified: context.now };
  const record = context.fire("lambdaFunction", after, "UpdateFunction");
  if (record === undefined) throw new Error(`bug: ${before.FunctionArn} cannot be updated in ${before.State}`);
  retireLater(context, before);
  return record;
}

/** A version like `$LATEST` is now. One that would be like the last one is the last one. */
function published(context: ActionContext, record: FunctionRecord, description?: string): FunctionRecord {
  const last = context.get(
    "lambdaFunction",
    functionKey({ FunctionArn: record.FunctionArn, Version: String(record.NextVersion - 1) }),
  );
  if (last !== undefined && last.LastModified === record.LastModified) return last;
  const version: FunctionRecord = {
    ...record,
    Version: String(record.NextVersion),
    Description: description ?? record.Description,
    RevisionId: uuid(context.randomBytes(16)),
    Permissions: [],
  };
  context.put("lambdaFunction", version);
  context.put("lambdaFunction", {
    ...context.must("lambdaFunction", functionKey(record)),
    NextVersion: record.NextVersion + 1,
  });
  return version;
}

function retireLater(context: ActionContext, record: FunctionRecord): void {
  context.afterCommit(() => context.functions.retire(processKey(record)));
}

/** Versions share their code with what they were published from. */
function forgetCode(context: ActionContext, { FunctionArn, Code }: FunctionRecord): void {
  const isUsed = context.by("lambdaFunction", "arn", FunctionArn).some((each) => each.Code.Blob === Code.Blob);
  if (!isUsed) context.afterCommit(() => context.blobs.remove(Code.Blob));
}

function pageOf({
  Marker,
  MaxItems,
}: {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}) {
  return { MaxResults: MaxItems ?? 50, NextToken: Marker };
}
