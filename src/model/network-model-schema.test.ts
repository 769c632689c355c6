import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { networkModelSchema } from "./network-model-schema.ts";

const file = new URL("./network-model.schema.json", import.meta.url);

test("network-model.schema.json is what the shapes say; UPDATE_SCHEMA=1 writes it", () => {
  if (process.env.UPDATE_SCHEMA === "1") writeFileSync(file, `${JSON.stringify(networkModelSchema(), undefined, 2)}\n`);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(networkModelSchema());
});
