/**
 * Terraform with its AWS provider, unmodified, on a configuration of test/clients/terraform. The provider comes from a folder of
 * plugins: `CAUSEWAY_TF_PLUGINS`, or where Terraform and packagers keep them.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isInstalled, type Ran, run } from "./run.ts";
import type { TestCloud } from "./start-cloud.ts";

const plugins = pluginFolder();

/** Why a test of Terraform is skipped; empty when it is not. */
export const noTerraform = !isInstalled("terraform")
  ? " (skipped: Terraform is not installed)"
  : plugins === undefined
    ? " (skipped: Terraform's AWS provider is in no plugin folder; name one by CAUSEWAY_TF_PLUGINS)"
    : "";

export type Terraform = (...words: readonly string[]) => Promise<Ran>;

/** Copies a configuration to a folder of its own; returns what runs Terraform there, with no network and no user's settings. */
export function terraformIn(cloud: TestCloud, configuration: string): Terraform {
  const folder = join(cloud.folder, configuration);
  mkdirSync(folder);
  const source = new URL(`../clients/terraform/${configuration}/main.tf`, import.meta.url);
  cpSync(fileURLToPath(source), join(folder, "main.tf"));
  const settings = join(folder, "terraform.rc");
  writeFileSync(
    settings,
    `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = "${plugins}"\n  }\n}\n`,
  );
  const env = {
    ...cloud.env(),
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    TF_CLI_CONFIG_FILE: settings,
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
  };
  return (...words) => run("terraform", [...words, "-no-color"], { cwd: folder, env, timeoutMs: 240_000 });
}

/** Runs Terraform and throws with what it printed when it does not do what it was told. */
export function must(terraform: Terraform): (...words: readonly string[]) => Promise<string> {
  return async (...words) => {
    const ran = await terraform(...words);
    if (ran.status !== 0) throw new Error(`terraform ${words.join(" ")}: ${ran.status}\n${ran.stdout}\n${ran.stderr}`);
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
