/** What is known where a blocker is to be lifted, and what a file of this folder answers: the settings that may lift it, the best first. */
import type { Cidr, NetworkInterface, NetworkModel, VpcId } from "../../../model/index.ts";
import type { Blocker, Explanation, Hop, Way } from "../../explanation.ts";
import { internetHost } from "../../flow.ts";
import type { FlowEnds } from "../../flow-ends.ts";
import { type PreparedModel, prepareModel } from "../../prepared-model.ts";
import type { NetworkChange } from "../network-change.ts";

/** Changes that only together may lift a blocker; mostly one. */
export type Candidate = readonly NetworkChange[];

export interface Lifting {
  readonly prepared: PreparedModel;
  readonly explanation: Explanation;
  readonly blocker: Blocker;
  /** Of the blocker's way, up to the blocker. */
  readonly hops: readonly Hop[];
  readonly hop: Hop;
  /** Where this way leads: the destination of the request, or the sender to whom the answer goes. */
  readonly goal: LiftingEnd;
  /** Where it comes from. */
  readonly start: LiftingEnd;
}

export interface LiftingEnd {
  /** The address that the interface itself has, or the host's outside. */
  readonly address: string;
  readonly networkInterface?: NetworkInterface;
  readonly vpcId?: VpcId;
}

/** Pure. */
export type Lift = (lifting: Lifting) => readonly Candidate[];

export type ResolvedEnds = Exclude<FlowEnds, { readonly problem: unknown }>;

export function liftingOf(
  model: NetworkModel,
  ends: ResolvedEnds,
  explanation: Explanation,
  blocker: Blocker,
): Lifting {
  const all = blocker.way === "forward" ? explanation.forward : explanation.return;
  const hops = all.slice(0, blocker.hop + 1);
  const hop = hops.at(-1);
  if (hop === undefined) throw new Error(`bug: ${blocker.component} blocks at no hop`);
  return { prepared: prepareModel(model), explanation, blocker, hops, hop, ...endsOf(ends, blocker.way) };
}

function endsOf({ sender, goal }: ResolvedEnds, way: Way): Pick<Lifting, "goal" | "start"> {
  const meant = goal.meant ?? goal.likely;
  const vpcId = meant?.vpcId ?? goal.vpcId;
  const asked: LiftingEnd = {
    address: goal.address,
    ...(meant !== undefined && { networkInterface: meant }),
    ...(vpcId !== undefined && { vpcId }),
  };
  const asking: LiftingEnd = {
    address: sender.address,
    ...(sender.networkInterface !== undefined && {
      networkInterface: sender.networkInterface,
      vpcId: sender.networkInterface.vpcId,
    }),
  };
  return way === "forward" ? { goal: asked, start: asking } : { goal: asking, start: asked };
}

/** The far end as a rule, an entry or a route must name it: its address alone, or everywhere where the flow asks about the internet as such. */
export function narrowestBlock({ explanation }: Lifting, address: string): Cidr {
  const { source, destination } = explanation.flow;
  const isAnyHost = [source, destination].some((end) => end.kind === "internet" && end.address === undefined);
  if (isAnyHost && address === internetHost.ipv4) return "0.0.0.0/0";
  if (isAnyHost && address === internetHost.ipv6) return "::/0";
  return address.includes(":") ? `${address}/128` : `${address}/32`;
}
