/** A stack's template with its parameters settled, and what the names in it stand for, at the moment of asking. */
import { isAwsError } from "../../../../aws/index.ts";
import {
  checkReferences,
  type Evaluated,
  isUnknownValue,
  type ParameterLookUps,
  type ParameterValue,
  parameterValues,
  planTemplate,
  readTemplate,
  type Surroundings,
  type Template,
  TemplateError,
  type TemplatePlan,
  unknownValue,
} from "../../../../ingest/index.ts";
import { scopeKey } from "../../../state/record.ts";
import type { ActionContext } from "../../action.ts";
import { availabilityZones } from "../../ec2/region/availability-zones.ts";
import { ssmActions } from "../../ssm/actions.ts";
import type { StackDefinition, StackRecord } from "../stack/record.ts";
import type { PropertyValues, StackResourceRecord } from "../stack-resource/record.ts";
import { checkAttributes, checkTypes, isCustom } from "./check-types.ts";
import { stackOutput } from "./stack-output.ts";

export interface StackPlan extends TemplatePlan {
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** Things that parameters name and that are not there. */
  readonly missingThings: readonly string[];
  /** What is not in the stack. */
  readonly outside: Outside;
}

type Outside = Pick<Surroundings, "importValue" | "stackOutput" | "availabilityZones" | "ssmParameter">;

type Named = Pick<StackRecord, "StackId" | "StackName">;

/** Templates that were read lately, by their text: a stack's is asked for at every step. */
const read = new Map<string, Template>();
const maxRead = 64;

/** A template that holds together. Throws TemplateError. */
export function checkedTemplate(text: string): Template {
  const known = read.get(text);
  if (known !== undefined) return known;
  const template = readTemplate(text);
  checkReferences(template);
  checkNames(template);
  if (read.size >= maxRead) read.clear();
  read.set(text, template);
  return template;
}

function checkNames(template: Template): void {
  checkTypes(template);
  checkAttributes(template);
}

/** Throws TemplateError. */
export function stackPlan(definition: StackDefinition, stack: Named, context: ActionContext): StackPlan {
  const template = checkedTemplate(definition.TemplateBody);
  const given = new Map(
    definition.Parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue] as const),
  );
  // Parameters of Systems Manager are looked up once, when the operation is asked for.
  const resolved = new Map(
    definition.Parameters.flatMap(({ ParameterValue, ResolvedValue }) =>
      ResolvedValue === undefined ? [] : [[ParameterValue, ResolvedValue] as const],
    ),
  );
  const { values, missingThings } = parameterValues(template, given, {
    ...parameterLookUps(context),
    ssmParameter: (name) => resolved.get(name) ?? ssmParameter(name, undefined, context),
  });
  const { accountId, region } = context.caller;
  const pseudo = {
    accountId,
    region,
    stackId: stack.StackId,
    stackName: stack.StackName,
    notificationArns: definition.NotificationARNs,
  };
  const around = outside(context);
  const plan = planTemplate(template, values, pseudo, around);
  if (plan.template !== template) checkNames(plan.template);
  return { ...plan, parameters: values, missingThings, outside: around };
}

/** A template with its loops written out by a stack's parameters. Throws TemplateError. */
export function expandedTemplate(definition: StackDefinition, stack: Named, context: ActionContext): Template {
  const template = checkedTemplate(definition.TemplateBody);
  return template.isSettled ? template : stackPlan(definition, stack, context).template;
}

/** Plans of stacks with an operation under way, by the parameters that they were settled with: every step asks for the same one. */
const plans = new WeakMap<StackRecord["Parameters"], { readonly of: StackRecord; readonly plan: StackPlan }>();

/** The plan of a stack's own definition. Throws TemplateError. */
export function ownPlan(stack: StackRecord, context: ActionContext): StackPlan {
  const known = plans.get(stack.Parameters);
  if (known?.of.StackId === stack.StackId && known.of.TemplateBody === stack.TemplateBody) return known.plan;
  const plan = stackPlan(stack, stack, context);
  plans.set(stack.Parameters, { of: stack, plan });
  return plan;
}

export function parameterLookUps(context: ActionContext): ParameterLookUps {
  return {
    ssmParameter: (name) => ssmParameter(name, undefined, context),
    exists: (type, id) => exists(type, id, context),
  };
}

/** The stack's resources by their names, as they are now; what is not there yet is unknown. */
export function surroundingsOf(
  resources: (logicalId: string) => StackResourceRecord | undefined,
  attributes: (resource: StackResourceRecord) => PropertyValues,
  context: ActionContext,
): Surroundings {
  return {
    ...outside(context),
    ref(logicalId) {
      const resource = resources(logicalId);
      return resource === undefined ? unknownValue(logicalId) : resource.PhysicalResourceId;
    },
    getAtt(logicalId, attribute) {
      const resource = resources(logicalId);
      if (resource === undefined) return unknownValue(`${logicalId}.${attribute}`);
      const value = attributes(resource)[attribute];
      if (value !== undefined) return value;
      throw new TemplateError(
        isCustom(resource.ResourceType)
          ? `CustomResource attribute error: Vendor response doesn't contain ${attribute} attribute`
          : `The attribute ${attribute} of ${resource.ResourceType} is not modelled by this local cloud.`,
      );
    },
  };
}

function outside(context: ActionContext): Outside {
  const { accountId, region } = context.caller;
  return {
    importValue(name) {
      const exported = exportedValue(name, context);
      if (exported === undefined) throw new TemplateError(`No export named ${name} found`);
      return exported;
    },
    stackOutput: (asked) => stackOutput(asked, context),
    availabilityZones: (asked) =>
      isUnknownValue(asked)
        ? asked
        : availabilityZones({ accountId, region: asked || region }).map(({ zoneName }) => zoneName),
    ssmParameter(name, version): Evaluated {
      const value = ssmParameter(name, version, context);
      if (value === undefined)
        throw new TemplateError(
          `Parameters: [ssm:${name}${version === undefined ? "" : `:${version}`}] cannot be found.`,
        );
      return value;
    },
  };
}

/** The value of an export of this account and Region. */
export function exportedValue(name: string, context: Pick<ActionContext, "by" | "caller">): string | undefined {
  const { accountId, region } = context.caller;
  const [stack] = context.by("stack", "export", `${scopeKey(accountId, region)}/${name}`);
  return stack?.Outputs.find(({ ExportName }) => ExportName === name)?.OutputValue;
}

function ssmParameter(name: string, version: string | undefined, context: ActionContext): string | undefined {
  try {
    const Name = version === undefined ? name : `${name}:${version}`;
    return ssmActions.GetParameter({ Name }, context).Parameter?.Value;
  } catch (error) {
    if (isAwsError(error)) return undefined;
    throw error;
  }
}

function exists(type: string, id: string, context: ActionContext): boolean {
  const { accountId, region } = context.caller;
  switch (type) {
    case "AWS::EC2::VPC::Id":
      return context.visible("vpc", id, accountId, region) !== undefined;
    case "AWS::EC2::Subnet::Id":
      return context.visible("subnet", id, accountId, region) !== undefined;
    case "AWS::EC2::SecurityGroup::Id":
      return context.visible("securityGroup", id, accountId, region) !== undefined;
    case "AWS::EC2::SecurityGroup::GroupName":
      return context.inScope("securityGroup", accountId, region).some((group) => group.GroupName === id);
    case "AWS::EC2::Instance::Id":
      return context.visible("instance", id, accountId, region) !== undefined;
    case "AWS::EC2::KeyPair::KeyName":
      return context.by("keyPair", "name", `${scopeKey(accountId, region)}/${id}`).length > 0;
    case "AWS::EC2::Volume::Id":
      return context.visible("volume", id, accountId, region) !== undefined;
    case "AWS::EC2::AvailabilityZone::Name":
      return availabilityZones({ accountId, region }).some(({ zoneName }) => zoneName === id);
    default:
      // Images and hosted zones: the resource that uses one finds out.
      return true;
  }
}
