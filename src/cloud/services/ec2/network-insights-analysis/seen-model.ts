/**
 * What an analysis looks at: the resources of its account, and of those that it was given besides, in one Region. What the engine meets
 * beyond is unknown to it, as it is to Reachability Analyzer.
 */
import type { NetworkModel, Resource } from "../../../../model/index.ts";

export interface AnalysisScope {
  readonly accounts: ReadonlySet<string>;
  readonly region: string;
}

/** The model itself when all of it is in scope: what has been worked out for it is kept with it. */
export function seenModel(model: NetworkModel, scope: AnalysisScope): NetworkModel {
  const isOwn = ({ ownerId, region }: Pick<Resource, "ownerId" | "region">) =>
    scope.accounts.has(ownerId) && region === scope.region;
  const own = <T extends Resource>(all: readonly T[]) => kept(all, isOwn);
  const joining = <T extends { readonly requester: Side; readonly accepter: Side }>(all: readonly T[]) =>
    kept(all, ({ requester, accepter }) => isOwn(requester) || isOwn(accepter));
  const seen: NetworkModel = {
    ...model,
    vpcs: own(model.vpcs),
    subnets: own(model.subnets),
    routeTables: own(model.routeTables),
    networkAcls: own(model.networkAcls),
    securityGroups: own(model.securityGroups),
    networkInterfaces: own(model.networkInterfaces),
    instances: own(model.instances),
    internetGateways: own(model.internetGateways),
    egressOnlyInternetGateways: own(model.egressOnlyInternetGateways),
    natGateways: own(model.natGateways),
    vpcPeeringConnections: joining(model.vpcPeeringConnections),
    transitGateways: own(model.transitGateways),
    transitGatewayVpcAttachments: own(model.transitGatewayVpcAttachments),
    transitGatewayPeeringAttachments: joining(model.transitGatewayPeeringAttachments),
    transitGatewayRouteTables: own(model.transitGatewayRouteTables),
    prefixLists: own(model.prefixLists),
  };
  const before: ReadonlyMap<string, unknown> = new Map(Object.entries(model));
  return Object.entries(seen).every(([name, member]) => before.get(name) === member) ? model : seen;
}

interface Side {
  readonly ownerId: string;
  readonly region: string;
}

function kept<T>(all: readonly T[], isSeen: (each: T) => boolean): readonly T[] {
  const seen = all.filter(isSeen);
  return seen.length === all.length ? all : seen;
}
