/**
 * Published flows in real accounts, and what becomes of them: the engine, asked about the ingested model, says the same, or names the component
 * that this version cannot follow. The data are no part of this repository: where they are not beside the checkout, the tests are skipped by name.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ingestDescribeAnswers } from "../../src/ingest/index.ts";
import type { NetworkModel } from "../../src/model/index.ts";
import { type Explanation, explain, type FlowEnd, type FlowTraffic, type Hop } from "../../src/reachability/index.ts";

const recordings = fileURLToPath(new URL("../../../shared/data/aws-snapshots", import.meta.url));

type Outcome = "reachable" | "leaves-network" | "unreachable" | "unknown";

interface PublishedCase {
  readonly case: string;
  readonly snapshot: string;
  readonly source: PublishedEnd;
  readonly destination: PublishedEnd;
  readonly protocol: "tcp" | "icmp" | "any";
  /** Literally this protocol: 0 does not mean every one. */
  readonly ipProtocol?: number;
  readonly destinationPort?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly expect: Outcome;
  readonly returnFlow?: { readonly expect: Outcome };
}

interface PublishedEnd {
  readonly kind?: "instance" | "internet" | "vpc" | "vpn";
  readonly id: string | null;
  readonly address: string | null;
}

const vgw = "vgw-070087240d6fa2989";
const behindGateway = "what a virtual private gateway and its VPN connection carry is not followed (semantics 11.8)";

/** Where the answer is another one than the published: what it is, of which component, and why. */
const differing: Readonly<
  Record<string, { readonly outcome: Outcome; readonly component: string; readonly why: string }>
> = {
  "public-private-subnet-01": { outcome: "unknown", component: vgw, why: behindGateway },
  "public-private-subnet-07": { outcome: "unknown", component: vgw, why: behindGateway },
  // The published answer passes over tunnels that are both down, which AWS would not.
  "public-private-subnet-09": { outcome: "unknown", component: vgw, why: behindGateway },
  "public-private-subnet-10": { outcome: "unknown", component: vgw, why: behindGateway },
  "public-private-subnet-11": { outcome: "unknown", component: vgw, why: behindGateway },
  "public-private-subnet-12": { outcome: "unknown", component: vgw, why: behindGateway },
  "public-private-subnet-16": { outcome: "unknown", component: vgw, why: behindGateway },
  "public-private-subnet-17": { outcome: "unknown", component: vgw, why: behindGateway },
};

const published: readonly PublishedCase[] = existsSync(recordings)
  ? JSON.parse(readFileSync(join(recordings, "expected.json"), "utf8"))
  : [];
const models = new Map<string, NetworkModel>();

describe.skipIf(published.length === 0)("published flows in real accounts", () => {
  test.each(published.map((each) => [each.case, each] as const))("%s", (name, published) => {
    const explanation = explain(modelOf(published.snapshot), {
      source: endOf(published.source),
      destination: endOf(published.destination),
      traffic: trafficOf(published),
    });
    const { forward, return: back } = outcomesOf(explanation);
    const other = differing[name];
    if (other !== undefined) {
      expect(forward, other.why).toBe(other.outcome);
      expect(explanation.unknowns.map(({ id }) => id)).toEqual([other.component]);
      return;
    }
    expect(forward).toBe(published.expect);
    if (published.returnFlow !== undefined) expect(back).toBe(published.returnFlow.expect);
  });

  test("every answer that differs is one of a flow that is published, and is another one", () => {
    const byName = new Map(published.map((each) => [each.case, each]));
    for (const [name, { outcome }] of Object.entries(differing)) {
      expect(byName.get(name)?.expect, name).toBeDefined();
      expect(byName.get(name)?.expect, name).not.toBe(outcome);
    }
  });
});

function modelOf(snapshot: string): NetworkModel {
  const known = models.get(snapshot);
  if (known !== undefined) return known;
  const folder = join(recordings, snapshot);
  const files = readdirSync(folder).map((file) => ({
    path: `${snapshot}/${file}`,
    text: readFileSync(join(folder, file), "utf8"),
  }));
  const { model } = ingestDescribeAnswers(files);
  models.set(snapshot, model);
  return model;
}

function endOf({ kind, id, address }: PublishedEnd): FlowEnd {
  if (kind === "internet") return { kind, ...(address !== null && { address }) };
  if (kind === "instance") return { kind, instanceId: `i-${id?.slice(2)}` };
  if (kind === "vpn") return { kind: "other", id: id ?? "" };
  // The address as it is written: an instance's public one is not its private one.
  if (address === null) throw new Error(`an end without an address: ${id}`);
  return { kind: "address", address };
}

function trafficOf({ protocol, ipProtocol = 0, destinationPort = 0, icmpType, icmpCode }: PublishedCase): FlowTraffic {
  if (protocol === "tcp") return { protocol, port: destinationPort };
  if (protocol === "icmp") return { protocol, ...(icmpType !== undefined && { type: icmpType, code: icmpCode ?? 0 }) };
  return { protocol: ipProtocol };
}

/** Each direction for itself: what is published is of packets, not of sessions. */
function outcomesOf({ forward, return: back }: Explanation): { readonly forward: Outcome; readonly return: Outcome } {
  return { forward: outcomeOf(forward), return: outcomeOf(back) };
}

function outcomeOf(hops: readonly Hop[]): Outcome {
  if (hops.some(({ blocked }) => blocked !== undefined)) return "unreachable";
  if (hops.some(({ unknown }) => unknown !== undefined)) return "unknown";
  return hops.at(-1)?.kind === "internet" ? "leaves-network" : "reachable";
}
