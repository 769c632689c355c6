/**
 * The model as kernel state. Pure apart from what it keeps between calls: names, numbers, and the fragments of everything
 * that did not change, so that a planner asked again after one change does work for that change only.
 */
import type { NetworkModel, Unknown, VpcId } from "../model/index.ts";
import { type FirewallSection, type Fragment, fragment } from "./kernel-state.ts";
import { type Memo, memo } from "./memo.ts";
import { planHost } from "./plan-host.ts";
import { planInternet, planPublicSide } from "./plan-internet.ts";
import { planVpc, vpcDependencies } from "./plan-vpc.ts";
import { affectedBy, changedSettings, withSettings } from "./settings-change.ts";
import {
  type LiveNetwork,
  type LivePeering,
  liveNetwork,
  type Names,
  newNames,
  type PublicFacts,
  tableNumbers,
  type VpcScope,
} from "./vpc-scope.ts";
import { interRegionMtu, jumboMtu, routerMac } from "./wiring.ts";

export interface Plan {
  /** By owner: `vpc-…`, `i-…`, `nat-…`, `pcx-…`, `internet`, `internet vpc-…`. */
  readonly fragments: ReadonlyMap<string, Fragment>;
  readonly network: LiveNetwork;
  /** What carries no packets here though it may on AWS. */
  readonly unknowns: readonly Unknown[];
  /** Names that links have in the internet's namespace and between VPCs, by id of gateway, peering or interface. */
  readonly linkOf: (id: string) => string;
}

/** A planner with a memory; a new one for every new kernel. */
export function createPlanner(): (model: NetworkModel) => Plan {
  const memory: Memory = { names: newNames(), fragments: memo(), sections: memo() };
  let last: { readonly model: NetworkModel; readonly plan: Plan } | undefined;
  return (model) => {
    const changed = last === undefined ? undefined : changedSettings(last.model, model);
    const plan =
      last === undefined || changed === undefined ? planAll(model, memory) : replan(last.plan, model, changed, memory);
    last = { model, plan };
    return plan;
  };
}

/** The plan of one model, from nothing. */
export function planOf(model: NetworkModel): Plan {
  return createPlanner()(model);
}

interface Memory {
  readonly names: Names;
  readonly fragments: Memo<Fragment>;
  readonly sections: Memo<Memo<FirewallSection>>;
}

function planAll(model: NetworkModel, memory: Memory): Plan {
  const { names } = memory;
  const network = liveNetwork(model, names);
  const fragments = new Map<string, Fragment>();
  const add = (owner: string, dependencies: readonly unknown[], make: () => Fragment) => {
    fragments.set(owner, memory.fragments.of(owner, dependencies, make));
  };
  let internet = false;
  for (const [vpcId, scope] of network.scopes) {
    fragments.set(vpcId, routerOf(scope, network, memory));
    for (const live of scope.peerings) {
      if (live.peering.requester.vpcId !== vpcId) continue;
      add(live.peering.vpcPeeringConnectionId, [live.peering, live.link], () => planPeering(vpcId, live));
    }
    if (scope.internetGateway !== undefined || scope.egressOnlyInternetGateway !== undefined) internet = true;
  }
  for (const [id, interfaces] of network.hosts) add(id, interfaces, () => planHost(interfaces));
  if (internet) {
    add("internet", [], planInternet);
    for (const facts of publicSides(network)) {
      const scope = network.scopes.get(facts.vpc.vpcId);
      const alive = facts.interfaces.map(({ networkInterfaceId }) => network.interfaces.has(networkInterfaceId));
      const gateways = [scope?.internetGateway, scope?.egressOnlyInternetGateway];
      const dependencies = [facts.vpc, scope !== undefined, ...gateways, ...facts.interfaces, ...alive];
      add(`internet ${facts.vpc.vpcId}`, dependencies, () => planPublicSide(facts, network, names.links));
    }
  }
  memory.fragments.sweep();
  memory.sections.sweep();
  return { fragments, network, unknowns: unknownsOf(network), linkOf: names.links.of };
}

/** As `planAll`, when nothing but settings of those VPCs changed. */
function replan(before: Plan, model: NetworkModel, changed: ReadonlySet<VpcId>, memory: Memory): Plan {
  if (changed.size === 0) return before;
  const network = withSettings(before.network, model, changed);
  const fragments = new Map(before.fragments);
  for (const vpcId of affectedBy(changed, network)) {
    const scope = network.scopes.get(vpcId);
    if (scope !== undefined) fragments.set(vpcId, routerOf(scope, network, memory));
  }
  return { ...before, fragments, network, unknowns: unknownsOf(network) };
}

function routerOf(scope: VpcScope, network: LiveNetwork, { names, fragments, sections }: Memory): Fragment {
  const { vpcId } = scope.vpc;
  const kept = sections.of(vpcId, [], newSections);
  return fragments.of(vpcId, vpcDependencies(scope, network), () => {
    const router = planVpc(scope, { network, tableOf: tableNumbers(names, vpcId).of, sections: kept });
    kept.sweep();
    return router;
  });
}

/** Routes in use whose target this data plane cannot follow: their packets are dropped, and that is not AWS's answer. */
function unknownsOf(network: LiveNetwork): readonly Unknown[] {
  const unknowns: Unknown[] = [];
  for (const scope of network.scopes.values()) {
    for (const table of scope.routeTables) {
      for (const { target } of table.routes) {
        if (target.kind !== "other") continue;
        unknowns.push({
          id: target.id,
          reason: `a route of ${table.routeTableId} leads there; its packets are dropped`,
        });
      }
    }
  }
  return unknowns;
}

function newSections(): Memo<FirewallSection> {
  return memo();
}

/** VPCs with something public, and those with a gateway whose link must exist though nothing is public yet. */
function publicSides(network: LiveNetwork): Iterable<PublicFacts> {
  const sides = new Map<VpcId, PublicFacts>(network.publicFacts);
  for (const [vpcId, { vpc, internetGateway, egressOnlyInternetGateway }] of network.scopes) {
    if (sides.has(vpcId) || (internetGateway === undefined && egressOnlyInternetGateway === undefined)) continue;
    sides.set(vpcId, { vpc, interfaces: [] });
  }
  return sides.values();
}

/** The link between two VPCs' routers; what it carries is each router's affair. */
function planPeering(requester: VpcId, live: LivePeering): Fragment {
  const { link, peerVpc, sameRegion } = live;
  return fragment([
    {
      kind: "veth",
      end: { namespace: requester, link, macAddress: routerMac },
      peer: { namespace: peerVpc.vpcId, link, macAddress: routerMac },
      mtu: sameRegion ? jumboMtu : interRegionMtu,
    },
  ]);
}
