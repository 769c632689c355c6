/**
 * Sessions of the AWS CLI with a stand-in for AWS's session-manager-plugin, which follows the plugin's public protocol and is put
 * where the AWS CLI looks for it.
 */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const plugin = "session-manager-plugin";

/** Puts a program by the plugin's name into a folder; it takes what the AWS CLI gives the plugin. */
export async function makeStandIn(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: { plugin: fileURLToPath(new URL("session-plugin.ts", import.meta.url)) },
    outdir: folder,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    outExtension: { ".js": ".mjs" },
    banner: {
      js: 'import { createRequire as causewayRequire } from "node:module"; const require = causewayRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  writeFileSync(join(folder, plugin), `#!/bin/sh\nexec '${process.execPath}' '${join(folder, "plugin.mjs")}' "$@"\n`, {
    mode: 0o755,
  });
}

export interface Session {
  readonly status: number | null;
  readonly shown: string;
}

/**
 * Runs a command line of the AWS CLI that opens a session, and types into it as a person would: after the shell is there. The
 * plugin is looked for in `path` first.
 */
export function openSession(
  env: NodeJS.ProcessEnv,
  words: readonly string[],
  typed: string,
  path: readonly string[],
): Promise<Session> {
  return new Promise((resolve, reject) => {
    const child = spawn("aws", words, {
      env: { ...env, PATH: [...path, process.env.PATH].join(delimiter) },
      stdio: ["pipe", "pipe", "pipe"],
      timeout: 50_000,
      killSignal: "SIGKILL",
    });
    const chunks: Buffer[] = [];
    let hasTyped = typed === "";
    const shown = (): string => Buffer.concat(chunks).toString("utf8");
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      if (hasTyped || !/[#$] $/.test(shown())) return;
      hasTyped = true;
      child.stdin.write(typed);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, shown: shown() }));
  });
}
