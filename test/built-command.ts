/** The command as users get it, built from the sources of this moment into a folder of its own. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface BuiltCommand {
  /** The file that `node` is given. */
  readonly path: string;
  remove(): void;
}

export async function buildCommand(): Promise<BuiltCommand> {
  // Below node_modules, so that the native packages are found from there.
  const cache = join(root, "node_modules/.cache/causeway");
  mkdirSync(cache, { recursive: true });
  const outdir = mkdtempSync(join(cache, "command-"));
  await build({
    absWorkingDir: root,
    entryPoints: { causeway: "src/cli/causeway.ts", fabric: "src/host/fabric-process.ts" },
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    outExtension: { ".js": ".js" },
    external: ["koffi", "libsql", "@aws-sdk/*", "@aws-cdk/toolkit-lib"],
    banner: {
      js: 'import { createRequire as causewayRequire } from "node:module"; const require = causewayRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  await build({
    absWorkingDir: root,
    entryPoints: ["src/host/functions/runtime.ts"],
    outfile: join(outdir, "function-runtime.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    logLevel: "error",
  });
  return { path: join(outdir, "causeway.js"), remove: () => rmSync(outdir, { recursive: true, force: true }) };
}
