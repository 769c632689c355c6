/**
 * Who reaches whom on what, as a table that people can read: ends with names, one cell for each ordered pair of them, and in it the traffic that
 * passes. Ends whose rows and columns are equal are one.
 */
import type { IpFamily } from "../../ip/index.ts";
import type { InstanceId, NetworkInterface, NetworkModel } from "../../model/index.ts";
import { indexNetworkModel } from "../../model/index.ts";
import type { Verdict } from "../explanation.ts";
import type { FlowTraffic } from "../flow.ts";
import { add, type BitRow, eachColumn, emptyRow } from "../sets/bit-rows.ts";
import type { ReachabilityMatrix } from "../sets/reachability-matrix.ts";
import { compileSets, type ReachabilitySets } from "../sets/reachability-sets.ts";
import { type TrafficKind, trafficKinds } from "./traffic-kinds.ts";
import { type PassingWords, passingWords } from "./traffic-words.ts";

/** What an end is: `class`: interfaces that nothing tells apart in what they reach and what reaches them. */
export type MatrixBy = "class" | "instance" | "subnet" | "vpc";

export interface MatrixQuestion {
  readonly by?: MatrixBy;
  readonly family?: IpFamily;
  /** Only these, instead of all that the rules tell apart. */
  readonly traffic?: readonly FlowTraffic[];
}

export interface MatrixEnd {
  /** Names of its instances, or of the subnet or VPC; `internet`. */
  readonly name: string;
  readonly networkInterfaces: readonly NetworkInterface[];
}

export interface MatrixCell extends PassingWords {
  /** Indexes into the ends. */
  readonly from: number;
  readonly to: number;
}

export interface NetworkMatrix {
  readonly family: IpFamily;
  readonly by: MatrixBy;
  /** The internet is the last. */
  readonly ends: readonly MatrixEnd[];
  /** Those that are not empty, by `from`, then by `to`. */
  readonly cells: readonly MatrixCell[];
  /** Interfaces of gateways, and those without an address of the family: no end. */
  readonly leftOut: number;
}

export function networkMatrix(model: NetworkModel, question: MatrixQuestion = {}): NetworkMatrix {
  const { by = "class", family = "ipv4" } = question;
  const sets = compileSets(model, family);
  const kinds = question.traffic === undefined ? trafficKinds([model], family) : question.traffic.map(asKind);
  const asked: Asked = { sets, kinds, matrices: kinds.map(({ representative }) => sets.matrix(representative)) };
  const groups = by === "class" ? alikeClasses(asked) : groupsBy(model, sets, by);
  const ends = groups.map(({ name, columns, members }) => ({ name, columns, networkInterfaces: members }));
  const outside = { name: "internet", columns: [], networkInterfaces: [] };
  const inMatrix = sets.classes.reduce((sum, { members }) => sum + members.length, 0);
  return {
    family,
    by,
    ends: [...ends, outside].map(({ name, networkInterfaces }) => ({ name, networkInterfaces })),
    cells: cellsOf(asked, ends),
    leftOut: model.networkInterfaces.length - inMatrix,
  };
}

/** Traffic that was asked for, as a kind of its own. */
export function asKind(representative: FlowTraffic): TrafficKind {
  const { protocol } = representative;
  if (protocol === "tcp" || protocol === "udp") {
    const { port } = representative;
    return { representative, parts: [{ protocol, ports: { from: port, to: port } }] };
  }
  if (protocol !== "icmp") return { representative, parts: [{ protocol }] };
  const { type = 8, code } = representative;
  return { representative, parts: [{ protocol, type, ...(code !== undefined && { code }) }] };
}

interface Asked {
  readonly sets: ReachabilitySets;
  readonly kinds: readonly TrafficKind[];
  readonly matrices: readonly ReachabilityMatrix[];
}

interface End {
  readonly name: string;
  readonly columns: readonly number[];
  readonly networkInterfaces: readonly NetworkInterface[];
}

interface Group {
  readonly name: string;
  /** Classes with members in it. */
  readonly columns: readonly number[];
  readonly members: readonly NetworkInterface[];
}

function groupsBy(model: NetworkModel, sets: ReachabilitySets, by: Exclude<MatrixBy, "class">): readonly Group[] {
  const index = indexNetworkModel(model);
  const groups = new Map<string, Group & { readonly columns: number[]; readonly members: NetworkInterface[] }>();
  for (const [column, { members }] of sets.classes.entries()) {
    for (const member of members) {
      const { id, name } = thingOf(member);
      const group = groups.get(id) ?? { name: name ?? id, columns: [], members: [] };
      groups.set(id, group);
      group.members.push(member);
      if (group.columns.at(-1) !== column) group.columns.push(column);
    }
  }
  return withUniqueNames([...groups].map(([id, group]) => ({ id, ...group })));

  function thingOf(member: NetworkInterface): { readonly id: string; readonly name: string | undefined } {
    const { vpcId, subnetId, attachment, networkInterfaceId } = member;
    if (by === "vpc") return { id: vpcId, name: index.vpc(vpcId)?.name };
    if (by === "subnet") return { id: subnetId, name: index.subnet(subnetId)?.name };
    const instance = attachment?.instanceId === undefined ? undefined : index.instance(attachment.instanceId);
    return { id: instance?.instanceId ?? networkInterfaceId, name: instance?.name ?? member.name };
  }
}

function withUniqueNames(groups: readonly (Group & { readonly id: string })[]): readonly Group[] {
  const uses = new Map<string, number>();
  for (const { name } of groups) uses.set(name, (uses.get(name) ?? 0) + 1);
  return groups.map(({ id, name, columns, members }) => ({
    name: (uses.get(name) ?? 0) > 1 ? `${name} (${id})` : name,
    columns,
    members,
  }));
}

/** Classes that reach the same and are reached by the same, on all kinds of traffic. */
function alikeClasses(asked: Asked): readonly Group[] {
  const { sets, kinds, matrices } = asked;
  const size = sets.classes.length;
  const signatures: string[][] = sets.classes.map(() => []);
  for (const [number, matrix] of matrices.entries()) {
    const traffic = kinds[number]?.representative;
    const columns = sets.classes.map(() => emptyRow(size));
    const unknownColumns = new Map<number, BitRow>();
    for (let from = 0; from < size; from += 1) {
      eachColumn(matrix.open(from), (to) => add(columns[to] ?? emptyRow(size), from));
      const unknown = matrix.unknown(from);
      if (unknown === undefined) continue;
      eachColumn(unknown, (to) => {
        const row = unknownColumns.get(to) ?? emptyRow(size);
        unknownColumns.set(to, row);
        add(row, from);
      });
    }
    for (let each = 0; each < size; each += 1) {
      const rows = [matrix.open(each), matrix.unknown(each), columns[each], unknownColumns.get(each)];
      signatures[each]?.push(...rows.map((row) => (row === undefined ? "" : text(row))));
      if (traffic !== undefined)
        signatures[each]?.push(sets.internet(each, "to", traffic), sets.internet(each, "from", traffic));
    }
  }
  const groups = new Map<string, { columns: number[]; members: NetworkInterface[] }>();
  for (const [column, parts] of signatures.entries()) {
    const key = parts.join("|");
    const group = groups.get(key) ?? { columns: [], members: [] };
    groups.set(key, group);
    group.columns.push(column);
    group.members.push(...(sets.classes[column]?.members ?? []));
  }
  return [...groups.values()].map((each) => ({ name: namesOf(sets.model, each.members), ...each }));
}

/** A row as a text of its words: equal rows, equal texts. */
function text(row: BitRow): string {
  const halves = new Uint16Array(row.buffer, row.byteOffset, row.length * 2);
  let all = "";
  for (let at = 0; at < halves.length; at += 4096) all += String.fromCharCode(...halves.subarray(at, at + 4096));
  return all;
}

const shown = 3;

/** The first names, and how many more there are. */
export function namesOf(model: NetworkModel, members: readonly NetworkInterface[]): string {
  const index = indexNetworkModel(model);
  const nameOf = ({ attachment, name, networkInterfaceId }: NetworkInterface) => {
    const instanceId: InstanceId | undefined = attachment?.instanceId;
    return (instanceId === undefined ? name : (index.instance(instanceId)?.name ?? instanceId)) ?? networkInterfaceId;
  };
  const names = [...new Set(members.map(nameOf))];
  const more = names.length - shown;
  return more > 0 ? `${names.slice(0, shown).join(", ")} and ${more} more` : names.join(", ");
}

function cellsOf(asked: Asked, ends: readonly End[]): readonly MatrixCell[] {
  const outside = ends.length;
  const cells: MatrixCell[] = [];
  for (const [from, sender] of ends.entries()) {
    for (const [to, receiver] of ends.entries()) {
      const verdicts = asked.matrices.map((matrix) => verdictsBetween(asked, matrix, sender, receiver));
      addCell(asked, cells, from, to, verdicts);
    }
    addCell(asked, cells, from, outside, verdictsOutside(asked, sender, "to"));
  }
  for (const [to, receiver] of ends.entries())
    addCell(asked, cells, outside, to, verdictsOutside(asked, receiver, "from"));
  return cells;
}

function verdictsBetween(
  { sets }: Asked,
  matrix: ReachabilityMatrix,
  sender: End,
  receiver: End,
): ReadonlySet<Verdict> {
  const verdicts = new Set<Verdict>();
  for (const from of sender.columns)
    for (const to of receiver.columns)
      if (sets.havePair(from, to) && (sender !== receiver || sender.networkInterfaces.length > 1))
        verdicts.add(matrix.verdict(from, to));
  return verdicts;
}

function verdictsOutside(
  { sets, kinds }: Asked,
  { columns }: End,
  direction: "from" | "to",
): readonly ReadonlySet<Verdict>[] {
  return kinds.map(
    ({ representative }) => new Set(columns.map((column) => sets.internet(column, direction, representative))),
  );
}

function addCell(
  { kinds }: Asked,
  cells: MatrixCell[],
  from: number,
  to: number,
  verdicts: readonly ReadonlySet<Verdict>[],
): void {
  const words = passingWords(kinds, verdicts);
  if (words !== undefined) cells.push({ from, to, ...words });
}
