/**
 * The kinds of traffic that a network's rules tell apart. Ports, ICMP types and protocols about which all rules say the same are one kind, and
 * what holds of its representative holds of all of it; so a few matrices answer for all traffic.
 */
import type { IpFamily } from "../../ip/index.ts";
import type { NetworkAclEntry, NetworkModel, SecurityGroupRule } from "../../model/index.ts";
import type { FlowTraffic } from "../flow.ts";
import { answerTo, ephemeralPorts, isTranslatable, type Packet, requestPacket } from "../packet.ts";
import { entryPorts } from "../walk/network-acls.ts";
import type { PortRange } from "../walk/port-ranges.ts";
import { concerns } from "../walk/security-groups.ts";

/** A piece of traffic: ports, a type of ICMP with one code or several, a protocol. */
export type TrafficPart =
  | { readonly protocol: "tcp" | "udp"; readonly ports: PortRange }
  /** Without a code: every code that is no part of its own; without a type: every type that is not. */
  | { readonly protocol: "icmp"; readonly type?: number; readonly code?: number }
  | { readonly protocol: number }
  /** Protocols that no rule names. */
  | { readonly protocol: "other" };

export interface TrafficKind {
  readonly representative: FlowTraffic;
  readonly parts: readonly TrafficPart[];
}

/** The kinds that none of the models can tell apart any further. */
export function trafficKinds(models: readonly NetworkModel[], family: IpFamily): readonly TrafficKind[] {
  const shapes = shapesOf(models);
  const kinds = new Map<string, { representative: FlowTraffic; parts: TrafficPart[] }>();
  for (const { part, representative } of piecesOf(shapes, family)) {
    const key = signature(shapes, representative, family);
    const kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, { representative, parts: [part] });
    else kind.parts.push(part);
  }
  return [...kinds.values()];
}

/** What rules say of traffic, each only once. */
interface Shapes {
  readonly rules: readonly SecurityGroupRule[];
  readonly entries: readonly NetworkAclEntry[];
}

function shapesOf(models: readonly NetworkModel[]): Shapes {
  const rules = new Map<string, SecurityGroupRule>();
  const entries = new Map<string, NetworkAclEntry>();
  for (const { securityGroups, networkAcls } of models) {
    for (const group of securityGroups)
      for (const rule of group.rules) rules.set(`${rule.protocol} ${rule.fromPort} ${rule.toPort}`, rule);
    for (const acl of networkAcls) {
      for (const entry of acl.entries) {
        const { protocol, portRange, icmpTypeCode } = entry;
        entries.set(
          `${protocol} ${portRange?.from} ${portRange?.to} ${icmpTypeCode?.type} ${icmpTypeCode?.code}`,
          entry,
        );
      }
    }
  }
  return { rules: [...rules.values()], entries: [...entries.values()] };
}

/** Equal for what no component treats differently, as a request and as its answer. */
function signature({ rules, entries }: Shapes, traffic: FlowTraffic, family: IpFamily): string {
  const any = family === "ipv4" ? "0.0.0.0" : "::";
  const request = requestPacket(any, any, traffic);
  const answer = answerTo(request);
  const byRules = rules.map((rule) => (concerns(rule, request) ? "1" : "0")).join("");
  const byEntries = entries.map((entry) => spanOf(entry, request, request.needed)).join(" ");
  // A NAT gateway's clients take their ports from all of these. [NG-3]
  const needed = answer?.header.ports === undefined ? undefined : ephemeralPorts;
  const byAnswer = answer === undefined ? "none" : entries.map((each) => spanOf(each, answer, needed)).join(" ");
  return [isTranslatable(request), byRules, byEntries, byAnswer].join("/");
}

/** What of the needed ports the entry is about; `all` wherever the protocol has none. */
function spanOf(entry: NetworkAclEntry, packet: Packet, needed: PortRange | undefined): string {
  const ports = entryPorts(entry, packet);
  if (ports === undefined) return "-";
  if (needed === undefined) return "all";
  const from = Math.max(ports.from, needed.from);
  const to = Math.min(ports.to, needed.to);
  if (from > to) return "-";
  return from === needed.from && to === needed.to ? "all" : `${from}-${to}`;
}

interface Piece {
  readonly part: TrafficPart;
  readonly representative: FlowTraffic;
}

const numbers = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

function piecesOf(shapes: Shapes, family: IpFamily): readonly Piece[] {
  return [
    ...portPieces(shapes, "tcp"),
    ...portPieces(shapes, "udp"),
    ...icmpPieces(shapes, family),
    ...protocolPieces(shapes, family),
  ];
}

/** Port 0 is nobody's. */
function portPieces({ rules, entries }: Shapes, protocol: "tcp" | "udp"): readonly Piece[] {
  const starts = new Set([1]);
  const addRange = (from: number | undefined, to: number | undefined) => {
    if (from === undefined || from < 0) return;
    starts.add(Math.max(1, from));
    starts.add((to ?? from) + 1);
  };
  for (const each of rules) if (each.protocol === numbers[protocol]) addRange(each.fromPort, each.toPort);
  for (const each of entries)
    if (each.protocol === numbers[protocol]) addRange(each.portRange?.from, each.portRange?.to);
  const sorted = [...starts].filter((port) => port <= 65_535).sort((a, b) => a - b);
  return sorted.map((from, at) => ({
    part: { protocol, ports: { from, to: (sorted[at + 1] ?? 65_536) - 1 } },
    representative: { protocol, port: from },
  }));
}

/** Of each type that rules name, or that is answered, the codes that rules name and the rest; and all other types. */
function icmpPieces({ rules, entries }: Shapes, family: IpFamily): readonly Piece[] {
  const number = family === "ipv4" ? numbers.icmp : numbers.icmpv6;
  const codes = new Map<number, Set<number>>(
    (family === "ipv4" ? [8, 13, 15, 17] : [128]).map((type) => [type, new Set()]),
  );
  const name = (type: number | undefined, code: number | undefined) => {
    if (type === undefined || type < 0) return;
    const known = codes.get(type) ?? new Set();
    codes.set(type, known);
    if (code !== undefined && code >= 0) known.add(code);
  };
  for (const each of rules) if (each.protocol === number) name(each.fromPort, each.toPort);
  for (const each of entries) if (each.protocol === number) name(each.icmpTypeCode?.type, each.icmpTypeCode?.code);
  const pieces = [...codes].flatMap(([type, named]): readonly Piece[] => [
    ...[...named].map((code) => ({
      part: { protocol: "icmp", type, code } as const,
      representative: { protocol: "icmp", type, code } as const,
    })),
    { part: { protocol: "icmp", type }, representative: { protocol: "icmp", type, code: firstOutside(named, 0) } },
  ]);
  const type = firstOutside(new Set(codes.keys()), 1);
  return [...pieces, { part: { protocol: "icmp" }, representative: { protocol: "icmp", type, code: 0 } }];
}

function protocolPieces({ rules, entries }: Shapes, family: IpFamily): readonly Piece[] {
  const own = family === "ipv4" ? numbers.icmp : numbers.icmpv6;
  const named = new Set<number>();
  for (const { protocol } of [...rules, ...entries]) if (protocol >= 0) named.add(protocol);
  const others = [...named].filter((each) => each !== own && each !== numbers.tcp && each !== numbers.udp);
  const spare = firstOutside(new Set([...named, own, numbers.tcp, numbers.udp]), 2);
  return [
    ...others.map((protocol) => ({ part: { protocol }, representative: { protocol } })),
    { part: { protocol: "other" }, representative: { protocol: spare } },
  ];
}

function firstOutside(taken: ReadonlySet<number>, from: number): number {
  let number = from;
  while (taken.has(number)) number += 1;
  return number;
}
