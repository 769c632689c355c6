/** TypeScript of this repository for a benchmark: bundled where the packages are found that stay outside. */
import { mkdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The module whose text `contents` is, with imports from the repository's root. `name` is its file in the cache. */
export async function bundled(name, contents) {
  const folder = `${root}/node_modules/.cache/causeway`;
  mkdirSync(folder, { recursive: true });
  const outfile = `${folder}/bench-${name}.mjs`;
  await build({
    stdin: { contents, loader: "ts", resolveDir: root },
    bundle: true,
    outfile,
    format: "esm",
    platform: "node",
    target: "node20.19",
    external: ["koffi", "libsql", "@aws-sdk/*", "aws-cdk-lib", "constructs"],
    banner: {
      js: 'import { createRequire as benchRequire } from "node:module"; const require = benchRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
  return import(pathToFileURL(outfile).href);
}
