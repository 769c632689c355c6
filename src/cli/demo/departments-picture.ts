/** The picture of the departments as the API tells it: routes, rules and peering connections are read, never remembered. */

import type { XmlElement } from "../../aws/index.ts";
import { elements, text } from "../api/xml.ts";
import type { Box, Link, Picture } from "./picture.ts";
import { itemWith, markNew, permissionsIn, routesIn } from "./read-picture.ts";
import type { Scene } from "./stage.ts";

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
  const boxOf = ({ name, cidr, server, address, routeTableId, groupId }: Place): Box => ({
    title: name,
    lines: [cidr, `● ${server}`, `  ${address}`],
    sections: [
      { heading: "routes", rows: routesIn(itemWith(tables, "routeTableSet", "routeTableId", routeTableId)) },
      { heading: "let in", rows: permissionsIn(itemWith(groups, "securityGroupInfo", "groupId", groupId)) },
    ],
  });
  const [first, second, third] = places;
  return markNew(
    {
      boxes: places.map(boxOf),
      links: [linkOf(connections, first.vpcId, second.vpcId), linkOf(connections, second.vpcId, third.vpcId)],
    },
    before,
  );
}

function linkOf(connections: XmlElement, one: string, other: string): Link {
  const states = elements(connections, "vpcPeeringConnectionSet", "item")
    .filter((each) => {
      const ends = [text(each, "requesterVpcInfo", "vpcId"), text(each, "accepterVpcInfo", "vpcId")];
      return ends.includes(one) && ends.includes(other);
    })
    .map((each) => text(each, "status", "code"));
  if (states.includes("active")) return { state: "active", label: "pcx" };
  if (states.includes("pending-acceptance")) return { state: "requested", label: "asks" };
  return { state: "absent", label: "" };
}
