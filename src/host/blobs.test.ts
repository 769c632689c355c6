import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBlobs } from "./blobs.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "causeway-blobs-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("bytes are there under their id until they are removed, also for who opens the folder again", () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index & 0xff);
  openBlobs(folder).write("a1b2c3", bytes);
  const again = openBlobs(folder);
  expect([...again.ids()]).toEqual(["a1b2c3"]);
  expect(Uint8Array.from(again.read("a1b2c3"))).toEqual(bytes);
  again.remove("a1b2c3");
  again.remove("a1b2c3");
  expect([...again.ids()]).toEqual([]);
  expect(() => again.read("a1b2c3")).toThrow("ENOENT");
});

test("a folder that is not there holds nothing", () => {
  expect([...openBlobs(join(folder, "missing")).ids()]).toEqual([]);
});

test("what was not finished is no blob, and is swept", () => {
  const blobs = openBlobs(folder);
  blobs.write("a1b2c3", new Uint8Array(3));
  writeFileSync(join(folder, "a1", "a1ffff.part"), "half");
  expect([...blobs.ids()]).toEqual(["a1b2c3"]);
  expect(readdirSync(join(folder, "a1"))).toEqual(["a1b2c3"]);
});

test.each(["../etc/passwd", "a/b", "", "ab", "a.b.c"])("'%s' is no id", (id) => {
  expect(() => openBlobs(folder).read(id)).toThrow("is no id of a blob");
});
