/** The reachability engine alone, from its source: no command, no cloud. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

/** Its exports, and `remove`, which takes the bundle away. */
export async function loadEngine() {
  const folder = mkdtempSync(join(tmpdir(), "causeway-bench-"));
  const outfile = join(folder, "engine.mjs");
  const entry = fileURLToPath(new URL("../../src/reachability/index.ts", import.meta.url));
  await build({ entryPoints: [entry], bundle: true, platform: "node", format: "esm", outfile, logLevel: "error" });
  const engine = await import(pathToFileURL(outfile));
  return { ...engine, remove: (rm) => rm(folder, { recursive: true, force: true }) };
}
