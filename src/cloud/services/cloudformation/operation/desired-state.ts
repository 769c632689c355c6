/** What a resource is to be, by the template and by what the resources before it have become. */
import { resourceTypeModel } from "../../../../aws/index.ts";
import { type TemplateResource, type TemplateValue, unknownPartOf } from "../../../../ingest/index.ts";
import type { ActionContext } from "../../action.ts";
import { checkedProperties } from "../resource-types/check-properties.ts";
import { resourceTypeOf } from "../resource-types/index.ts";
import { ResourceFailure, type ResourceType } from "../resource-types/resource-type.ts";
import type { StackRecord } from "../stack/record.ts";
import type { PropertyValues, ResourceState, StackResourceRecord } from "../stack-resource/record.ts";
import { isCustom } from "./check-types.ts";
import { type StackPlan, surroundingsOf } from "./stack-plan.ts";

export interface Desired {
  readonly handler: ResourceType;
  readonly state: ResourceState;
}

/** Throws ResourceFailure or TemplateError when it can not be had. */
export function desiredState(
  logicalId: string,
  stack: StackRecord,
  plan: StackPlan,
  context: ActionContext,
  attributes: (resource: StackResourceRecord) => PropertyValues,
): Desired {
  const resource = plan.resources.get(logicalId);
  if (resource === undefined) throw new Error(`bug: ${logicalId} is not in the plan`);
  const around = surroundingsOf(
    (name) => context.get("stackResource", `${stack.StackId}/${name}`),
    attributes,
    context,
  );
  const evaluated = (value: TemplateValue): PropertyValues => {
    const outcome = plan.evaluate(value, around) ?? {};
    const unknown = unknownPartOf(outcome);
    if (unknown !== undefined) throw new Error(`bug: ${unknown.name} is not known when ${logicalId} is made`);
    // Properties are an object in every template that was read.
    return outcome as PropertyValues;
  };
  const handler = handlerFor(logicalId, resource);
  const Metadata =
    resource.metadata === undefined ? undefined : JSON.stringify(plan.evaluate(resource.metadata, around) ?? {});
  return {
    handler,
    state: {
      ResourceType: resource.type,
      PhysicalResourceId: "",
      Properties: checkedFor(logicalId, resource, handler, evaluated(resource.properties)),
      Attributes: {},
      Dependencies: plan.dependencies.get(logicalId) ?? [],
      DeletionPolicy: policyOf(resource.deletionPolicy, plan, around),
      UpdateReplacePolicy: policyOf(resource.updateReplacePolicy, plan, around),
      StackTags: stack.Tags,
      Metadata,
    },
  };
}

function policyOf(
  policy: TemplateValue | undefined,
  plan: StackPlan,
  around: ReturnType<typeof surroundingsOf>,
): string {
  return policy === undefined ? "Delete" : String(plan.evaluate(policy, around) ?? "Delete");
}

function handlerFor(logicalId: string, resource: TemplateResource): ResourceType {
  const handler = resourceTypeOf(resource.type);
  if (handler === undefined)
    throw new ResourceFailure(`The resource type ${resource.type} is not modelled by this local cloud.`);
  for (const attribute of ["creationPolicy", "updatePolicy"] as const) {
    if (resource[attribute] !== undefined)
      throw new ResourceFailure(`The ${attribute} of ${logicalId} is not modelled by this local cloud.`);
  }
  return handler;
}

function checkedFor(
  logicalId: string,
  { type }: TemplateResource,
  handler: ResourceType,
  given: PropertyValues,
): PropertyValues {
  const model = resourceTypeModel(type);
  // A custom resource's properties are its function's.
  if (model === undefined || isCustom(type)) return given;
  const { properties, faults } = checkedProperties(model, handler.asSpecified?.(given) ?? given);
  if (faults.length > 0)
    throw new ResourceFailure(
      `Properties validation failed for resource ${logicalId} with message:\n${faults.join("\n")}`,
    );
  const unmodelled = Object.keys(properties).filter((name) => !handler.properties.includes(name));
  if (unmodelled.length > 0)
    throw new ResourceFailure(
      `The properties [${unmodelled.join(", ")}] of ${type} are not modelled by this local cloud.`,
    );
  return properties;
}

export type Difference = "none" | "in place" | "replacement";

/** What it takes to get from one state to the other. */
export function differenceOf(before: ResourceState, { handler, state }: Desired): Difference {
  const changed = changedProperties(before, state);
  if (changed.length === 0) return "none";
  return changed.some((name) => needsReplacement(name, before.Properties, state.Properties, handler))
    ? "replacement"
    : "in place";
}

/** The properties that differ; `Tags` when only the stack's own tags do. */
export function changedProperties(before: ResourceState, after: ResourceState): readonly string[] {
  const names = new Set([...Object.keys(before.Properties), ...Object.keys(after.Properties)]);
  const changed = [...names].filter((name) => !isSame(before.Properties[name], after.Properties[name]));
  const carriesTags = resourceTypeModel(after.ResourceType)?.tagProperty !== undefined;
  if (carriesTags && !changed.includes("Tags") && !isSame(before.StackTags, after.StackTags)) changed.push("Tags");
  return changed;
}

export function needsReplacement(
  property: string,
  before: PropertyValues,
  after: PropertyValues,
  handler: ResourceType,
): boolean {
  if (handler.update === undefined) return true;
  const model = resourceTypeModel(handler.name)?.properties.get(property);
  if (model?.replaces === "always") return true;
  return handler.replaces?.(after, before) ?? false;
}

/** The same, whatever the order of the keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([key, value]) => right.has(key) && isSame(value, right.get(key)));
}

export function stateOf(resource: StackResourceRecord): ResourceState & { readonly ResourceStatus: string } {
  const { ResourceType, PhysicalResourceId, Properties, Attributes, Dependencies } = resource;
  const { DeletionPolicy, UpdateReplacePolicy, StackTags, Metadata, ResourceStatus } = resource;
  return {
    ResourceType,
    PhysicalResourceId,
    Properties,
    Attributes,
    Dependencies,
    DeletionPolicy,
    UpdateReplacePolicy,
    StackTags,
    ResourceStatus,
    Metadata,
  };
}
