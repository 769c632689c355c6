/** Statements as a network: what the builder of tests makes of them. Links come after what they join. */
import { canonicalCidr, familyOf } from "../../ip/index.ts";
import type { Cidr, InstanceId, NetworkModel, RouteTableId, SubnetId, VpcId } from "../../model/index.ts";
import { type InterfaceOptions, type TestNetwork, testNetwork } from "../network.ts";
import { buildTransitGateway, buildTransitGatewayPeering, buildTransitGatewayRoutes } from "./build-transit-gateway.ts";
import { placeOf, type Statement } from "./statement.ts";

export function buildModel(statements: readonly Statement[]): NetworkModel {
  const network = testNetwork();
  const all = (keyword: string) => statements.filter((each) => each.keyword === keyword);
  for (const each of all("prefix-list")) buildPrefixList(network, each);
  for (const each of all("vpc")) buildVpc(network, each);
  for (const each of all("peering")) buildPeering(network, each);
  for (const each of all("transit-gateway")) buildTransitGateway(network, each);
  for (const each of all("transit-gateway-peering")) buildTransitGatewayPeering(network, each);
  for (const each of all("transit-gateway")) buildTransitGatewayRoutes(network, each);
  return network.model();
}

function buildPrefixList(network: TestNetwork, statement: Statement): void {
  const id = network.prefixList(statement.given("name"), ...statement.args("blocks").map(canonical));
  network.changePrefixList(id, placeOf(statement));
}

function buildVpc(network: TestNetwork, statement: Statement): void {
  const name = statement.given("name");
  const [ipv6] = blocksOf(statement, "ipv6");
  const [cidr = "", ...more] = blocksOf(statement, "ipv4");
  const vpcId = network.vpc(name, cidr, {
    more,
    bare: statement.has("without-defaults"),
    ...placeOf(statement),
    ...(ipv6 !== undefined && { ipv6 }),
  });
  const all = (keyword: string) => statement.children.filter((each) => each.keyword === keyword);
  for (const each of all("table")) buildTable(network, vpcId, each);
  for (const each of all("acl")) buildAcl(network, vpcId, each);
  for (const each of all("group")) buildGroup(network, vpcId, each);
  for (const each of all("internet-gateway")) network.internetGateway(vpcId, each.arg("name"));
  for (const each of all("egress-only-internet-gateway")) network.egressOnlyInternetGateway(vpcId, each.arg("name"));
  for (const each of all("subnet")) buildSubnet(network, vpcId, each);
  for (const each of all("route")) buildRoute(network, `rtb-${name}`, each);
  for (const table of all("table"))
    for (const each of table.children) buildRoute(network, `rtb-${table.given("name")}`, each);
}

function buildTable(network: TestNetwork, vpcId: VpcId, statement: Statement): void {
  const gatewayIds = statement.list("edge") ?? [];
  network.routeTable(statement.given("name"), vpcId, { gatewayIds, main: statement.has("main") });
}

function buildAcl(network: TestNetwork, vpcId: VpcId, statement: Statement): void {
  const name = statement.given("name");
  const entries = statement.children.map((entry) => {
    const words = ["number", "action", "protocol"].map((each) => entry.given(each));
    return [entry.keyword, ...words, canonical(entry.given("cidr"))].join(" ");
  });
  if (network.model().networkAcls.some(({ networkAclId }) => networkAclId === `acl-${name}`))
    network.setEntries(`acl-${name}`, ...entries);
  else if (statement.has("default")) network.defaultAcl(name, vpcId, ...entries);
  else network.acl(name, vpcId, ...entries);
}

function buildGroup(network: TestNetwork, vpcId: VpcId, statement: Statement): void {
  const name = statement.given("name");
  const rules = statement.children.map((rule) =>
    [rule.keyword, rule.given("protocol"), canonical(rule.given("far"))].join(" "),
  );
  if (network.model().securityGroups.some(({ groupId }) => groupId === `sg-${name}`))
    network.setRules(`sg-${name}`, ...rules);
  else network.group(name, vpcId, ...rules);
}

function buildSubnet(network: TestNetwork, vpcId: VpcId, statement: Statement): void {
  const [cidr = ""] = blocksOf(statement, "ipv4");
  const [ipv6] = blocksOf(statement, "ipv6");
  const table = statement.option("table");
  const acl = statement.option("acl");
  const subnetId = network.subnet(vpcId, cidr, {
    name: statement.given("name"),
    zone: Number(statement.option("zone") ?? 1),
    ...(ipv6 !== undefined && { ipv6 }),
    ...(table !== undefined && { routeTable: `rtb-${table}` }),
    ...(acl !== undefined && { acl: `acl-${acl}` }),
  });
  for (const each of statement.children) {
    if (each.keyword === "nat-gateway") buildNatGateway(network, subnetId, each);
    else buildInterface(network, vpcId, subnetId, each);
  }
}

function buildNatGateway(network: TestNetwork, subnetId: SubnetId, statement: Statement): void {
  const name = statement.given("name");
  network.natGateway(name, subnetId, statement.given("address"), statement.option("public"));
  // The grammar takes AWS's states only.
  const state = statement.option("state") as NetworkModel["natGateways"][number]["state"] | undefined;
  if (state !== undefined) network.changeNatGateway(`nat-${name}`, { state });
}

function buildInterface(network: TestNetwork, vpcId: VpcId, subnetId: SubnetId, statement: Statement): void {
  const name = statement.given("name");
  const [address = "", ...secondary] = statement.args("addresses").filter((each) => familyOf(each) === "ipv4");
  const [ipv6] = statement.args("addresses").filter((each) => familyOf(each) === "ipv6");
  const publicIp = statement.option("public");
  const groups = statement.list("groups");
  const interfaceType = statement.option("type");
  const options: InterfaceOptions = {
    secondary,
    sourceDestCheck: !statement.has("no-source-dest-check"),
    ...(ipv6 !== undefined && { ipv6 }),
    ...(publicIp !== undefined && { publicIp }),
    ...(interfaceType !== undefined && { interfaceType }),
    ...(groups !== undefined && {
      groups: groups.filter((each) => each !== "none").map((each) => `sg-${each}` as const),
    }),
  };
  const of = statement.option("of");
  if (statement.keyword === "interface" && of === undefined) {
    network.networkInterface(name, subnetId, address, options);
    return;
  }
  const interfaceName = statement.option("eni");
  const instanceId: InstanceId = network.instance(name, vpcId, address, {
    ...options,
    ...(of !== undefined && { of: `i-${of}` }),
    ...(interfaceName !== undefined && { interfaceName }),
  });
  // The grammar takes AWS's states only.
  const state = statement.option("state") as NetworkModel["instances"][number]["state"] | undefined;
  if (state !== undefined) network.setInstanceState(instanceId, state);
}

function buildRoute(network: TestNetwork, table: RouteTableId, statement: Statement): void {
  const destination = canonical(statement.given("destination"));
  const target = statement.given("target");
  if (statement.has("replaces-local")) {
    network.replaceLocalRoute(table, destination, target);
    return;
  }
  const origin = statement.has("propagated") ? "EnableVgwRoutePropagation" : "CreateRoute";
  const isBlackhole = statement.has("blackhole") || target === "blackhole";
  network.route(table, destination, target, origin, isBlackhole ? "blackhole" : "active");
}

function buildPeering(network: TestNetwork, statement: Statement): void {
  // The grammar takes AWS's status codes only.
  const status = statement.arg("status") as NetworkModel["vpcPeeringConnections"][number]["statusCode"] | undefined;
  const [requester, accepter] = [statement.given("requester"), statement.given("accepter")];
  network.peer(`vpc-${requester}`, `vpc-${accepter}`, status, statement.option("as"));
}

function blocksOf(statement: Statement, family: "ipv4" | "ipv6"): readonly Cidr[] {
  return statement
    .args("blocks")
    .filter((block) => familyOf(block) === family)
    .map(canonical);
}

/** A CIDR block in its canonical form; a prefix list's or group's id as it is. */
function canonical(text: string): string {
  return canonicalCidr(text) ?? text;
}
