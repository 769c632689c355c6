/**
 * The common change of a network that is up: a rule, an entry, a route. Then no interface, link or namespace changes, and only
 * the routers of the VPCs whose settings changed, and of their peers, need to be planned again.
 */
import type { NetworkModel, VpcId } from "../model/index.ts";
import type { LiveNetwork, VpcScope } from "./vpc-scope.ts";

/** The VPCs whose route tables, ACLs or groups differ; `undefined` when anything else differs too. */
export function changedSettings(before: NetworkModel, after: NetworkModel): ReadonlySet<VpcId> | undefined {
  const rest: readonly Exclude<keyof NetworkModel, "version">[] = [
    "vpcs",
    "subnets",
    "networkInterfaces",
    "instances",
    "internetGateways",
    "egressOnlyInternetGateways",
    "natGateways",
    "vpcPeeringConnections",
    "prefixLists",
  ];
  if (!rest.every((kind) => same(before[kind], after[kind]))) return undefined;
  const changed = new Set<VpcId>();
  addOwners(before.routeTables, after.routeTables, changed);
  addOwners(before.networkAcls, after.networkAcls, changed);
  addOwners(before.securityGroups, after.securityGroups, changed);
  return changed;
}

/** The network with new settings in those VPCs; every other scope keeps its identity. */
export function withSettings(network: LiveNetwork, model: NetworkModel, changed: ReadonlySet<VpcId>): LiveNetwork {
  const scopes = new Map(network.scopes);
  for (const vpcId of changed) {
    const scope = scopes.get(vpcId);
    if (scope !== undefined) scopes.set(vpcId, { ...scope, ...settingsOf(vpcId, model) });
  }
  return { ...network, scopes };
}

/** The VPCs to plan again: a peer's references name groups of the changed one. */
export function affectedBy(changed: ReadonlySet<VpcId>, network: LiveNetwork): ReadonlySet<VpcId> {
  const affected = new Set<VpcId>();
  for (const vpcId of changed) {
    const scope = network.scopes.get(vpcId);
    if (scope === undefined) continue;
    affected.add(vpcId);
    for (const { peerVpc } of scope.peerings) affected.add(peerVpc.vpcId);
  }
  return affected;
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

/** Adds the VPCs of records that are in one list only. Lists that changed in one place are compared without look-ups. */
function addOwners<T extends { readonly vpcId: VpcId }>(
  before: readonly T[],
  after: readonly T[],
  owners: Set<VpcId>,
): void {
  if (before === after) return;
  if (before.length === after.length) {
    for (const [index, record] of after.entries()) {
      const old = before[index];
      if (old === record || old === undefined) continue;
      owners.add(old.vpcId);
      owners.add(record.vpcId);
    }
    return;
  }
  const known = new Set(before);
  const kept = new Set(after);
  for (const record of after) if (!known.has(record)) owners.add(record.vpcId);
  for (const record of before) if (!kept.has(record)) owners.add(record.vpcId);
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((record, index) => record === b[index]));
}
