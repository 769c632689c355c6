/** A matrix as text: the ends with their letters, then from each of them what passes to whom. What nothing passes to is not listed. */
import type { MatrixCell, MatrixEnd, NetworkMatrix, PassingWords } from "../../reachability/index.ts";
import { styled } from "../print.ts";
import { wrapped } from "../wrapped.ts";

const shown = 40;

export function renderMatrix(matrix: NetworkMatrix, { width }: { readonly width: number }): readonly string[] {
  const { ends, cells, family } = matrix;
  const inside = ends.slice(0, -1);
  if (inside.length === 0) return [`No interface has an ${family === "ipv6" ? "IPv6" : "IPv4"} address.`];
  const names = ends.map((end, at) => (at === inside.length ? end.name : letters(at)));
  return [
    styled("bold", `Who reaches whom (${family === "ipv6" ? "IPv6" : "IPv4"})`),
    "",
    ...inside.slice(0, shown).flatMap((end, at) => endLines(end, names[at] ?? "", width)),
    ...(inside.length > shown ? [`  and ${inside.length - shown} more: --format html, csv or json has them all`] : []),
    ...ends.flatMap((_, from) =>
      from < shown || from === inside.length ? rowLines(cells, names, from, width, inside.length) : [],
    ),
    "",
    ...footnotes(matrix, width),
  ];
}

/** A, B, …, Z, AA, AB, … */
function letters(number: number): string {
  const letter = String.fromCharCode(65 + (number % 26));
  return number < 26 ? letter : `${letters(Math.floor(number / 26) - 1)}${letter}`;
}

function endLines({ name, networkInterfaces }: MatrixEnd, letter: string, width: number): readonly string[] {
  const count = networkInterfaces.length;
  const [first = "", ...more] = wrapped(count > 1 ? `${name} (${count} interfaces)` : name, width - 6);
  return [`  ${styled("bold", letter.padEnd(3))} ${first}`, ...more.map((line) => `      ${line}`)];
}

function rowLines(
  cells: readonly MatrixCell[],
  names: readonly string[],
  from: number,
  width: number,
  outside: number,
): readonly string[] {
  const groups = new Map<string, number[]>();
  for (const cell of cells) {
    if (cell.from !== from || (cell.to >= shown && cell.to !== outside)) continue;
    const words = passing(cell);
    groups.set(words, [...(groups.get(words) ?? []), cell.to]);
  }
  const title = from === outside ? `From the ${names[from]}` : `From ${names[from]}`;
  if (groups.size === 0) return ["", `${styled("bold", title)} to nobody`];
  const lines = [...groups].flatMap(([words, to]) => {
    const receivers = `to ${to.map((each) => names[each]).join(", ")}`;
    const [first = "", ...more] = wrapped(`${receivers}: ${words}`, width - 6);
    return [`  ${first}`, ...more.map((line) => `      ${line}`)];
  });
  return ["", styled("bold", title), ...lines];
}

/** `tcp 443; some pairs: tcp 22`. */
export function passing({ all, some, unknown }: PassingWords): string {
  return [all, some && `some pairs: ${some}`, unknown && `not known: ${unknown}`]
    .filter((each) => each !== "")
    .join("; ");
}

function footnotes({ cells, leftOut }: NetworkMatrix, width: number): readonly string[] {
  const notes = [
    "A pair counts when the request arrives and its answer comes back; `causeway explain` says why one does not.",
  ];
  if (cells.some(({ some }) => some !== ""))
    notes.push("Some pairs: not all interfaces of the two ends; --by instance tells them apart.");
  if (leftOut > 0)
    notes.push(
      `${leftOut} ${leftOut === 1 ? "interface is" : "interfaces are"} no end: a gateway's, or without an address.`,
    );
  return notes.flatMap((note) => wrapped(note, width)).map((line) => styled("dim", line));
}
