/** The picture of the departments as the API tells it: routes, rules and peering connections are read, never remembered. */
import type { Department, Link, Picture, Row } from "./picture.ts";
import type { Scene } from "./stage.ts";
import { elements, optionalText, text, type XmlElement } from "./xml.ts";

/** One department and where to look for it. */
export interface Place {
  readonly name: string;
  readonly cidr: string;
  readonly server: string;
  readonly address: string;
  readonly vpcId: string;
  readonly routeTableId: string;
  readonly groupId: string;
}

export type Places = readonly [Place, Place, Place];

/** Reads the network. Rows that `before` does not have are marked as new. */
export async function readPicture(
  scene: Pick<Scene, "look">,
  places: Places,
  before: Picture | undefined,
): Promise<Picture> {
  const [tables, groups, connections] = await Promise.all([
    scene.look("DescribeRouteTables", { RouteTableIds: places.map((each) => each.routeTableId) }),
    scene.look("DescribeSecurityGroups", { GroupIds: places.map((each) => each.groupId) }),
    scene.look("DescribeVpcPeeringConnections", {}),
  ]);
  const department = (index: 0 | 1 | 2): Department => {
    const { name, cidr, server, address, routeTableId, groupId } = places[index];
    const known = before?.departments[index];
    return {
      name,
      cidr,
      server,
      address,
      routes: rows(routesOf(tables, routeTableId), known?.routes),
      inbound: rows(inboundOf(groups, groupId), known?.inbound),
    };
  };
  const [first, second, third] = places;
  return {
    departments: [department(0), department(1), department(2)],
    links: [linkOf(connections, first.vpcId, second.vpcId), linkOf(connections, second.vpcId, third.vpcId)],
  };
}

function rows(texts: readonly string[], before: readonly Row[] | undefined): readonly Row[] {
  return texts.map((each) => ({ text: each, isNew: before?.every((row) => row.text !== each) ?? false }));
}

function routesOf(tables: XmlElement, routeTableId: string): readonly string[] {
  const table = itemWith(tables, "routeTableSet", "routeTableId", routeTableId);
  const routes = elements(table, "routeSet", "item").map((route) => {
    const destination = text(route, "destinationCidrBlock");
    const target = optionalText(route, "vpcPeeringConnectionId") ?? text(route, "gatewayId");
    return target === "local" ? `${destination} local` : `${destination} → ${target.split("-")[0]}`;
  });
  // The local route first, as in the console.
  return routes.sort((a, b) => Number(b.endsWith(" local")) - Number(a.endsWith(" local")));
}

function inboundOf(groups: XmlElement, groupId: string): readonly string[] {
  const group = itemWith(groups, "securityGroupInfo", "groupId", groupId);
  return elements(group, "ipPermissions", "item").flatMap((permission) =>
    elements(permission, "ipRanges", "item").map(
      (range) => `${text(permission, "ipProtocol").toUpperCase()} ${text(range, "cidrIp")}`,
    ),
  );
}

function linkOf(connections: XmlElement, one: string, other: string): Link {
  const states = elements(connections, "vpcPeeringConnectionSet", "item")
    .filter((each) => {
      const ends = [text(each, "requesterVpcInfo", "vpcId"), text(each, "accepterVpcInfo", "vpcId")];
      return ends.includes(one) && ends.includes(other);
    })
    .map((each) => text(each, "status", "code"));
  if (states.includes("active")) return "active";
  return states.includes("pending-acceptance") ? "requested" : "absent";
}

function itemWith(answer: XmlElement, set: string, key: string, value: string): XmlElement {
  const found = elements(answer, set, "item").find((each) => text(each, key) === value);
  if (found === undefined) throw new Error(`${value} is not in the answer ${answer.name}`);
  return found;
}
