/**
 * For tests: applies batches and scripts in a network namespace of their own and says what the kernel made of them. The
 * sender is a few lines of Python, so that these tests do not lean on the product's own netlink socket.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NftCommand } from "./ast.ts";
import { decodeAcks, encodeBatch, type NftAnswer } from "./netlink.ts";
import { scriptText } from "./text.ts";

const sender = `
import json, socket, struct, subprocess, sys
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
s.bind((0, 0))
for option in (socket.SO_SNDBUF, 32, socket.SO_RCVBUF):
    try:
        s.setsockopt(socket.SOL_SOCKET, option, 1 << 24)
    except PermissionError:
        pass
s.settimeout(20)
answers = []
for path in json.load(open(sys.argv[1])):
    data = open(path["file"], "rb").read()
    answer = b""
    done = not data
    if data:
        s.send(data)
    while not done:
        part = s.recv(1 << 20)
        answer += part
        at = 0
        while at + 16 <= len(part):
            length, kind, flags, sequence = struct.unpack_from("=IHHI", part, at)
            done = done or sequence in (path["first"], path["last"])
            at += (length + 3) & ~3
    answers.append(answer.hex())
listing = subprocess.run(["nft", "list", "ruleset"], capture_output=True, text=True)
print(json.dumps({"answers": answers, "listing": listing.stdout + listing.stderr}))
`;

/** Why tests with the kernel cannot run here; undefined when they can. */
export function kernelMissing(): string | undefined {
  const probe = spawnSync("unshare", ["-Urn", "nft", "list", "ruleset"], { encoding: "utf8" });
  if (probe.status !== 0) return `no nft in a namespace of our own: ${probe.stderr ?? probe.error?.message}`;
  const python = spawnSync("python3", ["-c", "import socket"], { encoding: "utf8" });
  return python.status === 0 ? undefined : "no python3";
}

/** Sends each list as one batch, in order, into one fresh namespace. */
export function applyBatches(lists: readonly (readonly NftCommand[])[]): {
  readonly answers: readonly NftAnswer[];
  readonly listing: string;
} {
  return inFolder((folder) => {
    const batches = lists.map((commands, i) => encodeBatch(commands, 1000 * (i + 1) * (i + 1)));
    const files = batches.map((batch, i) => {
      const file = join(folder, `batch-${i}`);
      writeFileSync(file, batch.bytes);
      return { file, first: batch.firstSequence, last: batch.lastSequence };
    });
    writeFileSync(join(folder, "send.py"), sender);
    writeFileSync(join(folder, "batches.json"), JSON.stringify(files));
    const stdout = run(["python3", join(folder, "send.py"), join(folder, "batches.json")]);
    const result: { answers: string[]; listing: string } = JSON.parse(stdout);
    const answers = batches.map((batch, i) => decodeAcks(Buffer.from(result.answers[i] ?? "", "hex"), batch));
    return { answers, listing: result.listing };
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
