/** Everything that some interfaces reach, and everything that reaches them, by traffic. */
import type { IpFamily } from "../../ip/index.ts";
import type { NetworkInterface, NetworkModel } from "../../model/index.ts";
import type { Verdict } from "../explanation.ts";
import type { FlowTraffic } from "../flow.ts";
import { compileSets, type ReachabilitySets } from "../sets/reachability-sets.ts";
import { asKind, namesOf } from "./network-matrix.ts";
import { type TrafficKind, trafficKinds } from "./traffic-kinds.ts";
import { type PassingWords, passingWords } from "./traffic-words.ts";

/** Interfaces at the other end that are alike. */
export interface Reached extends PassingWords {
  /** Names of instances, or `internet`. */
  readonly name: string;
  readonly networkInterfaces: readonly NetworkInterface[];
}

export interface Reach {
  readonly family: IpFamily;
  readonly to: readonly Reached[];
  readonly from: readonly Reached[];
}

export function reachOf(
  model: NetworkModel,
  networkInterfaceIds: readonly string[],
  { family = "ipv4", traffic }: { readonly family?: IpFamily; readonly traffic?: readonly FlowTraffic[] } = {},
): Reach {
  const sets = compileSets(model, family);
  const kinds = traffic === undefined ? trafficKinds([model], family) : traffic.map(asKind);
  const own = new Set(networkInterfaceIds);
  const columns = [...new Set(networkInterfaceIds.flatMap((id) => sets.classOf(id) ?? []))];
  const others = sets.classes.map(({ members }) => members.filter((each) => !own.has(each.networkInterfaceId)));
  const asked: Asked = { sets, kinds, own: columns, others };
  return { family, to: reached(asked, "to"), from: reached(asked, "from") };
}

interface Asked {
  readonly sets: ReachabilitySets;
  readonly kinds: readonly TrafficKind[];
  /** The classes asked about. */
  readonly own: readonly number[];
  /** Of each class the members at the other end. */
  readonly others: readonly (readonly NetworkInterface[])[];
}

function reached({ sets, kinds, own, others }: Asked, direction: "to" | "from"): readonly Reached[] {
  const groups = new Map<string, { readonly members: NetworkInterface[]; readonly words: PassingWords }>();
  const note = (members: readonly NetworkInterface[], verdicts: readonly ReadonlySet<Verdict>[]) => {
    const words = passingWords(kinds, verdicts);
    if (words === undefined) return;
    const key = `${members.length === 0} ${words.all}|${words.some}|${words.unknown}`;
    const group = groups.get(key) ?? { members: [], words };
    groups.set(key, group);
    group.members.push(...members);
  };
  const matrices = kinds.map(({ representative }) => sets.matrix(representative));
  for (const [column, members] of others.entries()) {
    if (members.length === 0) continue;
    const pairs = own.flatMap((each) => {
      const [from, to] = direction === "to" ? [each, column] : [column, each];
      return sets.havePair(from, to) ? [[from, to] as const] : [];
    });
    note(
      members,
      matrices.map((matrix) => new Set(pairs.map(([from, to]) => matrix.verdict(from, to)))),
    );
  }
  note(
    [],
    kinds.map(({ representative }) => new Set(own.map((each) => sets.internet(each, direction, representative)))),
  );
  return [...groups.values()].map(({ members, words }) => ({
    name: members.length === 0 ? "internet" : namesOf(sets.model, members),
    networkInterfaces: members,
    ...words,
  }));
}
