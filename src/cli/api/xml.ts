/** Reads the XML of AWS's answers: elements and text, nothing else. What AWS never sends (comments, DTDs, CDATA) is refused, not skipped. */

export interface XmlElement {
  readonly name: string;
  /** The element's own text, entities resolved; empty when it has children. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** The root element. Throws an Error that says where the text stops being XML. */
export function parseXml(source: string): XmlElement {
  const token = /<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  const prolog = /^\uFEFF?\s*<\?xml[^?]*\?>\s*/.exec(source)?.[0].length ?? 0;
  const document: OpenElement = { name: "", text: "", children: [] };
  const open: OpenElement[] = [document];
  token.lastIndex = prolog;
  while (token.lastIndex < source.length) {
    const at = token.lastIndex;
    const match = token.exec(source);
    const top = open[open.length - 1];
    if (match === null || top === undefined) throw malformed(source, at);
    const [, closing, name = "", attributes = "", empty, text] = match;
    if (text !== undefined) {
      top.text += unescapeXml(text);
    } else if (closing === "/") {
      if (top === document || top.name !== name || attributes !== "" || empty === "/") throw malformed(source, at);
      if (top.children.length > 0) top.text = "";
      open.pop();
    } else {
      const element: OpenElement = { name, text: "", children: [] };
      top.children.push(element);
      if (empty !== "/") open.push(element);
    }
  }
  const [root, ...others] = document.children;
  if (open.length !== 1 || root === undefined || others.length > 0 || document.text.trim() !== "")
    throw malformed(source, source.length);
  return root;
}

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

interface OpenElement {
  readonly name: string;
  text: string;
  readonly children: OpenElement[];
}

const entities: { readonly [name: string]: string } = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescapeXml(raw: string): string {
  return raw.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (whole, decimal, hexadecimal, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hexadecimal !== undefined) return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
    return entities[name] ?? whole;
  });
}

function malformed(source: string, at: number): Error {
  return new Error(`not XML at character ${at}: ${JSON.stringify(source.slice(at, at + 40))}`);
}
