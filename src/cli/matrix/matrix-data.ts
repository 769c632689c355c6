/** A matrix for programs: JSON with every interface of every end, CSV with one line for each pair of ends between which something passes. */
import type { MatrixEnd, NetworkMatrix } from "../../reachability/index.ts";

export function matrixAsJson({ family, by, ends, cells, leftOut }: NetworkMatrix): unknown {
  return {
    family,
    by,
    ends: ends.map(({ name, networkInterfaces }) => ({
      name,
      networkInterfaceIds: networkInterfaces.map(({ networkInterfaceId }) => networkInterfaceId),
    })),
    cells: cells.map(({ from, to, all, some, unknown }) => ({
      from,
      to,
      ...(all !== "" && { all }),
      ...(some !== "" && { some }),
      ...(unknown !== "" && { unknown }),
    })),
    leftOut,
  };
}

export function matrixAsCsv({ ends, cells }: NetworkMatrix): string {
  const lines = cells.map(({ from, to, all, some, unknown }) =>
    [nameOf(ends[from]), nameOf(ends[to]), all, some, unknown].map(quoted).join(","),
  );
  return ["from,to,all pairs,some pairs,unknown", ...lines].join("\n");
}

function nameOf(end: MatrixEnd | undefined): string {
  return end?.name ?? "";
}

/** A name that begins like a formula is not to be one in a spreadsheet. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
