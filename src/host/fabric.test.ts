import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkFabric, detectPackets } from "./detect-packets.ts";
import type { Fabric, KernelOperation, ProbeRequest } from "./fabric.ts";
import { FabricError } from "./fabric-error.ts";
import { startFabric } from "./start-fabric.ts";
import { bundleForTest, startTestFabric, testFabricEntry } from "./test-fabric.ts";

const table = { family: "inet", name: "vpc" } as const;

/** Two instances, `left` 10.0.1.10 and `right` 10.0.2.10, and a router between them that forwards by an nf_tables set. */
const routed: readonly KernelOperation[] = [
  ...["router", "left", "right"].map((namespace) => ({ op: "namespace-add", namespace }) as const),
  ...(["left", "right"] as const).flatMap((namespace, i): KernelOperation[] => {
    const [net4, net6, link] = [`10.0.${i + 1}`, `2001:db8:${i + 1}`, `eni-${namespace}`];
    return [
      {
        op: "veth-add",
        end: { namespace, link: "eth0", macAddress: `02:00:00:00:00:0${i + 1}` },
        peer: { namespace: "router", link },
        mtu: 9001,
      },
      { op: "link-set", namespace: "router", link, up: true },
      { op: "link-set", namespace, link: "eth0", up: true },
      { op: "address-add", namespace: "router", link, address: `${net4}.1/24` },
      { op: "address-add", namespace: "router", link, address: `${net6}::1/64` },
      { op: "address-add", namespace, link: "eth0", address: `${net4}.10/24` },
      { op: "address-add", namespace, link: "eth0", address: `${net6}::10/64` },
      {
        op: "route-replace",
        namespace,
        table: 254,
        destination: "0.0.0.0/0",
        type: "unicast",
        gateway: `${net4}.1`,
        link: "eth0",
      },
      {
        op: "route-replace",
        namespace,
        table: 254,
        destination: "::/0",
        type: "unicast",
        gateway: `${net6}::1`,
        link: "eth0",
      },
    ];
  }),
  { op: "sysctl", namespace: "router", path: "net/ipv4/ip_forward", value: "1" },
  { op: "sysctl", namespace: "router", path: "net/ipv6/conf/all/forwarding", value: "1" },
  {
    op: "nft",
    namespace: "router",
    commands: [
      { kind: "add-table", table },
      { kind: "add-set", table, set: { name: "open", key: ["inet_proto"] } },
      {
        kind: "add-chain",
        table,
        chain: "forward",
        base: { type: "filter", hook: "forward", priority: 0, policy: "drop" },
      },
      {
        kind: "add-rule",
        table,
        chain: "forward",
        statements: [
          { kind: "ct-state", states: ["established", "related"] },
          { kind: "verdict", verdict: { kind: "accept" } },
        ],
      },
      {
        kind: "add-rule",
        table,
        chain: "forward",
        statements: [
          { kind: "lookup", fields: ["meta l4proto"], set: "open" },
          { kind: "verdict", verdict: { kind: "accept" } },
        ],
      },
    ],
  },
];

const openProtocol = (number: number, kind: "add-elements" | "delete-elements" = "add-elements"): KernelOperation => ({
  op: "nft",
  namespace: "router",
  commands: [{ kind, table, set: { name: "open", key: ["inet_proto"] }, elements: [{ key: [number] }] }],
});

describe("a router between two instances", () => {
  let fabric: Fabric;
  beforeAll(async () => {
    fabric = await startTestFabric();
    await fabric.apply(routed);
  });
  afterAll(() => fabric?.close());

  const from = { namespace: "left", timeoutMs: 300 } as const;
  const flows: readonly (readonly [name: string, protocol: number, request: ProbeRequest])[] = [
    ["ICMP", 1, { ...from, protocol: "icmp", destination: "10.0.2.10" }],
    ["ICMPv6", 58, { ...from, protocol: "icmp", destination: "2001:db8:2::10" }],
    ["TCP", 6, { ...from, protocol: "tcp", destination: "10.0.2.10", port: 8080 }],
    ["TCP over IPv6", 6, { ...from, protocol: "tcp", destination: "2001:db8:2::10", port: 8080 }],
    ["UDP", 17, { ...from, protocol: "udp", destination: "10.0.2.10", port: 53 }],
    ["UDP over IPv6", 17, { ...from, protocol: "udp", destination: "2001:db8:2::10", port: 53 }],
  ];

  test.each(flows)(
    "%s passes from the moment its element is in the set, and no longer",
    async (_, protocol, request) => {
      const stops = await Promise.all(
        ["0.0.0.0", "::"].flatMap((address) => [
          fabric.listen({ namespace: "right", protocol: "tcp", address, port: 8080, service: { kind: "echo" } }),
          fabric.listen({ namespace: "right", protocol: "udp", address, port: 53, service: { kind: "echo" } }),
        ]),
      );
      expect(await fabric.probe(request)).toEqual({ outcome: "no-answer" });
      await fabric.apply([openProtocol(protocol)]);
      const source = request.destination.includes(":") ? "2001:db8:1::10" : "10.0.1.10";
      const seen = request.protocol === "icmp" ? {} : { seenSource: source };
      const patient = { ...request, timeoutMs: 5000 };
      expect(await fabric.probe(patient)).toMatchObject({ outcome: "answered", ...seen });
      for (const stop of stops) await stop();
      if (request.protocol !== "icmp") expect(await fabric.probe(patient)).toEqual({ outcome: "refused" });
      await fabric.apply([openProtocol(protocol, "delete-elements"), { op: "conntrack-flush", namespace: "router" }]);
      expect(await fabric.probe(request)).toEqual({ outcome: "no-answer" });
    },
  );

  test("HTTP listeners ask the fabric's owner, and say who asks", async () => {
    fabric.onHttp(async ({ handlerId, method, path, headers, remoteAddress }) => ({
      status: 201,
      headers: { "x-handler": handlerId },
      body: `${method} ${path} ${headers["x-asked"]} ${remoteAddress}`,
    }));
    await fabric.apply([{ op: "address-add", namespace: "left", link: "lo", address: "169.254.169.254/32" }]);
    const stop = await fabric.listen({
      namespace: "left",
      protocol: "tcp",
      address: "169.254.169.254",
      port: 80,
      service: { kind: "http", handlerId: "i-left" },
    });
    const script = `exec 3<>/dev/tcp/169.254.169.254/80; printf 'PUT /latest/api/token HTTP/1.1\\r\\nHost: x\\r\\nX-Asked: yes\\r\\nConnection: close\\r\\n\\r\\n' >&3; cat <&3`;
    const { stdout } = await fabric.run({ namespace: "left", argv: ["bash", "-c", script], timeoutMs: 10_000 });
    expect(stdout).toMatch(/^HTTP\/1.1 201 Created\r\nx-handler: i-left\r\n/);
    expect(stdout).toMatch(/PUT \/latest\/api\/token yes 169\.254\.169\.254/);
    await stop();
  });

  test("a thousand probes at once are all answered", async () => {
    await fabric.apply([openProtocol(1)]);
    const request: ProbeRequest = {
      namespace: "left",
      protocol: "icmp",
      destination: "10.0.2.10",
      count: 2,
      timeoutMs: 20_000,
    };
    const results = await fabric.probeAll(Array.from({ length: 1000 }, () => request));
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(["answered"]));
    await fabric.apply([openProtocol(1, "delete-elements")]);
  });

  test("route types, rules by mark and link, and their removal are what iproute2 reads back", async () => {
    const namespace = "router";
    const route = { namespace, table: 1001 } as const;
    const rule = {
      namespace,
      priority: 1000,
      table: 1001,
      fwmark: { value: 5, mask: 255 },
      inputLink: "eni-left",
    } as const;
    const hops = (gateway: string) => ["eni-left", "eni-right"].map((link) => ({ link, gateway }));
    await fabric.apply([
      { op: "route-replace", ...route, destination: "10.9.0.0/16", type: "blackhole" },
      { op: "route-replace", ...route, destination: "10.8.0.0/16", type: "throw" },
      { op: "route-replace", ...route, destination: "10.7.0.0/16", type: "unreachable" },
      {
        op: "route-replace",
        ...route,
        destination: "10.6.0.0/16",
        type: "unicast",
        link: "eni-right",
        gateway: "169.254.0.1",
        onLink: true,
        preferredSource: "10.0.2.1",
      },
      { op: "route-replace", ...route, destination: "2001:db8:9::/48", type: "blackhole" },
      {
        op: "route-replace",
        ...route,
        destination: "2001:db8:8::/48",
        type: "unicast",
        link: "eni-right",
        gateway: "fe80::1",
      },
      {
        op: "route-replace",
        ...route,
        destination: "10.5.0.0/16",
        type: "unicast",
        hops: hops("169.254.0.1"),
        onLink: true,
      },
      { op: "route-replace", ...route, destination: "2001:db8:5::/48", type: "unicast", hops: hops("fe80::1") },
      { op: "rule-add", family: "ipv4", ...rule },
      { op: "rule-add", family: "ipv6", ...rule },
    ]);
    const read = async (script: string) =>
      (await fabric.run({ namespace, argv: ["sh", "-c", script], timeoutMs: 10_000 })).stdout.replace(/ +$/gm, "");
    expect(await read("ip route show table 1001; ip -6 route show table 1001; ip rule; ip -6 rule")).toBe(`\
10.5.0.0/16 proto static
	nexthop via 169.254.0.1 dev eni-left weight 1 onlink
	nexthop via 169.254.0.1 dev eni-right weight 1 onlink
10.6.0.0/16 via 169.254.0.1 dev eni-right proto static src 10.0.2.1 onlink
unreachable 10.7.0.0/16 proto static
throw 10.8.0.0/16 proto static
blackhole 10.9.0.0/16 proto static
2001:db8:5::/48 proto static metric 1024 pref medium
	nexthop via fe80::1 dev eni-left weight 1
	nexthop via fe80::1 dev eni-right weight 1
2001:db8:8::/48 via fe80::1 dev eni-right proto static metric 1024 pref medium
blackhole 2001:db8:9::/48 dev lo proto static metric 1024 pref medium
0:	from all lookup local
1000:	from all fwmark 0x5/0xff iif eni-left lookup 1001
32766:	from all lookup main
32767:	from all lookup default
0:	from all lookup local
1000:	from all fwmark 0x5/0xff iif eni-left lookup 1001
32766:	from all lookup main
`);
    await fabric.apply([
      { op: "route-delete", ...route, destination: "10.9.0.0/16", type: "blackhole" },
      { op: "route-delete", ...route, destination: "10.8.0.0/16", type: "throw" },
      { op: "route-delete", ...route, destination: "10.7.0.0/16", type: "unreachable" },
      { op: "route-delete", ...route, destination: "10.6.0.0/16", type: "unicast" },
      { op: "route-delete", ...route, destination: "10.5.0.0/16", type: "unicast", hops: hops("169.254.0.1") },
      { op: "route-delete", ...route, destination: "2001:db8:5::/48", type: "unicast", hops: hops("fe80::1") },
      { op: "route-delete", ...route, destination: "2001:db8:9::/48", type: "blackhole" },
      { op: "route-delete", ...route, destination: "2001:db8:8::/48", type: "unicast", link: "eni-right" },
      { op: "rule-delete", family: "ipv4", ...rule },
      { op: "rule-delete", family: "ipv6", ...rule },
    ]);
    expect(await read("ip route show table 1001; ip -6 route show table 1001; ip rule; ip -6 rule")).not.toContain(
      "1001",
    );
  });

  test.each<readonly [KernelOperation, string, RegExp]>([
    [{ op: "namespace-add", namespace: "left" }, "EEXIST", /left/],
    [{ op: "link-delete", namespace: "left", link: "eth9" }, "ENODEV", /eth9/],
    [{ op: "link-set", namespace: "nowhere", link: "eth0", up: true }, "ENOENT", /nowhere/],
    [{ op: "address-add", namespace: "left", link: "eth0", address: "10.0.0.300/24" }, "EINVAL", /10\.0\.0\.300/],
    [
      {
        op: "route-replace",
        namespace: "left",
        table: 254,
        destination: "10.0.0.0/8",
        type: "unicast",
        gateway: "192.0.2.1",
      },
      "ENETUNREACH",
      /192\.0\.2\.1/,
    ],
    [{ op: "sysctl", namespace: "left", path: "kernel/hostname", value: "x" }, "EINVAL", /kernel/],
    [{ op: "sysctl", namespace: "left", path: "net/ipv4/no_such", value: "1" }, "ENOENT", /no_such/],
    [openProtocol(99, "delete-elements"), "ENOENT", /delete-elements/],
  ])("a refusal names the operation: %j", async (operation, code, text) => {
    const error = await fabric.apply([operation]).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(FabricError);
    expect(error).toMatchObject({ kind: "refused", code, message: expect.stringMatching(text) });
  });

  test("probes that cannot be made are errors, not silence", async () => {
    expect(
      await fabric.probe({ namespace: "nowhere", protocol: "icmp", destination: "10.0.0.1", timeoutMs: 100 }),
    ).toMatchObject({ outcome: "error", message: expect.stringContaining("nowhere") });
    expect(
      await fabric.probe({
        namespace: "left",
        source: "192.0.2.9",
        protocol: "tcp",
        port: 80,
        destination: "10.0.2.10",
        timeoutMs: 100,
      }),
    ).toMatchObject({ outcome: "error", message: expect.stringContaining("EADDRNOTAVAIL") });
    expect(
      await fabric.probe({ namespace: "left", protocol: "icmp", destination: "example", timeoutMs: 100 }),
    ).toMatchObject({ outcome: "error" });
  });

  test("the first packet over a new link arrives, 50 times", async () => {
    for (let i = 0; i < 50; i++) {
      await fabric.apply([
        { op: "namespace-add", namespace: "i" },
        {
          op: "veth-add",
          end: { namespace: "i", link: "eth0" },
          peer: { namespace: "router", link: "eni-i" },
          mtu: 1500,
        },
        { op: "link-set", namespace: "router", link: "eni-i", up: true },
        { op: "address-add", namespace: "router", link: "eni-i", address: "10.0.3.1/24" },
        { op: "link-set", namespace: "i", link: "eth0", up: true },
        { op: "address-add", namespace: "i", link: "eth0", address: "10.0.3.10/24" },
      ]);
      const request: ProbeRequest = {
        namespace: "router",
        protocol: "icmp",
        destination: "10.0.3.10",
        timeoutMs: 2000,
      };
      const result = await fabric.probe(request);
      expect(result).toMatchObject({ outcome: "answered" });
      // A lost first packet would have been the ARP request, which is repeated after a second.
      expect(result.outcome === "answered" && result.roundTripMs).toBeLessThan(1000);
      await fabric.apply([{ op: "namespace-delete", namespace: "i" }]);
    }
  });

  test("links and namespaces come and go under the same names", async () => {
    for (let i = 0; i < 3; i++) {
      await fabric.apply([
        { op: "namespace-add", namespace: "i" },
        {
          op: "veth-add",
          end: { namespace: "i", link: "eth0" },
          peer: { namespace: "router", link: "eni-i" },
          mtu: 1500,
        },
        { op: "namespace-delete", namespace: "i" },
      ]);
    }
    await expect(fabric.apply([{ op: "link-delete", namespace: "router", link: "eni-i" }])).rejects.toMatchObject({
      code: "ENODEV",
    });
  });
});

describe("this machine", () => {
  test("is found to carry packets, and nothing is left of finding out", async () => {
    const mode = process.getuid?.() === 0 ? "root" : "rootless";
    expect(await detectPackets(await testFabricEntry())).toEqual({ possible: true, mode });
    const fabric = await startTestFabric();
    expect(await checkFabric(fabric)).toEqual({ possible: true, mode });
    expect(await checkFabric(fabric)).toEqual({ possible: true, mode });
    await fabric.close();
  });

  test("a fabric that cannot start says why", async () => {
    const error = await startFabric({ path: "/no/such/fabric.js" }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: "unavailable", message: expect.stringContaining("/no/such/fabric.js") });
  });
});

describe("leaves nothing", () => {
  /** Another process that holds a fabric with a running command, and tells the process ids. */
  async function startOwner() {
    const script = await bundleForTest(`
      import { startFabric } from "./start-fabric.ts";
      const fabric = await startFabric(${JSON.stringify(await testFabricEntry())});
      await fabric.apply([{ op: "namespace-add", namespace: "a" }, { op: "namespace-add", namespace: "b" },
        { op: "veth-add", end: { namespace: "a", link: "eth0" }, peer: { namespace: "b", link: "eth0" }, mtu: 1500 }]);
      fabric.onLost((reason) => { process.stdout.write("lost: " + reason + "\\n"); });
      void fabric.run({ namespace: "a", argv: ["sh", "-c", "setsid sleep 1000 & echo up; sleep 1000"], onOutput: () => {
        process.stdout.write(String(fabric.processId) + "\\n"); } }).catch(() => {});
      setInterval(() => {}, 1000);`);
    const owner = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    const output: string[] = [];
    owner.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
    await until(() => output.length > 0);
    const wrapper = Number(output[0]);
    const family = descendants(wrapper);
    const [fabric] = family;
    if (fabric === undefined || owner.pid === undefined) throw new Error("bug: no fabric below the wrapper");
    const all = [wrapper, ...family].map(identity);
    return { owner, ownerId: owner.pid, wrapper, fabric, all, output };
  }

  test.each(["owner", "wrapper", "fabric"] as const)("after kill -9 of the %s", async (victim) => {
    const { owner, ownerId, wrapper, fabric, all, output } = await startOwner();
    // Wrapper, fabric, and of the command: unshare, first process, the shell, two sleeps.
    expect(all.length).toBeGreaterThanOrEqual(6);
    try {
      process.kill({ owner: ownerId, wrapper, fabric }[victim], "SIGKILL");
      // A namespace lives as long as a process is in it or holds it. Its own number tells nothing: the kernel gives it to others again.
      await until(() => all.every(isGone));
      if (victim !== "owner") await until(() => output.some((text) => text.startsWith("lost: ")));
    } finally {
      owner.kill("SIGKILL");
    }
  });

  test("after close, of 20 starts in a row", async () => {
    for (let i = 0; i < 20; i++) {
      const fabric = await startTestFabric();
      const family = descendants(fabric.processId).map(identity);
      await fabric.apply([{ op: "namespace-add", namespace: "a" }]);
      await fabric.close();
      await until(() => family.every(isGone));
      await expect(fabric.apply([])).rejects.toMatchObject({ kind: "lost" });
    }
  });
});

describe.skipIf(process.getuid?.() !== 0)("started by somebody who is not root", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
  const readable = spawnSync("setpriv", [...nobody, "test", "-r", `${root}package.json`]).status === 0;

  test.skipIf(!readable)(
    "the whole of this and of the sandbox tests holds (skipped where others cannot read the project)",
    async () => {
      // Bundles are made by content: with these here, nobody has to write.
      await testFabricEntry();
      accessSync(`${root}node_modules/vitest/vitest.mjs`, constants.R_OK);
      const files = ["src/host/sandbox.test.ts", "src/host/fabric.test.ts"];
      const vitest = spawn(
        "setpriv",
        [
          ...nobody,
          process.execPath,
          "node_modules/vitest/vitest.mjs",
          "run",
          "--reporter=dot",
          "--configLoader=runner",
          ...files,
          "-t",
          "^(?!leaves nothing after)",
        ],
        {
          cwd: root,
          env: { PATH: process.env.PATH, HOME: "/nonexistent" },
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      let output = "";
      for (const stream of [vitest.stdout, vitest.stderr])
        stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
      const code = await new Promise((resolve) => vitest.once("close", resolve));
      expect(code, output).toBe(0);
    },
    120_000,
  );
});

function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1")
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** A process by its number and when it was started: numbers are given again. */
function identity(pid: number): { readonly pid: number; readonly startedAt: string | undefined } {
  return { pid, startedAt: startTime(pid) };
}

function isGone({ pid, startedAt }: ReturnType<typeof identity>): boolean {
  return startedAt === undefined || startTime(pid) !== startedAt;
}

function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  if (!condition()) throw new Error("it never came");
}
