/** A stack's outputs and exports when its resources are there. */

import { TemplateError } from "../../../../ingest/index.ts";
import { scopeKey } from "../../../state/record.ts";
import type { ActionContext } from "../../action.ts";
import type { StackOutput, StackRecord } from "../stack/record.ts";
import type { PropertyValues, StackResourceRecord } from "../stack-resource/record.ts";
import { type StackPlan, surroundingsOf } from "./stack-plan.ts";

export interface OutputsAndImports {
  readonly Outputs: readonly StackOutput[];
  /** The exports that the stack uses now. */
  readonly Imports: readonly string[];
}

/** Throws TemplateError when one can not be had, or when an export is another stack's or in use. */
export function outputsOf(
  stack: StackRecord,
  plan: StackPlan,
  context: ActionContext,
  attributes: (resource: StackResourceRecord) => PropertyValues,
): OutputsAndImports {
  const imports = new Set<string>();
  const around = surroundingsOf(
    (name) => context.get("stackResource", `${stack.StackId}/${name}`),
    attributes,
    context,
  );
  const noting = {
    ...around,
    importValue(name: string) {
      imports.add(name);
      return around.importValue(name);
    },
  };
  const Outputs = [...plan.outputs].flatMap(([OutputKey, output]): readonly StackOutput[] => {
    const value = plan.evaluate(output.value, noting);
    if (value === undefined) return [];
    if (typeof value === "object")
      throw new TemplateError(
        `Template format error: The Value field of every Outputs member must evaluate to a String. (output ${OutputKey})`,
      );
    const exported = output.exportName === undefined ? undefined : plan.evaluate(output.exportName, noting);
    return [
      {
        OutputKey,
        OutputValue: String(value),
        ...(output.description !== undefined && { Description: output.description }),
        ...(exported !== undefined && { ExportName: String(exported) }),
      },
    ];
  });
  for (const resource of plan.resources.values()) plan.evaluate(resource.properties, noting);
  checkExports(stack, Outputs, context);
  return { Outputs, Imports: [...imports] };
}

function checkExports(stack: StackRecord, outputs: readonly StackOutput[], context: ActionContext): void {
  const names = outputs.flatMap(({ ExportName }) => (ExportName === undefined ? [] : [ExportName]));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TemplateError(`Duplicate Export names [${twice}]`);
  for (const name of names) {
    const [holder] = context
      .by("stack", "export", keyOf(name, stack))
      .filter(({ StackId }) => StackId !== stack.StackId);
    if (holder !== undefined)
      throw new TemplateError(`Export with name ${name} is already exported by stack ${holder.StackName}`);
  }
  const values = new Map(outputs.map(({ ExportName, OutputValue }) => [ExportName, OutputValue]));
  for (const { ExportName, OutputValue } of stack.Outputs) {
    if (ExportName === undefined || values.get(ExportName) === OutputValue) continue;
    const users = usersOf(ExportName, stack, context);
    if (users.length > 0) {
      const verb = values.has(ExportName) ? "updated" : "deleted";
      throw new TemplateError(`Export ${ExportName} cannot be ${verb} as it is in use by ${users.join(", ")}`);
    }
  }
}

/** The names of the stacks that use an export of this one. */
export function usersOf(exportName: string, stack: StackRecord, context: ActionContext): readonly string[] {
  return context
    .by("stack", "import", keyOf(exportName, stack))
    .filter(({ StackId }) => StackId !== stack.StackId)
    .map(({ StackName }) => StackName);
}

function keyOf(name: string, { OwnerId, Region }: StackRecord): string {
  return `${scopeKey(OwnerId, Region)}/${name}`;
}
