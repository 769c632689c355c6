import { describe, expect, test } from "vitest";
import { departments } from "./departments.fixture.ts";
import { type FindScope, findByText } from "./find-by-text.ts";

/** What was found, as `id`, `id id` when ambiguous, or `none`. */
function find(text: string, scope?: FindScope): string {
  const result = findByText(departments, text, scope);
  switch (result.outcome) {
    case "found":
      return result.resource.id;
    case "none":
      return "none";
    case "ambiguous":
      return result.candidates.map((each) => each.id).join(" ");
  }
}

describe("what a word means", () => {
  test.each<readonly [string, FindScope | undefined, string]>([
    // ids
    ["i-web", undefined, "i-web"],
    [" i-web ", undefined, "i-web"],
    ["i-old", undefined, "i-old"],
    ["eni-web-1", undefined, "eni-web-1"],
    ["pcx-mf", undefined, "pcx-mf"],
    ["sg-db", undefined, "sg-db"],
    ["i-nothing", undefined, "none"],
    ["", undefined, "none"],
    // addresses
    ["10.0.1.10", undefined, "i-web"],
    ["10.0.1.11", undefined, "i-web"],
    ["203.0.113.7", undefined, "i-web"],
    ["2001:DB8:0::10", undefined, "i-web"],
    ["10.0.1.99", undefined, "eni-spare"],
    ["10.0.1.10", { kinds: ["network-interface"] }, "eni-web-0"],
    ["10.0.1.99", { kinds: ["instance"] }, "none"],
    ["10.0.1.98", undefined, "none"],
    // equal addresses in two VPCs
    ["10.0.200.10", undefined, "i-web i-db"],
    ["10.0.200.10", { ownerId: "222222222222" }, "i-db"],
    ["10.0.200.10", { region: "eu-central-1" }, "i-web"],
    // names: the instance before the interface and the VPC; a terminated instance no more
    ["web", undefined, "i-web"],
    ["web", { kinds: ["network-interface", "vpc"] }, "eni-spare"],
    ["web", { ownerId: "222222222222" }, "none"],
    ["finance", undefined, "i-db"],
    ["finance", { kinds: ["vpc"] }, "vpc-finance"],
    ["marketing", undefined, "vpc-marketing"],
    ["Marketing", undefined, "none"],
    // a peering connection is at home on both sides
    ["marketing-finance", { region: "us-east-1" }, "pcx-mf"],
    ["marketing-finance", { region: "eu-central-1" }, "pcx-mf"],
    ["pcx-mf", { region: "eu-west-1" }, "none"],
    ["pcx-mf", { ownerId: "222222222222", region: "eu-central-1" }, "none"],
  ])("%j in %j is %s", (text, scope, expected) => {
    expect(find(text, scope)).toBe(expected);
  });
});

test("the answer says what it is, where it is, and the address it was found by", () => {
  expect(findByText(departments, "2001:0DB8::10")).toEqual({
    outcome: "found",
    resource: {
      kind: "instance",
      id: "i-web",
      name: "web",
      ownerId: "111111111111",
      region: "eu-central-1",
      address: "2001:db8::10",
    },
  });
  expect(findByText(departments, "eni-db")).toEqual({
    outcome: "found",
    resource: { kind: "network-interface", id: "eni-db", ownerId: "222222222222", region: "us-east-1" },
  });
});

test("two instances of one name are both candidates", () => {
  const twins = {
    ...departments,
    instances: departments.instances.map((each) => ({ ...each, name: "twin", state: "running" as const })),
  };
  const result = findByText(twins, "twin");
  expect(result.outcome === "ambiguous" && result.candidates.map((each) => each.id)).toEqual([
    "i-web",
    "i-db",
    "i-old",
  ]);
});
