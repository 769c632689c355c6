/** A matrix as one HTML page that needs nothing else: no script, no font, no address outside. */
import type { MatrixCell, MatrixEnd, NetworkMatrix } from "../../reachability/index.ts";

export function matrixAsHtml({ family, by, ends, cells, leftOut }: NetworkMatrix, traffic?: readonly string[]): string {
  const table = new Map(cells.map((cell) => [`${cell.from} ${cell.to}`, cell]));
  const asked = traffic === undefined ? "all traffic that the rules tell apart" : traffic.join(", ");
  const head = ends.map(({ name }) => `<th scope="col"><div>${escaped(name)}</div></th>`).join("");
  const rows = ends.map((end, from) => {
    const columns = ends.map((_, to) =>
      cellOf(table.get(`${from} ${to}`), from === to && end.networkInterfaces.length < 2),
    );
    return `<tr><th scope="row">${rowName(end)}</th>${columns.join("")}</tr>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Who reaches whom</title>
<style>${style}</style>
<h1>Who reaches whom</h1>
<p>${family === "ipv6" ? "IPv6" : "IPv4"}, by ${by}: ${escaped(asked)}. Rows send, columns receive; a cell tells what arrives and is answered.</p>
<p class="legend"><span class="all">all pairs</span> <span class="some">some pairs only</span> <span class="unknown">not known</span> <span class="none">nothing</span></p>
<div class="frame"><table>
<thead><tr><th scope="col" class="corner">from \\ to</th>${head}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>
${leftOut > 0 ? `<p>${leftOut} ${leftOut === 1 ? "interface is" : "interfaces are"} no end: a gateway's, or without an address of the family.</p>\n` : ""}</html>`;
}

function rowName({ name, networkInterfaces }: MatrixEnd): string {
  const count = networkInterfaces.length;
  const ids = networkInterfaces.slice(0, 200).map(({ networkInterfaceId }) => networkInterfaceId);
  const more = count > ids.length ? ` and ${count - ids.length} more` : "";
  const details =
    count > 1 ? `<details><summary>${count} interfaces</summary>${escaped(ids.join(" "))}${more}</details>` : "";
  return `<div>${escaped(name)}</div>${details}`;
}

function cellOf(cell: MatrixCell | undefined, isItself: boolean): string {
  if (isItself) return '<td class="itself"></td>';
  if (cell === undefined) return '<td class="none"></td>';
  const parts = (["all", "some", "unknown"] as const).flatMap((kind) =>
    cell[kind] === "" ? [] : [`<div class="${kind}">${escaped(cell[kind])}</div>`],
  );
  return `<td>${parts.join("")}</td>`;
}

/** Names come from tags: whoever sets tags must not write the page. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (each) => entities[each] ?? each);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const style = `
:root { color-scheme: light dark; --line: #8883; --back: #fff; --text: #1b1f24; --dim: #66707b; --all: #1a7f37; --some: #9a6700; --unknown: #8250df; }
@media (prefers-color-scheme: dark) { :root { --back: #0f1419; --text: #e6e9ec; --dim: #8d98a3; --all: #4ac26b; --some: #d4a72c; --unknown: #b083f0; } }
body { margin: 2rem; background: var(--back); color: var(--text); font: 14px/1.45 system-ui, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; }
p { margin: .25rem 0 1rem; color: var(--dim); }
.legend span { margin-right: 1rem; padding-left: .5rem; border-left: 3px solid var(--line); }
.frame { max-width: 100%; max-height: 85vh; overflow: auto; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: separate; border-spacing: 0; }
th, td { padding: .45rem .6rem; border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; min-width: 7rem; max-width: 16rem; }
th { background: var(--back); font-weight: 600; overflow-wrap: anywhere; }
thead th { position: sticky; top: 0; z-index: 2; }
tbody th, .corner { position: sticky; left: 0; z-index: 1; border-right-width: 2px; }
.corner { z-index: 3; color: var(--dim); font-weight: 400; }
details { margin-top: .2rem; color: var(--dim); font-weight: 400; font-size: 12px; }
td div, .legend span { font-variant-numeric: tabular-nums; }
td div { padding-left: .5rem; border-left: 3px solid; margin-bottom: .2rem; }
.all { border-color: var(--all) !important; } .some { border-color: var(--some) !important; color: var(--some); }
.unknown { border-color: var(--unknown) !important; color: var(--unknown); }
td.none { background: repeating-linear-gradient(45deg, transparent 0 6px, #8881 6px 7px); }
td.itself { background: #8882; }
tbody tr:hover td { background-color: #8881; }
`;
