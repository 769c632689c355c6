/**
 * The model as kernel state. Pure apart from what it keeps between calls: names, numbers, and the fragments of everything
 * that did not change, so that a planner asked again after one change does work for that change only.
 */
import type { NetworkModel, VpcId } from "../model/index.ts";
import { type FirewallSection, type Fragment, fragment } from "./kernel-state.ts";
import { type Memo, memo } from "./memo.ts";
import { planHost } from "./plan-host.ts";
import { planInternet, planPublicSide } from "./plan-internet.ts";
import { planVpc, vpcDependencies } from "./plan-vpc.ts";
import {
  type LiveNetwork,
  type LivePeering,
  liveNetwork,
  type Names,
  newNames,
  type PublicFacts,
  tableNumbers,
} from "./vpc-scope.ts";
import { interRegionMtu, jumboMtu, routerMac } from "./wiring.ts";

export interface Plan {
  /** By owner: `vpc-…`, `i-…`, `nat-…`, `pcx-…`, `internet`, `internet vpc-…`. */
  readonly fragments: ReadonlyMap<string, Fragment>;
  readonly network: LiveNetwork;
  /** Names that links have in the internet's namespace and between VPCs, by id of gateway, peering or interface. */
  readonly linkOf: (id: string) => string;
}

/** A planner with a memory; a new one for every new kernel. */
export function createPlanner(): (model: NetworkModel) => Plan {
  const names = newNames();
  const fragments: Memo<Fragment> = memo();
  const sections: Memo<Memo<FirewallSection>> = memo();
  return (model) => {
    const plan = makePlan(liveNetwork(model, names), names, fragments, sections);
    fragments.sweep();
    sections.sweep();
    return plan;
  };
}

/** The plan of one model, from nothing. */
export function planOf(model: NetworkModel): Plan {
  return createPlanner()(model);
}

function makePlan(
  network: LiveNetwork,
  names: Names,
  memory: Memo<Fragment>,
  sections: Memo<Memo<FirewallSection>>,
): Plan {
  const fragments = new Map<string, Fragment>();
  const add = (owner: string, dependencies: readonly unknown[], make: () => Fragment) => {
    fragments.set(owner, memory.of(owner, dependencies, make));
  };
  let internet = false;
  for (const [vpcId, scope] of network.scopes) {
    const tables = tableNumbers(names, vpcId);
    const memo = sections.of(vpcId, [], newSections);
    add(vpcId, vpcDependencies(scope, network), () => {
      const vpc = planVpc(scope, { network, tableOf: tables.of, sections: memo });
      memo.sweep();
      return vpc;
    });
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
      const alive = facts.interfaces.map((networkInterface) =>
        network.interfaces.has(networkInterface.networkInterfaceId),
      );
      const gateways = [scope?.internetGateway, scope?.egressOnlyInternetGateway];
      add(
        `internet ${facts.vpc.vpcId}`,
        [facts.vpc, scope !== undefined, ...gateways, ...facts.interfaces, ...alive],
        () => planPublicSide(facts, network, names.links),
      );
    }
  }
  return { fragments, network, linkOf: names.links.of };
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
