/** Reads XML as AWS and its clients write it: elements and text, nothing else. What they never send (comments, DTDs, CDATA) is refused, not skipped. */
import { AwsError } from "./errors.ts";

export interface XmlElement {
  readonly name: string;
  /** The element's own text, entities resolved; empty when it has children. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** The root element. Throws an AwsError `MalformedXML` that says where the text stops being XML. */
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

function malformed(source: string, at: number): AwsError {
  return new AwsError("MalformedXML", `not XML at character ${at}: ${JSON.stringify(source.slice(at, at + 40))}`);
}
