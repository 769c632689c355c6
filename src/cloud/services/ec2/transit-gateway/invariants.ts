/** What must hold in every model with transit gateways, whatever was called: for tests with random calls. */
import type { NetworkModel, TransitGatewayRouteTable, TransitGatewayVpcAttachment } from "../../../../model/index.ts";

/** The rules that a model breaks, in words. */
export function brokenRules(model: NetworkModel): readonly string[] {
  return [
    ...brokenAttachments(model),
    ...brokenPeerings(model),
    ...brokenMemberships(model),
    ...model.transitGatewayRouteTables.flatMap((table) => brokenRoutes(table, model)),
  ];
}

const carries = ({ state }: { readonly state: string }): boolean => state === "available" || state === "modifying";

function brokenAttachments(model: NetworkModel): readonly string[] {
  const broken = repeated(
    model.transitGatewayVpcAttachments.map((each) => `${each.transitGatewayId} with ${each.vpcId}`),
    "[TG-13] attached twice",
  );
  const gateways = new Set<string>(model.transitGateways.map((each) => each.transitGatewayId));
  for (const attachment of model.transitGatewayVpcAttachments) {
    const { transitGatewayAttachmentId: id, subnetIds } = attachment;
    if (!gateways.has(attachment.transitGatewayId)) broken.push(`${id} outlives its gateway`);
    const zones = subnetIds.map(
      (subnetId) => model.subnets.find((subnet) => subnet.subnetId === subnetId)?.availabilityZoneId,
    );
    if (new Set(zones).size < zones.length) broken.push(`[TG-12] ${id} has two subnets in one zone`);
    const wanted = carries(attachment) ? [...subnetIds].sort() : undefined;
    const found = interfacesOf(attachment, model).sort();
    if (wanted !== undefined && wanted.join() !== found.join()) broken.push(`[TG-12] ${id} has interfaces in ${found}`);
  }
  return broken;
}

/** Subnets in which some attachment of the VPC has an interface, one entry for each of this one's. */
function interfacesOf({ subnetIds, vpcId }: TransitGatewayVpcAttachment, model: NetworkModel): string[] {
  const inVpc = model.networkInterfaces.filter(
    (each) => each.interfaceType === "transit_gateway" && each.vpcId === vpcId,
  );
  return subnetIds.filter((subnetId) => inVpc.some((each) => each.subnetId === subnetId));
}

function brokenPeerings(model: NetworkModel): string[] {
  const broken = repeated(
    model.transitGatewayPeeringAttachments.map(({ requester, accepter }) =>
      [requester.transitGatewayId, accepter.transitGatewayId].sort().join(" with "),
    ),
    "[TG-64] peered twice",
  );
  for (const { requester, accepter } of model.transitGatewayPeeringAttachments) {
    const oneId = requester.transitGatewayAttachmentId === accepter.transitGatewayAttachmentId;
    if (oneId !== (requester.region !== accepter.region)) broken.push(`[TG-62] ids of ${requester.transitGatewayId}`);
  }
  return broken;
}

function brokenMemberships(model: NetworkModel): string[] {
  const broken = repeated(
    model.transitGatewayRouteTables.flatMap((table) =>
      table.associations.map((each) => `${table.transitGatewayId} with ${each.transitGatewayAttachmentId}`),
    ),
    "[TG-30] associated twice",
  );
  const members = attachmentsByGateway(model);
  for (const table of model.transitGatewayRouteTables) {
    for (const { transitGatewayAttachmentId: id, state } of [...table.associations, ...table.propagations]) {
      const attachment = members.get(`${table.transitGatewayId} ${id}`);
      const leaving = state === "disassociating" || state === "disabling";
      if (attachment === undefined && !leaving) broken.push(`[TG-16] ${id} is gone, yet in a table`);
    }
  }
  return broken;
}

function brokenRoutes(table: TransitGatewayRouteTable, model: NetworkModel): string[] {
  const broken = repeated(
    table.routes.map((route) => route.destinationCidrBlock),
    "[TG-41] two routes to",
  );
  const members = attachmentsByGateway(model);
  for (const { destinationCidrBlock, type, state, transitGatewayAttachmentIds } of table.routes) {
    const [id, ...more] = transitGatewayAttachmentIds;
    if ((state === "active") !== (id !== undefined) || more.length > 0) broken.push(`[TG-42] ${destinationCidrBlock}`);
    const attachment = id === undefined ? undefined : members.get(`${table.transitGatewayId} ${id}`);
    if (id !== undefined && (attachment === undefined || !carries(attachment))) {
      broken.push(`[TG-42] ${destinationCidrBlock} goes to ${id}, which carries nothing`);
    }
    if (type === "propagated" && !(attachment?.blocks ?? []).includes(destinationCidrBlock)) {
      broken.push(`[TG-32] ${destinationCidrBlock} comes from ${id}, which does not have it`);
    }
  }
  const routed = new Set(table.routes.map((route) => route.destinationCidrBlock));
  for (const { transitGatewayAttachmentId: id, state } of table.propagations) {
    const attachment = members.get(`${table.transitGatewayId} ${id}`);
    if (state !== "enabled" || attachment === undefined || !carries(attachment)) continue;
    const missing = attachment.blocks.filter((block) => !routed.has(block));
    if (missing.length > 0) broken.push(`[TG-31] ${missing} of ${id} have no route`);
  }
  return broken;
}

interface Member {
  readonly state: string;
  /** What it propagates. */
  readonly blocks: readonly string[];
}

/** Attachments by gateway and id, with what each may propagate. */
function attachmentsByGateway(model: NetworkModel): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  for (const each of model.transitGatewayVpcAttachments) {
    const vpc = model.vpcs.find(({ vpcId }) => vpcId === each.vpcId);
    const blocks = [...(vpc?.cidrBlocks ?? []), ...(each.ipv6Support ? (vpc?.ipv6CidrBlocks ?? []) : [])];
    members.set(`${each.transitGatewayId} ${each.transitGatewayAttachmentId}`, { state: each.state, blocks });
  }
  for (const { requester, accepter, state } of model.transitGatewayPeeringAttachments) {
    for (const side of [requester, accepter]) {
      members.set(`${side.transitGatewayId} ${side.transitGatewayAttachmentId}`, { state, blocks: [] });
    }
  }
  return members;
}

function repeated(keys: readonly string[], rule: string): string[] {
  return keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `${rule}: ${key}`);
}
