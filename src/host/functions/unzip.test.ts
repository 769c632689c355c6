import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testArchive } from "./test-archive.ts";
import { unzip } from "./unzip.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "causeway-unzip-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("files come out where they belong", () => {
  unzip(testArchive({ "index.js": "a".repeat(10_000), "lib/ü/b.js": "b", "empty.txt": "" }), folder);
  expect(readFileSync(join(folder, "index.js"), "utf8")).toBe("a".repeat(10_000));
  expect(readFileSync(join(folder, "lib/ü/b.js"), "utf8")).toBe("b");
  expect(readFileSync(join(folder, "empty.txt"), "utf8")).toBe("");
});

test.each([
  ["../out.js", "holds the path"],
  ["a/../../out.js", "holds the path"],
  ["/out.js", "holds the path"],
])("nothing comes out elsewhere: %s", (name, message) => {
  expect(() => unzip(testArchive({ [name]: "x" }), folder)).toThrow(message);
  expect(existsSync(join(folder, "..", "out.js"))).toBe(false);
});

test("links are refused", () => {
  expect(() => unzip(testArchive({ link: "/etc" }, 0o120777 * 2 ** 16), folder)).toThrow("holds the link");
});

test.each([
  ["no archive", Buffer.from("text")],
  ["half an archive", testArchive({ "index.js": "x" }).subarray(10)],
])("%s is refused", (_, bytes) => {
  expect(() => unzip(bytes, folder)).toThrow();
});
