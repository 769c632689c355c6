/** Rewrites the expected verdicts of test/cases/*.net to what the engine says. The difference is for a reviewer to read. `--reasons FILE.net` adds them where a verdict has none; `--check` only compares. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** Gives reasons to verdicts that have none. */
const reasons = process.argv.includes("--reasons");
const folder = "test/cases";
const cache = "node_modules/.cache";
mkdirSync(cache, { recursive: true });
const bundles = mkdtempSync(join(cache, "cases-"));

try {
  const outfile = join(bundles, "testing.mjs");
  await build({ entryPoints: ["src/testing/index.ts"], outfile, bundle: true, format: "esm", platform: "node" });
  const { answerNetCase, formatProblem, parseNetCase, withVerdicts } = await import(pathToFileURL(outfile).href);
  const named = process.argv.slice(2).filter((each) => each.endsWith(".net"));
  const files = readdirSync(folder).filter((each) => each.endsWith(".net"));
  for (const file of named.length === 0 ? files : named) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    const result = parseNetCase(text);
    if (result.problems) {
      for (const problem of result.problems) console.error(`${path} ${formatProblem(problem)}`);
      process.exitCode = 1;
      continue;
    }
    const answers = answerNetCase(result.case);
    for (const { question, words } of answers) {
      const [before, after] = [question.expected, words].map((each) => each.split(" ")[0]);
      if (before !== after) console.log(`${path}:${question.line} ${question.text}: was ${before}, is ${words}`);
    }
    const wrong = answers.filter(({ isExpected, question: { expected } }) =>
      isExpected ? reasons && !expected.includes(" ") && expected !== "reachable" : true,
    );
    const verdicts = wrong.map(({ question, words }) => [question.line, { asked: question.text, words }]);
    const updated = withVerdicts(text, new Map(verdicts));
    if (updated === text) continue;
    if (process.argv.includes("--check")) process.exitCode = 1;
    else writeFileSync(path, updated);
    console.log(`${path} ${process.argv.includes("--check") ? "differs" : "updated"}`);
  }
} finally {
  rmSync(bundles, { recursive: true, force: true });
}
