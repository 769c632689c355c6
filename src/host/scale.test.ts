import { afterAll, beforeAll, expect, test } from "vitest";
import type { Fabric, KernelOperation } from "./fabric.ts";
import { startTestFabric } from "./test-fabric.ts";

let fabric: Fabric;
beforeAll(async () => {
  fabric = await startTestFabric();
});
afterAll(() => fabric.close());

/** Figures are printed, not judged: the machine may be busy. */
const say = (text: string) => process.stdout.write(`${text}\n`);

const count = Number(process.env.CAUSEWAY_SCALE ?? 200);

test(`${count} instances around one router come up through apply, and each is reached`, async () => {
  const operations: KernelOperation[] = [{ op: "namespace-add", namespace: "router" }];
  for (let i = 0; i < count; i++) {
    const namespace = `i-${i}`;
    const link = `eni${i}`;
    const address = `10.0.${i >> 8}.${i & 255}`;
    const mac = `02:00:00:00:${(i >> 8).toString(16).padStart(2, "0")}:${(i & 255).toString(16).padStart(2, "0")}`;
    const routerMac = mac.replace("02:", "06:");
    operations.push(
      { op: "namespace-add", namespace },
      {
        op: "veth-add",
        end: { namespace, link: "eth0", macAddress: mac },
        peer: { namespace: "router", link, macAddress: routerMac },
        mtu: 1500,
      },
      { op: "link-set", namespace: "router", link, up: true },
      { op: "link-set", namespace, link: "eth0", up: true },
      { op: "address-add", namespace, link: "eth0", address: `${address}/32` },
      {
        op: "route-replace",
        namespace,
        table: 254,
        destination: "0.0.0.0/0",
        type: "unicast",
        link: "eth0",
        gateway: "169.254.0.1",
        onLink: true,
      },
      { op: "neighbour-replace", namespace, link: "eth0", address: "169.254.0.1", macAddress: routerMac },
      { op: "neighbour-replace", namespace: "router", link, address, macAddress: mac },
      { op: "address-add", namespace: "router", link, address: "169.254.0.1/32", noPrefixRoute: true },
      { op: "route-replace", namespace: "router", table: 254, destination: `${address}/32`, type: "unicast", link },
    );
  }
  const started = performance.now();
  await fabric.apply(operations);
  say(`${count} instances in ${Math.round(performance.now() - started)} ms`);
  const probed = performance.now();
  const results = await fabric.probeAll(
    Array.from({ length: count }, (_, i) => ({
      namespace: "router",
      destination: `10.0.${i >> 8}.${i & 255}`,
      protocol: "icmp",
      timeoutMs: 5000,
    })),
  );
  say(`probed in ${Math.round(performance.now() - probed)} ms`);
  expect(results.filter(({ outcome }) => outcome !== "answered")).toEqual([]);
  const table = { family: "inet", name: "t" } as const;
  const set = { name: "s", key: ["ipv4_addr"] } as const;
  await fabric.apply([
    {
      op: "nft",
      namespace: "router",
      commands: [
        { kind: "add-table", table },
        { kind: "add-set", table, set },
      ],
    },
  ]);
  const times: number[] = [];
  for (let i = 0; i < 200; i++) {
    const at = performance.now();
    await fabric.apply([
      {
        op: "nft",
        namespace: "router",
        commands: [{ kind: "add-elements", table, set, elements: [{ key: [`10.1.0.${i}`] }] }],
      },
    ]);
    times.push(performance.now() - at);
  }
  times.sort((a, b) => a - b);
  say(`one set element: ${times[100]?.toFixed(2)} ms p50, ${times[198]?.toFixed(2)} ms p99`);
  const closing = performance.now();
  await fabric.close();
  say(`closed in ${Math.round(performance.now() - closing)} ms`);
});
