/** Bundles the command, the fabric's child process and the constructs into dist/. Native packages stay outside: they carry their own binaries. */
import { chmodSync, rmSync } from "node:fs";
import { build } from "esbuild";
import { buildCdk } from "./build-cdk.mjs";

rmSync("dist", { recursive: true, force: true });

const result = await build({
  entryPoints: { causeway: "src/cli/causeway.ts", fabric: "src/host/fabric-process.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  external: ["koffi", "libsql", "@aws-sdk/*", "@aws-cdk/toolkit-lib"],
  chunkNames: "part-[hash]",
  banner: {
    // Bundled CommonJS packages ask for Node's built-ins by require.
    js: 'import { createRequire as causewayRequire } from "node:module"; const require = causewayRequire(import.meta.url);',
  },
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});
chmodSync("dist/causeway.js", 0o755);
await buildCdk("dist/cdk");

// Runs in a function's own world, where nothing else of this is.
await build({
  entryPoints: ["src/host/functions/runtime.ts"],
  outfile: "dist/function-runtime.mjs",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  logLevel: "warning",
});

const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`dist/: ${Object.keys(result.metafile.outputs).length} files, ${Math.round(bytes / 1024)} kB`);
