import { describe, expect, it } from "vitest";
import type { CloudRecord } from "./record.ts";
import { Table } from "./table.ts";

interface Row extends CloudRecord {
  readonly Id: string;
  readonly Group: string;
}

const row = (Id: string, Group = "g"): Row => ({
  OwnerId: "111111111111",
  Region: "us-east-1",
  CreatedAt: 0,
  Id,
  Group,
});
const ids = (rows: Iterable<Row>) => [...rows].map(({ Id }) => Id).join("");

describe("a table", () => {
  const table = () => {
    const made = new Table<Row>({ id: ({ Id }) => Id, indexes: { group: ({ Group }) => [Group] } });
    for (const id of ["a", "b", "c", "d"]) made.set(row(id));
    return made;
  };
  const listings = (made: Table<Row>) => [
    ids(made.all()),
    ids(made.inScope("111111111111/us-east-1")),
    ids(made.by("group", "g")),
  ];

  it("lists in order of creation, whatever is changed", () => {
    const made = table();
    made.set(row("b", "h"));
    made.delete("a");
    made.set(row("a"));
    expect(listings(made)).toEqual(["bcda", "bcda", "cda"]);
  });

  it("gives a deleted record its old place when the deletion is undone", () => {
    const made = table();
    const position = made.positionOf("b");
    made.delete("b");
    made.restore(row("b"), position);
    expect(listings(made)).toEqual(["abcd", "abcd", "abcd"]);
    made.set(row("c", "h"));
    made.restore(row("c"), made.positionOf("c"));
    made.set(row("e"));
    expect(listings(made)).toEqual(["abcde", "abcde", "abcde"]);
  });
});
