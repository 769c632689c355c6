/** Which app a folder holds. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { contextOf, findApp } from "./app.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "causeway-app-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings = (text: string): void => writeFileSync(join(folder, "cdk.json"), text);

test("an app is run by what its cdk.json says, after what builds it", () => {
  settings('{"app": "npx tsx app.ts"}');
  expect(findApp(folder)).toEqual({ kind: "app", folder, command: "npx tsx app.ts" });
  settings('{"app": "node app.js", "build": "npx tsc", "output": "made"}');
  const outdir = join(folder, "made");
  expect(findApp(folder)).toEqual({ kind: "app", folder, command: "npx tsc && node app.js", outdir });
});

test("an assembly is taken as it is, by its own folder or by an app that names it", () => {
  const made = join(folder, "cdk.out");
  mkdirSync(made);
  for (const name of ["manifest.json", "cdk.out"]) writeFileSync(join(made, name), "{}");
  expect(findApp(made)).toEqual({ kind: "assembly", folder: made });
  settings('{"app": "cdk.out"}');
  expect(findApp(folder)).toEqual({ kind: "assembly", folder: made });
});

test.each([
  ["{", /cdk\.json is not JSON/],
  ["[]", /cdk\.json does not say how the app is run/],
  ["3", /cdk\.json is not an object/],
  ['{"app": ""}', /has no "app"/],
])("a cdk.json of %s is refused", (text, expected) => {
  settings(text);
  expect(() => findApp(folder)).toThrow(expected);
});

test("context is what stands before and after the first =", () => {
  expect(contextOf(["a=b", "c=d=e", "f="])).toEqual({ a: "b", c: "d=e", f: "" });
  expect(() => contextOf(["=b"])).toThrow("'=b' is no context.");
});
