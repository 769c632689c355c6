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
import json, socket, struct, subprocess, sys, time
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
s.bind((0, 0))
for option in (socket.SO_SNDBUF, 32, socket.SO_RCVBUF):
    try:
        s.setsockopt(socket.SOL_SOCKET, option, 1 << 24)
    except PermissionError:
        pass
s.settimeout(20)

def checksum(data):
    data += b"\\0" * (len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff

def pseudo(version, source, target, protocol, data):
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    addresses = socket.inet_pton(family, source) + socket.inet_pton(family, target)
    return addresses + struct.pack("!HH", protocol, len(data))

numbers = {"udp": 17, "tcp": 6, "icmp": 1, "icmpv6": 58}
checksum_at = {"udp": 6, "tcp": 16, "icmp": 2, "icmpv6": 2}

def summed(version, source, target, protocol, data):
    head = b"" if protocol == "icmp" else pseudo(version, source, target, numbers[protocol], data)
    return checksum(head + data)

def segment(p, identity):
    body = struct.pack("!4sI", b"CSWY", identity)
    if p["protocol"] == "udp":
        data = struct.pack("!HHHH", p["from"], p["to"], 8 + len(body), 0) + body
    elif p["protocol"] == "tcp":
        data = struct.pack("!HHIIBBHHH", p["from"], p["to"], identity, 0, 0x50, 2, 1024, 0, 0) + body
    else:
        data = struct.pack("!BBHHH", p["from"], p["to"], 0, 7, 7) + body
    at = checksum_at[p["protocol"]]
    value = summed(p["version"], p["source"], p["target"], p["protocol"], data)
    return data[:at] + struct.pack("!H", value) + data[at + 2:]

def probe(path):
    # Real packets over the loopback link: raw sockets see what passed the input hook, in the order it was sent.
    probes = json.load(open(path))
    if not probes:
        return []
    for command in ("ip link set lo up", "ip route add local 10.0.0.0/8 dev lo", "ip route add local 198.51.100.0/24 dev lo",
                    "ip -6 route add local fd00::/16 dev lo", "ip -6 route add local 2001:db8::/32 dev lo"):
        subprocess.run(command.split(), check=True)
    sockets = {}
    for p in probes:
        key = (p["version"], p["protocol"])
        if key not in sockets:
            family = socket.AF_INET if p["version"] == 4 else socket.AF_INET6
            receive = socket.socket(family, socket.SOCK_RAW, numbers[p["protocol"]])
            if p["version"] == 6:
                receive.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
            receive.setblocking(False)
            sockets[key] = receive
    send = {4: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW), 6: socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)}
    arrived = []
    for identity, p in enumerate(probes):
        data = segment(p, identity)
        source, target = socket.inet_pton(socket.AF_INET if p["version"] == 4 else socket.AF_INET6, p["source"]), socket.inet_pton(socket.AF_INET if p["version"] == 4 else socket.AF_INET6, p["target"])
        number = numbers[p["protocol"]]
        if p["version"] == 4:
            header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(data), identity, 0, 64, number, 0, source, target)
        else:
            header = struct.pack("!IHBB16s16s", 6 << 28, len(data), number, 64, source, target)
        try:
            send[p["version"]].sendto(header + data, (p["target"], 0))
        except PermissionError:
            pass
        receive = sockets[(p["version"], p["protocol"])]
        # Loopback delivers in the sender's own softirq; the short grace is for a busy machine only.
        for attempt in range(4):
            got = None
            try:
                got, control, flags, peer = receive.recvmsg(4096, 256)
            except BlockingIOError:
                time.sleep(0.002)
                continue
            if p["version"] == 4:
                from_, to_ = socket.inet_ntop(socket.AF_INET, got[12:16]), socket.inet_ntop(socket.AF_INET, got[16:20])
                whole, got = checksum(got[:20]) == 0, got[20:]
            else:
                from_, to_, whole = peer[0], socket.inet_ntop(socket.AF_INET6, control[0][2][:16]), True
            kind = struct.unpack("!HH" if number in (6, 17) else "!BB", got[:4 if number in (6, 17) else 2])
            if got[-8:] != struct.pack("!4sI", b"CSWY", identity) or (number in (1, 58) and kind[0] != p["from"]):
                continue
            whole = whole and summed(p["version"], from_, to_, p["protocol"], got) == 0
            arrived.append({"probe": identity, "source": from_, "target": to_, "from": kind[0], "to": kind[1], "whole": whole})
            break
    return arrived

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
print(json.dumps({"answers": answers, "listing": listing.stdout + listing.stderr, "arrived": probe(sys.argv[2])}))
`;

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
    writeFileSync(join(folder, "send.py"), sender);
    writeFileSync(join(folder, "batches.json"), JSON.stringify(files));
    writeFileSync(join(folder, "probes.json"), JSON.stringify(probes));
    const stdout = run(["python3", join(folder, "send.py"), join(folder, "batches.json"), join(folder, "probes.json")]);
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
