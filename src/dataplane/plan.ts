/**
 * The model as kernel state. Pure apart from what it keeps between calls: names, numbers, and the fragments of everything
 * that did not change, so that a planner asked again after one change does work for that change only.
 */
import type { NetworkModel, TransitGatewayAttachmentId, TransitGatewayId, Unknown, VpcId } from "../model/index.ts";
import { attachedMembers, letsReferencesThrough } from "./group-references.ts";
import { type FirewallSection, type Fragment, fragment } from "./kernel-state.ts";
import type { LiveTransitGateway } from "./live-transit-gateways.ts";
import { type Memo, memo } from "./memo.ts";
import { planHost } from "./plan-host.ts";
import { planInternet, planPublicSide } from "./plan-internet.ts";
import {
  planAttachment,
  planGatewayPeering,
  planTransitGateway,
  type TransitGatewayContext,
  transitGatewayDependencies,
} from "./plan-transit-gateway.ts";
import { planVpc, vpcDependencies } from "./plan-vpc.ts";
import { affectedBy, changedSettings, type SettingsOwners, withSettings } from "./settings-change.ts";
import { unknownsOf } from "./unknowns.ts";
import {
  type LiveNetwork,
  type LivePeering,
  liveNetwork,
  type Names,
  newNames,
  type PublicFacts,
  tableNumbers,
  type VpcScope,
  zoneTable,
} from "./vpc-scope.ts";
import { interRegionMtu, jumboMtu, routerMac } from "./wiring.ts";

export interface Plan {
  /** By owner: `vpc-…`, `i-…`, `nat-…`, `pcx-…`, `tgw-…`, `tgw-attach-…`, `internet`, `internet vpc-…`. */
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
  for (const live of network.transitGateways.values()) addTransitGateway(live, network, memory, fragments);
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
  return { fragments, network, unknowns: unknownsOf(network, model), linkOf: names.links.of };
}

/** As `planAll`, when nothing but settings of those changed. */
function replan(before: Plan, model: NetworkModel, changed: SettingsOwners, memory: Memory): Plan {
  if (changed.vpcs.size === 0 && changed.transitGateways.size === 0) return before;
  const network = withSettings(before.network, model, changed);
  const fragments = new Map(before.fragments);
  const affected = affectedBy(changed, network);
  for (const vpcId of affected.vpcs) {
    const scope = network.scopes.get(vpcId);
    if (scope !== undefined) fragments.set(vpcId, routerOf(scope, network, memory));
  }
  for (const id of affected.transitGateways) {
    const live = network.transitGateways.get(id);
    if (live !== undefined) addTransitGateway(live, network, memory, fragments);
  }
  return { ...before, fragments, network, unknowns: unknownsOf(network, model) };
}

function routerOf(scope: VpcScope, network: LiveNetwork, { names, fragments, sections }: Memory): Fragment {
  const { vpcId } = scope.vpc;
  const kept = sections.of(vpcId, [], newSections);
  return fragments.of(vpcId, vpcDependencies(scope, network), () => {
    const tableOf = tableNumbersOf(names, vpcId);
    const router = planVpc(scope, { network, tableOf, sections: kept });
    kept.sweep();
    return router;
  });
}

/** The gateway, its attachments, and the peerings that it asked for. */
function addTransitGateway(
  live: LiveTransitGateway,
  network: LiveNetwork,
  { names, fragments: kept }: Memory,
  fragments: Map<string, Fragment>,
): void {
  const { transitGatewayId } = live.gateway;
  const asked = attachmentsAsked(live, network);
  const context: TransitGatewayContext = { asked, tableOf: tableNumbersOf(names, transitGatewayId) };
  fragments.set(
    transitGatewayId,
    kept.of(transitGatewayId, transitGatewayDependencies(live, context), () => planTransitGateway(live, context)),
  );
  for (const attached of live.attachments) {
    const { transitGatewayAttachmentId: id } = attached.attachment;
    const dependencies = [attached.vpc.vpcId, asked.has(id), ...attached.zones.map(({ link }) => link)];
    fragments.set(
      id,
      kept.of(id, dependencies, () => planAttachment(attached, asked.has(id))),
    );
  }
  for (const joined of live.peerings) {
    if (joined.peering.requester.transitGatewayId !== transitGatewayId) continue;
    const { transitGatewayAttachmentId: id } = joined.peering;
    fragments.set(
      id,
      kept.of(id, [joined.link, joined.peerId, transitGatewayId], () => planGatewayPeering(joined)),
    );
  }
}

/** Those in whose VPC a rule names a group that is heard over this gateway. [SG-40] */
function attachmentsAsked(live: LiveTransitGateway, network: LiveNetwork): ReadonlySet<TransitGatewayAttachmentId> {
  const asked = new Set<TransitGatewayAttachmentId>();
  for (const attached of live.attachments) {
    const scope = network.scopes.get(attached.vpc.vpcId);
    if (scope === undefined || !letsReferencesThrough(attached)) continue;
    const heard = attachedMembers(scope, network).some(({ heardBy }) => heardBy === attached);
    if (heard) asked.add(attached.attachment.transitGatewayAttachmentId);
  }
  return asked;
}

function tableNumbersOf(names: Names, owner: VpcId | TransitGatewayId): (id: string, zoneId: string) => number {
  const numbers = tableNumbers(names, owner);
  return (id, zoneId) => numbers.of(zoneTable(id, zoneId));
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
