/** What pictures of networks have in common: how routes and rules of EC2's answers read as rows, and which rows are new. */

import type { XmlElement } from "../../aws/index.ts";
import { elements, optionalText, text } from "../api/xml.ts";
import type { Picture, Row } from "./picture.ts";

/** The picture with `isNew` at the rows that `before` does not have; without one before, nothing is new. */
export function markNew(picture: Picture, before: Picture | undefined): Picture {
  if (before === undefined) return picture;
  const boxes = picture.boxes.map((box, at) => ({
    ...box,
    sections: box.sections.map((section, number) => {
      const known = new Set(before.boxes[at]?.sections[number]?.rows.map((row) => row.text));
      return { ...section, rows: section.rows.map((row) => ({ ...row, isNew: !known.has(row.text) })) };
    }),
  }));
  return { ...picture, boxes };
}

/** The routes of a VPC's route table, the local ones first, as in the console. */
export function routesIn(table: XmlElement): readonly Row[] {
  const routes = elements(table, "routeSet", "item").map((route) => {
    const destination = text(route, "destinationCidrBlock");
    const target =
      optionalText(route, "vpcPeeringConnectionId") ??
      optionalText(route, "transitGatewayId") ??
      text(route, "gatewayId");
    return target === "local" ? `${destination} local` : `${destination} → ${target.split("-")[0]}`;
  });
  return routes.sort((a, b) => Number(b.endsWith(" local")) - Number(a.endsWith(" local"))).map(row);
}

/** What a security group lets in from address blocks. */
export function permissionsIn(group: XmlElement): readonly Row[] {
  return elements(group, "ipPermissions", "item").flatMap((permission) => {
    const protocol = text(permission, "ipProtocol").toUpperCase();
    const port = protocol === "ICMP" ? "" : `/${optionalText(permission, "fromPort") ?? "any"}`;
    return elements(permission, "ipRanges", "item").map((range) => row(`${protocol}${port} ${text(range, "cidrIp")}`));
  });
}

/** The item of a set by one of its members. Throws an Error when the answer has none. */
export function itemWith(answer: XmlElement, set: string, key: string, value: string): XmlElement {
  const found = elements(answer, set, "item").find((each) => text(each, key) === value);
  if (found === undefined) throw new Error(`${value} is not in the answer ${answer.name}`);
  return found;
}

function row(line: string): Row {
  return { text: line };
}
