/** The data plane alone, without a cloud before it: networks are written as models, by the builder that its tests use. */
import { bundled, root } from "./bundled.mjs";

export async function loadDataPlane() {
  const { createDataPlane, startFabric, testNetwork } = await bundled(
    "data-plane",
    `
    export { createDataPlane } from "./src/dataplane/index.ts";
    export { testNetwork } from "./src/testing/index.ts";
    export { startFabric } from "./src/host/index.ts";
  `,
  );
  const startBuiltFabric = () => startFabric({ path: `${root}/dist/fabric.js` });
  return { testNetwork, newDataPlane: () => createDataPlane({ startFabric: startBuiltFabric, maxRestarts: 0 }) };
}
