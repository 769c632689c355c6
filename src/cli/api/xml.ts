/** Finds its way in the XML of AWS's answers, by the names of elements. */
import type { XmlElement } from "../../aws/index.ts";

/** The elements under `path`, e.g. `elements(answer, "vpcSet", "item")`. */
export function elements(parent: XmlElement, ...path: readonly string[]): readonly XmlElement[] {
  return path.reduce<readonly XmlElement[]>(
    (found, name) => found.flatMap((each) => each.children.filter((child) => child.name === name)),
    [parent],
  );
}

/** The text of the first element under `path`, or undefined. */
export function optionalText(parent: XmlElement, ...path: readonly string[]): string | undefined {
  return elements(parent, ...path)[0]?.text;
}

/** The text of the first element under `path`. Throws an Error when the answer has none. */
export function text(parent: XmlElement, ...path: readonly string[]): string {
  const found = optionalText(parent, ...path);
  if (found === undefined) throw new Error(`the answer ${parent.name} has no ${path.join("/")}`);
  return found;
}
