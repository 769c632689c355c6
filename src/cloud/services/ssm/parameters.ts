/** Parameter Store. Only the current version of a parameter is kept. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */

import { createHash } from "node:crypto";
import type {
  AddTagsToResourceCommandInput,
  AddTagsToResourceCommandOutput,
  DeleteParameterCommandInput,
  DeleteParameterCommandOutput,
  DeleteParametersCommandInput,
  DeleteParametersCommandOutput,
  DescribeParametersCommandInput,
  DescribeParametersCommandOutput,
  GetParameterCommandInput,
  GetParameterCommandOutput,
  GetParametersByPathCommandInput,
  GetParametersByPathCommandOutput,
  GetParametersCommandInput,
  GetParametersCommandOutput,
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  Parameter,
  ParameterStringFilter,
  PutParameterCommandInput,
  PutParameterCommandOutput,
  RemoveTagsFromResourceCommandInput,
  RemoveTagsFromResourceCommandOutput,
  Tag,
} from "@aws-sdk/client-ssm";
import { AwsError, isAwsError, parseArn } from "../../../aws/index.ts";
import { scopeKey } from "../../state/record.ts";
import type { Action, ActionContext, Actions } from "../action.ts";
import { offsetPage } from "../offset-page.ts";
import { publicParameters } from "./public-parameters.ts";
import type { ParameterRecord } from "./record.ts";

const maxStandardLength = 4096;
const maxAdvancedLength = 8192;
const maxTags = 50;

const putParameter: Action<PutParameterCommandInput, PutParameterCommandOutput> = (input, context) => {
  const Name = checkedName(input.Name);
  const before = own(context, Name);
  if (before !== undefined && !input.Overwrite) {
    throw new AwsError(
      "ParameterAlreadyExists",
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    );
  }
  if (before !== undefined && input.Tags?.length) {
    throw validation(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag.",
    );
  }
  const Type = input.Type ?? before?.Type;
  if (Type === undefined) throw validation("A parameter type is required when you create a parameter.");
  const Tier = input.Tier ?? before?.Tier ?? "Standard";
  // Terraform sends an empty pattern for none.
  // Terraform sends an empty pattern for none.
  const AllowedPattern = (input.AllowedPattern ?? before?.AllowedPattern) || undefined;
  const Description = (input.Description ?? before?.Description) || undefined;
  const record: ParameterRecord = {
    OwnerId: context.caller.accountId,
    Region: context.caller.region,
    CreatedAt: before?.CreatedAt ?? context.now,
    Name,
    Type,
    Value: checkedValue(input.Value ?? "", Tier, AllowedPattern),
    Version: (before?.Version ?? 0) + 1,
    DataType: input.DataType ?? before?.DataType ?? "text",
    Tier,
    ...(Description === undefined ? {} : { Description }),
    ...(AllowedPattern === undefined ? {} : { AllowedPattern }),
    LastModifiedAt: context.now,
    LastModifiedUser: context.caller.arn,
    Tags: withTags(before?.Tags ?? [], input.Tags),
  };
  context.put("parameter", record);
  return { Version: record.Version, Tier };
};

const getParameter: Action<GetParameterCommandInput, GetParameterCommandOutput> = (
  { Name = "", WithDecryption },
  context,
) => ({
  Parameter: found(Name, WithDecryption === true, context),
});

const getParameters: Action<GetParametersCommandInput, GetParametersCommandOutput> = (
  { Names = [], WithDecryption },
  context,
) => {
  const Parameters: Parameter[] = [];
  const InvalidParameters: string[] = [];
  for (const name of Names) {
    try {
      Parameters.push(found(name, WithDecryption === true, context));
    } catch (error) {
      // Names that lead nowhere are listed in the answer; anything else refuses the call.
      if (!isAwsError(error) || !/^Parameter(Version)?NotFound$/.test(error.code)) throw error;
      InvalidParameters.push(name);
    }
  }
  return { Parameters, InvalidParameters };
};

const getParametersByPath: Action<GetParametersByPathCommandInput, GetParametersByPathCommandOutput> = (
  input,
  context,
) => {
  const { Path = "", Recursive = false } = input;
  if (!Path.startsWith("/"))
    throw validation(
      `The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can't be prefixed with "aws" or "ssm" (case-insensitive).`,
    );
  const prefix = Path.endsWith("/") ? Path : `${Path}/`;
  const rows = everything(context)
    .filter(({ Name }) => Name.startsWith(prefix) && (Recursive || !Name.slice(prefix.length).includes("/")))
    .filter(filters(input.ParameterFilters));
  const { items, NextToken } = offsetPage(rows, { ...input, MaxResults: input.MaxResults ?? 10 }, { min: 1, max: 10 });
  return { Parameters: items.map((record) => toParameter(record, input.WithDecryption === true)), NextToken };
};

const deleteParameter: Action<DeleteParameterCommandInput, DeleteParameterCommandOutput> = ({ Name = "" }, context) => {
  if (!remove(context, Name)) throw notFound(Name);
  return {};
};

const deleteParameters: Action<DeleteParametersCommandInput, DeleteParametersCommandOutput> = (
  { Names = [] },
  context,
) => {
  const DeletedParameters: string[] = [];
  const InvalidParameters: string[] = [];
  for (const name of Names) (remove(context, name) ? DeletedParameters : InvalidParameters).push(name);
  return { DeletedParameters, InvalidParameters };
};

const describeParameters: Action<DescribeParametersCommandInput, DescribeParametersCommandOutput> = (
  input,
  context,
) => {
  const { accountId, region } = context.caller;
  const older = (input.Filters ?? []).map(({ Key, Values }) => ({
    Key,
    Values,
    Option: Key === "Name" ? "BeginsWith" : "Equals",
  }));
  const rows = context
    .inScope("parameter", accountId, region)
    .filter(filters([...older, ...(input.ParameterFilters ?? [])]));
  const { items, NextToken } = offsetPage(rows, { ...input, MaxResults: input.MaxResults ?? 10 }, { min: 1, max: 50 });
  return {
    Parameters: items.map((record) => ({
      Name: record.Name,
      ARN: arnOf(record),
      Type: record.Type,
      Version: record.Version,
      DataType: record.DataType,
      Tier: record.Tier,
      LastModifiedDate: new Date(record.LastModifiedAt),
      LastModifiedUser: record.LastModifiedUser,
      Policies: [],
      ...(record.Description === undefined ? {} : { Description: record.Description }),
      ...(record.AllowedPattern === undefined ? {} : { AllowedPattern: record.AllowedPattern }),
      ...(record.Type === "SecureString" ? { KeyId: "alias/aws/ssm" } : {}),
    })),
    NextToken,
  };
};

const addTagsToResource: Action<AddTagsToResourceCommandInput, AddTagsToResourceCommandOutput> = (input, context) => {
  const record = tagged(input.ResourceType, input.ResourceId, context);
  context.put("parameter", { ...record, Tags: withTags(record.Tags, input.Tags) });
  return {};
};

const removeTagsFromResource: Action<RemoveTagsFromResourceCommandInput, RemoveTagsFromResourceCommandOutput> = (
  input,
  context,
) => {
  const record = tagged(input.ResourceType, input.ResourceId, context);
  context.put("parameter", { ...record, Tags: record.Tags.filter((tag) => !input.TagKeys?.includes(tag.Key)) });
  return {};
};

const listTagsForResource: Action<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput> = (
  input,
  context,
) => ({
  TagList: [...tagged(input.ResourceType, input.ResourceId, context).Tags],
});

export const parameterActions = {
  PutParameter: putParameter,
  GetParameter: getParameter,
  GetParameters: getParameters,
  GetParametersByPath: getParametersByPath,
  DeleteParameter: deleteParameter,
  DeleteParameters: deleteParameters,
  DescribeParameters: describeParameters,
  AddTagsToResource: addTagsToResource,
  RemoveTagsFromResource: removeTagsFromResource,
  ListTagsForResource: listTagsForResource,
} satisfies Actions;

function own(context: ActionContext, name: string): ParameterRecord | undefined {
  const { accountId, region } = context.caller;
  return context.get("parameter", `${scopeKey(accountId, region)}/${name}`);
}

/** The caller's parameters and the public ones. */
function everything(context: ActionContext): readonly ParameterRecord[] {
  const { accountId, region } = context.caller;
  return [...context.inScope("parameter", accountId, region), ...publicParameters(region)];
}

/** By name, by ARN, and with a version behind a colon. Throws `ParameterNotFound`, `ParameterVersionNotFound`. */
function found(reference: string, decrypt: boolean, context: ActionContext): Parameter {
  const arn = parseArn(reference);
  const name = arn?.service === "ssm" ? nameOfArn(arn.resource) : reference;
  const [, plain = name, selector] = /^([^:]*)(?::(.+))?$/.exec(name) ?? [];
  const record = own(context, plain) ?? publicParameters(context.caller.region).find((each) => each.Name === plain);
  if (record === undefined) throw notFound(plain);
  if (selector !== undefined && selector !== String(record.Version)) {
    throw new AwsError(
      "ParameterVersionNotFound",
      `Systems Manager could not find version ${selector} of ${plain}. Verify the version and try again.`,
    );
  }
  return { ...toParameter(record, decrypt), ...(selector === undefined ? {} : { Selector: `:${selector}` }) };
}

/** ARNs drop the slash that hierarchical names begin with: `parameter/a/b` is `/a/b`, `parameter/a` is `a`. */
function nameOfArn(resource: string): string {
  const path = resource.slice("parameter".length);
  return path.indexOf("/", 1) < 0 ? path.slice(1) : path;
}

function remove(context: ActionContext, name: string): boolean {
  const record = own(context, name);
  if (record === undefined) return false;
  context.delete("parameter", `${scopeKey(record.OwnerId, record.Region)}/${record.Name}`);
  return true;
}

function toParameter(record: ParameterRecord, decrypt: boolean): Parameter {
  return {
    Name: record.Name,
    Type: record.Type,
    Value: record.Type === "SecureString" && !decrypt ? withheld(record) : record.Value,
    Version: record.Version,
    LastModifiedDate: new Date(record.LastModifiedAt),
    ARN: arnOf(record),
    DataType: record.DataType,
  };
}

/** In place of the ciphertext that AWS gives: nothing can be got back from it, as without the key. */
function withheld({ Name, Value, Version }: ParameterRecord): string {
  return createHash("sha512").update(`${Name}\0${Version}\0${Value}`).digest("base64");
}

function arnOf({ OwnerId, Region, Name }: ParameterRecord): string {
  return `arn:aws:ssm:${Region}:${OwnerId}:parameter${Name.startsWith("/") ? Name : `/${Name}`}`;
}

function filters(given: readonly ParameterStringFilter[] | undefined): (record: ParameterRecord) => boolean {
  const tests = (given ?? []).map(filter);
  return (record) => tests.every((matches) => matches(record));
}

function filter({ Key = "", Option, Values = [] }: ParameterStringFilter): (record: ParameterRecord) => boolean {
  const matches = comparison(Key === "Path" ? (Option ?? "OneLevel") : (Option ?? "Equals"), Values);
  if (Key.startsWith("tag:")) {
    const name = Key.slice("tag:".length);
    return (record) => record.Tags.some((tag) => tag.Key === name && (Values.length === 0 || matches(tag.Value)));
  }
  switch (Key) {
    case "Name":
      return (record) => matches(record.Name);
    case "Path":
      return (record) => matches(record.Name);
    case "Type":
      return (record) => matches(record.Type);
    case "Tier":
      return (record) => matches(record.Tier);
    case "DataType":
      return (record) => matches(record.DataType);
    case "KeyId":
      return (record) => record.Type === "SecureString" && matches("alias/aws/ssm");
    default:
      throw new AwsError("InvalidFilterKey", `The filter key '${Key}' is not valid.`);
  }
}

function comparison(option: string, values: readonly string[]): (value: string) => boolean {
  const below = (value: string, path: string): string | undefined => {
    const prefix = path.endsWith("/") ? path : `${path}/`;
    return value.startsWith(prefix) ? value.slice(prefix.length) : undefined;
  };
  switch (option) {
    case "Equals":
      return (value) => values.includes(value);
    case "BeginsWith":
      return (value) => values.some((each) => value.startsWith(each));
    case "Contains":
      return (value) => values.some((each) => value.includes(each));
    case "Recursive":
      return (value) => values.some((path) => below(value, path) !== undefined);
    case "OneLevel":
      return (value) => values.some((path) => below(value, path)?.includes("/") === false);
    default:
      throw new AwsError("InvalidFilterOption", `The filter option '${option}' is not valid.`);
  }
}

function checkedName(name: string | undefined): string {
  if (!name || name.length > 2048 || !/^[a-zA-Z0-9_.\-/]+$/.test(name)) {
    throw validation("Parameter name: can't be empty, and may consist of the symbols a-zA-Z0-9_.-/ only.");
  }
  if (/^\/?(aws|ssm)/i.test(name))
    throw validation(`Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive): ${name}`);
  if (name.includes("/") && !name.startsWith("/"))
    throw validation(`Parameter name: a name in a hierarchy must begin with "/": ${name}`);
  return name;
}

function checkedValue(value: string, tier: ParameterRecord["Tier"], pattern: string | undefined): string {
  if (value === "")
    throw validation(
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.",
    );
  const max = tier === "Standard" ? maxStandardLength : maxAdvancedLength;
  if (value.length > max) {
    throw validation(
      `${tier} tier parameters support a maximum parameter value of ${max} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.`,
    );
  }
  if (pattern !== undefined && !regularExpression(pattern).test(value)) {
    throw new AwsError(
      "ParameterPatternMismatchException",
      `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
    );
  }
  return value;
}

function regularExpression(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new AwsError("InvalidAllowedPatternException", `The pattern is not valid: ${error.message}`);
    throw error;
  }
}

function tagged(type: string | undefined, id: string | undefined, context: ActionContext): ParameterRecord {
  if (type !== "Parameter")
    throw new AwsError(
      "InvalidResourceType",
      `The resource type '${type}' is not valid: this local cloud tags parameters.`,
    );
  const record = own(context, id ?? "");
  if (record === undefined) throw new AwsError("InvalidResourceId", `The resource ID '${id}' is not valid.`);
  return record;
}

function withTags(before: ParameterRecord["Tags"], added: readonly Tag[] | undefined): ParameterRecord["Tags"] {
  const tags = new Map(before.map((tag) => [tag.Key, tag.Value]));
  for (const { Key, Value } of added ?? []) {
    if (!Key || /^aws:/i.test(Key)) throw validation(`The tag key '${Key ?? ""}' is not valid.`);
    tags.set(Key, Value ?? "");
  }
  if (tags.size > maxTags)
    throw new AwsError("TooManyTagsError", `A parameter can have ${maxTags} tags; this one would have ${tags.size}.`);
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

function notFound(name: string): AwsError {
  return new AwsError("ParameterNotFound", `Parameter ${name} not found.`);
}

function validation(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
