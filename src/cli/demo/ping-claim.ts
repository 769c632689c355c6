/** A ping of the kernel's as a story claims it: sent, watched at a hop while it passes, and compared with the claim. */
import { setTimeout as sleep } from "node:timers/promises";
import type { PingResult } from "../control-protocol.ts";
import type { Session } from "../control-server.ts";
import type { RunningServer } from "../serve.ts";
import type { Packet } from "./picture.ts";

export interface PingClaim {
  /** Name tags, or an address. */
  readonly from: string;
  readonly to: string;
  readonly replies: boolean;
  /** A hop to watch meanwhile: its id, what to call it, and how many requests and replies pass it. */
  readonly watch?: {
    readonly hop: string;
    readonly called: string;
    readonly requests: number;
    readonly replies: number;
  };
  readonly packet: Packet;
}

export interface PingReport {
  readonly from: string;
  readonly to: string;
  /** The kernel's ping, as it was run. */
  readonly command: string;
  readonly output: string;
  readonly sent: number;
  readonly received: number;
  readonly expected: "reply" | "no reply";
  /** What tcpdump counted at the watched hop; absent where nothing was watched or tcpdump is not installed. */
  readonly watched?: { readonly hop: string; readonly requests: number; readonly replies: number };
}

/** What a ping is sent with. */
export interface PingTools {
  readonly operations: RunningServer["operations"];
  /** Resolves when the kernel has followed every change. */
  readonly inForce: RunningServer["inForce"];
  /** Whether hops can be watched: tcpdump is installed. */
  readonly canWatch: boolean;
  readonly signal: AbortSignal;
}

export interface PingAudience {
  pingOutput(chunk: string): void;
  watched(sentence: string): void;
}

export const pingCount = 2;

export async function pingAndWatch(claim: PingClaim, narrator: PingAudience, options: PingTools): Promise<PingReport> {
  const { from, to, watch, replies } = claim;
  await options.inForce();
  const watching = watch !== undefined && options.canWatch ? await startWatching(watch.hop, options) : undefined;
  let output = "";
  const session: Session = {
    output(_stream, chunk) {
      output += chunk.toString("utf8");
      narrator.pingOutput(chunk.toString("utf8"));
    },
    onInput: () => {},
    signal: options.signal,
  };
  const request = { do: "ping", from, to, count: pingCount, family: "ipv4" } as const;
  // The control protocol's types say what a ping is answered with.
  const result = (await options.operations(request, session)) as PingResult;
  const counted = await watching?.stop();
  if (watch !== undefined && counted !== undefined)
    narrator.watched(`${watch.called}: ${counted.requests} requests and ${counted.replies} replies passed`);
  return {
    from,
    to,
    command: result.command,
    output,
    sent: result.sent,
    received: result.received,
    expected: replies ? "reply" : "no reply",
    ...(watch !== undefined && counted !== undefined && { watched: { hop: watch.hop, ...counted } }),
  };
}

/** How the kernel's answer differs from the claim, in a sentence; undefined when it does not. */
export function differenceOf(claim: PingClaim, report: PingReport): string | undefined {
  const received = claim.replies ? report.sent : 0;
  if (report.received !== received)
    return `${claim.from} got ${report.received} of ${report.sent} replies from ${claim.to}; the story says ${received}.`;
  const { watch } = claim;
  const { watched } = report;
  if (watch === undefined || watched === undefined) return undefined;
  if (watched.requests === watch.requests && watched.replies === watch.replies) return undefined;
  return `${watched.requests} requests and ${watched.replies} replies passed ${watch.called}; the story says ${watch.requests} and ${watch.replies}.`;
}

interface Watching {
  stop(): Promise<{ readonly requests: number; readonly replies: number }>;
}

/** How long tcpdump may take to begin, and to write its last line. */
const watchStartMs = 2_000;
const watchEndMs = 150;

/** tcpdump at a hop, from its first word on. */
async function startWatching(hop: string, { operations, signal }: PingTools): Promise<Watching> {
  const ending = new AbortController();
  const finish = (): void => ending.abort();
  signal.addEventListener("abort", finish, { once: true });
  let seen = "";
  let complaints = "";
  let listening: () => void = () => {};
  const begun = new Promise<void>((resolve) => {
    listening = resolve;
  });
  const done = operations(
    { do: "capture", hop, filter: ["--immediate-mode", "icmp"] },
    {
      output(stream, chunk) {
        if (stream === "stdout") seen += chunk.toString("utf8");
        else complaints += chunk.toString("utf8");
        if (complaints.includes("listening on")) listening();
      },
      onInput: () => {},
      signal: ending.signal,
    },
  );
  const ended = done.then(() => {
    if (!ending.signal.aborted) throw new Error(`tcpdump ended at once: ${complaints.trim()}`);
  });
  await Promise.race([begun, ended, sleep(watchStartMs, undefined, { ref: false })]);
  return {
    async stop() {
      await sleep(watchEndMs);
      ending.abort();
      signal.removeEventListener("abort", finish);
      await ended;
      return { requests: count(seen, "ICMP echo request"), replies: count(seen, "ICMP echo reply") };
    },
  };
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
