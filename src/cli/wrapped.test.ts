/** Folding for narrow terminals: names stay whole, columns are kept where they fit, commands can be copied. */
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { hanging, type Row, rows, wrapped } from "./wrapped.ts";

const resources: readonly Row[] = [
  { start: "  + ", name: "Vpc", words: "AWS::EC2::VPC" },
  { start: "  + ", name: "Vpc/RouteTableAssociation1", words: "AWS::EC2::SubnetRouteTableAssociation" },
];

describe("rows", () => {
  test.each<readonly [number, readonly string[]]>([
    [
      80,
      [
        "  + Vpc                         AWS::EC2::VPC",
        "  + Vpc/RouteTableAssociation1  AWS::EC2::SubnetRouteTableAssociation",
      ],
    ],
    [60, ["  + Vpc  AWS::EC2::VPC", "  + Vpc/RouteTableAssociation1", "      AWS::EC2::SubnetRouteTableAssociation"]],
    [
      25,
      [
        "  + Vpc  AWS::EC2::VPC",
        "  + Vpc/",
        "      RouteTableAssociation1",
        "      AWS::EC2::SubnetRouteTableAssociation",
      ],
    ],
  ])("in %i columns", (width, expected) => {
    expect(rows(resources, width)).toEqual(expected);
  });

  test("none at all", () => expect(rows([], 60)).toEqual([]));
});

describe("text", () => {
  test("hangs below its first line, which keeps what it begins with", () => {
    expect(hanging("  ! one two three four", 12, 6)).toEqual(["  ! one", "      two", "      three", "      four"]);
    expect(hanging("  ! one  two", 40, 6)).toEqual(["  ! one  two"]);
  });

  test("a command in backticks is one word", () => {
    expect(wrapped("say `aws sso login --profile network` again", 20)).toEqual([
      "say",
      "`aws sso login --profile network`",
      "again",
    ]);
    expect(wrapped("a ` that is alone", 12)).toEqual(["a ` that is", "alone"]);
  });

  test("colours take no room", () => {
    const lines = wrapped("\x1b[31mone two\x1b[39m \x1b[2mthree\x1b[22m", 13);
    expect(lines.map(stripVTControlCharacters)).toEqual(["one two three"]);
  });
});
