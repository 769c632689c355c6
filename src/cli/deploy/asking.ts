/** A yes or no of a person's. */
import { createInterface } from "node:readline/promises";
import { UserError } from "../user-error.ts";

/** Refuses where nobody can be asked. */
export function mustBeAskable(yes: boolean | undefined, what: string): void {
  if (yes || process.stdin.isTTY) return;
  throw new UserError(
    "CONFIRM",
    `There is no terminal to ask in whether to ${what}.`,
    "Say --yes to do it without a question; `causeway plan` shows what it would be.",
  );
}

export async function isAgreed(question: string): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  // The terminal's Ctrl-C comes here while a question stands.
  asking.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
}
