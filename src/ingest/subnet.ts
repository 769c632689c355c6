/** Subnets. Their route table and network ACL are told by those: each lists the subnets that it is associated with. */
import type { NetworkAclId, RouteTableId, Subnet } from "../model/index.ts";
import { required } from "./item.ts";
import { mergeResources, resourceFields } from "./merge.ts";
import type { IdField, Part, Seen } from "./part.ts";
import type { Report } from "./report.ts";
import { ipv6Blocks } from "./vpc.ts";

export function readSubnets(parts: readonly Part[], report: Report): readonly Subnet[] {
  const tables = associatedBySubnet(parts, "RouteTables", { field: "RouteTableId", prefix: "rtb" });
  const acls = associatedBySubnet(parts, "NetworkAcls", { field: "NetworkAclId", prefix: "acl" });
  return mergeResources(
    parts.flatMap((part) => subnetsOf(part, tables, acls)),
    report,
  );
}

function subnetsOf(
  part: Part,
  tables: ReadonlyMap<string, RouteTableId>,
  acls: ReadonlyMap<string, NetworkAclId>,
): readonly Seen<Subnet>[] {
  return part.readEach("Subnets", { field: "SubnetId", prefix: "subnet" }, (item, subnetId) => {
    const routeTableId = tables.get(subnetId);
    const availabilityZone = required(item, "AvailabilityZone", item.text("AvailabilityZone"));
    return {
      ...resourceFields(item, part),
      subnetId,
      vpcId: required(item, "VpcId", item.id("VpcId", "vpc")),
      cidrBlock: required(item, "CidrBlock", item.cidr("CidrBlock")),
      ipv6CidrBlocks: ipv6Blocks(item),
      availabilityZone,
      availabilityZoneId: item.text("AvailabilityZoneId") ?? zoneIdOf(availabilityZone),
      networkAclId: acls.get(subnetId) ?? aclNotRead(),
      ...(routeTableId !== undefined && { routeTableId }),
    };

    function zoneIdOf(zone: string): string {
      const zones = part.items("AvailabilityZones");
      const told = zones.find((each) => each.text("ZoneName") === zone)?.text("ZoneId");
      if (told !== undefined) return told;
      // Within one account the name tells zones apart as well; between accounts it does not.
      item.notes.unknown(
        `${subnetId}.availabilityZoneId`,
        "neither DescribeSubnets nor DescribeAvailabilityZones told it",
      );
      return `${part.account}/${zone}`;
    }

    /** An id that stands for the network ACL which the subnet surely has. */
    function aclNotRead(): NetworkAclId {
      const id: NetworkAclId = `acl-of-${subnetId}`;
      item.notes.unknown(id, `no network ACL among the answers is associated with ${subnetId}`);
      return id;
    }
  });
}

/** From each subnet to the thing that lists it among its associations. */
function associatedBySubnet<P extends string>(
  parts: readonly Part[],
  key: "RouteTables" | "NetworkAcls",
  id: IdField<P>,
): ReadonlyMap<string, `${P}-${string}`> {
  const pairs = parts.flatMap((part) =>
    part.readEach(key, id, (item, thing) =>
      item.items("Associations").flatMap((association): readonly (readonly [string, typeof thing])[] => {
        const subnetId = association.text("SubnetId");
        const ended = ["disassociating", "disassociated"].includes(
          association.item("AssociationState")?.text("State") ?? "",
        );
        return subnetId === undefined || ended ? [] : [[subnetId, thing]];
      }),
    ),
  );
  return new Map(pairs.flatMap(({ value }) => value ?? []));
}
