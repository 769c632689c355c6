/** A change as a person would say it. */
import { routeTargetId } from "../../model/index.ts";
import type { ChangeKind, ChangeOf, NetworkChange, Permission } from "./network-change.ts";

/** What the change is made to, and what is made there. */
export interface ChangeWords {
  readonly component: string;
  readonly does: string;
}

/** As rules of groups name protocols. */
export const protocolNames: ReadonlyMap<number, string> = new Map([
  [-1, "-1"],
  [1, "icmp"],
  [6, "tcp"],
  [17, "udp"],
  [58, "icmpv6"],
]);

export function changeWords(change: NetworkChange): ChangeWords {
  const say: (change: never) => ChangeWords = words[change.kind];
  // The table pairs each kind with its words; the compiler cannot follow that through the look-up.
  return say(change as never);
}

const words: { readonly [K in ChangeKind]: (change: ChangeOf<K>) => ChangeWords } = {
  "create-route": ({ routeTableId, destination, target }) => ({
    component: routeTableId,
    does: `add the route ${destination} → ${routeTargetId(target)}`,
  }),
  "replace-route": ({ routeTableId, destination, target }) => ({
    component: routeTableId,
    does: `let the route ${destination}, now a blackhole, name ${routeTargetId(target)}`,
  }),
  "delete-route": ({ routeTableId, destination }) => ({
    component: routeTableId,
    does: `delete the route ${destination}, a blackhole that hides the local one`,
  }),
  "create-transit-gateway-route": ({ transitGatewayRouteTableId, destination, transitGatewayAttachmentId }) => ({
    component: transitGatewayRouteTableId,
    does: `add the static route ${destination} → ${transitGatewayAttachmentId}`,
  }),
  "replace-transit-gateway-route": ({ transitGatewayRouteTableId, destination, transitGatewayAttachmentId }) => ({
    component: transitGatewayRouteTableId,
    does: `let the static route ${destination}, now a blackhole, name ${transitGatewayAttachmentId}`,
  }),
  "associate-transit-gateway-route-table": ({ transitGatewayAttachmentId, transitGatewayRouteTableId, insteadOf }) => ({
    component: transitGatewayAttachmentId,
    does: `associate it with ${transitGatewayRouteTableId}${insteadOf === undefined ? "" : ` instead of ${insteadOf}`}`,
  }),
  "enable-transit-gateway-route-table-propagation": ({ transitGatewayRouteTableId, transitGatewayAttachmentId }) => ({
    component: transitGatewayRouteTableId,
    does: `let ${transitGatewayAttachmentId} propagate its routes into it`,
  }),
  "accept-transit-gateway-vpc-attachment": ({ transitGatewayAttachmentId }) => ({
    component: transitGatewayAttachmentId,
    does: "accept the attachment",
  }),
  "accept-transit-gateway-peering-attachment": ({ transitGatewayAttachmentId }) => ({
    component: transitGatewayAttachmentId,
    does: "accept the peering of the transit gateways",
  }),
  "modify-transit-gateway-vpc-attachment": ({ transitGatewayAttachmentId, addSubnetId, ipv6Support }) => ({
    component: transitGatewayAttachmentId,
    does: [
      ...(addSubnetId === undefined ? [] : [`add ${addSubnetId}, a subnet of the sender's zone`]),
      ...(ipv6Support === undefined ? [] : ["switch IPv6 support on"]),
    ].join(", "),
  }),
  "create-vpc-peering-connection": ({ vpcId, peerVpcId }) => ({
    component: vpcId,
    does: `ask for a peering with ${peerVpcId}`,
  }),
  "accept-vpc-peering-connection": ({ vpcPeeringConnectionId }) => ({
    component: vpcPeeringConnectionId,
    does: "accept the peering",
  }),
  "authorize-security-group-ingress": ({ groupId, permission }) => ({
    component: groupId,
    does: `let in ${permissionWords(permission)} from ${peerWords(permission)}`,
  }),
  "authorize-security-group-egress": ({ groupId, permission }) => ({
    component: groupId,
    does: `let out ${permissionWords(permission)} to ${peerWords(permission)}`,
  }),
  "create-network-acl-entry": ({ networkAclId, entry }) => {
    const { ruleNumber, egress, protocol, cidrBlock, portRange, icmpTypeCode } = entry;
    const ports = portRange ?? (icmpTypeCode && { from: icmpTypeCode.type, to: icmpTypeCode.code });
    const what = trafficOf(protocol, ports?.from, ports?.to);
    return {
      component: networkAclId,
      does: `add entry ${ruleNumber} that lets ${egress ? "out" : "in"} ${what} ${egress ? "to" : "from"} ${cidrBlock}`,
    };
  },
  "modify-network-interface-attribute": ({ networkInterfaceId }) => ({
    component: networkInterfaceId,
    does: "switch the source/destination check off, so that the instance may forward",
  }),
  "start-instances": ({ instanceId }) => ({ component: instanceId, does: "start the instance" }),
  "associate-address": ({ networkInterfaceId, privateAddress }) => ({
    component: networkInterfaceId,
    does: `give ${privateAddress} an Elastic IP address`,
  }),
  "create-internet-gateway": ({ region }) => ({ component: region, does: "create an internet gateway" }),
  "attach-internet-gateway": ({ vpcId, internetGatewayId }) => ({
    component: vpcId,
    does: `attach ${internetGatewayId}`,
  }),
};

function permissionWords({ protocol, fromPort, toPort }: Permission): string {
  return trafficOf(protocol, fromPort, toPort);
}

function peerWords({ peer }: Permission): string {
  switch (peer.kind) {
    case "cidr":
      return peer.cidr;
    case "prefix-list":
      return peer.prefixListId;
    case "security-group":
      return peer.groupId;
  }
}

/** `tcp/443`, `udp/1024-65535`, `icmp type 8`, `protocol 50`. */
function trafficOf(protocol: number, from?: number, to?: number): string {
  const name = protocolNames.get(protocol) ?? `protocol ${protocol}`;
  if (from === undefined) return name;
  if (protocol === 1 || protocol === 58)
    return `${name} type ${from}${to === undefined || to < 1 ? "" : ` code ${to}`}`;
  return from === to ? `${name}/${from}` : `${name}/${from}-${to}`;
}
