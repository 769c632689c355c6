/** `causeway status`: whether a cloud runs on this state folder, what it holds, and whether packets flow. */
import { ask } from "../control-client.ts";
import type { StatusResult } from "../control-protocol.ts";
import { print, printJson, printPairs, styled } from "../print.ts";
import { readRunning, stateFolder } from "../state-folder.ts";
import { exitCode } from "../user-error.ts";

export async function status({ state, json }: { readonly state?: string; readonly json?: boolean }): Promise<void> {
  const folder = stateFolder(state);
  if (readRunning(folder) === undefined) {
    if (json) printJson({ running: false, state: folder.path });
    else print(`No cloud is running on ${folder.path}. Start one with \`causeway up\`.`);
    process.exitCode = exitCode.no;
    return;
  }
  const result = await ask<StatusResult>(folder, { do: "status" });
  if (json) {
    printJson({ running: true, ...result });
    return;
  }
  print(`${styled("green", "●")} running at ${styled("bold", result.endpoint)}`);
  printPairs([
    [
      "packets",
      `${result.packets.mode === "kernel" ? "real" : styled("yellow", "none (model only)")}: ${result.packets.detail}`,
    ],
    ["pace", result.pace],
    ["state", result.statePath],
    ["process", `${result.processId}, since ${result.startedAt}`],
    ["holds", holds(result.counts)],
  ]);
}

function holds(counts: StatusResult["counts"]): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.length === 0
    ? "nothing yet"
    : some.map(([what, count]) => `${count} ${count === 1 ? what.replace(/s$/, "") : what}`).join(", ");
}
