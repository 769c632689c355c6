/** How the data plane keeps up: coalescing, losing its fabric, giving up, closing. On real fabrics. */
import { afterEach, describe, expect, test } from "vitest";
import type { Fabric } from "../host/index.ts";
import { startTestFabric } from "../host/test-fabric.ts";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { createDataPlane, type DataPlane, type DataPlaneStatus } from "./data-plane.ts";
import { answerMetadata } from "./instance-metadata.ts";

const planes: DataPlane[] = [];
afterEach(() => Promise.all(planes.splice(0).map((plane) => plane.close())));

function start(options: Partial<Parameters<typeof createDataPlane>[0]> = {}): DataPlane {
  const plane = createDataPlane({ startFabric: startTestFabric, ...options });
  planes.push(plane);
  return plane;
}

function twoHosts(): TestNetwork {
  const net = testNetwork();
  const a = net.vpc("a", "10.0.0.0/16");
  net.subnet(a, "10.0.1.0/24");
  net.instance("a", a, "10.0.1.10");
  net.instance("b", a, "10.0.1.11");
  return net;
}

async function talks(plane: DataPlane): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const result = await plane
      .fabric()
      ?.probe({ namespace: "i-a", destination: "10.0.1.11", protocol: "icmp", count: 1, timeoutMs: 200 });
    if (result?.outcome === "answered") return true;
  }
  return false;
}

test("models that come while one is applied are skipped but the newest; every caller is told", async () => {
  const plane = start();
  const net = twoHosts();
  const first = plane.reconcile(net.model());
  const middle = [1, 2, 3, 4].map((port) => {
    net.setRules("sg-a-open", `in tcp/${port} 0.0.0.0/0`);
    return plane.reconcile(net.model());
  });
  net.setRules("sg-a-open", "in icmp 10.0.0.0/8", "out all 0.0.0.0/0");
  const last = plane.reconcile(net.model());
  await Promise.all([first, ...middle, last]);
  expect(plane.stats().reconciliations).toBe(2);
  expect(await talks(plane)).toBe(true);
});

test("the same model again does nothing", async () => {
  const plane = start();
  const net = twoHosts();
  await plane.reconcile(net.model());
  const { lastOperations } = plane.stats();
  await plane.reconcile(net.model());
  expect(plane.stats()).toMatchObject({ lastOperations, namespaces: 3, status: { state: "in-force" } });
});

describe("a fabric that is lost", () => {
  test("is built again from the last model, without being asked", async () => {
    let inForce: (status: DataPlaneStatus) => void = () => undefined;
    const seen: string[] = [];
    const plane = start({
      onStatus: (status) => {
        seen.push(status.state);
        if (status.state === "in-force") inForce(status);
      },
    });
    await plane.reconcile(twoHosts().model());
    const rebuilt = new Promise((resolve) => {
      inForce = resolve;
    });
    const before = plane.fabric();
    process.kill(before?.processId ?? 0, "SIGKILL");
    await rebuilt;
    expect(plane.fabric()).not.toBe(before);
    expect(await talks(plane)).toBe(true);
    expect(seen).toContain("rebuilding");
    expect(plane.stats().restarts).toBe(1);
  });

  test("again and again is given up, and said so to every caller", async () => {
    const refusing = async (): Promise<Fabric> => ({
      ...(await startTestFabric()),
      apply: () => Promise.reject(new Error("the kernel says no")),
    });
    const plane = start({ startFabric: refusing, maxRestarts: 1 });
    await expect(plane.reconcile(twoHosts().model())).rejects.toThrow("the kernel says no");
    expect(plane.stats()).toMatchObject({ restarts: 2, status: { state: "failed", reason: "the kernel says no" } });
  });
});

test("closed, it refuses; what waited is told", async () => {
  const plane = start();
  const waiting = plane.reconcile(twoHosts().model());
  await Promise.all([expect(waiting).rejects.toThrow("closed"), plane.close()]);
  await expect(plane.reconcile(twoHosts().model())).rejects.toThrow("closed");
});

test("an instance learns about itself from 169.254.169.254, with a session token", async () => {
  const sources = { now: () => 1_000_000, sign: (text: string) => `signed-${text.length}` };
  const plane = start({ answerMetadata: (request, model) => answerMetadata(model, request, sources) });
  await plane.reconcile(twoHosts().model());
  const script = [
    'token=$(curl -sf -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 60" http://169.254.169.254/latest/api/token)',
    'curl -sf -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/local-ipv4',
  ].join(" && ");
  const result = await plane.fabric()?.run({ namespace: "i-b", argv: ["sh", "-c", script] });
  expect(result).toMatchObject({ exitCode: 0, stdout: "10.0.1.11" });
});
