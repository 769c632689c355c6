/** Kinds of traffic in words: `tcp 22, 443, 1024-65535; icmp`. */
import type { PortRange } from "../walk/port-ranges.ts";
import type { TrafficKind, TrafficPart } from "./traffic-kinds.ts";

/** The chosen kinds of all that there are. */
export function trafficWords(chosen: readonly TrafficKind[], all: readonly TrafficKind[]): string {
  if (chosen.length === all.length) return "all traffic";
  const parts = chosen.flatMap((each) => each.parts);
  const everything = all.flatMap((each) => each.parts);
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
  if (own.length === all.length) return "icmp";
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
