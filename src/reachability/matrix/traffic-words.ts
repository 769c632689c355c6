/** Kinds of traffic in words: `tcp 22, 443, 1024-65535; icmp`. */
import type { Verdict } from "../explanation.ts";
import type { PortRange } from "../walk/port-ranges.ts";
import type { TrafficKind, TrafficPart } from "./traffic-kinds.ts";

/** What passes between two ends that are several pairs. */
export interface PassingWords {
  /** Between every pair. */
  readonly all: string;
  /** Between some pairs only. */
  readonly some: string;
  /** Of what the model does not say enough. */
  readonly unknown: string;
}

/** From the verdicts of each kind; `undefined` when nothing passes. */
export function passingWords(
  kinds: readonly TrafficKind[],
  verdicts: readonly ReadonlySet<Verdict>[],
): PassingWords | undefined {
  const chosen = (test: (each: ReadonlySet<Verdict>) => boolean) => {
    const numbers = kinds.filter((_, number) => test(verdicts[number] ?? new Set()));
    return numbers.length === 0 ? "" : trafficWords(numbers, kinds);
  };
  const all = chosen((each) => each.has("reachable") && each.size === 1);
  const some = chosen((each) => each.has("reachable") && each.size > 1);
  const unknown = chosen((each) => each.has("unknown"));
  return all === "" && some === "" && unknown === "" ? undefined : { all, some, unknown };
}

/** The chosen kinds of all that there are. */
export function trafficWords(chosen: readonly TrafficKind[], all: readonly TrafficKind[]): string {
  const parts = chosen.flatMap((each) => each.parts);
  const everything = all.flatMap((each) => each.parts);
  const isComplete = everything.some((each) => each.protocol === "other");
  if (isComplete && chosen.length === all.length) return "all traffic";
  return [portWords("tcp", parts), portWords("udp", parts), icmpWords(parts, everything), protocolWords(parts)]
    .filter((each) => each !== "")
    .join("; ");
}

function portWords(protocol: "tcp" | "udp", parts: readonly TrafficPart[]): string {
  const ranges = joined(parts.flatMap((part) => (part.protocol === protocol && "ports" in part ? [part.ports] : [])));
  const [first] = ranges;
  if (first === undefined) return "";
  if (first.from === 1 && first.to === 65_535) return protocol;
  return `${protocol} ${ranges.map(({ from, to }) => (from === to ? from : `${from}-${to}`)).join(", ")}`;
}

function joined(ranges: readonly PortRange[]): readonly PortRange[] {
  const sorted = [...ranges].sort((a, b) => a.from - b.from);
  const result: PortRange[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last !== undefined && last.to + 1 === range.from) result[result.length - 1] = { from: last.from, to: range.to };
    else result.push(range);
  }
  return result;
}

function icmpWords(parts: readonly TrafficPart[], everything: readonly TrafficPart[]): string {
  const isIcmp = (part: TrafficPart): part is Extract<TrafficPart, { protocol: "icmp" }> => part.protocol === "icmp";
  const own = parts.filter(isIcmp);
  if (own.length === 0) return "";
  const all = everything.filter(isIcmp);
  if (own.length === all.length && all.some(({ type }) => type === undefined)) return "icmp";
  const words = own.map(({ type, code }) => {
    if (type === undefined) return "other types";
    const isWhole = all.filter((each) => each.type === type).length === 1;
    if (code !== undefined) return `${type}/${code}`;
    return isWhole ? `${type}` : `${type}/other`;
  });
  return `icmp ${words.join(", ")}`;
}

function protocolWords(parts: readonly TrafficPart[]): string {
  const words = parts.flatMap(({ protocol }) => {
    if (protocol === "other") return ["other protocols"];
    return typeof protocol === "number" ? [`protocol ${protocol}`] : [];
  });
  return words.join(", ");
}
