/**
 * A fix as resources of Terraform's AWS provider; with several accounts or Regions each names its provider's alias. What is an argument of a
 * resource that is declared elsewhere stands as a comment with the command of the AWS CLI.
 */
import type { RouteTarget } from "../../model/index.ts";
import { routeTargetId } from "../../model/index.ts";
import {
  type ChangeKind,
  type ChangeOf,
  type NetworkChange,
  type Permission,
  protocolNames,
} from "../../reachability/index.ts";
import { commandLines } from "./command-lines.ts";

/** An argument's value; `reference` is an attribute of another resource. */
type Value = string | number | boolean | { readonly reference: string };

interface Block {
  readonly type: string;
  readonly arguments: { readonly [name: string]: Value };
  /** What it makes, by the change's provisional name, and the attribute that has it. */
  readonly makes?: { readonly provisional: string; readonly attribute: string };
}

/** Blocks, or why there are none. */
type Declared = readonly Block[] | string;

export function terraform(changes: readonly NetworkChange[]): readonly string[] {
  const places = new Map(changes.map((change) => [aliasOf(change), change]));
  const several = places.size > 1;
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  const gates: string[] = [];
  const lines: string[] = several ? [...places].flatMap(([alias, place]) => provider(alias, place)) : [];
  for (const change of changes) {
    const declared = declare(change);
    if (typeof declared === "string") {
      lines.push(`# ${declared}`, ...commandLines([change]).map((line) => `#   ${line}`), "");
      continue;
    }
    for (const block of declared) {
      const number = (counts.get(block.type) ?? 0) + 1;
      counts.set(block.type, number);
      const name = `fix${number === 1 ? "" : `_${number}`}`;
      const meta = [
        ...(several ? [["provider", `aws.${aliasOf(change)}`] as const] : []),
        ...(isGate(change.kind) || gates.length === 0 ? [] : [["depends_on", `[${gates.join(", ")}]`] as const]),
      ];
      lines.push(...blockLines(block, name, meta, names));
      if (block.makes !== undefined)
        names.set(block.makes.provisional, `${block.type}.${name}.${block.makes.attribute}`);
      if (isGate(change.kind)) gates.push(`${block.type}.${name}`);
    }
  }
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** AWS refuses what comes after, before it is there. */
function isGate(kind: ChangeKind): boolean {
  return kind.startsWith("accept-") || kind === "attach-internet-gateway";
}

function aliasOf({ ownerId, region }: NetworkChange): string {
  return `a${ownerId}_${region.replaceAll("-", "_")}`;
}

/** The account is known by its credentials, which are the reader's. */
function provider(alias: string, { ownerId, region }: NetworkChange): readonly string[] {
  return [
    'provider "aws" {',
    `  alias  = "${alias}"`,
    `  region = "${region}" # with credentials of account ${ownerId}`,
    "}",
    "",
  ];
}

function blockLines(
  { type, arguments: given }: Block,
  name: string,
  meta: readonly (readonly [string, string])[],
  names: ReadonlyMap<string, string>,
): readonly string[] {
  const all: readonly (readonly [string, string])[] = [
    ...meta,
    ...Object.entries(given).map(([argument, value]) => [argument, written(value, names)] as const),
  ];
  const width = Math.max(0, ...all.map(([argument]) => argument.length));
  if (all.length === 0) return [`resource "${type}" "${name}" {}`, ""];
  return [
    `resource "${type}" "${name}" {`,
    ...all.map(([argument, value]) => `  ${argument.padEnd(width)} = ${value}`),
    "}",
    "",
  ];
}

function written(value: Value, names: ReadonlyMap<string, string>): string {
  if (typeof value === "object") return names.get(value.reference) ?? `"${value.reference}"`;
  if (typeof value !== "string") return String(value);
  const [provisional = value, length] = value.split("/");
  const made = names.get(provisional);
  if (made === undefined || length === undefined) return `"${value}"`;
  // A rule for an address that is still to be given.
  return `"\${${made.replace("allocation_id", "public_ip")}}/${length}"`;
}

function declare(change: NetworkChange): Declared {
  const make: (change: never) => Declared = declarations[change.kind];
  // The table pairs each kind with its declaration; the compiler cannot follow that through the look-up.
  return make(change as never);
}

const isThere = "A route that is there: change it where it is declared, or by";
const argumentOf = (what: string) => `An argument of ${what}: change it where that is declared, or by`;

const declarations: { readonly [K in ChangeKind]: (change: ChangeOf<K>) => Declared } = {
  "create-route": ({ routeTableId, destination, target }) => [
    {
      type: "aws_route",
      arguments: {
        route_table_id: routeTableId,
        [destination.includes(":") ? "destination_ipv6_cidr_block" : "destination_cidr_block"]: destination,
        [targetArgument(target)]: { reference: routeTargetId(target) },
      },
    },
  ],
  "replace-route": () => isThere,
  "delete-route": () => "A route that must go: remove it where it is declared, or by",
  "create-transit-gateway-route": ({ transitGatewayRouteTableId, destination, transitGatewayAttachmentId }) => [
    {
      type: "aws_ec2_transit_gateway_route",
      arguments: {
        transit_gateway_route_table_id: transitGatewayRouteTableId,
        destination_cidr_block: destination,
        transit_gateway_attachment_id: transitGatewayAttachmentId,
      },
    },
  ],
  "replace-transit-gateway-route": () => isThere,
  "associate-transit-gateway-route-table": ({ insteadOf, ...change }) => [
    {
      type: "aws_ec2_transit_gateway_route_table_association",
      arguments: { ...membership(change), ...(insteadOf !== undefined && { replace_existing_association: true }) },
    },
  ],
  "enable-transit-gateway-route-table-propagation": (change) => [
    { type: "aws_ec2_transit_gateway_route_table_propagation", arguments: membership(change) },
  ],
  "accept-transit-gateway-vpc-attachment": ({ transitGatewayAttachmentId: id }) => [
    {
      type: "aws_ec2_transit_gateway_vpc_attachment_accepter",
      arguments: { transit_gateway_attachment_id: id },
    },
  ],
  "accept-transit-gateway-peering-attachment": ({ transitGatewayAttachmentId: id }) => [
    {
      type: "aws_ec2_transit_gateway_peering_attachment_accepter",
      arguments: { transit_gateway_attachment_id: id },
    },
  ],
  "modify-transit-gateway-vpc-attachment": () =>
    argumentOf("aws_ec2_transit_gateway_vpc_attachment (subnet_ids, ipv6_support)"),
  "create-vpc-peering-connection": ({ vpcPeeringConnectionId, vpcId, peerVpcId, ownerId, region, ...peer }) => [
    {
      type: "aws_vpc_peering_connection",
      arguments: {
        vpc_id: vpcId,
        peer_vpc_id: peerVpcId,
        ...(peer.peerOwnerId !== ownerId && { peer_owner_id: peer.peerOwnerId }),
        ...(peer.peerRegion !== region && { peer_region: peer.peerRegion }),
      },
      makes: { provisional: vpcPeeringConnectionId, attribute: "id" },
    },
  ],
  "accept-vpc-peering-connection": ({ vpcPeeringConnectionId }) => [
    {
      type: "aws_vpc_peering_connection_accepter",
      arguments: { vpc_peering_connection_id: { reference: vpcPeeringConnectionId }, auto_accept: true },
    },
  ],
  "authorize-security-group-ingress": (change) => [rule("aws_vpc_security_group_ingress_rule", change)],
  "authorize-security-group-egress": (change) => [rule("aws_vpc_security_group_egress_rule", change)],
  "create-network-acl-entry": ({ networkAclId, entry }) => [
    {
      type: "aws_network_acl_rule",
      arguments: {
        network_acl_id: networkAclId,
        rule_number: entry.ruleNumber,
        egress: entry.egress,
        rule_action: entry.ruleAction,
        protocol: String(entry.protocol),
        [entry.cidrBlock.includes(":") ? "ipv6_cidr_block" : "cidr_block"]: entry.cidrBlock,
        ...(entry.portRange !== undefined && { from_port: entry.portRange.from, to_port: entry.portRange.to }),
        ...(entry.icmpTypeCode !== undefined && {
          icmp_type: entry.icmpTypeCode.type,
          icmp_code: entry.icmpTypeCode.code,
        }),
      },
    },
  ],
  "modify-network-interface-attribute": () => argumentOf("aws_instance or aws_network_interface (source_dest_check)"),
  "start-instances": ({ instanceId }) => [
    { type: "aws_ec2_instance_state", arguments: { instance_id: instanceId, state: "running" } },
  ],
  "associate-address": ({ networkInterfaceId, privateAddress, publicIp }): readonly Block[] => [
    {
      type: "aws_eip",
      arguments: { domain: "vpc" },
      makes: { provisional: publicIp, attribute: "allocation_id" },
    },
    {
      type: "aws_eip_association",
      arguments: {
        allocation_id: { reference: publicIp },
        network_interface_id: networkInterfaceId,
        private_ip_address: privateAddress,
      },
    },
  ],
  "create-internet-gateway": ({ internetGatewayId }) => [
    { type: "aws_internet_gateway", arguments: {}, makes: { provisional: internetGatewayId, attribute: "id" } },
  ],
  "attach-internet-gateway": ({ internetGatewayId, vpcId }) => [
    {
      type: "aws_internet_gateway_attachment",
      arguments: { internet_gateway_id: { reference: internetGatewayId }, vpc_id: vpcId },
    },
  ],
};

function targetArgument({ kind }: RouteTarget): string {
  switch (kind) {
    case "local":
    case "internet-gateway":
    case "other":
      return "gateway_id";
    case "egress-only-internet-gateway":
      return "egress_only_gateway_id";
    case "nat-gateway":
      return "nat_gateway_id";
    case "network-interface":
      return "network_interface_id";
    case "vpc-peering-connection":
      return "vpc_peering_connection_id";
    case "transit-gateway":
      return "transit_gateway_id";
  }
}

interface Membership {
  readonly transitGatewayRouteTableId: string;
  readonly transitGatewayAttachmentId: string;
}

function membership({ transitGatewayRouteTableId, transitGatewayAttachmentId }: Membership) {
  return {
    transit_gateway_route_table_id: transitGatewayRouteTableId,
    transit_gateway_attachment_id: transitGatewayAttachmentId,
  };
}

function rule(
  type: string,
  { groupId, permission, ownerId }: ChangeOf<"authorize-security-group-ingress" | "authorize-security-group-egress">,
): Block {
  const { protocol, fromPort, toPort } = permission;
  return {
    type,
    arguments: {
      security_group_id: groupId,
      ip_protocol: protocolNames.get(protocol) ?? String(protocol),
      ...(fromPort !== undefined && { from_port: fromPort }),
      ...(toPort !== undefined && { to_port: toPort }),
      ...peerArguments(permission, ownerId),
    },
  };
}

/** Another account's group goes with its account. */
function peerArguments({ peer }: Permission, ownerId: string): Block["arguments"] {
  switch (peer.kind) {
    case "cidr":
      return peer.cidr.includes(":") ? { cidr_ipv6: peer.cidr } : { cidr_ipv4: peer.cidr };
    case "prefix-list":
      return { prefix_list_id: peer.prefixListId };
    case "security-group": {
      const foreign = peer.userId !== undefined && peer.userId !== ownerId;
      return { referenced_security_group_id: foreign ? `${peer.userId}/${peer.groupId}` : peer.groupId };
    }
  }
}
