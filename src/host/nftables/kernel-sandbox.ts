/**
 * For tests: applies batches and scripts in a network namespace of their own and says what the kernel made of them. The
 * sender is Python (`kernel-sandbox.py`), so that these tests do not lean on the product's own netlink socket.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NftCommand } from "./ast.ts";
import { decodeAcks, encodeBatch, type NftAnswer } from "./netlink.ts";
import { scriptText } from "./text.ts";

const sender = fileURLToPath(new URL("./kernel-sandbox.py", import.meta.url));

/** Why tests with the kernel cannot run here; undefined when they can. */
export function kernelMissing(): string | undefined {
  const probe = spawnSync("unshare", ["-Urn", "nft", "list", "ruleset"], { encoding: "utf8" });
  if (probe.status !== 0) return `no nft in a namespace of our own: ${probe.stderr ?? probe.error?.message}`;
  const python = spawnSync("python3", ["-c", "import socket"], { encoding: "utf8" });
  return python.status === 0 ? undefined : "no python3";
}

/** One real packet over the loopback link; `from` and `to` are ports, for ICMP type and code. */
export interface Probe {
  readonly version: 4 | 6;
  readonly protocol: "udp" | "tcp" | "icmp" | "icmpv6";
  readonly source: string;
  readonly target: string;
  readonly from: number;
  readonly to: number;
}

/** A probe that passed the input hook, as it looked then; `whole` when every checksum is right. */
export interface Arrival extends Omit<Probe, "version" | "protocol"> {
  readonly probe: number;
  readonly whole: boolean;
}

/** Sends each list as one batch, in order, into one fresh namespace, then the probes. */
export function applyBatches(
  lists: readonly (readonly NftCommand[])[],
  probes: readonly Probe[] = [],
): {
  readonly answers: readonly NftAnswer[];
  readonly listing: string;
  readonly arrived: readonly Arrival[];
} {
  return inFolder((folder) => {
    const batches = lists.map((commands, i) => encodeBatch(commands, 1000 * (i + 1) * (i + 1)));
    const files = batches.map((batch, i) => {
      const file = join(folder, `batch-${i}`);
      writeFileSync(file, batch.bytes);
      return { file, first: batch.firstSequence, last: batch.lastSequence };
    });
    writeFileSync(join(folder, "batches.json"), JSON.stringify(files));
    writeFileSync(join(folder, "probes.json"), JSON.stringify(probes));
    const stdout = run(["python3", sender, join(folder, "batches.json"), join(folder, "probes.json")]);
    const result: { answers: string[]; listing: string; arrived: Arrival[] } = JSON.parse(stdout);
    const answers = batches.map((batch, i) => decodeAcks(Buffer.from(result.answers[i] ?? "", "hex"), batch));
    return { answers, listing: result.listing, arrived: result.arrived };
  });
}

/** Loads the lists' text form with nft into one fresh namespace; returns nft's own listing. */
export function applyScripts(lists: readonly (readonly NftCommand[])[]): string {
  return inFolder((folder) => {
    const files = lists.map((commands, i) => {
      const file = join(folder, `script-${i}.nft`);
      writeFileSync(file, scriptText(commands));
      return `nft -f ${file}`;
    });
    return run(["sh", "-c", [...files, "nft list ruleset"].join(" && ")]);
  });
}

/** Runs a command in a fresh user and network namespace; what it cannot do is a failed test. */
export function run(command: readonly string[]): string {
  const child = spawnSync("unshare", ["-Urn", ...command], { encoding: "utf8", maxBuffer: 1 << 28, timeout: 50_000 });
  if (child.status !== 0) throw new Error(`${command.join(" ")}: ${child.stderr}${child.error?.message ?? ""}`);
  return child.stdout;
}

function inFolder<T>(body: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "causeway-nft-"));
  try {
    return body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
