import { afterAll, beforeAll, expect, test } from "vitest";
import type { Fabric } from "./fabric.ts";
import { startTestFabric } from "./test-fabric.ts";

let fabric: Fabric;
beforeAll(async () => {
  fabric = await startTestFabric();
});
afterAll(() => fabric.close());

test("smoke", async () => {
  await fabric.apply([
    { op: "namespace-add", namespace: "a" },
    { op: "namespace-add", namespace: "b" },
    { op: "veth-add", end: { namespace: "a", link: "eth0" }, peer: { namespace: "b", link: "eth0" }, mtu: 1500 },
    { op: "link-set", namespace: "a", link: "eth0", up: true },
    { op: "link-set", namespace: "b", link: "eth0", up: true },
    { op: "address-add", namespace: "a", link: "eth0", address: "10.0.0.1/24" },
    { op: "address-add", namespace: "b", link: "eth0", address: "10.0.0.2/24" },
  ]);
  console.log(
    await fabric.run({
      namespace: "a",
      argv: [
        "sh",
        "-c",
        "id; ls / /etc /dev; ps ax; ip -br a; cat /proc/self/status|grep Cap; ls -l /proc/self/fd; ping -c 1 10.0.0.2; tcpdump --version; timeout 1 tcpdump -ni eth0 -c 1; mount",
      ],
    }),
  );
  console.log(await fabric.probe({ namespace: "a", destination: "10.0.0.2", protocol: "icmp", timeoutMs: 500 }));
  console.log(
    await fabric.probe({ namespace: "a", destination: "10.0.0.2", protocol: "tcp", port: 80, timeoutMs: 500 }),
  );
  const stop = await fabric.listen({
    namespace: "b",
    address: "0.0.0.0",
    port: 80,
    protocol: "tcp",
    service: { kind: "echo" },
  });
  console.log(
    await fabric.probe({ namespace: "a", destination: "10.0.0.2", protocol: "tcp", port: 80, timeoutMs: 500 }),
  );
  await stop();
  expect(1).toBe(1);
});
