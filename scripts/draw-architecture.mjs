/**
 * Draws which folder of src/ imports which, from the imports themselves, between the `graph` marks of docs/architecture.md.
 * `--check` changes nothing and fails when the drawing there is not the code's.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = `${root}docs/architecture.md`;
const begin = "<!-- graph:begin -->";
const end = "<!-- graph:end -->";

/** What ships, without what proves it. */
const testCode = "(\\.test\\.ts|\\.fixture\\.ts|/test-[^/]+\\.ts)$";

const text = readFileSync(page, "utf8");
const from = text.indexOf(begin);
const to = text.indexOf(end);
if (from < 0 || to < from) throw new Error(`docs/architecture.md has lost its marks ${begin} and ${end}`);
const drawn = `${text.slice(0, from + begin.length)}\n${graph()}\n${text.slice(to)}`;

if (!process.argv.includes("--check")) {
  writeFileSync(page, drawn);
} else if (drawn !== text) {
  console.error("docs/architecture.md draws other arrows than the code has. Run `node scripts/draw-architecture.mjs`.");
  process.exitCode = 1;
}

function graph() {
  const arrows = importedFolders().flatMap(([folder, imported]) => imported.map((other) => `  ${folder} --> ${other}`));
  return ["```mermaid", "flowchart TD", ...arrows, "```"].join("\n");
}

/** Each folder with those it imports, sorted. */
function importedFolders() {
  const { modules } = JSON.parse(
    execFileSync(
      process.execPath,
      [
        `${root}node_modules/dependency-cruiser/bin/dependency-cruise.mjs`,
        "src",
        ...["--config", ".dependency-cruiser.mjs"],
        ...["--include-only", "^src/"],
        ...["--exclude", testCode],
        ...["--collapse", "^src/[^/]+"],
        ...["--output-type", "json"],
      ],
      { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
    ),
  );
  return modules
    .map(({ source, dependencies }) => [
      name(source),
      [...new Set(dependencies.map(({ resolved }) => name(resolved)))].filter((other) => other !== name(source)).sort(),
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function name(path) {
  return path.replace("src/", "");
}
