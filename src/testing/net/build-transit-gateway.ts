/** Transit gateways of a `.net` text: gateways with their tables first, then attachments and peerings, and static routes last, which may name any. */
import { canonicalCidr } from "../../ip/index.ts";
import type {
  TransitGateway,
  TransitGatewayAttachmentId,
  TransitGatewayAttachmentState,
  TransitGatewayId,
  TransitGatewayRouteTableId,
} from "../../model/index.ts";
import type { TestNetwork } from "../network.ts";
import { placeOf, type Statement } from "./statement.ts";

type TableChoice = TransitGatewayRouteTableId | "none";

export function buildTransitGateway(network: TestNetwork, statement: Statement): void {
  // The grammar takes AWS's states only.
  const state = statement.option("state") as TransitGateway["state"] | undefined;
  const options = {
    ...placeOf(statement),
    securityGroupReferencingSupport: statement.has("group-references"),
    ...(state !== undefined && { state }),
  };
  const tables = statement.has("without-default-table") ? "no table" : "default table";
  const gateway = network.transitGateway(statement.given("name"), options, tables);
  for (const each of statement.children)
    if (each.keyword === "table") network.transitGatewayTable(each.given("name"), gateway);
  for (const each of statement.children) if (each.keyword === "attach") attach(network, gateway, each, tables);
}

function attach(
  network: TestNetwork,
  gateway: TransitGatewayId,
  statement: Statement,
  tables: "default table" | "no table",
): void {
  const subnets = statement.list("subnets");
  const name = statement.option("as");
  const table = tableChoice(statement.option("table"));
  const into = statement.list("propagates");
  // The grammar takes AWS's states only.
  const state = statement.option("state") as TransitGatewayAttachmentState | undefined;
  const id = network.attach(gateway, `vpc-${statement.given("vpc")}`, {
    applianceModeSupport: statement.has("appliance-mode"),
    ipv6Support: statement.has("ipv6"),
    securityGroupReferencingSupport: !statement.has("no-group-references"),
    ...(subnets !== undefined && { subnetIds: subnets.map((each) => `subnet-${each}` as const) }),
    ...(name !== undefined && { transitGatewayAttachmentId: `tgw-attach-${name}` }),
    ...(state !== undefined && { state }),
    ...(table !== undefined ? { table } : tables === "no table" && { table: "none" }),
    ...((into !== undefined || tables === "no table") && { into: "none" }),
  });
  for (const each of into ?? []) if (each !== "none") network.propagate(id, `tgw-rtb-${each}`);
}

export function buildTransitGatewayPeering(network: TestNetwork, statement: Statement): void {
  const [requester, accepter] = [statement.given("requester"), statement.given("accepter")];
  const near = statement.option("as");
  const far = statement.option("accepter-as") ?? near;
  const ids = near !== undefined && far !== undefined && ([`tgw-attach-${near}`, `tgw-attach-${far}`] as const);
  const [nearId, farId] = network.peerTransitGateways(
    `tgw-${requester}`,
    `tgw-${accepter}`,
    ...(ids === false ? [] : [ids]),
  );
  // The grammar takes AWS's states only.
  const state = statement.arg("state") as TransitGatewayAttachmentState | undefined;
  if (state !== undefined) network.setTransitGatewayPeering(nearId, state);
  const associate = (id: TransitGatewayAttachmentId, gateway: string, table: string | undefined): void => {
    if (table !== undefined) network.associatePeering(id, `tgw-${gateway}`, tableChoice(table) ?? "none");
  };
  associate(nearId, requester, statement.option("table"));
  associate(farId, accepter, statement.option("accepter-table"));
}

export function buildTransitGatewayRoutes(network: TestNetwork, statement: Statement): void {
  const add = (table: TransitGatewayRouteTableId, route: Statement): void => {
    const destination = route.given("destination");
    const cidr = canonicalCidr(destination) ?? destination;
    network.transitGatewayRoute(table, cidr, route.given("target"));
    if (route.has("blackhole"))
      network.changeTransitGatewayRoute(table, cidr, { state: "blackhole", transitGatewayAttachmentIds: [] });
  };
  for (const each of statement.children) {
    if (each.keyword === "route") add(`tgw-rtb-${statement.given("name")}`, each);
    else if (each.keyword === "table") for (const route of each.children) add(`tgw-rtb-${each.given("name")}`, route);
  }
}

function tableChoice(name: string | undefined): TableChoice | undefined {
  return name === undefined ? undefined : name === "none" ? name : `tgw-rtb-${name}`;
}
