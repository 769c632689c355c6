/** `causeway probe A B tcp/443`: one real connection to a listener that is opened for it and closed after it. */
import { ask } from "../control-client.ts";
import type { ProbeResultMessage } from "../control-protocol.ts";
import { print, printJson, styled } from "../print.ts";
import { stateFolder } from "../state-folder.ts";
import { exitCode, UserError } from "../user-error.ts";

interface ProbeOptions {
  readonly ipv6?: boolean;
  readonly state?: string;
  readonly json?: boolean;
}

export async function probe(
  from: string,
  to: string,
  flow: string,
  { ipv6, state, json }: ProbeOptions,
): Promise<void> {
  const { protocol, port } = parseFlow(flow);
  const result = await ask<ProbeResultMessage>(stateFolder(state), {
    do: "probe",
    from,
    to,
    protocol,
    port,
    family: ipv6 ? "ipv6" : "any",
  });
  if (json) printJson(result);
  else print(sentence(result, flow));
  process.exitCode = result.outcome === "answered" ? exitCode.yes : exitCode.no;
}

function parseFlow(flow: string): { protocol: "tcp" | "udp"; port: number } {
  const match = /^(tcp|udp)\/(\d{1,5})$/.exec(flow);
  const port = Number(match?.[2]);
  const protocol = match?.[1];
  if ((protocol !== "tcp" && protocol !== "udp") || port < 1 || port > 65_535) {
    throw new UserError(
      "FLOW",
      `'${flow}' is not a flow.`,
      "Write tcp/443 or udp/53: a protocol and a port from 1 to 65535. For ICMP there is `causeway ping`.",
    );
  }
  return { protocol, port };
}

function sentence({ from, to, outcome, roundTripMs, seenSource }: ProbeResultMessage, flow: string): string {
  const ends = `${from.id} (${from.address}) → ${to.id} (${to.address}) ${flow}`;
  switch (outcome) {
    case "answered":
      return `${styled("green", "answered")}  ${ends} in ${roundTripMs?.toFixed(2)} ms${seenSource === undefined ? "" : `; the listener saw ${seenSource}`}`;
    case "refused":
      return `${styled("yellow", "refused")}   ${ends}: the packet arrived, and nothing listens there`;
    case "no-answer":
      return `${styled("red", "no answer")} ${ends}: dropped on the way there or back, without a word, as on AWS`;
  }
}
