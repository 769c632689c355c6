/** What a call asks a stack to be: template, parameters, tags, capabilities, checked before anything is begun. */
import type { Parameter, Tag } from "@aws-sdk/client-cloudformation";
import { type AskedOutput, isTemplateError, type Template, unknownValue } from "../../../../ingest/index.ts";
import type { ActionContext } from "../../action.ts";
import { constraintFailed, refusingTemplates, validationError } from "../errors.ts";
import { exportedValue, type StackPlan, stackPlan } from "../operation/stack-plan.ts";
import { readTemplateUrl } from "../template/template-url.ts";
import { checkCapabilities } from "./capabilities.ts";
import { parametersThatChanged } from "./parameters-that-changed.ts";
import type { StackDefinition, StackParameter, StackRecord, StackTag } from "./record.ts";

export interface DefinitionInput {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
  readonly Parameters?: Parameter[] | undefined;
  readonly Capabilities?: string[] | undefined;
  readonly Tags?: Tag[] | undefined;
  readonly NotificationARNs?: string[] | undefined;
  readonly RoleARN?: string | undefined;
  readonly ResourceTypes?: string[] | undefined;
  readonly RollbackConfiguration?: object | undefined;
  readonly StackPolicyBody?: string | undefined;
  readonly StackPolicyURL?: string | undefined;
}

export interface RequestedDefinition {
  readonly definition: StackDefinition;
  readonly plan: StackPlan;
  /** Why an operation for it fails before it has begun: a thing that a parameter names, or an export, is not there. */
  readonly fault: string | undefined;
}

/** Longer ones come by URL. */
const maxBodyLength = 51_200;

/** Throws the refusal that AWS gives for the first thing that is wrong. What a change set asks for is reviewed before it is made. */
export function requestedDefinition(
  input: DefinitionInput,
  stack: Pick<StackRecord, "StackId" | "StackName">,
  previous: StackDefinition | undefined,
  context: ActionContext,
  isReviewed = false,
): RequestedDefinition {
  refuseUnmodelled(input);
  const TemplateBody = templateText(input, previous, context);
  const draft: StackDefinition = {
    TemplateBody,
    Parameters: requestedParameters(input.Parameters ?? [], previous),
    Tags: input.Tags === undefined ? (previous?.Tags ?? []) : checkedTags(input.Tags),
    Capabilities: input.Capabilities ?? [],
    NotificationARNs: [],
    ...((input.RoleARN ?? previous?.RoleARN) !== undefined && {
      RoleARN: checkedRole(input.RoleARN ?? previous?.RoleARN ?? "", context),
    }),
  };
  return refusingTemplates(() => {
    const plan = stackPlan(draft, stack, context);
    checkCapabilities(plan.template, draft.Capabilities, isReviewed);
    checkResourceTypes(plan.template, input.ResourceTypes);
    const definition = {
      ...draft,
      ...(plan.template.description !== undefined && { Description: plan.template.description }),
      Parameters: settledParameters(plan),
    };
    if (input.UsePreviousTemplate && previous !== undefined) refuseOldLoops(plan.template, definition, previous);
    return { definition, plan, fault: plan.missingThings[0] ?? missingFromOthers(plan, context) };
  });
}

/**
 * AWS has kept the template as its transform left it, with the values of then, and says not to use it again with others.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html
 */
function refuseOldLoops(template: Template, after: StackDefinition, before: StackDefinition): void {
  const changed = parametersThatChanged(before, after);
  if (template.transforms.length > 0 && changed.size > 0)
    throw validationError(
      `UsePreviousTemplate with other values for [${[...changed].join(", ")}] is not modelled by this local cloud for a template with the transform ${template.transforms.join(", ")}, of which AWS would keep what the old values made. Give the template instead.`,
    );
}

function refuseUnmodelled(input: DefinitionInput): void {
  const refuse = (what: string): never => {
    throw validationError(`${what} is not modelled by this local cloud.`);
  };
  if (input.StackPolicyBody !== undefined || input.StackPolicyURL !== undefined) refuse("A stack policy");
  if (input.NotificationARNs?.length) refuse("NotificationARNs");
  if (Object.values(input.RollbackConfiguration ?? {}).some((value) => !Array.isArray(value) || value.length > 0))
    refuse("RollbackConfiguration");
}

export function templateText(
  { TemplateBody, TemplateURL, UsePreviousTemplate }: DefinitionInput,
  previous: StackDefinition | undefined,
  context: ActionContext,
): string {
  if (TemplateBody !== undefined) {
    if (TemplateBody.length > maxBodyLength)
      throw constraintFailed(
        TemplateBody.slice(0, 40),
        "templateBody",
        `Member must have length less than or equal to ${maxBodyLength}`,
      );
    if (TemplateBody === "")
      throw constraintFailed("", "templateBody", "Member must have length greater than or equal to 1");
    return TemplateBody;
  }
  if (TemplateURL !== undefined) return readTemplateUrl(TemplateURL, context);
  if (UsePreviousTemplate && previous !== undefined) return previous.TemplateBody;
  throw validationError("Either Template URL or Template Body must be specified.");
}

function requestedParameters(
  given: readonly Parameter[],
  previous: StackDefinition | undefined,
): readonly StackParameter[] {
  return given.map(({ ParameterKey = "", ParameterValue, UsePreviousValue }) => {
    if (!UsePreviousValue) return { ParameterKey, ParameterValue: ParameterValue ?? "" };
    if (ParameterValue !== undefined)
      throw validationError(
        `Invalid input for parameter key ${ParameterKey}. Cannot specify usePreviousValue as true along with a value for the key`,
      );
    const before = previous?.Parameters.find((each) => each.ParameterKey === ParameterKey);
    if (before === undefined)
      throw validationError(
        `Invalid input for parameter key ${ParameterKey}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    return { ParameterKey, ParameterValue: before.ParameterValue };
  });
}

function settledParameters(plan: StackPlan): readonly StackParameter[] {
  return [...plan.parameters].map(([ParameterKey, { text, resolved, noEcho }]) => ({
    ParameterKey,
    ParameterValue: text,
    ...(resolved !== undefined && { ResolvedValue: resolved }),
    ...(noEcho && { NoEcho: true as const }),
  }));
}

function checkedTags(tags: readonly Tag[]): readonly StackTag[] {
  return tags.map(({ Key = "", Value = "" }) => {
    if (/^aws:/i.test(Key))
      throw validationError(`Tag keys starting with 'aws:' are reserved for internal use: ${Key}`);
    if (Key === "" || Key.length > 128)
      throw validationError(`A tag's key has between 1 and 128 characters: ${Key.slice(0, 40)}`);
    return { Key, Value };
  });
}

function checkedRole(arn: string, context: ActionContext): string {
  if (context.get("role", arn) === undefined) throw validationError(`Role ${arn} is invalid or cannot be assumed`);
  return arn;
}

function checkResourceTypes(template: Template, allowed: readonly string[] | undefined): void {
  if (!allowed?.length) return;
  const isAllowed = (type: string): boolean =>
    allowed.some((pattern) => (pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern));
  for (const { type } of template.resources.values()) {
    if (!isAllowed(type))
      throw validationError(`Resource type ${type} is not allowed by parameter ResourceTypes [${allowed.join(", ")}]`);
  }
}

/** The first export or output of another stack that a resource wants and nobody has. Everything else that can be evaluated is, so that its mistakes show now. */
function missingFromOthers(plan: StackPlan, context: ActionContext): string | undefined {
  let missing: string | undefined;
  const around = {
    ...plan.outside,
    ref: unknownValue,
    getAtt: (logicalId: string, attribute: string) => unknownValue(`${logicalId}.${attribute}`),
    importValue(name: string) {
      const value = exportedValue(name, context);
      if (value === undefined) missing ??= `No export named ${name} found`;
      return value ?? unknownValue(name);
    },
    stackOutput(asked: AskedOutput) {
      try {
        return plan.outside.stackOutput(asked);
      } catch (error) {
        if (!isTemplateError(error)) throw error;
        missing ??= error.message;
        return unknownValue(asked.outputName);
      }
    },
  };
  for (const { properties } of plan.resources.values()) plan.evaluate(properties, around);
  for (const { value } of plan.outputs.values()) plan.evaluate(value, around);
  return missing;
}
