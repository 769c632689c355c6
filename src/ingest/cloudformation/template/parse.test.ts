/** Template texts: YAML's short forms and traps, positions, and what is refused where. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { firstJsonFault } from "./json-syntax.ts";
import { parseTemplateText } from "./parse.ts";
import { isTemplateError } from "./template-error.ts";

const parse = (text: string): unknown => JSON.parse(JSON.stringify(parseTemplateText(text).value));

describe("YAML", () => {
  test.each([
    ["!Ref", "a: !Ref Vpc", { a: { Ref: "Vpc" } }],
    ["!GetAtt with a dot", "a: !GetAtt Vpc.Endpoint.Address", { a: { "Fn::GetAtt": ["Vpc", "Endpoint.Address"] } }],
    ["!GetAtt with a list", "a: !GetAtt [Vpc, CidrBlock]", { a: { "Fn::GetAtt": ["Vpc", "CidrBlock"] } }],
    ["!Sub", "a: !Sub '${A}-b'", { a: { "Fn::Sub": "${A}-b" } }],
    [
      "nested short forms",
      "a: !Select [0, !Split [',', !Ref B]]",
      { a: { "Fn::Select": [0, { "Fn::Split": [",", { Ref: "B" }] }] } },
    ],
    [
      "a short form over a block",
      "a: !If\n  - Yes\n  - !Ref B\n  - !Ref AWS::NoValue",
      { a: { "Fn::If": [true, { Ref: "B" }, { Ref: "AWS::NoValue" }] } },
    ],
    [
      "!Condition",
      "a: !And [!Condition X, !Condition Y]",
      { a: { "Fn::And": [{ Condition: "X" }, { Condition: "Y" }] } },
    ],
    ["the long form", "a: {Ref: B}", { a: { Ref: "B" } }],
    ["booleans of YAML 1.1", "a: [yes, No, ON, off, true]", { a: [true, false, true, false, true] }],
    ["quoted words stay words", "a: ['yes', \"no\"]", { a: ["yes", "no"] }],
    ["keys stay words", "Y: 1\non: 2\n3: 4", { Y: 1, on: 2, "3": 4 }],
    ["dates stay text", "AWSTemplateFormatVersion: 2010-09-09", { AWSTemplateFormatVersion: "2010-09-09" }],
    ["an account id with a leading zero", "a: 012345678901", { a: "012345678901" }],
    [
      "numbers that would not be written the same",
      "a: [0x1F, 1_000, 1.50, 1e3]",
      { a: ["0x1F", "1_000", "1.50", "1e3"] },
    ],
    ["numbers", "a: [1, -2, 1.5]", { a: [1, -2, 1.5] }],
    ["block texts", "a: |\n  one\n  two\n", { a: "one\ntwo\n" }],
    ["null", "a:\nb: ~", { a: null, b: null }],
    ["the last of two equal keys", "a: 1\na: 2", { a: 2 }],
  ])("%s", (_name, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  test("a key of prototypes is a key like any other", () => {
    const { value } = parseTemplateText("__proto__: {a: 1}\nconstructor: b");
    expect(Object.keys(value as object)).toEqual(["__proto__", "constructor"]);
    expect(Object.hasOwn({}, "a")).toBe(false);
  });

  test.each([
    ["an open list", "a: [1,\nb", "Template format error: YAML not well-formed. (line 2, column 1)"],
    ["wrong indentation", "a:\n  - b\n c: d", "Template format error: YAML not well-formed. (line 3, column 1)"],
    ["a tab", "a:\n\tb: c", "Template format error: YAML not well-formed. (line 2, column 1)"],
    ["an unknown tag", "a:\n  b: !Foo c", "Template format error: Unsupported tag !Foo. (line 2, column 11)"],
    [
      "an alias",
      "a: &x 1\nb: *x",
      "Template format error: YAML aliases are not allowed in CloudFormation templates (line 2, column 4)",
    ],
  ])("%s is refused with its place", (_name, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  test("values say where they are written", () => {
    const { positionOf } = parseTemplateText("Resources:\n  A:\n    Type: T\n    Properties:\n      X: [1, !Ref B]\n");
    expect(positionOf(["Resources", "A", "Type"])).toEqual({ line: 3, column: 11 });
    expect(positionOf(["Resources", "A", "Properties", "X", 1])).toEqual({ line: 5, column: 19 });
    expect(positionOf(["Resources", "B"])).toBeUndefined();
  });
});

describe("JSON", () => {
  test("is taken as it is", () => {
    expect(parse('{"a": {"Fn::Sub": ["${x}", {"x": 1}]}, "b": null, "c": "yes"}')).toEqual({
      a: { "Fn::Sub": ["${x}", { x: 1 }] },
      b: null,
      c: "yes",
    });
  });

  test.each([
    ["recorded of AWS", '{"this is invalid JSON"="bad"}', 1, 25],
    ["a comma too many", '{"a": 1,\n "b": [1,2,]}', 2, 13],
    ["an open object", '{"a": {"b": 1}', 1, 16],
    ["an open text", '{"a": "b}', 1, 8],
    ["more than one value", '{"a": 1} {}', 1, 11],
    ["a bare word", '{"a": yes}', 1, 8],
    ["a raw line end in a text", '{"a": "b\nc"}', 1, 8],
  ])("%s is refused with its place", (_name, text, line, column) => {
    expect(() => parse(text)).toThrow(`Template format error: JSON not well-formed. (line ${line}, column ${column})`);
  });

  test("finds no fault in what the built-in parser takes, and one in what it refuses", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom("", "}", ",", '"', "x", "\\"), (json, at, inserted) => {
        const place = at % (json.length + 1);
        const text = json.slice(0, place) + inserted + json.slice(place);
        const isJson = ((): boolean => {
          try {
            JSON.parse(text);
            return true;
          } catch {
            return false;
          }
        })();
        const fault = firstJsonFault(text);
        expect(fault === undefined).toBe(isJson);
        if (fault !== undefined) expect(fault).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 500 },
    );
  });
});

test("any text is read or refused, and nothing else happens", () => {
  const piece = fc.constantFrom(
    "a:",
    " ",
    "\n",
    "- ",
    "!Ref",
    "!Sub ",
    "{",
    "}",
    "[",
    "]",
    "'",
    '"',
    "&x ",
    "*x",
    "|",
    "#",
    ",",
    "b",
    "<<:",
    "\t",
    "?",
    "!!binary ",
    "---",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      try {
        parseTemplateText(pieces.join(""));
      } catch (error) {
        expect(isTemplateError(error)).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});
