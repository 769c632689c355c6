/** What a plan says, and what it does not say that CloudFormation would do all the same. */
import { expect, test } from "vitest";
import { isNothingToDo } from "./deploy.ts";
import { beyond, canUseChangeSets, creationOf, type ResourceChange, type StackChanges } from "./plan.ts";
import { growthOf } from "./preflight/quotas.ts";
import { testStack } from "./test-stack.ts";

const change = (logicalId: string, more: Partial<ResourceChange> = {}): ResourceChange => ({
  logicalId,
  type: "AWS::EC2::VPC",
  action: "change",
  replacement: "no",
  properties: [],
  ...more,
});
const changes = (...resources: readonly ResourceChange[]): StackChanges => ({
  stack: "s",
  resources,
  others: [],
  comparedBy: "change-set",
});

test("a stack that is not there is all that its template has, by the paths of its constructs", () => {
  const Metadata = { "aws:cdk:path": "Net/Vpc/Resource" };
  const template = { Resources: { Vpc1: { Type: "AWS::EC2::VPC", Metadata }, Bare: { Type: "AWS::EC2::EIP" } } };
  expect(creationOf(testStack({ artifactId: "a", id: "Net", template })).resources).toEqual([
    change("Vpc1", { action: "add", path: "Vpc" }),
    change("Bare", { action: "add", type: "AWS::EC2::EIP" }),
  ]);
});

test.each<readonly [string, ResourceChange | undefined, ResourceChange, boolean]>([
  ["what was shown", change("A", { replacement: "yes" }), change("A", { replacement: "yes" }), false],
  ["what was shown as possible", change("A", { replacement: "maybe" }), change("A", { replacement: "yes" }), false],
  ["a replacement that was not shown", change("A"), change("A", { replacement: "yes" }), true],
  ["a removal that nobody knew of", undefined, change("A", { action: "remove" }), true],
  ["an addition that nobody knew of takes nothing away", undefined, change("A", { action: "add" }), false],
])("%s", (_name, shown, now, isMore) => {
  expect(beyond(changes(...(shown === undefined ? [] : [shown])), changes(now))).toEqual(isMore ? [now] : []);
});

test("what is replaced stands beside its successor for a while, and counts", () => {
  const all = [
    changes(change("A", { action: "add" }), change("B", { replacement: "yes" }), change("C", { action: "remove" })),
    changes(change("D"), change("E", { action: "add", type: "AWS::EC2::EIP" })),
  ];
  expect(growthOf(all, "AWS::EC2::VPC")).toBe(2);
});

test("change sets are used unless a stack that is there could not be compared by one", () => {
  const byTemplate: StackChanges = { ...changes(change("A")), comparedBy: "template" };
  expect(canUseChangeSets([changes(change("A"))], new Set())).toBe(true);
  expect(canUseChangeSets([byTemplate], new Set(["s"]))).toBe(true);
  expect(canUseChangeSets([byTemplate], new Set())).toBe(false);
});

test.each<readonly [string, string, StackChanges, boolean]>([
  ["nothing changes", "UPDATE_COMPLETE", changes(), true],
  ["something does", "UPDATE_COMPLETE", changes(change("A")), false],
  ["nothing changes, but a failed creation is there", "ROLLBACK_COMPLETE", changes(), false],
  ["nothing changes, but a rollback that got stuck is there", "UPDATE_ROLLBACK_FAILED", changes(), false],
])("whether there is something to do where %s", (_, status, of, isNothing) => {
  const there = { kind: "there", stackId: "id", status, reason: undefined, terminationProtection: false } as const;
  const looked = new Map([[of.stack, there]]);
  expect(isNothingToDo({ looked, changes: [of] })).toBe(isNothing);
});
