/** A real fabric for tests, run from source: its entry is bundled once per content into the packages' cache folder. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Fabric } from "./fabric.ts";
import type { FabricEntry } from "./launch-fabric.ts";
import { startFabric } from "./start-fabric.ts";

/** Bundles `fabric-process.ts` and says where it is. */
export async function testFabricEntry(): Promise<FabricEntry> {
  return { path: await bundleForTest(readFileSync(new URL("./fabric-process.ts", import.meta.url), "utf8")) };
}

/** A module of this folder, given as its TypeScript text, made runnable by node; answers with the file's path. */
export async function bundleForTest(contents: string): Promise<string> {
  const result = await build({
    stdin: { contents, loader: "ts", resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "esm",
    external: ["koffi", "libsql"],
  });
  const bundle = result.outputFiles[0]?.contents;
  if (!bundle) throw new Error("bug: esbuild wrote no bundle");
  const folder = fileURLToPath(new URL("../../node_modules/.cache/causeway", import.meta.url));
  const name = createHash("sha256").update(bundle).digest("hex").slice(0, 16);
  const path = `${folder}/test-${name}.mjs`;
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    // Tests start in parallel: a file is either whole or not there.
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, bundle);
    renameSync(draft, path);
  }
  return path;
}

/** Close it in `afterAll`. */
export async function startTestFabric(): Promise<Fabric> {
  return startFabric(await testFabricEntry());
}
