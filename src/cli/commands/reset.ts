/** `causeway reset`: empties a cloud. A running one goes on, empty; a stopped one starts empty next time. */
import { rmSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { ask } from "../control-client.ts";
import { print, printJson } from "../print.ts";
import { readRunning, stateFolder } from "../state-folder.ts";
import { UserError } from "../user-error.ts";

interface ResetOptions {
  readonly state?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export async function reset({ state, yes, json }: ResetOptions): Promise<void> {
  const folder = stateFolder(state);
  if (!yes) await confirm(folder.path);
  if (readRunning(folder) === undefined) {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${folder.database}${suffix}`, { force: true });
    rmSync(folder.disks, { recursive: true, force: true });
  } else {
    await ask(folder, { do: "reset" });
  }
  if (json) printJson({ reset: true, state: folder.path });
  else print(`Every resource in ${folder.path} is gone.`);
}

async function confirm(path: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UserError("CONFIRM", `This removes every resource in ${path}.`, "Say --yes to do it without a question.");
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(`Remove every resource in ${path}? [y/N] `);
  asking.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError("CONFIRM", "Nothing was removed.");
}
