/**
 * What a design promises: that something reaches something, or must not. It is declared in a CDK app, judged at synthesis on the templates and
 * again after a deployment on what is there; between the two it lies in the cloud assembly, as metadata of the stack that declares it.
 */
import type { Flow, FlowTraffic } from "./flow.ts";

/** The type of the metadata entry under which an assembly's manifest holds an intent. */
export const intentMetadataType = "causeway:intent";

/** One end of an intent. */
export type IntentEnd =
  /** What a stack of the same assembly makes: its id is known when it is deployed. */
  | {
      readonly kind: "resource";
      /** The stack's id in the assembly, which is unique there (names may repeat in other Regions). */
      readonly artifactId: string;
      readonly logicalId: string;
    }
  /** What is there already: an instance's or an interface's id. */
  | { readonly kind: "id"; readonly id: string }
  /** A private or public address; `vpcId` where several VPCs may have it. */
  | { readonly kind: "address"; readonly address: string; readonly vpcId?: string }
  | { readonly kind: "internet" };

export interface Intent {
  readonly expect: "reachable" | "unreachable";
  readonly from: IntentEnd;
  readonly to: IntentEnd;
  readonly traffic: FlowTraffic;
  readonly family?: Flow["family"];
}

const ends: Readonly<Record<string, readonly string[]>> = {
  resource: ["artifactId", "logicalId"],
  id: ["id"],
  address: ["address"],
  internet: [],
};
const highestPort = 65_535;
const highestProtocol = 255;

/** An intent out of an assembly's metadata, which may be of another version; undefined when it is not one that this version can judge. */
export function intentOf(data: unknown): Intent | undefined {
  if (!isRecord(data)) return undefined;
  const { expect, from, to, traffic, family } = data;
  const isSound =
    (expect === "reachable" || expect === "unreachable") &&
    isEnd(from) &&
    isEnd(to) &&
    isTraffic(traffic) &&
    (family === undefined || family === "ipv4" || family === "ipv6");
  return isSound ? (data as unknown as Intent) : undefined;
}

function isEnd(end: unknown): boolean {
  if (!isRecord(end) || typeof end.kind !== "string" || !Object.hasOwn(ends, end.kind)) return false;
  const isText = (ends[end.kind] ?? []).every((member) => typeof end[member] === "string");
  return isText && (end.vpcId === undefined || typeof end.vpcId === "string");
}

function isTraffic(traffic: unknown): boolean {
  if (!isRecord(traffic)) return false;
  const { protocol, port, type, code } = traffic;
  if (protocol === "icmp") return [type, code].every((each) => each === undefined || isUpTo(each, highestProtocol));
  if (protocol === "tcp" || protocol === "udp") return isUpTo(port, highestPort);
  return isUpTo(protocol, highestProtocol);
}

function isUpTo(value: unknown, highest: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= highest;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
