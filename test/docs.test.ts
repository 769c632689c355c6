/**
 * Every command in the documents works: the bash blocks of a document are run in order, as one script, on a cloud of their own.
 * A block marked `bash fails` must fail. An `hcl` block is main.tf. A document whose programs are not installed is skipped by name.
 */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCommand, buildCommand } from "./built-command.ts";

const documents = [
  { file: "docs/tutorial/three-departments.md", programs: ["aws", "ping"] },
  { file: "docs/how-to/global-network.md", programs: ["aws", "ping"] },
  { file: "docs/how-to/cloudformation.md", programs: ["aws", "ping"] },
  { file: "docs/how-to/explain.md", programs: ["aws", "ping"] },
  { file: "docs/how-to/matrix.md", programs: ["aws"] },
  { file: "docs/how-to/network-insights.md", programs: ["aws"] },
  { file: "docs/how-to/fix.md", programs: ["aws"] },
  { file: "docs/how-to/two-accounts.md", programs: ["aws", "python3"] },
  { file: "docs/how-to/run-user-data-and-ssm.md", programs: ["aws"] },
  { file: "docs/how-to/session-manager.md", programs: ["aws"] },
  { file: "docs/how-to/snapshot.md", programs: ["aws"] },
  { file: "docs/how-to/terraform.md", programs: ["terraform", "ping"] },
];

const root = fileURLToPath(new URL("..", import.meta.url));
let command: BuiltCommand;
beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => command.remove());

describe.each(documents)("$file", ({ file, programs }) => {
  const missing = programs.filter((each) => !isInstalled(each));
  const title = missing.length > 0 ? `works (skipped: ${missing.join(" and ")} not installed)` : "works as written";
  test.skipIf(missing.length > 0)(title, { timeout: 240_000 }, (context) => {
    const folder = mkdtempSync(join(tmpdir(), "causeway-docs-"));
    try {
      const blocks = blocksOf(readFileSync(join(root, file), "utf8"));
      expect(blocks.some((each) => each.language === "bash")).toBe(true);
      for (const { language, text } of blocks) if (language === "hcl") writeFileSync(join(folder, "main.tf"), text);
      if (programs.includes("terraform") && !canInitialise(folder))
        context.skip("Terraform's AWS provider is not installed");
      const result = runScript(folder, scriptOf(blocks));
      expect(result.status, `${result.stdout}\n${result.stderr}`).toBe(0);
    } finally {
      runScript(folder, "npx causeway down");
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

test("links between the documents lead somewhere", () => {
  const files = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...markdownIn("docs")];
  const broken = files.flatMap((file) => {
    const links = [...readFileSync(join(root, file), "utf8").matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(
      (each) => each[1] ?? "",
    );
    return links
      .filter((each) => !/^[a-z]+:/.test(each) && !existsSync(join(root, dirname(file), each)))
      .map((each) => `${file}: ${each}`);
  });
  expect(broken).toEqual([]);
});

function markdownIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((each) => each.endsWith(".md"))
    .map((each) => join(folder, each));
}

interface Block {
  readonly language: string;
  readonly fails: boolean;
  readonly text: string;
}

function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(\w+)( fails)?\n(.*?)^```$/gms)].map(([, language = "", fails, text = ""]) => ({
    language,
    fails: fails !== undefined,
    text,
  }));
}

/** One script: it ends with the first command that does not do what its block says. */
function scriptOf(blocks: readonly Block[]): string {
  const parts = blocks
    .filter((each) => each.language === "bash")
    .map(({ fails, text }) => (fails ? `if ${text.trim()}\nthen echo "this should fail" >&2; exit 99; fi` : text));
  return ["set -euxo pipefail", ...parts].join("\n");
}

function runScript(folder: string, script: string): SpawnSyncReturns<string> {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  // `npx causeway` is the command under test; its port is any free one, so that several clouds can be tested side by side.
  const shim = `#!/bin/bash\nshift\n[ "$1" = up ] && set -- "$@" --port 0\nexec '${process.execPath}' '${command.path}' "$@"\n`;
  writeFileSync(join(bin, "npx"), shim, { mode: 0o755 });
  return spawnSync("bash", ["-c", script], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 220_000,
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      CAUSEWAY_STATE: join(folder, "state"),
      AWS_PAGER: "",
      AWS_CONFIG_FILE: join(folder, "no-config"),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, "no-credentials"),
    },
  });
}

function canInitialise(folder: string): boolean {
  return (
    spawnSync("terraform", ["init", "-input=false"], { cwd: folder, stdio: "ignore", timeout: 60_000 }).status === 0
  );
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}
