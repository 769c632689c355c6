/**
 * A template with its parameters and conditions settled: which resources are to be, what comes before what, and what every value is,
 * given what is there already. The stack engine asks with physical ids; a reader of templates asks with names for what is not known.
 */

import { checkLeftOutResources, checkReferences } from "./check-references.ts";
import { brokenRule, conditionValues, type Outcome } from "./conditions.ts";
import { dependenciesOf } from "./dependencies.ts";
import { type AskedOutput, evaluate, type noValue, type Scope } from "./evaluate.ts";
import { type LoopSection, unexpandedOf } from "./for-each.ts";
import type { ParameterValue } from "./parameter-values.ts";
import { type PseudoParameters, pseudoParameter } from "./pseudo-parameters.ts";
import type { Template, TemplateOutput, TemplateResource } from "./template.ts";
import { TemplateError } from "./template-error.ts";
import { type Evaluated, isUnknownValue, type TemplateValue, type UnknownValue, unknownPartOf } from "./value.ts";

/** What is outside the template: a look-up answers an unknown value for what is not there yet, or throws TemplateError. */
export interface Surroundings {
  ref(logicalId: string): Evaluated;
  getAtt(logicalId: string, attribute: string): Evaluated;
  importValue(name: string): Evaluated;
  stackOutput(asked: AskedOutput): Evaluated;
  /** Of the Region in which a stack of unknown Region will be, when that is asked for. */
  availabilityZones(region: string | UnknownValue): Evaluated;
  ssmParameter(name: string, version: string | undefined): Evaluated;
}

export interface TemplatePlan {
  readonly template: Template;
  /** Those that the conditions leave in. */
  readonly resources: ReadonlyMap<string, TemplateResource>;
  readonly outputs: ReadonlyMap<string, TemplateOutput>;
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  readonly conditions: ReadonlyMap<string, Outcome>;
  /** Of those in `resources`, the ones that a condition may still leave out: what it depends on. */
  readonly uncertain: ReadonlyMap<string, UnknownValue>;
  /** A value of the template, in which names may stand for more; undefined for AWS::NoValue. */
  evaluate(
    value: TemplateValue,
    surroundings: Surroundings,
    names?: ReadonlyMap<string, Evaluated>,
  ): Evaluated | undefined;
}

/**
 * Throws TemplateError for a broken rule, a circle, or a reference to what a condition leaves out; and for a condition whose outcome is not
 * known, unless these are `kept`: then what depends on them is unknown, too.
 */
export function planTemplate(
  written: Template,
  parameters: ReadonlyMap<string, ParameterValue>,
  pseudo: PseudoParameters,
  surroundings: Pick<Surroundings, "ssmParameter" | "availabilityZones">,
  unknownConditions: "refused" | "kept" = "refused",
): TemplatePlan {
  const template = written.expandedWith({
    ref: (name) => parameters.get(name)?.value ?? pseudoParameter(name, pseudo),
    ssmParameter: surroundings.ssmParameter,
  });
  if (template !== written) checkReferences(template);
  const unexpanded = (section: LoopSection, name: string) => unexpandedOf(template.unexpanded, section, name);
  const scopeIn = (around: Surroundings, condition: (name: string) => Outcome): Scope => ({
    ref: (name) => refOf(name, parameters, pseudo, template, around),
    getAtt: (logicalId, attribute) => {
      const loop = template.resources.has(logicalId) ? undefined : unexpanded("Resources", logicalId);
      if (loop !== undefined) return loop;
      if (!template.resources.has(logicalId))
        throw new TemplateError(`Template error: instance of Fn::GetAtt references undefined resource ${logicalId}`);
      return around.getAtt(logicalId, attribute);
    },
    condition,
    mappings: template.mappings,
    importValue: around.importValue,
    stackOutput: around.stackOutput,
    availabilityZones: (region) => around.availabilityZones(region === "" ? pseudo.region : region),
    ssmParameter: around.ssmParameter,
  });
  const noResources: Surroundings = {
    ...surroundings,
    ref: noResourceHere,
    getAtt: noResourceHere,
    importValue: (name) => {
      throw new TemplateError(`Template error: Fn::ImportValue ${name} can not be used in conditions`);
    },
    stackOutput: ({ outputName }) => {
      throw new TemplateError(`Template error: Fn::GetStackOutput ${outputName} can not be used in conditions`);
    },
  };
  const conditions = conditionValues(
    template.conditions,
    scopeIn(noResources, () => false),
    (name) => unexpanded("Conditions", name),
  );
  if (
    unknownConditions === "refused" &&
    (template.unexpanded.length > 0 || [...conditions.values()].some(isUnknownValue))
  )
    throw new TemplateError(
      "Template error: a condition can not depend on what is only known once the stack is there.",
    );
  const conditionOf = (name: string): Outcome => {
    const value = conditions.get(name) ?? unexpanded("Conditions", name);
    if (value === undefined)
      throw new TemplateError(
        `Template format error: Unresolved condition dependency ${name} in the Resources block of the template`,
      );
    return value;
  };
  const broken = brokenRule(template, scopeIn(noResources, conditionOf));
  if (broken !== undefined) throw new TemplateError(broken);

  const isIn = ({ condition }: { readonly condition: string | undefined }): boolean =>
    condition === undefined || conditionOf(condition) !== false;
  const resources = new Map([...template.resources].filter(([, resource]) => isIn(resource)));
  const isThere = (name: string): boolean => resources.has(name);
  const known = (name: string): boolean | undefined => {
    const outcome = conditions.get(name);
    return isUnknownValue(outcome) ? undefined : outcome;
  };
  checkLeftOutResources(template, isThere, known);
  return {
    template,
    resources,
    outputs: new Map([...template.outputs].filter(([, output]) => isIn(output))),
    dependencies: dependenciesOf(template, isThere, known),
    conditions,
    uncertain: new Map(
      [...resources].flatMap(([name, { condition }]) => {
        const outcome = condition === undefined ? true : conditionOf(condition);
        return isUnknownValue(outcome) ? [[name, outcome]] : [];
      }),
    ),
    evaluate(value, around, names) {
      const scope = scopeIn(around, conditionOf);
      if (names === undefined) return evaluate(value, scope);
      return evaluate(value, { ...scope, takesComputedNames: true, ref: (name) => names.get(name) ?? scope.ref(name) });
    },
  };
}

function refOf(
  name: string,
  parameters: ReadonlyMap<string, ParameterValue>,
  pseudo: PseudoParameters,
  template: Template,
  around: Surroundings,
): Evaluated | typeof noValue {
  const parameter = parameters.get(name);
  if (parameter !== undefined) return parameter.value;
  const value = pseudoParameter(name, pseudo);
  if (value !== undefined) return value;
  const loop = template.resources.has(name) ? undefined : unexpandedOf(template.unexpanded, "Resources", name);
  if (loop !== undefined) return loop;
  if (!template.resources.has(name))
    throw new TemplateError(
      `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
    );
  return around.ref(name);
}

function noResourceHere(name: string): never {
  throw new TemplateError(
    `Template format error: Unresolved dependencies [${name}]. Cannot reference resources in the Conditions block of the template`,
  );
}

/** The value with its unknown parts as a text each. */
export function withUnknownsAs(value: Evaluated, text: string): Evaluated {
  if (isUnknownValue(value)) return text;
  if (unknownPartOf(value) === undefined || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => withUnknownsAs(each, text));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withUnknownsAs(each, text)]));
}
