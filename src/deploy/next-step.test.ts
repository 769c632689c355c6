/** Every status that CloudFormation's API knows, and what is done about it. */
import { StackStatus } from "@aws-sdk/client-cloudformation";
import { describe, expect, test } from "vitest";
import type { Looked } from "./deployed-stack.ts";
import { type DeployStep, type DestroyStep, deployStep, destroyStep, stateWords } from "./next-step.ts";

const at = (status: string): Looked => ({
  kind: "there",
  stackId: "arn",
  status,
  reason: undefined,
  terminationProtection: false,
});

const table: Readonly<Record<Exclude<StackStatus, "DELETE_COMPLETE">, readonly [DeployStep, DestroyStep]>> = {
  CREATE_COMPLETE: ["update", "delete"],
  CREATE_FAILED: ["roll-back", "delete"],
  CREATE_IN_PROGRESS: ["wait", "delete"],
  DELETE_FAILED: ["clear", "delete"],
  DELETE_IN_PROGRESS: ["wait", "delete"],
  IMPORT_COMPLETE: ["update", "delete"],
  IMPORT_IN_PROGRESS: ["wait", "wait"],
  IMPORT_ROLLBACK_COMPLETE: ["update", "delete"],
  IMPORT_ROLLBACK_FAILED: ["unknown", "delete"],
  IMPORT_ROLLBACK_IN_PROGRESS: ["wait", "wait"],
  REVIEW_IN_PROGRESS: ["create", "delete"],
  ROLLBACK_COMPLETE: ["clear", "delete"],
  ROLLBACK_FAILED: ["clear", "delete"],
  ROLLBACK_IN_PROGRESS: ["wait", "wait"],
  UPDATE_COMPLETE: ["update", "delete"],
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: ["wait", "wait"],
  UPDATE_FAILED: ["roll-back", "delete"],
  UPDATE_IN_PROGRESS: ["wait", "wait"],
  UPDATE_ROLLBACK_COMPLETE: ["update", "delete"],
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: ["wait", "wait"],
  UPDATE_ROLLBACK_FAILED: ["roll-back", "delete"],
  UPDATE_ROLLBACK_IN_PROGRESS: ["wait", "wait"],
};

describe("a stack", () => {
  test.each(Object.entries(table))("%s", (status, [deploy, destroy]) => {
    expect(deployStep(at(status))).toBe(deploy);
    expect(destroyStep(at(status))).toBe(destroy);
    // What is out of the ordinary is said.
    expect(stateWords(at(status)) === undefined).toBe(deploy === "update");
  });

  test("that is not there, or that nobody may look at", () => {
    expect([deployStep({ kind: "absent" }), destroyStep({ kind: "absent" })]).toEqual(["create", "nothing"]);
    const hidden: Looked = { kind: "unknown", reason: "AccessDenied: no" };
    expect([deployStep(hidden), destroyStep(hidden)]).toEqual(["unknown", "unknown"]);
    expect(stateWords(hidden)).toBe("its state cannot be read: AccessDenied: no");
  });
});

test("the table has every status", () => {
  const known = Object.values(StackStatus).filter((status) => status !== "DELETE_COMPLETE");
  expect(Object.keys(table).toSorted()).toEqual(known.toSorted());
});
