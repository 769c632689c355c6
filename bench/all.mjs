/** Every benchmark, one after the other, so that none disturbs another. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

for (const name of ["start", "api", "rule", "path", "scale", "transit-gateway", "reachability", "deploy"]) {
  console.log(`── ${name}`);
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(`./${name}.mjs`, import.meta.url))], {
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}
