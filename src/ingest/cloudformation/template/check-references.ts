/** Whether everything that a template refers to is in it, as far as can be said before any value is known. */
import { unexpandedOf } from "./for-each.ts";
import { isPseudoParameter } from "./pseudo-parameters.ts";
import { type KnownCondition, type Reference, referencesIn } from "./references.ts";
import type { Template, TemplateResource } from "./template.ts";
import { TemplateError } from "./template-error.ts";
import type { TemplateValue } from "./value.ts";

/** Throws TemplateError for the first block with a name in it that stands for nothing. */
export function checkReferences(template: Template): void {
  for (const [name, value] of template.conditions) checkCondition(template, name, value);
  for (const resource of template.resources.values()) checkResource(template, resource);
  for (const output of template.outputs.values()) {
    const values = [output.value, ...(output.exportName === undefined ? [] : [output.exportName])];
    checkValues(template, values, "Outputs");
    if (output.condition !== undefined) checkConditionName(template, output.condition, "Outputs");
  }
}

/**
 * References to resources that a condition leaves out, which are those of nobody. Refuses them as CloudFormation does; `isThere` says
 * which resources are to be.
 */
export function checkLeftOutResources(
  template: Template,
  isThere: (logicalId: string) => boolean,
  known: KnownCondition,
): void {
  const leftOut = (values: readonly TemplateValue[]): readonly string[] =>
    values.flatMap((value) =>
      [...referencesIn(value, known)]
        .filter(({ kind, name }) => kind !== "condition" && template.resources.has(name) && !isThere(name))
        .map(({ name }) => name),
    );
  const inResources = [...template.resources]
    .filter(([name]) => isThere(name))
    .flatMap(([, resource]) => leftOut([resource.properties]));
  if (inResources.length > 0) throw unresolved(inResources, "Resources");
  const inOutputs = [...template.outputs.values()]
    .filter(({ condition }) => condition === undefined || known(condition) !== false)
    .flatMap(({ value, exportName }) => leftOut([value, ...(exportName === undefined ? [] : [exportName])]));
  if (inOutputs.length > 0) {
    throw new TemplateError(
      `Unresolved resource dependencies [${[...new Set(inOutputs)].join(", ")}] in the Outputs block of the template`,
    );
  }
}

function unresolved(names: readonly string[], block: string): TemplateError {
  return new TemplateError(
    `Template format error: Unresolved resource dependencies [${[...new Set(names)].join(", ")}] in the ${block} block of the template`,
  );
}

function checkResource(template: Template, resource: TemplateResource): void {
  checkValues(
    template,
    [resource.properties, ...(resource.metadata === undefined ? [] : [resource.metadata])],
    "Resources",
  );
  const missing = resource.dependsOn.filter((name) => !isResource(template, name));
  if (missing.length > 0) throw unresolved(missing, "Resources");
  if (resource.condition !== undefined) checkConditionName(template, resource.condition, "Resources");
}

function checkValues(template: Template, values: readonly TemplateValue[], block: string): void {
  const references = values.flatMap((value) => [...referencesIn(value)]);
  const missing = references.filter((each) => each.kind === "ref" && !isKnown(template, each)).map(({ name }) => name);
  if (missing.length > 0) throw unresolved(missing, block);
  for (const { kind, name } of references) {
    if (kind === "attribute" && !isResource(template, name))
      throw new TemplateError(`Template error: instance of Fn::GetAtt references undefined resource ${name}`);
    if (kind === "condition") checkConditionName(template, name, block);
  }
}

function isKnown(template: Template, { name }: Reference): boolean {
  return template.parameters.has(name) || isResource(template, name) || isPseudoParameter(name);
}

/** One of a loop whose collection is not known yet may turn out to be. */
function isResource({ resources, unexpanded }: Template, name: string): boolean {
  return resources.has(name) || unexpandedOf(unexpanded, "Resources", name) !== undefined;
}

function checkConditionName(template: Template, name: string, block: string): void {
  if (!template.conditions.has(name) && unexpandedOf(template.unexpanded, "Conditions", name) === undefined)
    throw new TemplateError(
      `Template format error: Unresolved condition dependency ${name} in the ${block} block of the template`,
    );
}

function checkCondition(template: Template, name: string, value: TemplateValue): void {
  const references = [...referencesIn(value)];
  const resources = references.filter(
    (each) =>
      each.kind === "attribute" ||
      (each.kind === "ref" && (isResource(template, each.name) || !isKnown(template, each))),
  );
  if (resources.length > 0) {
    const names = [...new Set(resources.map((each) => each.name))].join(", ");
    throw new TemplateError(
      `Template format error: Unresolved dependencies [${names}]. Cannot reference resources in the Conditions block of the template`,
    );
  }
  for (const each of references) {
    if (each.kind !== "condition") continue;
    checkConditionName(template, each.name, "Conditions");
    if (each.name === name) throw new TemplateError(`Template error: condition ${name} refers to itself`);
  }
}
