/** Everything that can be said about the code without running it: format and lint, types, arrows, unused code. Stops at the first failure. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const steps = [
  { name: "format and lint", command: ["biome", "ci", ...(process.stdout.isTTY ? [] : ["--colors=off"])] },
  { name: "types", command: ["tsc", "--project", "."] },
  { name: "arrows", command: ["depcruise", "--config", ".dependency-cruiser.mjs", "src", "test"] },
  { name: "unused code", command: ["knip"] },
];

const root = fileURLToPath(new URL("..", import.meta.url));
const path = `${root}node_modules/.bin:${process.env.PATH}`;

for (const { name, command } of steps) {
  console.log(`\n— ${name}: ${command.join(" ")}`);
  const [program, ...args] = command;
  const start = performance.now();
  const { status, signal, error } = spawnSync(program, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (status !== 0) {
    console.error(`✘ ${name} failed after ${seconds} s${error ? `: ${error.message}` : signal ? ` (${signal})` : ""}`);
    process.exit(1);
  }
  console.log(`✔ ${name} in ${seconds} s`);
}
