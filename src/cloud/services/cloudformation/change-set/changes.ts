/**
 * What a new definition would change in a stack, and what causes it. What a changed resource will be called is not known yet, so that
 * what refers to it changes too.
 */
import type { Change, ResourceChangeDetail } from "@aws-sdk/client-cloudformation";
import { resourceTypeModel } from "../../../../aws/index.ts";
import {
  type Evaluated,
  isTemplateError,
  isUnknownValue,
  type Reference,
  referencesIn,
  type Surroundings,
  type TemplateValue,
  unknownPartOf,
  unknownValue,
  withUnknownsAs,
} from "../../../../ingest/index.ts";
import type { ActionContext } from "../../action.ts";
import { isSame, needsReplacement } from "../operation/desired-state.ts";
import { expandedTemplate, type StackPlan } from "../operation/stack-plan.ts";
import { checkedProperties } from "../resource-types/check-properties.ts";
import { resourceTypeOf } from "../resource-types/index.ts";
import { parametersThatChanged } from "../stack/parameters-that-changed.ts";
import type { StackDefinition, StackRecord } from "../stack/record.ts";
import { isGone, type PropertyValues, type StackResourceRecord } from "../stack-resource/record.ts";

export interface StackChanges {
  readonly changes: readonly Change[];
  /** Outputs and tags count too, though they are no resources. */
  readonly hasChanges: boolean;
  /** What could not be evaluated yet, in words. */
  readonly warning: string | undefined;
}

interface Requested {
  readonly definition: StackDefinition;
  readonly plan: StackPlan;
}

/** How a reader of the change set sees what is not known. */
const notKnown = "{{changeSet:KNOWN_AFTER_APPLY}}";

type Fate = "new" | "replaced" | "modified" | "same";

export function changesFor(stack: StackRecord, { definition, plan }: Requested, context: ActionContext): StackChanges {
  const present = new Map(
    context
      .by("stackResource", "stack", stack.StackId)
      .filter((each) => !each.Leaving && !isGone(each))
      .map((each) => [each.LogicalResourceId, each]),
  );
  const fates = new Map<string, Fate>();
  const warnings: string[] = [];
  const changed = new Map<string, Change>();
  const before = stack.TemplateBody === "" ? undefined : expandedTemplate(stack, stack, context);
  const changedParameters = parametersThatChanged(stack, definition);
  for (const logicalId of inOrder(plan)) {
    const resource = plan.resources.get(logicalId);
    if (resource === undefined) continue;
    const after = evaluated(logicalId, resource.properties, plan, fates, present, warnings);
    const was = present.get(logicalId);
    if (was === undefined) {
      fates.set(logicalId, "new");
      changed.set(logicalId, addition(logicalId, resource.type, after));
      continue;
    }
    const details = Object.keys({ ...was.Properties, ...after })
      .filter((name) => !isSame(was.Properties[name], after[name]))
      .map((name) => ({
        name,
        was,
        after,
        source: resource.properties[name],
        written: before?.resources.get(logicalId)?.properties[name],
      }));
    const tagsChanged =
      resourceTypeModel(was.ResourceType)?.tagProperty !== undefined && !isSame(was.StackTags, definition.Tags);
    const change = modification(was, details, tagsChanged, { fates, plan, changedParameters });
    fates.set(
      logicalId,
      change === undefined ? "same" : change.ResourceChange?.Replacement === "True" ? "replaced" : "modified",
    );
    if (change !== undefined) changed.set(logicalId, change);
  }
  for (const [logicalId, resource] of present) {
    if (!plan.resources.has(logicalId)) changed.set(logicalId, removal(resource));
  }
  const changes = [...changed.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
  return {
    changes,
    hasChanges:
      changes.length > 0 || !isSame(stack.Tags, definition.Tags) || outputsChange(stack, plan, fates, present),
    warning: warnings[0],
  };
}

/** A resource after those that it depends on. */
function inOrder(plan: StackPlan): readonly string[] {
  const order = new Set<string>();
  const visit = (name: string): void => {
    if (order.has(name)) return;
    for (const dependency of plan.dependencies.get(name) ?? []) visit(dependency);
    order.add(name);
  };
  for (const name of plan.dependencies.keys()) visit(name);
  return [...order];
}

function surroundings(
  plan: StackPlan,
  fates: ReadonlyMap<string, Fate>,
  present: ReadonlyMap<string, StackResourceRecord>,
): Surroundings {
  return {
    ...plan.outside,
    ref: (logicalId) => {
      const fate = fates.get(logicalId);
      const known = fate === "same" || fate === "modified" ? present.get(logicalId)?.PhysicalResourceId : undefined;
      return known ?? unknownValue(logicalId);
    },
    getAtt: (logicalId, attribute) => {
      const known = fates.get(logicalId) === "same" ? present.get(logicalId)?.Attributes[attribute] : undefined;
      return known ?? unknownValue(`${logicalId}.${attribute}`);
    },
  };
}

function evaluated(
  logicalId: string,
  properties: { readonly [name: string]: TemplateValue },
  plan: StackPlan,
  fates: ReadonlyMap<string, Fate>,
  present: ReadonlyMap<string, StackResourceRecord>,
  warnings: string[],
): PropertyValues {
  const around = surroundings(plan, fates, present);
  const lenient: Surroundings = {
    ...around,
    importValue: (name) => orWarned(name, () => around.importValue(name)),
    stackOutput: (asked) => orWarned(asked.outputName, () => around.stackOutput(asked)),
  };
  function orWarned(name: string, lookUp: () => Evaluated): Evaluated {
    try {
      return lookUp();
    } catch (error) {
      if (!isTemplateError(error)) throw error;
      warnings.push(
        `[WARN] --include-property-values option can return incomplete ChangeSet data because: ChangeSet creation failed for resource [${logicalId}] because: ${error.message}`,
      );
      return unknownValue(name);
    }
  }
  const values: PropertyValues = Object.fromEntries(
    Object.entries(properties).flatMap(([name, written]) => {
      const value = foreseen(written, plan, lenient);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const model = resourceTypeModel(plan.resources.get(logicalId)?.type ?? "");
  if (model === undefined || model.properties.size === 0) return values;
  // So that `"10"` and `10` do not look like a change. What does not fit is told when the resource's turn comes.
  const checked: PropertyValues = checkedProperties(model, values).properties;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      unknownPartOf(value) === undefined ? (checked[name] ?? value) : value,
    ]),
  );
}

/** What goes wrong with the values of now may be right when its turn comes, with those of then; if not, it fails then. */
function foreseen(value: TemplateValue, plan: StackPlan, around: Surroundings): Evaluated | undefined {
  try {
    return plan.evaluate(value, around);
  } catch (error) {
    if (!isTemplateError(error)) throw error;
    return unknownValue(error.message);
  }
}

function addition(LogicalResourceId: string, ResourceType: string, after: PropertyValues): Change {
  return {
    Type: "Resource",
    ResourceChange: {
      Action: "Add",
      LogicalResourceId,
      ResourceType,
      Scope: [],
      Details: [],
      AfterContext: contextText(after),
    },
  };
}

function removal({
  LogicalResourceId,
  PhysicalResourceId,
  ResourceType,
  DeletionPolicy,
  Properties,
}: StackResourceRecord): Change {
  return {
    Type: "Resource",
    ResourceChange: {
      PolicyAction: DeletionPolicy === "Delete" ? "Delete" : "Retain",
      Action: "Remove",
      LogicalResourceId,
      PhysicalResourceId,
      ResourceType,
      Scope: [],
      Details: [],
      BeforeContext: contextText(Properties),
    },
  };
}

function contextText(properties: PropertyValues): string {
  return JSON.stringify({ Properties: withUnknownsAs(properties, notKnown) });
}

interface Detail {
  readonly name: string;
  readonly was: StackResourceRecord;
  readonly after: PropertyValues;
  /** As the new template and the old one have it. */
  readonly source: TemplateValue | undefined;
  readonly written: TemplateValue | undefined;
}

interface Causes {
  readonly fates: ReadonlyMap<string, Fate>;
  readonly plan: StackPlan;
  readonly changedParameters: ReadonlySet<string>;
}

function modification(
  was: StackResourceRecord,
  changed: readonly Detail[],
  tagsChanged: boolean,
  causes: Causes,
): Change | undefined {
  if (changed.length === 0 && !tagsChanged) return undefined;
  const details = changed.flatMap((detail) => detailsOf(detail, causes));
  const certain = details.some(
    ({ Evaluation, Target }) => Evaluation === "Static" && Target?.RequiresRecreation === "Always",
  );
  const possible = details.some(({ Target }) => Target?.RequiresRecreation !== "Never");
  const Replacement = certain ? "True" : possible ? "Conditional" : "False";
  const after = changed[0]?.after ?? was.Properties;
  const stackTags: readonly ResourceChangeDetail[] = tagsChanged
    ? [
        {
          Target: { Attribute: "Tags", RequiresRecreation: "Never" },
          Evaluation: "Static",
          ChangeSource: "DirectModification",
        },
      ]
    : [];
  return {
    Type: "Resource",
    ResourceChange: {
      ...(Replacement === "True" && {
        PolicyAction:
          was.UpdateReplacePolicy === "Retain" ? ("ReplaceAndRetain" as const) : ("ReplaceAndDelete" as const),
      }),
      Action: "Modify",
      LogicalResourceId: was.LogicalResourceId,
      PhysicalResourceId: was.PhysicalResourceId,
      ResourceType: was.ResourceType,
      Replacement,
      Scope: [...(changed.length > 0 ? ["Properties" as const] : []), ...(tagsChanged ? ["Tags" as const] : [])],
      Details: [...details, ...stackTags],
      BeforeContext: contextText(was.Properties),
      AfterContext: contextText(after),
    },
  };
}

function detailsOf(detail: Detail, { fates, plan, changedParameters }: Causes): readonly ResourceChangeDetail[] {
  const { name, was, after, source, written } = detail;
  const handler = resourceTypeOf(was.ResourceType);
  const replaces = handler !== undefined && needsReplacement(name, was.Properties, after, handler);
  const value = after[name];
  const Target: ResourceChangeDetail["Target"] = {
    Attribute: "Properties",
    Name: name,
    RequiresRecreation: replaces ? "Always" : "Never",
    Path: `/Properties/${name}`,
    ...(was.Properties[name] !== undefined && { BeforeValue: textOf(was.Properties[name]) }),
    ...(value !== undefined && { AfterValue: textOf(value) }),
    AttributeChangeType: value === undefined ? "Remove" : was.Properties[name] === undefined ? "Add" : "Modify",
  };
  const references = source === undefined ? [] : [...referencesIn(source)];
  const causes = references.flatMap((reference) => causeOf(reference, fates, plan, changedParameters));
  const direct: ResourceChangeDetail = { Target, Evaluation: "Static", ChangeSource: "DirectModification" };
  if (!isSame(source, written) || causes.length === 0)
    return [direct, ...causes.map((cause) => ({ Target, ...cause }))];
  const dynamic: ResourceChangeDetail = { ...direct, Evaluation: "Dynamic" };
  const told = causes.map((cause) => ({ Target, ...cause }));
  return told.some(({ ChangeSource }) => ChangeSource === "ParameterReference")
    ? [...told, dynamic]
    : [dynamic, ...told];
}

function textOf(value: Evaluated | undefined): string {
  const shown = withUnknownsAs(value ?? null, notKnown);
  return typeof shown === "string" ? shown : JSON.stringify(shown);
}

function causeOf(
  reference: Reference,
  fates: ReadonlyMap<string, Fate>,
  plan: StackPlan,
  changedParameters: ReadonlySet<string>,
): readonly Pick<ResourceChangeDetail, "CausingEntity" | "ChangeSource" | "Evaluation">[] {
  if (reference.kind === "condition") return [];
  if (plan.parameters.has(reference.name))
    return changedParameters.has(reference.name)
      ? [{ CausingEntity: reference.name, ChangeSource: "ParameterReference", Evaluation: "Static" }]
      : [];
  const fate = fates.get(reference.name);
  if (fate === undefined || fate === "same") return [];
  // An attribute of what is changed in place may stay what it is.
  const Evaluation = fate === "modified" ? "Dynamic" : "Static";
  if (reference.kind === "attribute")
    return [
      {
        CausingEntity: `${reference.name}.${String(reference.attribute)}`,
        ChangeSource: "ResourceAttribute",
        Evaluation,
      },
    ];
  return fate === "modified" ? [] : [{ CausingEntity: reference.name, ChangeSource: "ResourceReference", Evaluation }];
}

function outputsChange(
  stack: StackRecord,
  plan: StackPlan,
  fates: ReadonlyMap<string, Fate>,
  present: ReadonlyMap<string, StackResourceRecord>,
): boolean {
  const around = surroundings(plan, fates, present);
  const after = [...plan.outputs].flatMap(([OutputKey, output]) => {
    const value = foreseen(output.value, plan, around);
    if (value === undefined) return [];
    const exported = output.exportName === undefined ? undefined : foreseen(output.exportName, plan, around);
    return [
      [
        OutputKey,
        isUnknownValue(value) ? notKnown : String(value),
        exported === undefined ? undefined : textOf(exported),
      ],
    ];
  });
  return !isSame(
    after,
    stack.Outputs.map(({ OutputKey, OutputValue, ExportName }) => [OutputKey, OutputValue, ExportName]),
  );
}
