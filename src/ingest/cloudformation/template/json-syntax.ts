/** Where a text stops being JSON. The built-in parser refuses without saying where in a way that a program may rely on. */

/** The offset of the first character that JSON does not allow there, or undefined when the whole text is JSON. */
export function firstJsonFault(text: string): number | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const end = valueEnd(text, skipSpace(text, 0), 0);
  return end.fault ?? skipSpace(text, end.at);
}

interface End {
  readonly at: number;
  readonly fault?: number;
}

/** Deeper than any template; the built-in parser has refused the text already. */
const maxDepth = 1000;
const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
const string = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;

function valueEnd(text: string, start: number, depth: number): End {
  if (depth > maxDepth) return { at: start, fault: start };
  const first = text[start];
  if (first === "{") return sequenceEnd(text, start, "}", (at) => memberEnd(text, at, depth + 1));
  if (first === "[") return sequenceEnd(text, start, "]", (at) => valueEnd(text, at, depth + 1));
  return tokenEnd(text, start, first === '"' ? string : scalar);
}

/** Whatever is between an opening bracket and its closing one, separated by commas. */
function sequenceEnd(text: string, start: number, close: string, itemEnd: (at: number) => End): End {
  let at = skipSpace(text, start + 1);
  if (text[at] === close) return { at: at + 1 };
  for (;;) {
    const item = itemEnd(at);
    if (item.fault !== undefined) return item;
    at = skipSpace(text, item.at);
    if (text[at] === close) return { at: at + 1 };
    if (text[at] !== ",") return { at, fault: at };
    at = skipSpace(text, at + 1);
  }
}

function memberEnd(text: string, start: number, depth: number): End {
  const key = tokenEnd(text, start, string);
  if (key.fault !== undefined) return key;
  const colon = skipSpace(text, key.at);
  return text[colon] === ":" ? valueEnd(text, skipSpace(text, colon + 1), depth) : { at: colon, fault: colon };
}

function tokenEnd(text: string, start: number, token: RegExp): End {
  token.lastIndex = start;
  const match = token.exec(text);
  return match === null ? { at: start, fault: start } : { at: start + match[0].length };
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && " \t\n\r".includes(text[at] ?? "x")) at += 1;
  return at;
}
