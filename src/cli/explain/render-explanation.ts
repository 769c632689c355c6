/** An explanation for people: the verdict, every hop there and back with what decided, blockers where they are, and what would mend them. */
import type { NetworkModel } from "../../model/index.ts";
import {
  type Explanation,
  explanationCodes,
  type Hop,
  type PacketHeader,
  type Reason,
} from "../../reachability/index.ts";
import { nameOf } from "../named.ts";
import { styled } from "../print.ts";
import { indented, wrapped } from "../wrapped.ts";
import { decisionWords, hopLabel } from "./hop-words.ts";

export interface RenderOptions {
  /** Columns; at least 60. */
  readonly width: number;
}

const marks = { reachable: "✔", unreachable: "✘", unknown: "?" } as const;
const colours = { reachable: "green", unreachable: "red", unknown: "yellow" } as const;
const labelWidth = 15;

/** The lines; none is wider than `width`, but for ids that leave no choice. */
export function renderExplanation(
  explanation: Explanation,
  model: NetworkModel,
  { width }: RenderOptions,
): readonly string[] {
  const { verdict, forward, return: back, blockers, unknowns, warnings, mtu } = explanation;
  const named = (id: string): string => nameOf(model, id);
  const hops = (title: string, all: readonly Hop[]): readonly string[] =>
    all.length === 0 ? [] : ["", styled("bold", title), ...all.flatMap((hop) => hopLines(hop, named, width))];
  return [
    styled(colours[verdict], `${marks[verdict]} ${verdict}`),
    ...hops(`There: ${packetWords(forward[0]?.packet)}`, forward),
    ...hops(`Back: ${packetWords(back[0]?.packet)}`, back),
    ...(blockers.length === 0
      ? []
      : ["", styled("bold", blockers.length === 1 ? "What stops it" : `What stops it, all ${blockers.length}`)]),
    ...blockers.flatMap((blocker, index) => [
      ...indented(
        `${index + 1}. ${named(blocker.component)}, ${blocker.way === "forward" ? "there" : "on the way back"}`,
        width,
        2,
      ),
      ...indented(explanationCodes[blocker.detail ?? blocker.code].remedy, width, 5),
    ]),
    ...unknowns.flatMap(({ id, reason }) => indented(`? ${id}: ${reason}`, width, 2)),
    // The size of packets is said once, below.
    ...warnings
      .filter(({ code }) => code !== "X_SMALLER_MTU")
      .flatMap(({ code, component }) => indented(`! ${named(component)}: ${explanationCodes[code].meaning}`, width, 2)),
    ...(verdict === "reachable" ? ["", `  Packets of up to ${mtu} bytes fit.`] : []),
  ];
}

function hopLines(hop: Hop, named: (id: string) => string, width: number): readonly string[] {
  const { component, decision, blocked, unknown } = hop;
  const mark = blocked !== undefined ? "✘" : unknown !== undefined ? "?" : "✔";
  const colour = blocked !== undefined ? "red" : unknown !== undefined ? "yellow" : hop.assumed ? "dim" : "green";
  const head = `  ${styled(colour, mark)} ${styled("dim", hopLabel(hop).padEnd(labelWidth))}`;
  const words = decision === undefined ? "" : decisionWords(decision, blocked !== undefined);
  const hang = labelWidth + 4;
  const one = `${named(component)}${words === "" ? "" : `  ${words}`}`;
  const lines = hang + one.length <= width ? [one] : [named(component), ...wrapped(words, width - hang)];
  return [
    `${head}${lines[0] ?? ""}`,
    ...lines
      .slice(1)
      .filter((line) => line !== "")
      .map((line) => " ".repeat(hang) + line),
    ...(blocked === undefined ? [] : reasonLines(blocked, hang, width)),
    ...(unknown === undefined ? [] : indented(unknown.reason, width, hang)),
  ];
}

function reasonLines({ code, detail, state }: Reason, hang: number, width: number): readonly string[] {
  const codes = [code, ...(detail === undefined ? [] : [detail])];
  return [
    `${" ".repeat(hang)}${styled("red", codes.join(", "))}${state === undefined ? "" : ` (${state})`}`,
    ...indented(explanationCodes[detail ?? code].meaning, width, hang),
  ];
}

function packetWords(packet: PacketHeader | undefined): string {
  if (packet === undefined) return "nothing";
  const { source, destination, protocol, ports, icmp } = packet;
  const name = protocolNames.get(protocol) ?? `protocol ${protocol}`;
  const port =
    ports === undefined ? "" : ports.from === ports.to ? `/${ports.from}` : ` to a port of ${ports.from}-${ports.to}`;
  const type = icmp === undefined ? "" : ` type ${icmp.type}`;
  return `${name}${port}${type}, ${source} → ${destination}`;
}

const protocolNames: ReadonlyMap<number, string> = new Map([
  [1, "ICMP"],
  [6, "TCP"],
  [17, "UDP"],
  [58, "ICMPv6"],
]);
