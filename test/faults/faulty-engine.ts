/** The engine with a fault in it, bundled in memory and run from a temporary file; the source stays as it is. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { run } from "../support/run.ts";
import type { Fault } from "./faults.ts";
import type { Evidence, Judgement } from "./judge.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The text of the file that the fault is in, with the fault. */
export function faultyText({ file, from, to }: Fault): string {
  const text = readFileSync(join(root, "src", file), "utf8");
  const [before, after, ...more] = text.split(from);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`${file} does not hold this once: ${from}`);
  return before + to + after;
}

/** What the cases and the kernel's verdicts say of the engine with the fault; without one, of the engine as it is. */
export async function judgeWith(fault: Fault | undefined, evidence: Evidence): Promise<Judgement> {
  const plugins = fault === undefined ? [] : [seeded(join(root, "src", fault.file), faultyText(fault))];
  const { outputFiles } = await build({
    entryPoints: [join(root, "test/faults/judge.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    plugins,
  });
  const folder = mkdtempSync(join(tmpdir(), "causeway-fault-"));
  try {
    const path = join(folder, "judge.mjs");
    writeFileSync(path, outputFiles[0]?.text ?? "");
    const { judge }: typeof import("./judge.ts") = await import(pathToFileURL(path).href);
    return judge(evidence);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function seeded(path: string, contents: string): Plugin {
  return {
    name: "fault",
    setup: (bundle) =>
      bundle.onLoad({ filter: /\.ts$/ }, (file) => (file.path === path ? { contents, loader: "ts" } : undefined)),
  };
}

/** Whether the engine's own tests fail on a copy of the sources that has the fault. */
export async function engineTestsNotice(fault: Fault): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "causeway-fault-"));
  try {
    for (const each of ["src", "package.json", "vitest.config.ts", "scripts", "tsconfig.json"])
      cpSync(join(root, each), join(folder, each), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "src", fault.file), faultyText(fault));
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const words = [vitest, "run", "src/reachability", "--root", folder];
    const { status, stderr } = await run(process.execPath, words, { cwd: folder, timeoutMs: 600_000 });
    if (status === null) throw new Error(`the engine's tests did not end: ${stderr}`);
    return status !== 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
