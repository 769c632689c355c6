#!/usr/bin/env node
/** The `causeway` command: runs what was typed, and turns whatever goes wrong into words and an exit code. */
import { CommanderError } from "commander";
import { columns } from "./print.ts";
import { program } from "./program.ts";
import { exitCode, packetsOff, UserError } from "./user-error.ts";
import { hanging } from "./wrapped.ts";

// Whoever read what is printed has gone, as `| head` does. A cloud that serves goes on; nothing else has anybody to work for.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  if (process.argv[2] !== "up") process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.yes : exitCode.userMistake;
  if (error instanceof UserError) {
    const text = error.hint === undefined ? error.message : `${error.message}\n  ${error.hint}`;
    const lines = `causeway: ${text}`.split("\n").flatMap((line) => hanging(line, columns(process.stderr), 4));
    process.stderr.write(`${lines.join("\n")}\n`);
    return error.code === packetsOff ? exitCode.unknown : exitCode.userMistake;
  }
  process.stderr.write(
    `causeway: a bug of ours: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return exitCode.bug;
}
