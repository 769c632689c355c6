import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CommandRequest, Fabric } from "./fabric.ts";
import { startTestFabric } from "./test-fabric.ts";

let fabric: Fabric;
let scratch: string;
let hostServer: Server;

beforeAll(async () => {
  fabric = await startTestFabric();
  scratch = mkdtempSync(join(tmpdir(), "causeway-sandbox-"));
  hostServer = createServer((socket) => socket.end("host\n"));
  await new Promise<void>((resolve) => hostServer.listen(0, "127.0.0.1", resolve));
  await fabric.apply([
    { op: "namespace-add", namespace: "i-1" },
    { op: "namespace-add", namespace: "i-2" },
    { op: "veth-add", end: { namespace: "i-1", link: "eth0" }, peer: { namespace: "i-2", link: "eth0" }, mtu: 1500 },
    ...["i-1", "i-2"].flatMap((namespace, i) => [
      { op: "link-set" as const, namespace, link: "eth0", up: true },
      { op: "address-add" as const, namespace, link: "eth0", address: `10.0.0.${i + 1}/24` },
      { op: "address-add" as const, namespace, link: "eth0", address: `2001:db8::${i + 1}/64` },
    ]),
  ]);
});
afterAll(async () => {
  await fabric?.close();
  hostServer?.close();
  rmSync(scratch, { recursive: true, force: true });
});

const hasTcpdump = ["/usr/bin/tcpdump", "/usr/sbin/tcpdump"].some((path) => existsSync(path));

const shell = (script: string, more: Partial<CommandRequest> = {}) =>
  fabric.run({ namespace: "i-1", argv: ["bash", "-c", script], timeoutMs: 20_000, ...more });

describe("what a command in an instance cannot see", () => {
  test.each([
    ["the project", process.cwd()],
    ["the user's home", homedir() === "/root" ? "/root/.npm" : homedir()],
    ["the machine's root's home", "/root/.bashrc"],
    ["/opt", "/opt"],
    ["/sys", "/sys"],
    ["/boot", "/boot"],
    ["password hashes", "/etc/shadow"],
    ["the machine's users", "/etc/subuid"],
  ])("%s", async (_, path) => {
    expect(await shell(`test -e '${path}'`)).toMatchObject({ exitCode: 1 });
  });

  test("the machine's /tmp", async () => {
    writeFileSync(join(scratch, "secret"), "secret");
    expect(await shell("ls -A /tmp /root /home /srv; cat /etc/hostname", { hostName: "ip-10-0-0-1" })).toMatchObject({
      exitCode: 0,
      stdout: "/home:\n\n/root:\n\n/srv:\n\n/tmp:\nip-10-0-0-1\n",
    });
  });

  test("processes other than its own", async () => {
    const { stdout } = await shell("cd /proc; ls -d [0-9]* | wc -l; cat /proc/1/comm");
    const [processes, first] = stdout.split("\n");
    expect(Number(processes)).toBeLessThan(6);
    expect(first).toBe("sh");
  });

  test("descriptors of the fabric", async () => {
    const { stdout } = await shell("ls /proc/1/fd /proc/self/fd | sort -u | grep -v '^[0-3]$' | grep '^[0-9]'; true");
    expect(stdout).toBe("");
  });
});

describe("what a command in an instance cannot do", () => {
  test.each(["/usr/x", "/bin/x", "/lib/x", "/etc/x", "/etc/hosts", "/dev/x", "/x", "/proc/x"])(
    "write %s",
    async (path) => {
      const { exitCode, stderr } = await shell(`echo x >> ${path}`);
      expect(exitCode).not.toBe(0);
      expect(stderr).toMatch(/Read-only file system|Permission denied|No such file/);
    },
  );

  test.each([
    ["make the programs writable", "mount -o remount,bind,rw /usr"],
    ["mount anything", "mount -t tmpfs x /tmp"],
    ["take a mount away", "umount -l /proc"],
    ["enter another network", "nsenter --net=/proc/1/ns/net true"],
    ["make a network outside", "unshare --net true"],
    ["change its root", "chroot /tmp true"],
    ["become somebody else", "setpriv --reuid 1 --clear-groups true"],
    ["change the machine's settings", "echo '|/tmp/x' > /proc/sys/kernel/core_pattern"],
    ["load a program into the kernel's start", "echo x > /proc/sysrq-trigger"],
    ["make a device", "mknod /tmp/sda b 8 0"],
    ["rename the host", "hostname evil"],
    [
      "make it writable from a user namespace of its own",
      "unshare --user --map-root-user --mount mount -o remount,bind,rw /usr",
    ],
    ["uncover /proc from a user namespace of its own", "unshare --user --map-root-user --mount umount /proc"],
    ["reach the machine's loopback", () => `echo > /dev/tcp/127.0.0.1/${hostPort()}`],
    ["reach the internet", "echo > /dev/tcp/1.1.1.1/80"],
  ])("%s", async (_, script) => {
    expect((await shell(typeof script === "string" ? script : script())).exitCode).not.toBe(0);
  });

  test("end anything but itself", async () => {
    await shell("kill -9 -1");
    expect(await shell("echo alive")).toMatchObject({ stdout: "alive\n" });
  });

  test("keep a right beyond its own network", async () => {
    const { stdout } = await shell("grep -E 'Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs' /proc/self/status");
    // CAP_NET_BIND_SERVICE, CAP_NET_ADMIN, CAP_NET_RAW.
    expect(stdout.replaceAll("\t", " ")).toBe(
      ["Prm", "Eff", "Bnd"].map((set) => `Cap${set}: 0000000000003400\n`).join("") +
        "CapAmb: 0000000000000000\nNoNewPrivs: 1\n",
    );
  });
});

describe("what a command in an instance can do", () => {
  test("ping, IPv4 and IPv6", async () => {
    expect((await shell("ping -c 1 -W 2 10.0.0.2 && ping -c 1 -W 2 2001:db8::2")).stdout).toMatch(
      /1 received[\s\S]*1 received/,
    );
  });

  test.skipIf(!hasTcpdump)("capture its own packets", async () => {
    const { stdout } = await shell(
      "(sleep 0.3; ping -c 3 -i 0.2 10.0.0.2 >/dev/null) & timeout 5 tcpdump -c 1 -ni eth0 icmp",
    );
    expect(stdout).toMatch(/10\.0\.0\.1 > 10\.0\.0\.2: ICMP echo request/);
  });

  test("keep files on its disk, and only there", async () => {
    const disk = join(scratch, "disk");
    await shell("echo kept > ~/file; echo temporary > /tmp/file; mkdir -p /home/ec2-user /var/www; id -u", { disk });
    expect(await shell("cat ~/file /tmp/file; stat -c %a /tmp", { disk })).toMatchObject({
      stdout: "kept\ntemporary\n1777\n",
    });
    expect(await shell("cat ~/file")).toMatchObject({ exitCode: 1 });
    expect(readFileSync(join(disk, "root/file"), "utf8")).toBe("kept\n");
    expect(readdirSync(disk).sort()).toEqual(["home", "root", "srv", "tmp", "var"]);
  });

  test("read its input, see its environment, start at home", async () => {
    expect(await shell("cat; echo $NAME; pwd", { input: "hello\n", environment: { NAME: "value" } })).toMatchObject({
      stdout: "hello\nvalue\n/root\n",
      exitCode: 0,
      timedOut: false,
      truncated: false,
    });
  });

  test.each([
    ["exit 7", 7],
    ["kill -TERM $$", 143],
    ["no-such-program", 127],
  ])("end with a code: %s", async (script, exitCode) => {
    expect((await shell(script)).exitCode).toBe(exitCode);
  });
});

test("time up: the command and all it started are gone", async () => {
  const mark = `98${process.pid}`;
  const result = await shell(`setsid sleep ${mark} & echo started; sleep ${mark}`, { timeoutMs: 500 });
  expect(result).toMatchObject({ exitCode: 124, timedOut: true, stdout: "started\n" });
  expect(processesWith(mark)).toEqual([]);
});

test("an abort ends it, before and while it runs", async () => {
  const abort = new AbortController();
  const seen: string[] = [];
  const result = shell("echo started; sleep 100", {
    signal: abort.signal,
    onOutput: (_, chunk) => {
      seen.push(chunk.toString());
      abort.abort();
    },
  });
  expect((await result).exitCode).toBe(137);
  expect(seen).toEqual(["started\n"]);
  expect((await shell("sleep 100", { signal: AbortSignal.abort() })).exitCode).toBe(137);
});

test("endless output does not fill the memory", async () => {
  const result = await shell("head -c 15000000 /dev/zero | tr '\\0' x; echo end >&2");
  expect(result).toMatchObject({ exitCode: 0, truncated: true, stderr: "end\n" });
  expect(result.stdout.length).toBe(10_000_000);
});

describe("interactive", () => {
  test("a terminal of its own: size, control characters, exit code", async () => {
    let output = "";
    let sawPrompt = () => {};
    const prompt = new Promise<void>((resolve) => {
      sawPrompt = resolve;
    });
    const command = fabric.runInteractive({
      namespace: "i-1",
      argv: ["bash", "--norc", "-i"],
      terminal: { columns: 91, rows: 33 },
      onOutput: (_, chunk) => {
        output += chunk.toString();
        if (output.includes("bash")) sawPrompt();
      },
    });
    await prompt;
    // The mark is said by the very process that Ctrl-C is meant for: a signal between two commands of a list reaches neither.
    command.write(Buffer.from("tty; stty size; sh -c 'echo in the fore\"\"ground; exec sleep 100'\n"));
    await until(() => output.includes("in the foreground"));
    expect(output).toContain("33 91");
    command.write(Buffer.from("\u0003"));
    command.resize(120, 40);
    command.write(Buffer.from("stty size; exit 5\n"));
    expect(await command.exit).toBe(5);
    expect(output).toContain("/dev/pts/0");
    expect(output).toContain("40 120");
  });

  test("pipes: input until its end, streams apart", async () => {
    const output = { stdout: "", stderr: "" };
    const command = fabric.runInteractive({
      namespace: "i-1",
      argv: ["sh", "-c", "cat; echo done >&2"],
      onOutput: (stream, chunk) => {
        output[stream] += chunk.toString();
      },
    });
    command.write(Buffer.from("one\n"));
    command.write(Buffer.from("two\n"));
    command.end();
    expect(await command.exit).toBe(0);
    expect(output).toEqual({ stdout: "one\ntwo\n", stderr: "done\n" });
  });

  test("kill ends it, at whatever moment of its start", async () => {
    const mark = `96${process.pid}`;
    for (let delayMs = 0; delayMs < 20; delayMs += 0.5) {
      const command = fabric.runInteractive({ namespace: "i-1", argv: ["sleep", mark], onOutput: () => {} });
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      command.kill();
      expect(await command.exit).toBe(137);
    }
    expect(processesWith(mark)).toEqual([]);
  });
});

test("what a command leaves running goes on when asked, and ends with the namespace", async () => {
  const mark = `97${process.pid}`;
  await fabric.apply([{ op: "namespace-add", namespace: "server" }]);
  const start = (script: string) =>
    fabric.run({ namespace: "server", argv: ["sh", "-c", script], leaveRunning: true, timeoutMs: 10_000 });
  expect(await start(`sleep ${mark} >/dev/null 2>&1 & echo started; exit 3`)).toMatchObject({
    exitCode: 3,
    stdout: "started\n",
  });
  expect(await start(`sleep ${mark} & echo holds the streams`)).toMatchObject({
    exitCode: 0,
    stdout: "holds the streams\n",
  });
  expect(await start("echo leaves nothing")).toMatchObject({ exitCode: 0, stdout: "leaves nothing\n" });
  expect(processesWith(mark)).toHaveLength(2);
  await fabric.apply([{ op: "namespace-delete", namespace: "server" }]);
  await until(() => processesWith(mark).length === 0);
});

test("an instance may take its own link away", async () => {
  const end = { namespace: "cut", link: "eth0" };
  await fabric.apply([
    { op: "namespace-add", namespace: "cut" },
    { op: "veth-add", end, peer: { namespace: "i-2", link: "eni-cut" }, mtu: 1500 },
  ]);
  expect((await fabric.run({ namespace: "cut", argv: ["ip", "link", "delete", "eth0"] })).exitCode).toBe(0);
  await fabric.apply([{ op: "namespace-delete", namespace: "cut" }]);
});

test("a namespace that goes takes its commands with it", async () => {
  await fabric.apply([{ op: "namespace-add", namespace: "short" }]);
  let running = () => {};
  const isRunning = new Promise<void>((resolve) => {
    running = resolve;
  });
  const result = fabric.run({ namespace: "short", argv: ["sh", "-c", "echo x; sleep 100"], onOutput: () => running() });
  await isRunning;
  await fabric.apply([{ op: "namespace-delete", namespace: "short" }]);
  expect((await result).exitCode).toBe(137);
  await expect(fabric.run({ namespace: "short", argv: ["true"] })).rejects.toMatchObject({ code: "ENOENT" });
});

function hostPort(): number {
  const address = hostServer.address();
  if (typeof address !== "object" || address === null) throw new Error("bug: the server does not listen");
  return address.port;
}

function processesWith(text: string): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, "latin1").split("\0").includes(text);
    } catch {
      // It ended between the two looks.
      return false;
    }
  });
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  if (!condition()) throw new Error("it never came");
}
