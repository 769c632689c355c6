/** A user's shell in a copy of an example, pointed at a test's cloud: commands as its README has them. */
import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { BuiltCdk } from "../built-cdk.ts";
import { type Ran, run } from "./run.ts";
import type { TestCloud } from "./start-cloud.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Shell {
  /** What a command line prints, which must succeed. */
  (line: string): Promise<string>;
  raw(line: string): Promise<Ran>;
  /** A command line of the README, where it must stand; `replaced` is put in its place-holders. */
  readme(line: string, replaced?: Readonly<Record<string, string>>): Promise<string>;
}

export interface ShellPlace {
  readonly cloud: TestCloud;
  readonly built: BuiltCdk;
  /** A folder of this repository, which is copied into `built`. */
  readonly folder: string;
  readonly account: string;
}

export function shellIn({ cloud, built, folder, account }: ShellPlace): Shell {
  const place = join(built.folder, folder);
  cpSync(join(root, folder), place, { recursive: true });
  // What npx finds; the commands are this repository's own.
  const commands = join(built.folder, "node_modules/.bin");
  mkdirSync(join(commands, ".."), { recursive: true });
  try {
    symlinkSync(join(root, "node_modules/.bin"), commands);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const env = { ...cloud.env(account), ...quietCdk };
  const raw = (line: string): Promise<Ran> => run("bash", ["-c", line], { cwd: place, env, timeoutMs: 240_000 });
  async function must(line: string): Promise<string> {
    const { status, stdout, stderr } = await raw(line);
    expect(status, `${line}\n${stdout}${stderr}`).toBe(0);
    return stdout + stderr;
  }
  return Object.assign(must, {
    raw,
    readme(line: string, replaced: Readonly<Record<string, string>> = {}) {
      expect(readFileSync(join(root, folder, "README.md"), "utf8")).toContain(line);
      return must(Object.entries(replaced).reduce((text, [name, value]) => text.replaceAll(name, value), line));
    },
  });
}

/** The CDK CLI takes its options from such variables too: no questions, nothing but the work. Templates are linted by tests of their own. */
const quietCdk = {
  CI: "1",
  CDK_DISABLE_VERSION_CHECK: "1",
  CDK_NOTICES: "false",
  CDK_VALIDATION: "false",
  CDK_REQUIRE_APPROVAL: "never",
  CDK_FORCE: "true",
};
