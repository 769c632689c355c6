/** The destinations that a route may have, and what each table allows of them. [RT-20 .. RT-25, RT-40, RT-42] */
import {
  ec2Errors,
  invalidParameterCombination,
  invalidParameterValue,
  isWellFormedId,
  missingParameter,
} from "../../../../aws/index.ts";
import { type CidrBlock, cidrFrom, formatCidr, isSubnetOf } from "../../../../ip/index.ts";
import type { Scope } from "../../../state/record.ts";
import type { StateView } from "../../../state/state.ts";
import { blocksInForce } from "../vpc/block-states.ts";
import { checkedBlock } from "../vpc/cidr-rules.ts";
import type { RouteRecord, RouteTableRecord } from "./record.ts";
import type { RouteTargetMembers } from "./route-targets.ts";

export type RouteDestinationMembers = Pick<
  RouteRecord,
  "DestinationCidrBlock" | "DestinationIpv6CidrBlock" | "DestinationPrefixListId"
>;

/** The addresses of AWS's own services at every host. [RT-25] */
const serviceRanges = ["169.254.168.0/22", "fd00:ec2::/32"].map(cidrFrom);

/** The one destination of a request, in canonical form. Throws for none, for several, and for what is none. */
export function destinationFrom(
  input: { readonly [M in keyof RouteDestinationMembers]: string | undefined },
  { accountId, region }: Scope,
  view: StateView,
): RouteDestinationMembers {
  const given = [input.DestinationCidrBlock, input.DestinationIpv6CidrBlock, input.DestinationPrefixListId];
  const count = given.filter((each) => each !== undefined).length;
  if (count === 0) throw missingParameter("destinationCidrBlock or destinationIpv6CidrBlock");
  if (count > 1) {
    throw invalidParameterCombination(
      "Only one of destinationCidrBlock, destinationIpv6CidrBlock and destinationPrefixListId may be specified.",
    );
  }
  if (input.DestinationCidrBlock !== undefined) {
    return { DestinationCidrBlock: block(input.DestinationCidrBlock, "destinationCidrBlock", "ipv4") };
  }
  if (input.DestinationIpv6CidrBlock !== undefined) {
    return { DestinationIpv6CidrBlock: block(input.DestinationIpv6CidrBlock, "destinationIpv6CidrBlock", "ipv6") };
  }
  const id = input.DestinationPrefixListId ?? "";
  if (!isWellFormedId("pl", id)) throw ec2Errors.malformed("prefix-list", id);
  const list = view.visible("managedPrefixList", id, accountId, region);
  if (list === undefined || list.State === "delete-complete") throw ec2Errors.notFound("prefix-list", id);
  return { DestinationPrefixListId: id };
}

/** Whether packets of IPv6 are meant. A prefix list is of one family. */
export function isIpv6Destination(destination: RouteDestinationMembers, view: StateView): boolean {
  if (destination.DestinationPrefixListId === undefined) return destination.DestinationIpv6CidrBlock !== undefined;
  return view.get("managedPrefixList", destination.DestinationPrefixListId)?.AddressFamily === "IPv6";
}

/** Refuses what no static route of this table may say. */
export function checkDestination(
  destination: RouteDestinationMembers,
  target: RouteTargetMembers,
  table: RouteTableRecord,
  view: StateView,
): void {
  const cidr = destination.DestinationCidrBlock ?? destination.DestinationIpv6CidrBlock;
  if (cidr === undefined) {
    checkEdge(destination, target, table, view);
    return;
  }
  const wanted = cidrFrom(cidr);
  if (serviceRanges.some((range) => isSubnetOf(wanted, range))) {
    throw invalidParameterValue(`The destination CIDR block ${cidr} is reserved for AWS services.`);
  }
  if (vpcBlocks(table, view).some((own) => isSubnetOf(wanted, own) && formatCidr(own) !== cidr)) {
    checkMoreSpecificThanLocal(cidr, target, table, view);
  }
  checkEdge(destination, target, table, view);
}

/** Whether the table could serve arriving traffic at a gateway. [RT-42] */
export function checkEdgeTable(table: RouteTableRecord, view: StateView): void {
  for (const route of table.Routes) checkEdgeRoute(route, route, table, view);
}

/** The destination is the whole block of a subnet, the target something in the VPC that forwards. [RT-23] */
function checkMoreSpecificThanLocal(
  cidr: string,
  target: RouteTargetMembers,
  table: RouteTableRecord,
  view: StateView,
): void {
  if (!subnetBlocks(table, view).includes(cidr)) {
    throw invalidParameterValue("Route destination doesn't match any subnet CIDR blocks.");
  }
  if (target.NatGatewayId === undefined && target.NetworkInterfaceId === undefined) {
    throw invalidParameterValue(
      `A route within the VPC's own range (${cidr}) can only target a NAT gateway, a network interface or a Gateway Load Balancer endpoint.`,
    );
  }
}

function checkEdge(
  destination: RouteDestinationMembers,
  target: RouteTargetMembers,
  table: RouteTableRecord,
  view: StateView,
): void {
  if (table.Associations.some(({ GatewayId }) => GatewayId !== undefined)) {
    checkEdgeRoute(destination, target, table, view);
  }
}

/** At a gateway: the VPC's blocks and whole subnets only, to interfaces or local. [RT-40] */
function checkEdgeRoute(
  destination: RouteDestinationMembers,
  target: RouteTargetMembers,
  table: RouteTableRecord,
  view: StateView,
): void {
  const cidr = destination.DestinationCidrBlock ?? destination.DestinationIpv6CidrBlock;
  const inVpc = vpcBlocks(table, view).map(formatCidr);
  if (cidr === undefined || !(inVpc.includes(cidr) || subnetBlocks(table, view).includes(cidr))) {
    throw invalidParameterValue(
      `Route table ${table.RouteTableId} contains a destination that is not supported for a gateway association: ${cidr ?? destination.DestinationPrefixListId}.`,
    );
  }
  if (target.NetworkInterfaceId === undefined && target.GatewayId !== "local") {
    throw invalidParameterValue(
      `Route table ${table.RouteTableId} contains a target that is not supported for a gateway association (destination ${cidr}).`,
    );
  }
}

function block(text: string, parameter: string, family: CidrBlock["family"]): string {
  const parsed = checkedBlock(text, parameter);
  if (parsed.family !== family) {
    throw invalidParameterValue(
      `Value (${text}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
    );
  }
  return formatCidr(parsed);
}

function vpcBlocks(table: RouteTableRecord, view: StateView): readonly CidrBlock[] {
  const vpc = view.must("vpc", table.VpcId);
  return [...blocksInForce(vpc.CidrBlockAssociationSet), ...blocksInForce(vpc.Ipv6CidrBlockAssociationSet)].map(
    cidrFrom,
  );
}

function subnetBlocks(table: RouteTableRecord, view: StateView): readonly string[] {
  return view
    .by("subnet", "vpc", table.VpcId)
    .flatMap((subnet) => [subnet.CidrBlock, ...blocksInForce(subnet.Ipv6CidrBlockAssociationSet)]);
}
