import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore, StoreError } from "./store.ts";
import { bundleForTest } from "./test-fabric.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "causeway-store-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const vpc = (id: string, json = "{}") => ({ kind: "vpc", id, json });

describe.each(["a folder", ":memory:"])("a store in %s", (where) => {
  const open = () => openStore(where === ":memory:" ? where : join(folder, "deep", "state"));

  test("keeps what was committed, in the order of its first commit, until it is deleted", () => {
    const store = open();
    store.commit([vpc("b"), vpc("a", '{"n":1}'), { kind: "subnet", id: "a", json: "[]" }]);
    store.commit([vpc("a", '{"n":2}'), { kind: "vpc", id: "b", json: null }]);
    store.commit([]);
    expect([...store.load()]).toEqual([vpc("a", '{"n":2}'), { kind: "subnet", id: "a", json: "[]" }]);
    store.close();
    store.close();
  });

  test("keeps its meta values", () => {
    const store = open();
    expect(store.readMeta("seed")).toBeUndefined();
    store.writeMeta("seed", "1");
    store.writeMeta("seed", "2");
    expect(store.readMeta("seed")).toBe("2");
    store.close();
  });
});

test("what was there is there after it is opened again", () => {
  const first = openStore(folder);
  first.commit([vpc("a", '"ü"')]);
  first.writeMeta("version", "7");
  first.close();
  const second = openStore(folder);
  expect([...second.load()]).toEqual([vpc("a", '"ü"')]);
  expect(second.readMeta("version")).toBe("7");
  second.close();
});

test("a second opening is refused and told who has it", () => {
  const store = openStore(folder);
  expect(refusal()).toMatchObject({ reason: "locked", holder: process.pid, hint: expect.stringContaining("--state") });
  store.close();
  openStore(folder).close();
});

test("a damaged file is named and left as it is", () => {
  const store = openStore(folder);
  store.commit(Array.from({ length: 500 }, (_, i) => vpc(`vpc-${i}`, "x".repeat(400))));
  store.close();
  const path = join(folder, "state.sqlite");
  const good = readFileSync(path);
  for (const damage of [
    Buffer.from("this is no database, and never was one".repeat(40)),
    Buffer.concat([good.subarray(0, 4096), Buffer.alloc(good.length - 4096, 0x41)]),
  ]) {
    writeFileSync(path, damage);
    expect(refusal()).toMatchObject({ reason: "corrupt", path, message: expect.stringContaining(path) });
    expect(readFileSync(path)).toEqual(damage);
  }
});

test("a file of a later version is refused", () => {
  openStore(folder).close();
  const path = join(folder, "state.sqlite");
  const bytes = readFileSync(path);
  // user_version: sqlite.org/fileformat.html, offset 60.
  bytes.writeUInt32BE(99, 60);
  writeFileSync(path, bytes);
  expect(refusal()).toMatchObject({ reason: "newer" });
});

test("a folder that cannot be is a clear refusal", () => {
  writeFileSync(join(folder, "file"), "");
  const error = catching(() => openStore(join(folder, "file", "state")));
  expect(error).toMatchObject({ reason: "unavailable" });
});

test("after kill -9 every acknowledged commit is there and the lock is gone, 10 times", async () => {
  const writer = await bundleForTest(`
    import { writeSync } from "node:fs";
    import { openStore } from "./store.ts";
    const store = openStore(process.argv[2]);
    for (let i = Number(process.argv[3]); ; i++) {
      store.commit([{ kind: "n", id: String(i), json: String(i) }, { kind: "last", id: "last", json: String(i) }]);
      writeSync(1, i + "\\n");
    }`);
  let next = 0;
  for (let round = 0; round < 10; round++) {
    const child = spawn(process.execPath, [writer, folder, String(next)], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      // Somewhere in the middle, and not always at the same place.
      if (output.length > 2_000 + 997 * round) child.kill("SIGKILL");
    });
    await new Promise((resolve) => child.once("close", resolve));
    const acknowledged = Number(output.slice(0, output.lastIndexOf("\n")).split("\n").at(-1));
    const store = openStore(folder);
    const records = new Map([...store.load()].map(({ kind, id, json }) => [`${kind} ${id}`, json]));
    store.close();
    const last = Number(records.get("last last"));
    expect(last).toBeGreaterThanOrEqual(acknowledged);
    for (let i = 0; i <= last; i++) expect(records.get(`n ${i}`)).toBe(String(i));
    next = last + 1;
  }
});

test("commits per second (printed, not judged)", () => {
  const store = openStore(folder);
  const json = "x".repeat(450);
  const started = performance.now();
  for (let i = 0; i < 5000; i++) store.commit([vpc(`a${i % 999}`, json), vpc(`b${i % 999}`, json), vpc("c", json)]);
  process.stdout.write(`${Math.round(5000 / ((performance.now() - started) / 1000))} commits/s\n`);
  expect([...store.load()].length).toBe(1999);
  store.close();
});

function refusal(): unknown {
  return catching(() => openStore(folder).close());
}

function catching(action: () => void): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    return error;
  }
}
