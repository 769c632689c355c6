/** VPCs, from DescribeVpcs and, for their two DNS switches, DescribeVpcAttribute. */
import type { Cidr, Vpc } from "../model/index.ts";
import type { Item } from "./item.ts";
import { mergeResources, resourceFields } from "./merge.ts";
import type { Part, Seen } from "./part.ts";
import type { Report } from "./report.ts";

export function readVpcs(parts: readonly Part[], report: Report): readonly Vpc[] {
  return mergeResources(parts.flatMap(vpcsOf), report);
}

function vpcsOf(part: Part): readonly Seen<Vpc>[] {
  const attributes = attributesByVpc(part);
  return part.readEach("Vpcs", { field: "VpcId", prefix: "vpc" }, (item, vpcId) => {
    const isDefault = item.boolean("IsDefault") ?? false;
    const own = attributes.get(vpcId) ?? [];
    const attribute = (name: string): boolean | undefined =>
      own.map((each) => each.item(name)?.boolean("Value")).find((value) => value !== undefined);
    noteBlockedAccess(item, vpcId);
    return {
      ...resourceFields(item, part),
      vpcId,
      cidrBlocks: ipv4Blocks(item),
      ipv6CidrBlocks: ipv6Blocks(item),
      isDefault,
      enableDnsSupport: attribute("EnableDnsSupport") ?? assumed("enableDnsSupport", true),
      enableDnsHostnames: attribute("EnableDnsHostnames") ?? assumed("enableDnsHostnames", isDefault),
    };

    function assumed(field: string, usual: boolean): boolean {
      item.notes.unknown(`${vpcId}.${field}`, `DescribeVpcAttribute was not read; ${usual} is what a new VPC has`);
      return usual;
    }
  });
}

function attributesByVpc(part: Part): ReadonlyMap<string, readonly Item[]> {
  const byVpc = new Map<string, Item[]>();
  for (const item of part.items("VpcAttributes")) {
    const vpcId = item.text("VpcId") ?? "";
    const others = byVpc.get(vpcId);
    if (others === undefined) byVpc.set(vpcId, [item]);
    else others.push(item);
  }
  return byVpc;
}

/** The blocks in force, the primary one first. Answers of before 2017 tell one only. */
function ipv4Blocks(item: Item): readonly Cidr[] {
  const primary = item.cidr("CidrBlock");
  const associated = inForce(item, "CidrBlockAssociationSet", "CidrBlockState", "CidrBlock");
  const others = associated.filter((each) => each !== primary);
  return primary === undefined ? others : [primary, ...others];
}

/** The IPv6 blocks in force of a VPC or a subnet. */
export function ipv6Blocks(item: Item): readonly Cidr[] {
  return inForce(item, "Ipv6CidrBlockAssociationSet", "Ipv6CidrBlockState", "Ipv6CidrBlock");
}

const gone: ReadonlySet<string | undefined> = new Set(["disassociating", "disassociated", "failing", "failed"]);

function inForce(item: Item, list: string, state: string, block: string): readonly Cidr[] {
  return item.items(list).flatMap((association) => {
    const cidr = gone.has(association.item(state)?.text("State")) ? undefined : association.cidr(block);
    return cidr === undefined ? [] : [cidr];
  });
}

/** Block Public Access stops what the tables and groups let through, and is not modelled. */
function noteBlockedAccess(item: Item, vpcId: string): void {
  const mode = item.item("BlockPublicAccessStates")?.text("InternetGatewayBlockMode");
  if (mode === undefined || mode === "off") return;
  item.notes.unknown(`${vpcId}.blockPublicAccess`, `VPC Block Public Access is ${mode}, which is not modelled`);
}
