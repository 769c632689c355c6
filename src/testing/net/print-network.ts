/** A model as `.net` statements: the way back from what is built. What the builder makes by itself is not written. */
import type { NetworkAcl, NetworkModel, RouteTable, SecurityGroup, Subnet, Vpc } from "../../model/index.ts";
import { entryLine, interfaceLine, natGatewayLine, routeLine, ruleLine } from "./print-lines.ts";
import { printTransitGateway, printTransitGatewayPeering } from "./print-transit-gateway.ts";
import { nameOf, placeWords, words } from "./written.ts";

export function printNetwork(model: NetworkModel): readonly string[] {
  const ids = idsOf(model);
  return [
    ...model.prefixLists.map((each) =>
      words("prefix-list", nameOf(each.prefixListId), ...each.entries, ...placeWords(each)),
    ),
    ...model.vpcs.flatMap((each) => printVpc(model, ids, each)),
    ...model.vpcPeeringConnections.map(({ vpcPeeringConnectionId: id, statusCode, requester, accepter }) => {
      const ends = [nameOf(requester.vpcId), nameOf(accepter.vpcId)];
      const own = nameOf(id) === ends.join("-") ? "" : `as ${nameOf(id)}`;
      return words("peering", ...ends, statusCode === "active" ? "" : statusCode, own);
    }),
    ...model.transitGateways.flatMap((each) => printTransitGateway(model, ids, each)),
    ...model.transitGatewayPeeringAttachments.map((each) => printTransitGatewayPeering(model, each)),
  ];
}

/** Of everything that routes and rules may name. */
function idsOf(model: NetworkModel): ReadonlySet<string> {
  return new Set<string>([
    ...model.prefixLists.map((each) => each.prefixListId),
    ...model.securityGroups.map((each) => each.groupId),
    ...model.networkInterfaces.map((each) => each.networkInterfaceId),
    ...model.internetGateways.map((each) => each.internetGatewayId),
    ...model.egressOnlyInternetGateways.map((each) => each.egressOnlyInternetGatewayId),
    ...model.natGateways.map((each) => each.natGatewayId),
    ...model.vpcPeeringConnections.map((each) => each.vpcPeeringConnectionId),
    ...model.transitGateways.map((each) => each.transitGatewayId),
    ...model.transitGatewayVpcAttachments.map((each) => each.transitGatewayAttachmentId),
    ...model.transitGatewayPeeringAttachments.flatMap((each) => [
      each.transitGatewayAttachmentId,
      each.accepter.transitGatewayAttachmentId ?? each.transitGatewayAttachmentId,
    ]),
  ]);
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

/** What the builder gives every VPC, by the names that it gives. */
interface Defaults {
  readonly table: RouteTable;
  readonly acl: NetworkAcl;
  readonly group: SecurityGroup;
}

function defaultsOf(model: NetworkModel, { vpcId }: Vpc): Defaults | undefined {
  const name = nameOf(vpcId);
  const table = model.routeTables.find((each) => each.routeTableId === `rtb-${name}` && each.main);
  const acl = model.networkAcls.find((each) => each.networkAclId === `acl-${name}` && each.isDefault);
  const group = model.securityGroups.find((each) => each.groupId === `sg-${name}-open`);
  return table === undefined || acl === undefined || group === undefined ? undefined : { table, acl, group };
}

const openEntries = [
  "in 100 allow all 0.0.0.0/0",
  "out 100 allow all 0.0.0.0/0",
  "in 101 allow all ::/0",
  "out 101 allow all ::/0",
];
const openRules = ["in all 0.0.0.0/0", "out all 0.0.0.0/0", "in all ::/0", "out all ::/0"];

function printVpc(model: NetworkModel, ids: ReadonlySet<string>, vpc: Vpc): readonly string[] {
  const { vpcId } = vpc;
  const name = nameOf(vpcId);
  const defaults = defaultsOf(model, vpc);
  const isOwn = (each: { readonly vpcId?: string }) => each.vpcId === vpcId;
  const acls = model.networkAcls.filter(isOwn).map((each) => printAcl(each, defaults));
  const groups = model.securityGroups.filter(isOwn).map((each) => printGroup(ids, each, defaults));
  const tables = model.routeTables.filter(isOwn).map((each) => printTable(ids, vpc, each, defaults));
  return [
    words(
      "vpc",
      name,
      ...vpc.cidrBlocks,
      ...vpc.ipv6CidrBlocks,
      ...placeWords(vpc),
      defaults ? "" : "without-defaults",
    ),
    ...indented([
      ...model.internetGateways
        .filter(isOwn)
        .map(({ internetGatewayId: id }) => words("internet-gateway", nameOf(id) === name ? "" : nameOf(id))),
      ...model.egressOnlyInternetGateways
        .filter(isOwn)
        .map(({ egressOnlyInternetGatewayId: id }) =>
          words("egress-only-internet-gateway", nameOf(id) === name ? "" : nameOf(id)),
        ),
      ...acls.flat(),
      ...groups.flat(),
      ...tables.flat(),
      ...model.subnets.filter(isOwn).flatMap((each) => printSubnet(model, each, defaults)),
    ]),
  ];
}

function printAcl(acl: NetworkAcl, defaults: Defaults | undefined): readonly string[] {
  const entries = acl.entries.filter(({ ruleNumber }) => ruleNumber < lastRuleNumber).map(entryLine);
  const isDefault = acl === defaults?.acl;
  if (isDefault && sameLines(entries, openEntries)) return [];
  return [words("acl", nameOf(acl.networkAclId), acl.isDefault && !isDefault ? "default" : ""), ...indented(entries)];
}

/** AWS's answers list the unremovable last entries; here they go without saying. [NA-3] */
const lastRuleNumber = 32767;

function printGroup(ids: ReadonlySet<string>, group: SecurityGroup, defaults: Defaults | undefined): readonly string[] {
  const rules = group.rules.map((rule) => ruleLine(ids, rule));
  if (group === defaults?.group && sameLines(rules, openRules)) return [];
  return [words("group", nameOf(group.groupId)), ...indented(rules)];
}

/** The main table's routes stand below the VPC. */
function printTable(
  ids: ReadonlySet<string>,
  vpc: Vpc,
  table: RouteTable,
  defaults: Defaults | undefined,
): readonly string[] {
  const routes = table.routes.flatMap((route) => routeLine(ids, vpc, route));
  if (table === defaults?.table && table.gatewayIds.length === 0) return routes;
  const edge = table.gatewayIds.length === 0 ? "" : `edge ${table.gatewayIds.join(",")}`;
  return [words("table", nameOf(table.routeTableId), table.main ? "main" : "", edge), ...indented(routes)];
}

function printSubnet(model: NetworkModel, subnet: Subnet, defaults: Defaults | undefined): readonly string[] {
  const { subnetId, vpcId, routeTableId, networkAclId } = subnet;
  const zone = Number(/-az(\d)$/.exec(subnet.availabilityZoneId)?.[1] ?? 1);
  const interfaces = model.networkInterfaces.filter((each) => each.subnetId === subnetId);
  const openGroup = defaults === undefined ? undefined : `sg-${nameOf(vpcId)}-open`;
  return [
    words(
      "subnet",
      nameOf(subnetId),
      subnet.cidrBlock,
      ...subnet.ipv6CidrBlocks,
      zone === 1 ? "" : `zone ${zone}`,
      routeTableId === undefined ? "" : `table ${nameOf(routeTableId)}`,
      networkAclId === `acl-${nameOf(vpcId)}` ? "" : `acl ${nameOf(networkAclId)}`,
    ),
    ...indented([
      ...interfaces
        .filter(({ interfaceType }) => interfaceType !== "natGateway")
        .map((each) => interfaceLine(model, each, openGroup)),
      ...model.natGateways.filter((each) => each.subnetId === subnetId).map((each) => natGatewayLine(model, each)),
    ]),
  ];
}

function sameLines(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each, index) => each === others[index]);
}
