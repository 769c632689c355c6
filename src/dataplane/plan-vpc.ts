/**
 * A VPC's router: its namespace, the kernel tables of its route tables, the links to its gateways, and the gates. Which table
 * routes a packet follows from the link it came in on; what comes over a peering is delivered to interfaces only [PX-52].
 */
import type { RouteTableId } from "../model/index.ts";
import { gatewayGates, internetGatewayTranslation } from "./gateway-gate.ts";
import { attachedMembers, heardByLinks, membersOf } from "./group-references.ts";
import { type FirewallSection, type Fragment, fragment, type KernelItem } from "./kernel-state.ts";
import type { Memo } from "./memo.ts";
import { aclGates, networkAclGates } from "./network-acl-gate.ts";
import { referencesOf, securityGroupGates } from "./security-group-gate.ts";
import { sourceDestCheckGate } from "./source-dest-check-gate.ts";
import { planGroups } from "./vpc-groups.ts";
import { attachmentLinks, gatewayLinks } from "./vpc-links.ts";
import { blocksThatBypassTables, planRouting, routedLinks, routingMarks } from "./vpc-routing.ts";
import type { LiveNetwork, VpcScope } from "./vpc-scope.ts";
import { forwarding, hostCidr, nextHopNeighbours, routerAddress } from "./wiring.ts";

export interface VpcPlanContext {
  readonly network: LiveNetwork;
  /** The kernel's number for a route table, as packets from a zone see it. */
  readonly tableOf: (routeTableId: RouteTableId, zoneId: string) => number;
  /** Sections by name, kept while their facts stay the same. */
  readonly sections: Memo<FirewallSection>;
}

/** Everything that decides how this VPC's router is set up, for comparing with the last time. */
export function vpcDependencies(scope: VpcScope, network: LiveNetwork): readonly unknown[] {
  const groups = [...scope.securityGroups.values()];
  const { groupIds, prefixListIds } = referencesOf(groups);
  return [
    scope.vpc,
    ...scope.routeTables,
    ...scope.networkAcls.values(),
    ...groups,
    ...scope.interfaces,
    scope.internetGateway,
    scope.egressOnlyInternetGateway,
    ...scope.peerings.flatMap((live) => [live.peering, live.peerVpc, live.link]),
    ...scope.attachments.flatMap(({ attachment, gateway, zones }) => [
      attachment,
      gateway,
      ...zones.flatMap(({ subnet, link }) => [subnet, link]),
    ]),
    ...attachedMembers(scope, network).flatMap((attached) => [
      attached.groupId,
      ...heardByLinks(attached).flatMap(({ link, member }) => [link, member]),
    ]),
    ...[...groupIds].flatMap((groupId) =>
      membersOf(groupId, scope, network).flatMap(({ link, member }) => [link, member]),
    ),
    ...[...prefixListIds].map((id) => network.prefixLists.get(id)),
    ...scope.routeTables.flatMap(({ routes }) =>
      routes.map(({ destination }) =>
        destination.kind === "prefix-list" ? network.prefixLists.get(destination.prefixListId) : undefined,
      ),
    ),
  ];
}

/** The router's namespace. */
export function planVpc(scope: VpcScope, context: VpcPlanContext): Fragment {
  const namespace = scope.vpc.vpcId;
  const items: KernelItem[] = [{ kind: "namespace", namespace }, ...forwarding(namespace)];
  // The router's own addresses, for the one thing that it says: that a packet is too big.
  for (const subnet of new Set(scope.interfaces.map((live) => live.subnet))) {
    items.push({ kind: "address", namespace, link: "lo", address: hostCidr(routerAddress(subnet)) });
  }
  for (const link of gatewayLinks(scope)) items.push(...nextHopNeighbours(namespace, link));
  for (const { link } of attachmentLinks(scope, context.network)) items.push(...nextHopNeighbours(namespace, link));
  items.push(...planRouting(scope, context));
  return fragment(items, { namespace, sections: planSections(scope, context) });
}

function planSections(scope: VpcScope, context: VpcPlanContext): readonly FirewallSection[] {
  const { network } = context;
  const { interfaces } = scope;
  const outside = gatewayLinks(scope);
  const attached = attachmentLinks(scope, network);
  const attachedFacts = attached.flatMap(({ link, subnet }) => [link, subnet]);
  const keep = (name: string, dependencies: readonly unknown[], make: () => FirewallSection) =>
    context.sections.of(`${scope.vpc.vpcId} ${name}`, dependencies, make);

  const bypassed = blocksThatBypassTables(scope, network);
  const sections: FirewallSection[] = [
    keep("links", [...interfaces, ...outside, ...attachedFacts], () =>
      joined([
        sourceDestCheckGate(interfaces),
        securityGroupGates(interfaces, outside, attached),
        networkAclGates(interfaces, outside, attached),
      ]),
    ),
    keep(
      "gateways",
      [scope.vpc, ...outside, ...scope.peerings.map((live) => live.peerVpc), ...attached.map(({ link }) => link)],
      () => gatewayGates(scope, attached),
    ),
    keep(
      "routing",
      [
        ...routedLinks(scope, network).flatMap(({ link, table, zoneId }) => [link, table.routeTableId, zoneId]),
        ...bypassed.flatMap(({ subnetId, block }) => [subnetId, block]),
      ],
      () => routingMarks(scope, context, bypassed),
    ),
  ];
  if (scope.internetGateway !== undefined) {
    sections.push(keep("translation", interfaces, () => internetGatewayTranslation(interfaces)));
  }
  for (const networkAclId of new Set([...interfaces, ...attached].map(({ subnet }) => subnet.networkAclId))) {
    const acl = scope.networkAcls.get(networkAclId);
    if (acl === undefined) throw new Error(`bug: ${networkAclId} is not in the model`);
    sections.push(keep(networkAclId, [acl], () => aclGates(acl)));
  }
  sections.push(...planGroups(scope, network, keep));
  return sections;
}

function joined(sections: readonly FirewallSection[]): FirewallSection {
  return { sets: sections.flatMap((section) => section.sets), chains: sections.flatMap((section) => section.chains) };
}
