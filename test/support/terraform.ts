/**
 * Terraform with its AWS provider, unmodified, on one of the configurations in test/clients/terraform. The provider comes from a
 * folder of plugins: `CAUSEWAY_TF_PLUGINS`, or where Terraform and packagers keep them.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { isInstalled, run } from "./run.ts";
import { cleanEnvironment, type TestCloud } from "./start-cloud.ts";

const plugins = pluginFolder();

/** Why a test of Terraform is skipped; empty when it is not. */
export const noTerraform = !isInstalled("terraform")
  ? " (skipped: Terraform is not installed)"
  : plugins === undefined
    ? " (skipped: Terraform's AWS provider is in no plugin folder; name one by CAUSEWAY_TF_PLUGINS)"
    : "";

/** Runs Terraform's commands on one configuration; one that fails fails the test. Returns what it printed. */
export type Terraform = (...words: readonly string[]) => Promise<string>;

/** Copies a configuration to a folder of its own, where Terraform runs with no network and no user's settings. */
export function terraformIn(cloud: TestCloud, configuration: string): Terraform {
  const folder = join(cloud.folder, configuration);
  cpSync(fileURLToPath(new URL(`../clients/terraform/${configuration}`, import.meta.url)), folder, { recursive: true });
  return terraformAt(folder, { ...cloud.env(), AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
}

/** A configuration that is written by a test, without any cloud. */
export function terraformFolder(folder: string, files: Readonly<Record<string, string>>): Terraform {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return terraformAt(folder, cleanEnvironment());
}

function terraformAt(folder: string, environment: NodeJS.ProcessEnv): Terraform {
  const settings = join(folder, "terraform.rc");
  writeFileSync(
    settings,
    `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = "${plugins}"\n  }\n}\n`,
  );
  const env = { ...environment, TF_CLI_CONFIG_FILE: settings, TF_IN_AUTOMATION: "1", TF_INPUT: "0" };
  return async (...words) => {
    const ran = await run("terraform", [...words, "-no-color"], { cwd: folder, env, timeoutMs: 240_000 });
    expect(ran.status, `terraform ${words.join(" ")}\n${ran.stdout}\n${ran.stderr}`).toBe(0);
    return ran.stdout;
  };
}

/** The folder that holds Terraform's AWS provider, laid out as a filesystem mirror. */
function pluginFolder(): string | undefined {
  const packaged = existsSync("/opt") ? readdirSync("/opt").filter((name) => /terraform|tf-?plugins/.test(name)) : [];
  const candidates = [
    process.env.CAUSEWAY_TF_PLUGINS,
    join(homedir(), ".terraform.d/plugins"),
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
    ...packaged.map((name) => join("/opt", name)),
  ];
  return candidates.find(
    (folder) => folder !== undefined && existsSync(join(folder, "registry.terraform.io/hashicorp/aws")),
  );
}
