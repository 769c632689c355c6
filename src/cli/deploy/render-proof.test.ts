/** What promises come to: lines for people, and an exit code; loudly ours where engine and packets disagree. */
import { describe, expect, test } from "vitest";
import type { Judgement, Proof } from "../../deploy/index.ts";
import { emptyNetworkModel } from "../../model/index.ts";
import { type Explanation, explain, type Verdict } from "../../reachability/index.ts";
import type { PacketVerdict } from "./packet-proof.ts";
import { exitCodeOf } from "./proof.ts";
import { type ByPackets, renderProof } from "./render-proof.ts";

/** The engine's own answer on a network where nothing is, with the verdict that the case is about. */
const explained = (verdict: Verdict): Explanation => ({
  ...explain(emptyNetworkModel, {
    source: { kind: "internet" },
    destination: { kind: "address", address: "10.0.0.1" },
    traffic: { protocol: "icmp" },
  }),
  verdict,
});

function promise(expect: "reachable" | "unreachable", verdict: Verdict | undefined): Judgement {
  const explanation = verdict === undefined ? undefined : explained(verdict);
  const holds = verdict === undefined || verdict === "unknown" ? undefined : verdict === expect;
  return {
    intent: {
      expect,
      from: { kind: "internet" },
      to: { kind: "address", address: "10.0.0.1" },
      traffic: { protocol: "icmp" },
    },
    words: { from: "web", to: "db", traffic: "icmp" },
    flow: undefined,
    explanation,
    holds,
    ...(holds === undefined && { unclear: "db of s is not there" }),
  };
}
const proofOf = (...judgements: readonly Judgement[]): Proof => ({
  judgements,
  model: emptyNetworkModel,
  refused: [],
  strange: 0,
});
const arrived: PacketVerdict = { kind: "arrived", how: "2 of 2 pings came back" };
const lost: PacketVerdict = { kind: "lost", how: "0 of 2 pings came back" };
const notTried: PacketVerdict = { kind: "not-tried", why: "only an instance sends" };

describe("promises", () => {
  test.each<readonly [string, Proof, ByPackets, number, RegExp]>([
    [
      "hold",
      proofOf(promise("reachable", "reachable")),
      [arrived],
      0,
      /✔ web → db {2}icmp {2}engine: reachable {2}packets: 2 of 2/,
    ],
    ["hold without packets", proofOf(promise("unreachable", "unreachable")), [], 0, /✔ web ↛ db .* packets: none/],
    ["are broken", proofOf(promise("reachable", "unreachable")), [lost], 1, /✘ web → db/],
    [
      "cannot be told",
      proofOf(promise("reachable", undefined)),
      [notTried],
      4,
      /\? web → db(.|\n)*db of s is not there/,
    ],
    ["that nobody can read", { ...proofOf(), strange: 1 }, [], 4, /1 promises are of a kind/],
    ["are judged in two ways", proofOf(promise("reachable", "reachable")), [lost], 3, /disagree: one of them is wrong/],
    ["are broken for one of two", proofOf(promise("unreachable", "unreachable")), [arrived], 3, /that is our bug/],
  ])("%s", (_name, proof, packets, code, expected) => {
    expect(exitCodeOf(proof, packets)).toBe(code);
    expect(renderProof(proof, packets, 100).join("\n")).toMatch(expected);
  });

  test("a broken one is explained", () => {
    const lines = renderProof(proofOf(promise("reachable", "unreachable")), [undefined], 100).join("\n");
    expect(lines).toContain("✘ unreachable");
  });

  test("in a narrow terminal have two lines each", () => {
    const lines = renderProof(proofOf(promise("reachable", "reachable")), [arrived], 40);
    expect(lines[1]).toBe("  ✔ web → db");
    expect(lines[2]).toMatch(/^ {6}icmp/);
  });
});
