/** Which resource waits for which: by DependsOn, and by what their properties refer to. */
import { type KnownCondition, referencesIn } from "./references.ts";
import type { Template } from "./template.ts";
import { TemplateError } from "./template-error.ts";

/** For every resource that is to be, those that come before it. Throws TemplateError when they wait for each other in a circle. */
export function dependenciesOf(
  template: Template,
  isThere: (logicalId: string) => boolean = () => true,
  known: KnownCondition = () => undefined,
): ReadonlyMap<string, readonly string[]> {
  const dependencies = new Map<string, readonly string[]>();
  for (const [name, resource] of template.resources) {
    if (!isThere(name)) continue;
    const named = [...referencesIn(resource.properties, known)]
      .filter(({ kind }) => kind !== "condition")
      .map((reference) => reference.name);
    const before = new Set([...resource.dependsOn, ...named]);
    dependencies.set(
      name,
      [...before].filter((each) => template.resources.has(each) && isThere(each)),
    );
  }
  const circle = circleIn(dependencies);
  if (circle !== undefined)
    throw new TemplateError(`Circular dependency between resources: [${[...circle].sort().join(", ")}]`);
  return dependencies;
}

/** Resources that wait for each other, or undefined. What only waits for a circle is not in it. */
function circleIn(dependencies: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> | undefined {
  const settled = new Set<string>();
  for (const start of dependencies.keys()) {
    // A walk with a stack of its own: a template may be a chain of 500.
    const path: string[] = [];
    const position = new Map<string, number>();
    const pending: { readonly name: string; readonly leave: boolean }[] = [{ name: start, leave: false }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (next.leave) {
        path.pop();
        position.delete(next.name);
        settled.add(next.name);
        continue;
      }
      const seenAt = position.get(next.name);
      if (seenAt !== undefined) return new Set(path.slice(seenAt));
      if (settled.has(next.name)) continue;
      position.set(next.name, path.length);
      path.push(next.name);
      pending.push({ name: next.name, leave: true });
      for (const name of dependencies.get(next.name) ?? []) pending.push({ name, leave: false });
    }
  }
  return undefined;
}
