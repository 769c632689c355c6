/** The cases of this folder, read and parsed. A text with mistakes fails the test that reads it, with the place of each. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { formatProblem, type NetCase, parseNetCase } from "../../src/testing/index.ts";

export interface CaseFile extends NetCase {
  /** `na-2-inside-a-subnet.net`. */
  readonly file: string;
  readonly text: string;
}

const folder = fileURLToPath(new URL(".", import.meta.url));

export function caseFiles(): readonly CaseFile[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".net"));
  return files.sort().map((file) => caseFrom(file, readFileSync(`${folder}${file}`, "utf8")));
}

function caseFrom(file: string, text: string): CaseFile {
  const result = parseNetCase(text);
  if ("problems" in result) throw new Error(result.problems.map((each) => `${file} ${formatProblem(each)}`).join("\n"));
  return { ...result.case, file, text };
}
