/** The place of the first error, of texts that are broken by hand, and of any that JSON.parse refuses. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { placeOfJsonError } from "./json-place.ts";

test.each<[text: string, line: number, column: number]>([
  ["", 1, 1],
  ["nonsense", 1, 1],
  ['{"Vpcs": [}', 1, 11],
  ['{"Vpcs": [\n  {"a": 1}\n  {"b": 2}\n]}', 3, 3],
  ['{"a": 1,}', 1, 9],
  ['{"a": 01}', 1, 8],
  ['{"a" 1}', 1, 6],
  ["[1, 2", 1, 6],
  ['["a\n"]', 1, 2],
  ["{} {}", 1, 4],
  ["[[1, 2}]", 1, 7],
  ["{'a': 1}", 1, 2],
])("%j: line %i, column %i", (text, line, column) => {
  expect(placeOfJsonError(text)).toEqual({ line, column });
});

test("whatever is put into sound JSON is found where it is, or behind it", () => {
  const broken = fc.tuple(fc.json(), fc.nat(), fc.constantFrom("}", "]", ",", ":", "?", '"', "{", "nul"));
  fc.assert(
    fc.property(broken, ([json, place, wrong]) => {
      const at = place % (json.length + 1);
      const text = json.slice(0, at) + wrong + json.slice(at);
      fc.pre(!isJson(text));
      const { line, column } = placeOfJsonError(text);
      expect(line).toBe(1);
      // What stands before it is the beginning of a sound text.
      expect(column - 1).toBeLessThanOrEqual(text.length);
      expect(placeOfJsonError(text.slice(0, column - 1))).toEqual({ line: 1, column });
    }),
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
