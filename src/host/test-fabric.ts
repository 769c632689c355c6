/** A real fabric for tests, run from source: its entry is bundled once per content into the packages' cache folder. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Fabric } from "./fabric.ts";
import type { FabricEntry } from "./launch-fabric.ts";
import { startFabric } from "./start-fabric.ts";

/** Bundles `fabric-process.ts` and says where it is. */
export async function testFabricEntry(): Promise<FabricEntry> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL("./fabric-process.ts", import.meta.url))],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "esm",
    external: ["koffi"],
  });
  const contents = result.outputFiles[0]?.contents;
  if (!contents) throw new Error("bug: esbuild wrote no fabric");
  const folder = fileURLToPath(new URL("../../node_modules/.cache/causeway", import.meta.url));
  const name = createHash("sha256").update(contents).digest("hex").slice(0, 16);
  const path = `${folder}/fabric-${name}.mjs`;
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    // Tests start in parallel: a file is either whole or not there.
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, contents);
    renameSync(draft, path);
  }
  return { path };
}

/** Close it in `afterAll`. */
export async function startTestFabric(): Promise<Fabric> {
  return startFabric(await testFabricEntry());
}
