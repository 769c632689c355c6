/** What holds of every explanation, whatever the network. */
import { describe, expect, test } from "vitest";
import { flowOf, testNetwork } from "../testing/index.ts";
import { explain } from "./explain.ts";
import { codeOrigin, explanationCodes } from "./explanation-codes.ts";
import { answer } from "./test-ask.ts";

function peered() {
  const net = testNetwork();
  for (const [name, octet] of [
    ["a", 0],
    ["b", 1],
  ] as const) {
    net.subnet(net.vpc(name, `10.${octet}.0.0/16`), `10.${octet}.1.0/24`);
    net.instance(name, `vpc-${name}`, `10.${octet}.1.10`);
  }
  net.route("rtb-a", "10.1.0.0/16", net.peer("vpc-a", "vpc-b", "pending-acceptance"));
  return net;
}

test("an explanation is plain data: JSON keeps all of it", () => {
  const explanation = answer(peered(), "a -> b tcp/443");
  expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
});

test("a blocker names its hop, where it is marked as well", () => {
  const { blockers, forward, return: back } = answer(peered(), "a -> b tcp/443");
  expect(blockers.map(({ code }) => code)).toEqual(["BAD_STATE", "NO_ROUTE_TO_DESTINATION", "BAD_STATE"]);
  for (const { way, hop, code, component } of blockers) {
    expect((way === "forward" ? forward : back)[hop]).toMatchObject({ component, blocked: { code } });
  }
});

test("the hops are in the order that a packet meets them (11.1, 11.3)", () => {
  const { forward } = answer(peered(), "a -> b tcp/443");
  expect(forward.map(({ kind, component }) => `${kind} ${component}`)).toEqual([
    "network-interface eni-a",
    "security-groups sg-a-open",
    "network-acl acl-a",
    "route-table rtb-a",
    "vpc-peering-connection pcx-a-b",
    "vpc vpc-b",
    "network-acl acl-b",
    "security-groups sg-b-open",
    "network-interface eni-b",
    "instance i-b",
  ]);
});

test("a model is prepared once: a second question about it reads nothing of it again", () => {
  const model = peered().model();
  const first = explain(model, flowOf("a -> b tcp/443"));
  // Nobody changes a model; who did would not be heard, which shows that nothing is made twice.
  (model.networkInterfaces as unknown[]).length = 0;
  expect(explain(model, flowOf("a -> b tcp/443"))).toEqual(first);
});

describe("codes", () => {
  test.each(Object.entries(explanationCodes))(
    "%s says what it means and what mends it",
    (code, { meaning, remedy }) => {
      expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(meaning).toMatch(/\.$/);
      expect(remedy).toMatch(/\.$/);
      expect(codeOrigin(code)).toBe(code.startsWith("X_") ? "Causeway" : "Reachability Analyzer");
    },
  );
});
