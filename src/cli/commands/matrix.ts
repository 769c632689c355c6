/** `causeway matrix`: who reaches whom on what, as text, JSON, CSV or one HTML page. */
import { writeFileSync } from "node:fs";
import { type MatrixBy, networkMatrix } from "../../reachability/index.ts";
import { trafficFrom } from "../explain/flow-from-words.ts";
import { matrixAsCsv, matrixAsJson } from "../matrix/matrix-data.ts";
import { matrixAsHtml } from "../matrix/matrix-html.ts";
import { renderMatrix } from "../matrix/render-matrix.ts";
import { modelInQuestion } from "../model-in-question.ts";
import { print } from "../print.ts";
import { UserError } from "../user-error.ts";

interface MatrixOptions {
  readonly format: "text" | "json" | "csv" | "html";
  readonly traffic?: readonly string[];
  readonly by: MatrixBy;
  readonly ipv6?: boolean;
  readonly out?: string;
  readonly snapshot?: string;
  readonly state?: string;
}

const widest = 80;

export async function matrix({ format, traffic, by, ipv6, out, snapshot, state }: MatrixOptions): Promise<void> {
  const model = await modelInQuestion({ snapshot, state });
  const table = networkMatrix(model, {
    by,
    family: ipv6 ? "ipv6" : "ipv4",
    ...(traffic && { traffic: traffic.map(trafficFrom) }),
  });
  const width = Math.min(process.stdout.columns ?? widest, widest);
  const text = {
    text: () => renderMatrix(table, { width }).join("\n"),
    json: () => JSON.stringify(matrixAsJson(table), undefined, 2),
    csv: () => matrixAsCsv(table),
    html: () => matrixAsHtml(table, traffic),
  }[format]();
  if (out === undefined) print(text);
  else write(out, `${text}\n`);
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError("OUT", `${path} cannot be written: ${reason}.`, "Name a file in a folder that is there.");
  }
}
