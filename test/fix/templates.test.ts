/** The forms of a fix, of every kind of change, as the programs for which they are made judge them: Terraform with its AWS provider, cfn-lint, bash. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloudFormation } from "../../src/cli/fix/cloudformation.ts";
import { commandLines } from "../../src/cli/fix/command-lines.ts";
import { terraform } from "../../src/cli/fix/terraform.ts";
import { everyChange, ownChanges } from "../../src/cli/fix/test-changes.ts";
import { isInstalled, run } from "../support/run.ts";
import { noTerraform, terraformFolder } from "../support/terraform.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "causeway-fix-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(noTerraform !== "")(`Terraform takes every block${noTerraform}`, { timeout: 120_000 }, async () => {
  const call = terraformFolder(join(folder, "terraform"), { "main.tf": terraform(everyChange).join("\n") });
  await call("init");
  expect(JSON.parse(await call("validate", "-json"))).toMatchObject({ valid: true, diagnostics: [] });
});

const noLint = isInstalled("cfn-lint") ? "" : " (skipped: cfn-lint is not installed)";

test.skipIf(noLint !== "")(`cfn-lint finds nothing wrong in the templates${noLint}`, { timeout: 120_000 }, async () => {
  const templates = [...cloudFormation(everyChange).join("\n").split("\n---\n"), cloudFormation(ownChanges).join("\n")];
  const files = templates
    .filter((text) => text.includes("Resources:"))
    .map((text, index) => {
      const file = join(folder, `${index}.yaml`);
      writeFileSync(file, `AWSTemplateFormatVersion: "2010-09-09"\n${text}\n`);
      return file;
    });
  expect(files.length).toBeGreaterThan(1);
  const { stdout, stderr, status } = await run("cfn-lint", ["--regions", "us-east-1", "--", ...files], {
    timeoutMs: 110_000,
  });
  expect(`${stdout}${stderr}`).toBe("");
  expect(status).toBe(0);
});

test("bash can read the commands, and no provisional name is left in them", async () => {
  const script = commandLines(everyChange).join("\n");
  const { status, stderr } = await run("bash", ["-n"], { input: script });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(script).not.toMatch(/-new-\d|192\.0\.2\.1|eipalloc-for/);
  expect(script).toContain("# in account 222222222222:");
});
