/**
 * The common change of a network that is up: a rule, an entry, a route. Then no interface or namespace changes, and only the
 * routers of the VPCs whose settings changed, of those that may name their groups, and the transit gateways concerned need to be
 * planned again.
 */
import type { NetworkModel, TransitGatewayId, VpcId } from "../model/index.ts";
import { letsReferencesThrough } from "./group-references.ts";
import type { LiveNetwork, VpcScope } from "./vpc-scope.ts";

/** Who has other settings, or needs to be planned again. */
export interface SettingsOwners {
  readonly vpcs: ReadonlySet<VpcId>;
  readonly transitGateways: ReadonlySet<TransitGatewayId>;
}

/** The VPCs and gateways whose route tables, ACLs or groups differ; `undefined` when anything else differs too. */
export function changedSettings(before: NetworkModel, after: NetworkModel): SettingsOwners | undefined {
  const rest: readonly Exclude<keyof NetworkModel, "version">[] = [
    "vpcs",
    "subnets",
    "networkInterfaces",
    "instances",
    "internetGateways",
    "egressOnlyInternetGateways",
    "natGateways",
    "vpcPeeringConnections",
    "transitGateways",
    "transitGatewayVpcAttachments",
    "transitGatewayPeeringAttachments",
    "prefixLists",
  ];
  if (!rest.every((kind) => same(before[kind], after[kind]))) return undefined;
  const vpcs = new Set<VpcId>();
  addOwners(before.routeTables, after.routeTables, vpcOf, vpcs);
  addOwners(before.networkAcls, after.networkAcls, vpcOf, vpcs);
  addOwners(before.securityGroups, after.securityGroups, vpcOf, vpcs);
  const transitGateways = new Set<TransitGatewayId>();
  addOwners(
    before.transitGatewayRouteTables,
    after.transitGatewayRouteTables,
    ({ transitGatewayId }) => transitGatewayId,
    transitGateways,
  );
  return { vpcs, transitGateways };
}

/** The network with new settings of those; everything else keeps its identity. */
export function withSettings(network: LiveNetwork, model: NetworkModel, changed: SettingsOwners): LiveNetwork {
  const scopes = new Map(network.scopes);
  for (const vpcId of changed.vpcs) {
    const scope = scopes.get(vpcId);
    if (scope !== undefined) scopes.set(vpcId, { ...scope, ...settingsOf(vpcId, model) });
  }
  const transitGateways = new Map(network.transitGateways);
  for (const id of changed.transitGateways) {
    const live = transitGateways.get(id);
    const routeTables = model.transitGatewayRouteTables.filter(({ transitGatewayId }) => transitGatewayId === id);
    if (live !== undefined) transitGateways.set(id, { ...live, routeTables });
  }
  return { ...network, scopes, transitGateways };
}

/** What to plan again: references of a peer, or over a gateway that lets them through, name groups of the changed VPC. */
export function affectedBy(changed: SettingsOwners, network: LiveNetwork): SettingsOwners {
  const vpcs = new Set<VpcId>();
  const transitGateways = new Set([...changed.transitGateways].filter((id) => network.transitGateways.has(id)));
  for (const vpcId of changed.vpcs) {
    const scope = network.scopes.get(vpcId);
    if (scope === undefined) continue;
    vpcs.add(vpcId);
    for (const { peerVpc } of scope.peerings) vpcs.add(peerVpc.vpcId);
    for (const { gateway } of scope.attachments.filter(letsReferencesThrough)) {
      transitGateways.add(gateway.transitGatewayId);
      const joined = network.transitGateways.get(gateway.transitGatewayId)?.attachments ?? [];
      for (const { vpc } of joined) vpcs.add(vpc.vpcId);
    }
  }
  return { vpcs, transitGateways };
}

function vpcOf({ vpcId }: { readonly vpcId: VpcId }): VpcId {
  return vpcId;
}

function settingsOf(
  vpcId: VpcId,
  model: NetworkModel,
): Pick<VpcScope, "routeTables" | "networkAcls" | "securityGroups"> {
  const isHere = (record: { readonly vpcId: VpcId }) => record.vpcId === vpcId;
  return {
    routeTables: model.routeTables.filter(isHere),
    networkAcls: new Map(model.networkAcls.filter(isHere).map((acl) => [acl.networkAclId, acl])),
    securityGroups: new Map(model.securityGroups.filter(isHere).map((group) => [group.groupId, group])),
  };
}

/** Adds the owners of records that are in one list only. Lists that changed in one place are compared without look-ups. */
function addOwners<T, Owner>(
  before: readonly T[],
  after: readonly T[],
  ownerOf: (record: T) => Owner,
  owners: Set<Owner>,
): void {
  if (before === after) return;
  if (before.length === after.length) {
    for (const [index, record] of after.entries()) {
      const old = before[index];
      if (old === record || old === undefined) continue;
      owners.add(ownerOf(old));
      owners.add(ownerOf(record));
    }
    return;
  }
  const known = new Set(before);
  const kept = new Set(after);
  for (const record of after) if (!known.has(record)) owners.add(ownerOf(record));
  for (const record of before) if (!kept.has(record)) owners.add(ownerOf(record));
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((record, index) => record === b[index]));
}
