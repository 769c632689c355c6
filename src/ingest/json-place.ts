/** Where a text stops being JSON, as editors count: engines tell it in words of their own, or not at all. */

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The place of the first thing that does not belong there; of a text that ends too early its end. */
export function placeOfJsonError(text: string): Place {
  const before = text.slice(0, errorOffset(text)).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** What may come next. */
type Wanted = "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "comma-or-end" | "nothing";

const space = /[ \t\n\r]*/y;
const token =
  /[{}[\],:]|"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

function errorOffset(text: string): number {
  const open: string[] = [];
  let wanted: Wanted = "value";
  let at = 0;
  for (;;) {
    space.lastIndex = at;
    at += space.exec(text)?.[0].length ?? 0;
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    const next: Wanted | undefined = found === undefined ? undefined : after(found, wanted, open);
    if (found === undefined || next === undefined) return at;
    at += found.length;
    wanted = next;
  }
}

/** What is wanted after the token; undefined when it was not wanted itself. */
function after(found: string, wanted: Wanted, open: string[]): Wanted | undefined {
  switch (wanted) {
    case "value-or-end":
    case "key-or-end":
      if (found === "]" || found === "}") return closed(found, open);
      return after(found, wanted === "key-or-end" ? "key" : "value", open);
    case "value":
      return afterValue(found, open);
    case "key":
      return found.startsWith('"') ? "colon" : undefined;
    case "colon":
      return found === ":" ? "value" : undefined;
    case "comma-or-end":
      if (found === ",") return open.at(-1) === "{" ? "key" : "value";
      return closed(found, open);
    case "nothing":
      return undefined;
  }
}

function afterValue(found: string, open: string[]): Wanted | undefined {
  if (found === "{" || found === "[") {
    open.push(found);
    return found === "{" ? "key-or-end" : "value-or-end";
  }
  if (/^[\]},:]/.test(found)) return undefined;
  return open.length === 0 ? "nothing" : "comma-or-end";
}

function closed(found: string, open: string[]): Wanted | undefined {
  const isOwn = (found === "}" && open.at(-1) === "{") || (found === "]" && open.at(-1) === "[");
  if (!isOwn) return undefined;
  open.pop();
  return open.length === 0 ? "nothing" : "comma-or-end";
}
