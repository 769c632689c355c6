import { describe, expect, it } from "vitest";
import { createCloud } from "./cloud.ts";
import type { Store, StoredChange } from "./ports.ts";

/** A cloud whose turns end when the test says so, on a store that tells what it was given and can be full. */
function turns() {
  const writes: (readonly StoredChange[])[] = [];
  let full = false;
  let ends: (() => void)[] = [];
  const reconciled: number[] = [];
  const faults: string[] = [];
  const store: Store = {
    load: () => [],
    commit(changes) {
      if (full) throw new Error("disk full");
      writes.push(changes);
    },
    readMeta: () => undefined,
    writeMeta: () => {},
    close: () => {},
  };
  let next = 0;
  const cloud = createCloud({
    store,
    blobs: { write: () => {}, read: () => new Uint8Array(), remove: () => {}, ids: () => [] },
    functions: { prepare: () => {}, invoke: async () => ({ kind: "throttled" }), retire: () => {} },
    clock: { now: () => 1_000, schedule: () => () => {} },
    random: { bytes: (count) => Uint8Array.from({ length: count }, () => (next = (next * 5 + 17) % 251)) },
    pace: "instant",
    settings: { userData: "ignore", endpoint: "http://127.0.0.1:4566" },
    endOfTurn: (end) => ends.push(end),
    dataPlane: {
      mode: "kernel",
      reconcile: async (model) => void reconciled.push(model.networkInterfaces.length),
      run: () => Promise.reject(new Error("not in this test")),
      startShell: () => {
        throw new Error("not in this test");
      },
    },
    onFault: (message) => faults.push(message),
  });
  const call = (operation: string, input: object): object =>
    cloud.call({ service: "ec2", operation, input, accessKeyId: "111111111111", region: "us-east-1" });
  const endTurn = (): void => {
    const due = ends;
    ends = [];
    for (const end of due) end();
  };
  call("DescribeVpcs", {});
  endTurn();
  writes.length = 0;
  const vpcCount = (): number => [...cloud.view.all("vpc")].length;
  return { cloud, call, endTurn, writes, faults, reconciled, vpcCount, fill: () => (full = true) };
}

describe("calls that arrive together", () => {
  it("become durable in one write, and are settled only then", async () => {
    const { cloud, call, endTurn, writes } = turns();
    call("CreateVpc", { CidrBlock: "10.0.0.0/16" });
    expect(() => call("CreateVpc", { CidrBlock: "10.0.0.0/8" })).toThrow(/CIDR|range/i);
    call("CreateVpc", { CidrBlock: "10.1.0.0/16" });
    let told = false;
    const settled = cloud.settled().then(() => {
      told = true;
    });
    await Promise.resolve();
    expect([writes.length, told]).toEqual([0, false]);
    endTurn();
    await settled;
    expect(writes).toHaveLength(1);
    const vpcs = writes[0]?.filter(({ kind }) => kind === "vpc").map(({ json }) => JSON.parse(json ?? "null"));
    // What takes no time at this pace is in the same write.
    expect(vpcs?.map(({ CidrBlock, State }) => [CidrBlock, State])).toEqual([
      ["10.0.0.0/16", "available"],
      ["10.1.0.0/16", "available"],
    ]);
  });

  it("write nothing for what is made and removed within a turn", () => {
    const { call, endTurn, writes } = turns();
    const { KeyPairId } = call("CreateKeyPair", { KeyName: "k" }) as { KeyPairId: string };
    call("DeleteKeyPair", { KeyPairId });
    endTurn();
    expect(writes).toEqual([]);
  });

  it("reach the packets together", () => {
    const { cloud, call, endTurn, reconciled } = turns();
    const before = reconciled.length;
    const [SubnetId] = [...cloud.view.all("subnet")].map((subnet) => subnet.SubnetId);
    call("CreateNetworkInterface", { SubnetId });
    call("CreateNetworkInterface", { SubnetId });
    expect(reconciled).toHaveLength(before);
    endTurn();
    expect(reconciled.slice(before)).toEqual([2]);
  });

  it("are all undone, and all told, when the store cannot take them", async () => {
    const { cloud, call, endTurn, fill, faults, vpcCount } = turns();
    const before = vpcCount();
    fill();
    call("CreateVpc", { CidrBlock: "10.0.0.0/16" });
    call("CreateVpc", { CidrBlock: "10.1.0.0/16" });
    const settled = Promise.allSettled([cloud.settled(), cloud.settled()]);
    expect(vpcCount()).toBe(before + 2);
    endTurn();
    expect((await settled).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(vpcCount()).toBe(before);
    expect(faults).toEqual([]);
    // Nobody waits for this one.
    call("CreateVpc", { CidrBlock: "10.0.0.0/16" });
    endTurn();
    expect(faults).toEqual(["changes could not be written down"]);
  });
});
