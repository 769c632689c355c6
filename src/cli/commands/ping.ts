/** `causeway ping A B`: the kernel's ping, sent from A's own namespace. Exit code 0 when a reply came, 1 when none did. */
import { converse } from "../control-client.ts";
import type { PingResult } from "../control-protocol.ts";
import { print, printJson, styled } from "../print.ts";
import { stateFolder } from "../state-folder.ts";
import { exitCode, UserError } from "../user-error.ts";

interface PingOptions {
  readonly count: string;
  readonly ipv6?: boolean;
  readonly state?: string;
  readonly json?: boolean;
}

export async function ping(from: string, to: string, { count, ipv6, state, json }: PingOptions): Promise<void> {
  const times = Number(count);
  if (!Number.isInteger(times) || times < 1 || times > 1000)
    throw new UserError("COUNT", `'${count}' is not a number of pings.`, "Give 1 to 1000.");
  const talk = converse(
    stateFolder(state),
    { do: "ping", from, to, count: times, family: ipv6 ? "ipv6" : "any" },
    (stream, chunk) => {
      if (!json) (stream === "stdout" ? process.stdout : process.stderr).write(chunk);
    },
  );
  // The protocol's types say what a ping is answered with.
  const result = (await talk.result) as PingResult;
  if (json) printJson(result);
  else if (result.received === 0)
    print(
      styled(
        "red",
        `No reply: ${result.from.id} (${result.from.address}) did not hear from ${result.to.id} (${result.to.address}).`,
      ),
    );
  process.exitCode = result.received > 0 ? exitCode.yes : exitCode.no;
}
