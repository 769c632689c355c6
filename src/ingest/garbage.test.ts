/** Whatever is in the files: no exception, and a sound model. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { validateNetworkModel } from "../model/index.ts";
import { ingestDescribeAnswers } from "./index.ts";
import { filesOf, smallest } from "./smallest-account.fixture.ts";

const fieldNames = [
  ...Object.keys(smallest),
  ...Object.values(smallest).flatMap((items) => items.flatMap((item) => Object.keys(item))),
  "Routes",
  "Association",
  "TransitGatewayRouteTableId",
  "TransitGatewayAttachmentId",
  "RequesterVpcInfo",
  "Tags",
  "__proto__",
];
const words = ["vpc-1", "subnet-1", "rtb-1", "acl-1", "sg-1", "eni-1", "tgw-1", "10.0.0.0/16", "10.0.1.10", "active"];

const leaf = fc.oneof(
  fc.constantFrom(...words),
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const { value: garbage } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...fieldNames), tie("value"), { maxKeys: 6 }),
  ),
}));

/** One place in sound answers, replaced. */
function replaced(value: unknown, steps: readonly number[], by: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof value !== "object" || value === null) return by;
  const entries = Object.entries(value);
  if (entries.length === 0) return by;
  const at = step % entries.length;
  const changed = entries.map(([name, each], index) => [name, index === at ? replaced(each, rest, by) : each] as const);
  return Array.isArray(value) ? changed.map(([, each]) => each) : Object.fromEntries(changed);
}

test("files of any content", () => {
  const text = fc.oneof(
    fc.string(),
    garbage.map((value) => JSON.stringify(value)),
  );
  const file = fc.record({ path: fc.constantFrom("111111111111/eu-west-1/a.json", "b/pl-1/c.json", "d.json"), text });
  fc.assert(
    fc.property(fc.array(file, { maxLength: 4 }), (files) => {
      const { model } = ingestDescribeAnswers(files);
      expect(validateNetworkModel(model)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("sound answers with a few places replaced by anything", () => {
  const change = fc.tuple(fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }), garbage);
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const lists = changes.reduce<unknown>((value, [steps, by]) => replaced(value, steps, by), smallest);
      const files = filesOf(Object(lists));
      const { model } = ingestDescribeAnswers(files);
      expect(validateNetworkModel(model)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
