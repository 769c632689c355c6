/**
 * What a person means by a word on the command line: an id, an address, or a Name tag, in that order. It may mean nothing, or
 * several things; both are answers, so that the caller can say which.
 */
import { canonicalAddress } from "../ip/index.ts";
import type {
  AccountId,
  Address,
  NetworkInterface,
  NetworkModel,
  Region,
  TransitGatewayPeeringAttachment,
} from "./network-model.ts";
import { indexNetworkModel } from "./network-model-index.ts";

/** The kinds in order of preference: a Name that an instance and its VPC share means the instance. */
export const resourceKinds = [
  "instance",
  "network-interface",
  "vpc",
  "subnet",
  "vpc-peering-connection",
  "transit-gateway",
  "transit-gateway-attachment",
  "transit-gateway-route-table",
  "nat-gateway",
  "internet-gateway",
  "egress-only-internet-gateway",
  "route-table",
  "network-acl",
  "security-group",
  "prefix-list",
] as const;

export type ResourceKind = (typeof resourceKinds)[number];

export interface FoundResource {
  readonly kind: ResourceKind;
  readonly id: string;
  readonly name?: string;
  /** Where it lives; a peering connection lives at both sides and is shown at the requester's. */
  readonly ownerId: AccountId;
  readonly region: Region;
  /** The address that was typed, in canonical form, when it was found by one. */
  readonly address?: Address;
}

export type FindResult =
  | { readonly outcome: "found"; readonly resource: FoundResource }
  | { readonly outcome: "none" }
  | { readonly outcome: "ambiguous"; readonly candidates: readonly FoundResource[] };

/** What narrows the search; without a field, anything goes. */
export interface FindScope {
  readonly ownerId?: AccountId;
  readonly region?: Region;
  readonly kinds?: readonly ResourceKind[];
}

/**
 * Finds what the text names. An address means the instance that holds it, or its interface when no instance does (or when
 * `scope.kinds` leaves instances out). Terminated instances are found by id only: their names and addresses live on elsewhere.
 */
export function findByText(model: NetworkModel, text: string, scope: FindScope = {}): FindResult {
  const wanted = text.trim();
  if (wanted === "") return { outcome: "none" };
  const inScope = resourcesOf(model).filter((resource) => isInScope(resource, scope));

  const byId = inScope.filter((resource) => resource.id === wanted);
  if (byId.length > 0) return resultOf(byId);

  const address = canonicalAddress(wanted);
  if (address !== undefined) return resultOf(holdersOf(model, address, scope));

  const named = inScope.filter((resource) => resource.name === wanted && !resource.gone);
  const best = resourceKinds.find((kind) => named.some((resource) => resource.kind === kind));
  return resultOf(named.filter((resource) => resource.kind === best));
}

interface SearchedResource extends FoundResource {
  /** The other places where it can be looked for. */
  readonly alsoAt?: { readonly ownerId: AccountId; readonly region: Region };
  readonly gone?: boolean;
}

function resultOf(candidates: readonly SearchedResource[]): FindResult {
  const [first, ...others] = candidates.map(({ alsoAt: _, gone: __, ...resource }): FoundResource => resource);
  if (first === undefined) return { outcome: "none" };
  return others.length === 0
    ? { outcome: "found", resource: first }
    : { outcome: "ambiguous", candidates: [first, ...others] };
}

function isInScope(resource: SearchedResource, scope: FindScope): boolean {
  const places = resource.alsoAt === undefined ? [resource] : [resource, resource.alsoAt];
  return (
    (scope.kinds?.includes(resource.kind) ?? true) &&
    places.some(
      (place) =>
        (scope.ownerId === undefined || place.ownerId === scope.ownerId) &&
        (scope.region === undefined || place.region === scope.region),
    )
  );
}

function holdersOf(model: NetworkModel, address: Address, scope: FindScope): readonly SearchedResource[] {
  const index = indexNetworkModel(model);
  return index
    .networkInterfacesByAddress(address)
    .map((each) => holderOf(each, scope))
    .filter((resource) => resource !== undefined)
    .filter((resource) => isInScope(resource, scope))
    .map((resource) => ({ ...resource, address }));

  function holderOf(each: NetworkInterface, { kinds }: FindScope): SearchedResource | undefined {
    const instance = each.attachment?.instanceId === undefined ? undefined : index.instance(each.attachment.instanceId);
    return instance !== undefined && (kinds?.includes("instance") ?? true)
      ? searched("instance", instance.instanceId, instance)
      : searched("network-interface", each.networkInterfaceId, each);
  }
}

/** Every resource of the model, as something to look for. */
function resourcesOf(model: NetworkModel): readonly SearchedResource[] {
  return [
    ...model.instances.map((each) => ({
      ...searched("instance", each.instanceId, each),
      gone: each.state === "terminated",
    })),
    ...model.networkInterfaces.map((each) => searched("network-interface", each.networkInterfaceId, each)),
    ...model.vpcs.map((each) => searched("vpc", each.vpcId, each)),
    ...model.subnets.map((each) => searched("subnet", each.subnetId, each)),
    ...model.vpcPeeringConnections.map(({ vpcPeeringConnectionId, requester, accepter, name }) => ({
      ...searched("vpc-peering-connection", vpcPeeringConnectionId, { ...requester, name }),
      alsoAt: { ownerId: accepter.ownerId, region: accepter.region },
    })),
    ...model.transitGateways.map((each) => searched("transit-gateway", each.transitGatewayId, each)),
    ...model.transitGatewayVpcAttachments.map((each) =>
      searched("transit-gateway-attachment", each.transitGatewayAttachmentId, each),
    ),
    ...model.transitGatewayPeeringAttachments.flatMap(peeringAttachmentAsFound),
    ...model.transitGatewayRouteTables.map((each) =>
      searched("transit-gateway-route-table", each.transitGatewayRouteTableId, each),
    ),
    ...model.natGateways.map((each) => searched("nat-gateway", each.natGatewayId, each)),
    ...model.internetGateways.map((each) => searched("internet-gateway", each.internetGatewayId, each)),
    ...model.egressOnlyInternetGateways.map((each) =>
      searched("egress-only-internet-gateway", each.egressOnlyInternetGatewayId, each),
    ),
    ...model.routeTables.map((each) => searched("route-table", each.routeTableId, each)),
    ...model.networkAcls.map((each) => searched("network-acl", each.networkAclId, each)),
    ...model.securityGroups.map((each) => searched("security-group", each.groupId, each)),
    ...model.prefixLists.map((each) => searched("prefix-list", each.prefixListId, each)),
  ];
}

/** Once when both sides know it by one id, else once for each side. [TG-62] */
function peeringAttachmentAsFound(attachment: TransitGatewayPeeringAttachment): readonly SearchedResource[] {
  const { transitGatewayAttachmentId, requester, accepter, name } = attachment;
  const at = searched("transit-gateway-attachment", transitGatewayAttachmentId, { ...requester, name });
  const other = accepter.transitGatewayAttachmentId;
  if (other === undefined || other === transitGatewayAttachmentId) {
    return [{ ...at, alsoAt: { ownerId: accepter.ownerId, region: accepter.region } }];
  }
  return [at, searched("transit-gateway-attachment", other, accepter)];
}

function searched(
  kind: ResourceKind,
  id: string,
  {
    ownerId,
    region,
    name,
  }: { readonly ownerId: AccountId; readonly region: Region; readonly name?: string | undefined },
): SearchedResource {
  return { kind, id, ownerId, region, ...(name === undefined ? {} : { name }) };
}
