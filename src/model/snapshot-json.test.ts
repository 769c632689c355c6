import { describe, expect, test } from "vitest";
import { departments } from "./departments.fixture.ts";
import { emptyNetworkModel } from "./network-model.ts";
import { snapshotFromJson, snapshotToJson } from "./snapshot-json.ts";

test("a snapshot reads back as it was", () => {
  for (const model of [emptyNetworkModel, departments]) {
    expect(snapshotFromJson(snapshotToJson(model))).toEqual({ ok: true, model });
  }
});

describe("refused", () => {
  test.each([
    ["text that is not JSON", "{", "", "not JSON: "],
    ["JSON that is no object", "[]", "", "expected an object, got a list"],
    [
      "a newer version",
      '{"version":2}',
      "version",
      "the snapshot has version 2, and this program reads up to 1: use a newer one",
    ],
    ["no version", JSON.stringify({ ...emptyNetworkModel, version: undefined }), "version", "is missing"],
    ["an older version", JSON.stringify({ ...emptyNetworkModel, version: 0 }), "version", "expected 1, got 0"],
  ])("%s", (_, json, path, message) => {
    const result = snapshotFromJson(json);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]?.path).toBe(path);
    expect(result.problems[0]?.message).toContain(message);
  });
});
