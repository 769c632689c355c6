/** Transit gateways, their attachments, tables and peerings as lines of a `.net` text. */
import type {
  NetworkModel,
  SubnetId,
  TransitGateway,
  TransitGatewayPeeringAttachment,
  TransitGatewayRouteTable,
  TransitGatewayVpcAttachment,
} from "../../model/index.ts";
import { nameOf, placeWords, words } from "./written.ts";

export function printTransitGateway(
  model: NetworkModel,
  ids: ReadonlySet<string>,
  gateway: TransitGateway,
): readonly string[] {
  const { transitGatewayId, state, securityGroupReferencingSupport } = gateway;
  const name = nameOf(transitGatewayId);
  const tables = model.transitGatewayRouteTables.filter((each) => each.transitGatewayId === transitGatewayId);
  const byDefault = tables.find((each) => nameOf(each.transitGatewayRouteTableId) === name);
  const attachments = model.transitGatewayVpcAttachments.filter((each) => each.transitGatewayId === transitGatewayId);
  const lines = [
    ...attachments.map((each) => attachmentLine(model, name, each, tables, byDefault)),
    ...tables.flatMap((table) => {
      const routes = table.routes.filter(({ type }) => type === "static").map((route) => routeLine(ids, route));
      if (table === byDefault) return routes;
      return [`table ${nameOf(table.transitGatewayRouteTableId)}`, ...routes.map((each) => `  ${each}`)];
    }),
  ];
  const head = words(
    "transit-gateway",
    name,
    ...placeWords(gateway),
    securityGroupReferencingSupport ? "group-references" : "",
    state === "available" ? "" : `state ${state}`,
    byDefault === undefined ? "without-default-table" : "",
  );
  return [head, ...lines.map((each) => `  ${each}`)];
}

function attachmentLine(
  model: NetworkModel,
  gateway: string,
  attachment: TransitGatewayVpcAttachment,
  tables: readonly TransitGatewayRouteTable[],
  byDefault: TransitGatewayRouteTable | undefined,
): string {
  const { transitGatewayAttachmentId: id, vpcId, subnetIds, state } = attachment;
  const vpc = nameOf(vpcId);
  const associated = tables.find((each) => each.associations.some((one) => one.transitGatewayAttachmentId === id));
  const into = tables.filter((each) => each.propagations.some((one) => one.transitGatewayAttachmentId === id));
  const isUsual = (some: readonly unknown[]) =>
    byDefault === undefined ? some.length === 0 : some.length === 1 && some[0] === byDefault;
  const names = (some: readonly TransitGatewayRouteTable[]) =>
    some.map((each) => nameOf(each.transitGatewayRouteTableId)).join(",") || "none";
  return words(
    "attach",
    vpc,
    sameIds(subnetIds, firstOfEachZone(model, vpcId)) ? "" : `subnets ${subnetIds.map(nameOf).join(",")}`,
    isUsual(associated === undefined ? [] : [associated]) ? "" : `table ${associated ? names([associated]) : "none"}`,
    isUsual(into) ? "" : `propagates ${names(into)}`,
    attachment.applianceModeSupport ? "appliance-mode" : "",
    attachment.ipv6Support ? "ipv6" : "",
    attachment.securityGroupReferencingSupport ? "" : "no-group-references",
    state === "available" ? "" : `state ${state}`,
    nameOf(id) === `${gateway}-${vpc}` ? "" : `as ${nameOf(id)}`,
  );
}

function routeLine(ids: ReadonlySet<string>, route: TransitGatewayRouteTable["routes"][number]): string {
  const [target] = route.transitGatewayAttachmentIds;
  if (target === undefined) return `route ${route.destinationCidrBlock} -> blackhole`;
  return words("route", route.destinationCidrBlock, "->", target, ids.has(target) ? "" : "deleted");
}

export function printTransitGatewayPeering(model: NetworkModel, peering: TransitGatewayPeeringAttachment): string {
  const { requester, accepter, state, transitGatewayAttachmentId: nearId } = peering;
  const [near, far] = [nameOf(requester.transitGatewayId), nameOf(accepter.transitGatewayId)];
  const farId = accepter.transitGatewayAttachmentId ?? nearId;
  const isUsual =
    nameOf(nearId) === `${near}-${far}` &&
    nameOf(farId) === (requester.region === accepter.region ? `${far}-${near}` : `${near}-${far}`);
  return words(
    "transit-gateway-peering",
    near,
    far,
    state === "available" ? "" : state,
    isUsual ? "" : `as ${nameOf(nearId)} accepter-as ${nameOf(farId)}`,
    tableWords(model, "table", requester.transitGatewayId, nearId),
    tableWords(model, "accepter-table", accepter.transitGatewayId, farId),
  );
}

function tableWords(model: NetworkModel, word: string, gateway: string, id: string): string {
  const tables = model.transitGatewayRouteTables.filter((each) => each.transitGatewayId === gateway);
  const associated = tables.find((each) => each.associations.some((one) => one.transitGatewayAttachmentId === id));
  const usual = tables.find((each) => nameOf(each.transitGatewayRouteTableId) === nameOf(gateway));
  if (associated === usual) return "";
  return `${word} ${associated === undefined ? "none" : nameOf(associated.transitGatewayRouteTableId)}`;
}

function firstOfEachZone({ subnets }: NetworkModel, vpcId: string): readonly SubnetId[] {
  const zones = new Map<string, SubnetId>();
  for (const each of subnets)
    if (each.vpcId === vpcId && !zones.has(each.availabilityZoneId)) zones.set(each.availabilityZoneId, each.subnetId);
  return [...zones.values()];
}

function sameIds(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each) => others.includes(each));
}
