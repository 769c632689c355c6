/** What follows from the whole network, once everything is in it: local routes, routes' states, propagated routes, and what chosen addresses may not stand for. */
import { canonicalAddress, cidrContains, compareCidrText } from "../../../ip/index.ts";
import type {
  Cidr,
  NetworkAcl,
  Route,
  RouteTable,
  SecurityGroup,
  SecurityGroupPeer,
  TransitGatewayRoute,
  TransitGatewayRouteTable,
} from "../../../model/index.ts";
import { toldApart } from "./chosen-addresses.ts";
import type { NetworkDraft } from "./network-draft.ts";

export function completeNetwork(draft: NetworkDraft): void {
  for (const [id, acl] of draft.networkAcls) draft.networkAcls.set(id, { ...acl, entries: inOrder(acl) });
  for (const [id, group] of draft.securityGroups) draft.securityGroups.set(id, withPeerings(group, draft));
  for (const [id, table] of draft.transitGatewayRouteTables) {
    draft.transitGatewayRouteTables.set(id, { ...table, routes: routesInForce(table, draft) });
  }
  for (const [id, table] of draft.routeTables) draft.routeTables.set(id, withStates(table, draft));
  loseWhatIsToldApart(draft);
  loseGateways(draft);
}

/** What is not told of a transit gateway would seem not to be there. */
function loseGateways(draft: NetworkDraft): void {
  for (const [id, { transitGatewayId }] of [
    ...draft.transitGatewayRouteTables,
    ...draft.transitGatewayVpcAttachments,
  ]) {
    if (draft.isLost(id)) draft.unknown(transitGatewayId, `${id} of it is not told for certain`);
  }
  for (const {
    transitGatewayId,
    transitGatewayAttachmentId,
    subnetIds,
  } of draft.transitGatewayVpcAttachments.values()) {
    const missing = subnetIds.find((id) => draft.isLost(id) || !draft.subnets.has(id));
    if (missing !== undefined)
      draft.unknown(transitGatewayId, `${transitGatewayAttachmentId} is in ${missing}, which no template tells`);
  }
}

/** As they are tried. */
function inOrder({ entries }: NetworkAcl): NetworkAcl["entries"] {
  return [...entries].sort((a, b) => Number(b.egress) - Number(a.egress) || a.ruleNumber - b.ruleNumber);
}

/** A group of another VPC is referred to across the peering that joins the two. [SG-50] */
function withPeerings(group: SecurityGroup, draft: NetworkDraft): SecurityGroup {
  const peerOf = (peer: SecurityGroupPeer): SecurityGroupPeer => {
    if (peer.kind !== "security-group") return peer;
    const vpcId = draft.securityGroups.get(peer.groupId)?.vpcId;
    if (vpcId === undefined || vpcId === group.vpcId) return peer;
    const joining = [...draft.vpcPeeringConnections.values()].find(
      ({ requester, accepter, statusCode }) =>
        statusCode === "active" &&
        [requester.vpcId, accepter.vpcId].includes(vpcId) &&
        [requester.vpcId, accepter.vpcId].includes(group.vpcId),
    );
    return joining === undefined ? peer : { ...peer, vpcPeeringConnectionId: joining.vpcPeeringConnectionId };
  };
  return { ...group, rules: group.rules.map((rule) => ({ ...rule, peer: peerOf(rule.peer) })) };
}

/** The VPC's own blocks first; then every route with the state that follows from its target. [RT-20, RT-30] */
function withStates(table: RouteTable, draft: NetworkDraft): RouteTable {
  const vpc = draft.vpcs.get(table.vpcId);
  const locals = [...(vpc?.cidrBlocks ?? []), ...(vpc?.ipv6CidrBlocks ?? [])].map(
    (cidr): Route => ({
      destination: { kind: "cidr", cidr },
      target: { kind: "local" },
      state: "active",
      origin: "CreateRouteTable",
    }),
  );
  const own = new Set(locals.map(({ destination }) => JSON.stringify(destination)));
  const replaced = table.routes.filter(({ destination }) => own.has(JSON.stringify(destination)));
  const kept = locals.filter(({ destination }) => !replaced.some((each) => isSame(each.destination, destination)));
  const routes = table.routes.map(
    (route): Route => ({ ...route, state: works(route, table, draft) ? "active" : "blackhole" }),
  );
  return { ...table, routes: [...kept, ...routes] };
}

const isSame = (a: Route["destination"], b: Route["destination"]): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What is not in the templates is taken to work: whether it does, the walk finds unknown. */
function works({ target }: Route, { vpcId }: RouteTable, draft: NetworkDraft): boolean {
  switch (target.kind) {
    case "internet-gateway": {
      const gateway = draft.internetGateways.get(target.internetGatewayId);
      return gateway === undefined || gateway.vpcId === vpcId;
    }
    case "vpc-peering-connection": {
      const connection = draft.vpcPeeringConnections.get(target.vpcPeeringConnectionId);
      return connection === undefined || connection.statusCode === "active";
    }
    case "transit-gateway": {
      if (!draft.transitGateways.has(target.transitGatewayId)) return true;
      return [...draft.transitGatewayVpcAttachments.values()].some(
        (each) =>
          each.vpcId === vpcId && each.transitGatewayId === target.transitGatewayId && each.state === "available",
      );
    }
    case "network-interface": {
      const found = draft.networkInterfaces.get(target.networkInterfaceId);
      return found === undefined || found.attachment !== undefined;
    }
    default:
      return true;
  }
}

/** One for each destination: a static one before those that attachments bring. [TG-32, TG-41] */
function routesInForce(table: TransitGatewayRouteTable, draft: NetworkDraft): readonly TransitGatewayRoute[] {
  const routes = new Map(table.routes.map((route) => [route.destinationCidrBlock, withState(route, table, draft)]));
  const brought = new Map<Cidr, string>();
  for (const { transitGatewayAttachmentId: id } of table.propagations) {
    for (const block of blocksOf(id, table, draft)) {
      const first = brought.get(block);
      // Of equal blocks the first to come wins, and which that will be is not told. [TG-45]
      if (first !== undefined && first !== id && routes.get(block)?.type === "propagated")
        draft.unknown(
          table.transitGatewayId,
          `${first} and ${id} both bring ${block} into ${table.transitGatewayRouteTableId}`,
        );
      brought.set(block, first ?? id);
      if (routes.has(block)) continue;
      routes.set(block, {
        destinationCidrBlock: block,
        type: "propagated",
        state: "active",
        transitGatewayAttachmentIds: [id],
      });
    }
  }
  return [...routes.values()].sort((a, b) => compareCidrText(a.destinationCidrBlock, b.destinationCidrBlock));
}

/** A route to an attachment that carries nothing is a blackhole. [TG-42] */
function withState(
  route: TransitGatewayRoute,
  table: TransitGatewayRouteTable,
  draft: NetworkDraft,
): TransitGatewayRoute {
  const [id] = route.transitGatewayAttachmentIds;
  const state = id === undefined ? undefined : stateOf(id, draft);
  if (id !== undefined && state === undefined)
    draft.unknown(
      table.transitGatewayId,
      `${table.transitGatewayRouteTableId} routes to ${id}, which no template tells`,
    );
  if (id !== undefined && (state ?? "available") === "available") return route;
  return { ...route, state: "blackhole", transitGatewayAttachmentIds: [] };
}

function stateOf(id: string, draft: NetworkDraft): string | undefined {
  const vpc = draft.transitGatewayVpcAttachments.get(id);
  if (vpc !== undefined) return vpc.state;
  const peering = [...draft.transitGatewayPeeringAttachments.values()].find(({ requester, accepter }) =>
    [requester.transitGatewayAttachmentId, accepter.transitGatewayAttachmentId].includes(id as `tgw-attach-${string}`),
  );
  return peering?.state;
}

/** The blocks of its VPC; a peering brings none. */
function blocksOf(id: string, table: TransitGatewayRouteTable, draft: NetworkDraft): readonly Cidr[] {
  const attachment = draft.transitGatewayVpcAttachments.get(id);
  if (attachment === undefined) {
    if (stateOf(id, draft) === undefined)
      draft.unknown(
        table.transitGatewayId,
        `what ${id} brings into ${table.transitGatewayRouteTableId} no template tells`,
      );
    return [];
  }
  const vpc = draft.vpcs.get(attachment.vpcId);
  if (vpc === undefined)
    draft.unknown(table.transitGatewayId, `${id} brings the blocks of ${attachment.vpcId}, which no template tells`);
  if (vpc === undefined || attachment.state !== "available") return [];
  return attachment.ipv6Support ? [...vpc.cidrBlocks, ...vpc.ipv6CidrBlocks] : vpc.cidrBlocks;
}

/** Interfaces whose address AWS chooses, in subnets of which a rule or a route names a part. */
function loseWhatIsToldApart(draft: NetworkDraft): void {
  const named = [...blocksNamed(draft)];
  const interfaces = [...draft.networkInterfaces.values()];
  for (const { subnetId, cidrBlock } of draft.subnets.values()) {
    const chosen = new Set(draft.addresses.thingsIn(cidrBlock));
    const here = interfaces.filter((each) => each.subnetId === subnetId);
    const choosing = here.filter((each) => chosen.has(each.networkInterfaceId));
    if (choosing.length === 0) continue;
    const given = here
      .filter((each) => !chosen.has(each.networkInterfaceId))
      .flatMap(({ privateAddresses }) => privateAddresses.map(({ address }) => address));
    const part = toldApart({ block: cidrBlock, given, named }, draft.addresses);
    for (const { networkInterfaceId, privateAddresses, attachment } of choosing) {
      const taken = privateAddresses.some(({ address }) => given.includes(address));
      if (part === undefined && !taken) continue;
      const reason =
        part === undefined
          ? `its address in ${cidrBlock} is chosen when it is deployed; give it one`
          : `its address in ${cidrBlock} is chosen when it is deployed, and ${part}, which a rule or a route names, is a part of that: give it an address`;
      draft.lose(networkInterfaceId, reason);
      if (attachment?.instanceId !== undefined) draft.unknown(attachment.instanceId, reason);
    }
  }
}

/** An address that no template gives to anything, in a subnet where AWS chooses for something. */
export function chosenAmong(draft: NetworkDraft, asked: string): string | undefined {
  const address = canonicalAddress(asked);
  if (address === undefined) return `${asked} is no address`;
  const interfaces = [...draft.networkInterfaces.values()];
  for (const { subnetId, cidrBlock } of draft.subnets.values()) {
    if (!cidrContains(cidrBlock, address)) continue;
    const chosen = draft.addresses.thingsIn(cidrBlock);
    const here = interfaces.filter((each) => each.subnetId === subnetId);
    const isGiven = here.some(
      ({ networkInterfaceId, privateAddresses }) =>
        !chosen.includes(networkInterfaceId) && privateAddresses.some((each) => each.address === address),
    );
    if (!isGiven && here.some(({ networkInterfaceId }) => chosen.includes(networkInterfaceId)))
      return `who has ${address} is known when it is deployed: AWS chooses addresses in ${cidrBlock}. Name the instance, or give it the address`;
  }
  return undefined;
}

function* blocksNamed(draft: NetworkDraft): Iterable<Cidr> {
  for (const { rules } of draft.securityGroups.values())
    for (const { peer } of rules) if (peer.kind === "cidr") yield peer.cidr;
  for (const { entries } of draft.networkAcls.values()) for (const { cidrBlock } of entries) yield cidrBlock;
  for (const { routes } of draft.routeTables.values())
    for (const { destination } of routes) if (destination.kind === "cidr") yield destination.cidr;
  for (const { routes } of draft.transitGatewayRouteTables.values())
    for (const { destinationCidrBlock } of routes) yield destinationCidrBlock;
  for (const { entries } of draft.prefixLists.values()) yield* entries;
}
