/** The picture of the global network as the API tells it: a box for each Region, with its VPC's routes and its gateway's. */

import { elements, optionalText, text } from "../api/xml.ts";
import type { SiteIds } from "./global-build.ts";
import type { Box, Link, Picture, Row } from "./picture.ts";
import { itemWith, markNew, permissionsIn, routesIn } from "./read-picture.ts";
import type { Scene } from "./stage.ts";

/** Reads both Regions. Rows that `before` does not have are marked as new. */
export async function readGlobalPicture(
  scene: Scene,
  sites: readonly [SiteIds, SiteIds],
  before: Picture | undefined,
): Promise<Picture> {
  const [first, second] = sites;
  const boxes = await Promise.all(sites.map((ids) => boxOf(scene.in(ids.site.region), ids)));
  return markNew({ boxes, links: [await peering(scene.in(first.site.region), first, second)] }, before);
}

async function boxOf(scene: Scene, { site, routeTableId, groupIds, gateway }: SiteIds): Promise<Box> {
  const tables = await scene.look("DescribeRouteTables", { RouteTableIds: [routeTableId] });
  const groups = await scene.look("DescribeSecurityGroups", { GroupIds: [groupIds[0]] });
  return {
    title: `${site.name}, ${site.region}`,
    lines: [site.cidr, `● ${site.name}Server`, `  ${site.address}`],
    sections: [
      { heading: "routes of the VPC", rows: routesIn(itemWith(tables, "routeTableSet", "routeTableId", routeTableId)) },
      { heading: "let in", rows: permissionsIn(itemWith(groups, "securityGroupInfo", "groupId", groupIds[0])) },
      {
        heading: gateway === undefined ? "no transit gateway" : `transit gateway, ASN ${site.amazonSideAsn}`,
        rows: gateway === undefined ? [] : await gatewayRoutes(scene, gateway.transitGatewayRouteTableId),
      },
    ],
  };
}

async function gatewayRoutes(scene: Scene, tableId: string): Promise<readonly Row[]> {
  const answer = await scene.look("SearchTransitGatewayRoutes", {
    TransitGatewayRouteTableId: tableId,
    Filters: [{ Name: "state", Values: ["active", "blackhole"] }],
  });
  return elements(answer, "routeSet", "item").map((route) => {
    const kind = optionalText(route, "transitGatewayAttachments", "item", "resourceType") ?? "nowhere";
    return { text: `${text(route, "destinationCidrBlock")} → ${kind}` };
  });
}

async function peering(scene: Scene, first: SiteIds, second: SiteIds): Promise<Link> {
  const absent: Link = { state: "absent", label: "" };
  if (first.gateway === undefined || second.gateway === undefined) return absent;
  const answer = await scene.look("DescribeTransitGatewayPeeringAttachments", {
    Filters: [{ Name: "transit-gateway-id", Values: [first.gateway.transitGatewayId] }],
  });
  const states = elements(answer, "transitGatewayPeeringAttachments", "item").map((each) => text(each, "state"));
  if (states.includes("available")) return { state: "active", label: "peering" };
  return states.includes("pendingAcceptance") ? { state: "requested", label: "asks" } : absent;
}
