/** The AWS CLI, as a person types it: one account's command line in, what it printed as JSON out. */
import { expect } from "vitest";
import { isInstalled, type Ran, run, wordsOf } from "./run.ts";
import type { TestCloud } from "./start-cloud.ts";

/** Why a test of the AWS CLI is skipped; empty when it is not. */
export const noAwsCli = isInstalled("aws") ? "" : " (skipped: the AWS CLI is not installed)";

/** JSON as the CLI printed it; a test asks it by path with `at`. */
export type Printed = string | number | boolean | null | readonly Printed[] | { readonly [name: string]: Printed };

export interface AwsCli {
  /** Runs a command line that must succeed; with --output text or nothing printed, the text. */
  (line: string): Promise<Printed>;
  /** `--query PATH --output text`: one value, or values separated by blanks. */
  text(line: string, query: string): Promise<string>;
  /** Runs a command line that must be refused; returns AWS's error code as the CLI shows it. */
  refused(line: string): Promise<string>;
  raw(line: string): Promise<Ran>;
}

export function awsCli(cloud: TestCloud, account: string, region = "us-east-1", env: NodeJS.ProcessEnv = {}): AwsCli {
  const environment = { ...cloud.env(account, region), ...env };
  const raw = (line: string): Promise<Ran> => run("aws", wordsOf(line), { env: environment, timeoutMs: 90_000 });
  async function must(line: string): Promise<string> {
    const ran = await raw(line);
    expect(ran.status, `aws ${line}\n${ran.stdout}${ran.stderr}`).toBe(0);
    return ran.stdout.trim();
  }
  async function asJson(line: string): Promise<Printed> {
    const printed = await must(line);
    return printed === "" || line.includes("--output text") ? printed : (JSON.parse(printed) as Printed);
  }
  return Object.assign(asJson, {
    text: (line: string, query: string) => must(`${line} --query '${query}' --output text`),
    async refused(line: string) {
      const ran = await raw(line);
      const code = /An error occurred \(([\w.]+)\)/.exec(ran.stderr)?.[1];
      expect(code, `aws ${line} was to be refused: ${ran.status}\n${ran.stdout}${ran.stderr}`).toBeDefined();
      return code ?? "";
    },
    raw,
  });
}
