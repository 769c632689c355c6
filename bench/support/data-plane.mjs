/** The data plane alone, without a cloud before it: networks are written as models, by the builder that its tests use. */
import { mkdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Bundled where the packages are found that stay outside. */
export async function loadDataPlane() {
  const folder = `${root}/node_modules/.cache/causeway`;
  mkdirSync(folder, { recursive: true });
  const outfile = `${folder}/bench-data-plane.mjs`;
  const contents = `
    export { createDataPlane } from "./src/dataplane/index.ts";
    export { testNetwork } from "./src/testing/index.ts";
    export { startFabric } from "./src/host/index.ts";
  `;
  await build({
    stdin: { contents, loader: "ts", resolveDir: root },
    bundle: true,
    outfile,
    format: "esm",
    platform: "node",
    target: "node20.19",
    external: ["koffi", "libsql"],
    logLevel: "warning",
  });
  const { createDataPlane, startFabric, testNetwork } = await import(pathToFileURL(outfile).href);
  const startBuiltFabric = () => startFabric({ path: `${root}/dist/fabric.js` });
  return { testNetwork, newDataPlane: () => createDataPlane({ startFabric: startBuiltFabric, maxRestarts: 0 }) };
}
