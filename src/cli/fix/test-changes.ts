/** One change of every kind, for tests of what becomes of them. */
import type { ChangeKind, ChangeOf, NetworkChange } from "../../reachability/index.ts";

const place = { ownerId: "111111111111", region: "us-east-1" } as const;
const other = { ownerId: "222222222222", region: "us-east-1" } as const;

const id = (number: number) => `0${number}23456789abcdef0`;
const table = `rtb-${id(1)}` as const;
const gatewayTable = `tgw-rtb-${id(1)}` as const;
const attachment = `tgw-attach-${id(1)}` as const;
const peering = "pcx-new-1" as const;
const gateway = "igw-new-1" as const;
const vpcId = `vpc-${id(1)}` as const;

const changes: { readonly [K in ChangeKind]: readonly (ChangeOf<K> & { readonly kind: K })[] } = {
  "start-instances": [{ ...place, kind: "start-instances", instanceId: `i-${id(1)}` }],
  "create-vpc-peering-connection": [
    {
      ...place,
      kind: "create-vpc-peering-connection",
      vpcPeeringConnectionId: peering,
      vpcId,
      peerVpcId: `vpc-${id(2)}`,
      peerOwnerId: other.ownerId,
      peerRegion: other.region,
    },
  ],
  "accept-vpc-peering-connection": [
    { ...other, kind: "accept-vpc-peering-connection", vpcPeeringConnectionId: peering },
  ],
  "create-internet-gateway": [{ ...place, kind: "create-internet-gateway", internetGatewayId: gateway }],
  "attach-internet-gateway": [{ ...place, kind: "attach-internet-gateway", internetGatewayId: gateway, vpcId }],
  "associate-address": [
    {
      ...place,
      kind: "associate-address",
      networkInterfaceId: `eni-${id(1)}`,
      privateAddress: "10.0.1.10",
      publicIp: "192.0.2.1",
    },
  ],
  "accept-transit-gateway-vpc-attachment": [
    { ...place, kind: "accept-transit-gateway-vpc-attachment", transitGatewayAttachmentId: attachment },
  ],
  "accept-transit-gateway-peering-attachment": [
    { ...place, kind: "accept-transit-gateway-peering-attachment", transitGatewayAttachmentId: `tgw-attach-${id(2)}` },
  ],
  "modify-transit-gateway-vpc-attachment": [
    {
      ...place,
      kind: "modify-transit-gateway-vpc-attachment",
      transitGatewayAttachmentId: attachment,
      addSubnetId: `subnet-${id(1)}`,
    },
    {
      ...place,
      kind: "modify-transit-gateway-vpc-attachment",
      transitGatewayAttachmentId: attachment,
      ipv6Support: "enable",
    },
  ],
  "associate-transit-gateway-route-table": [
    {
      ...place,
      kind: "associate-transit-gateway-route-table",
      transitGatewayRouteTableId: gatewayTable,
      transitGatewayAttachmentId: attachment,
    },
    {
      ...place,
      kind: "associate-transit-gateway-route-table",
      transitGatewayRouteTableId: gatewayTable,
      transitGatewayAttachmentId: `tgw-attach-${id(2)}`,
      insteadOf: `tgw-rtb-${id(2)}`,
    },
  ],
  "enable-transit-gateway-route-table-propagation": [
    {
      ...place,
      kind: "enable-transit-gateway-route-table-propagation",
      transitGatewayRouteTableId: gatewayTable,
      transitGatewayAttachmentId: attachment,
    },
  ],
  "create-transit-gateway-route": [
    {
      ...place,
      kind: "create-transit-gateway-route",
      transitGatewayRouteTableId: gatewayTable,
      destination: "10.1.0.0/16",
      transitGatewayAttachmentId: attachment,
    },
  ],
  "replace-transit-gateway-route": [
    {
      ...place,
      kind: "replace-transit-gateway-route",
      transitGatewayRouteTableId: gatewayTable,
      destination: "10.2.0.0/16",
      transitGatewayAttachmentId: attachment,
    },
  ],
  "create-route": [
    {
      ...place,
      kind: "create-route",
      routeTableId: table,
      destination: "10.1.0.0/16",
      target: { kind: "vpc-peering-connection", vpcPeeringConnectionId: peering },
    },
    {
      ...place,
      kind: "create-route",
      routeTableId: table,
      destination: "0.0.0.0/0",
      target: { kind: "internet-gateway", internetGatewayId: gateway },
    },
    {
      ...place,
      kind: "create-route",
      routeTableId: table,
      destination: "10.3.0.0/16",
      target: { kind: "transit-gateway", transitGatewayId: `tgw-${id(1)}` },
    },
    {
      ...place,
      kind: "create-route",
      routeTableId: table,
      destination: "198.51.100.7/32",
      target: { kind: "nat-gateway", natGatewayId: `nat-${id(1)}` },
    },
    {
      ...place,
      kind: "create-route",
      routeTableId: table,
      destination: "::/0",
      target: { kind: "egress-only-internet-gateway", egressOnlyInternetGatewayId: `eigw-${id(1)}` },
    },
  ],
  "replace-route": [
    {
      ...place,
      kind: "replace-route",
      routeTableId: table,
      destination: "10.4.0.0/16",
      target: { kind: "transit-gateway", transitGatewayId: `tgw-${id(1)}` },
    },
  ],
  "delete-route": [{ ...place, kind: "delete-route", routeTableId: table, destination: "10.0.2.0/24" }],
  "create-network-acl-entry": [
    {
      ...place,
      kind: "create-network-acl-entry",
      networkAclId: `acl-${id(1)}`,
      entry: {
        ruleNumber: 90,
        egress: false,
        ruleAction: "allow",
        protocol: 6,
        cidrBlock: "10.1.1.10/32",
        portRange: { from: 443, to: 443 },
      },
    },
    {
      ...place,
      kind: "create-network-acl-entry",
      networkAclId: `acl-${id(1)}`,
      entry: {
        ruleNumber: 91,
        egress: true,
        ruleAction: "allow",
        protocol: 58,
        cidrBlock: "2001:db8::10/128",
        icmpTypeCode: { type: 129, code: 0 },
      },
    },
  ],
  "modify-network-interface-attribute": [
    {
      ...place,
      kind: "modify-network-interface-attribute",
      networkInterfaceId: `eni-${id(1)}`,
      sourceDestCheck: false,
    },
  ],
  "authorize-security-group-egress": [
    {
      ...place,
      kind: "authorize-security-group-egress",
      groupId: `sg-${id(1)}`,
      permission: {
        protocol: 6,
        fromPort: 443,
        toPort: 443,
        peer: {
          kind: "security-group",
          groupId: `sg-${id(2)}`,
          userId: other.ownerId,
          vpcPeeringConnectionId: peering,
        },
      },
    },
  ],
  "authorize-security-group-ingress": [
    {
      ...place,
      kind: "authorize-security-group-ingress",
      groupId: `sg-${id(1)}`,
      permission: {
        protocol: 1,
        fromPort: 8,
        toPort: 0,
        peer: { kind: "security-group", groupId: `sg-${id(2)}`, userId: other.ownerId },
      },
    },
    {
      ...place,
      kind: "authorize-security-group-ingress",
      groupId: `sg-${id(1)}`,
      permission: { protocol: 17, fromPort: 53, toPort: 53, peer: { kind: "cidr", cidr: "192.0.2.1/32" } },
    },
    {
      ...place,
      kind: "authorize-security-group-ingress",
      groupId: `sg-${id(1)}`,
      permission: { protocol: 50, peer: { kind: "cidr", cidr: "2001:db8::10/128" } },
    },
  ],
};

/** In the order in which they would be made. */
export const everyChange: readonly NetworkChange[] = Object.values(changes).flat();

/** What one account makes in one Region. */
export const ownChanges: readonly NetworkChange[] = everyChange.map((change) => ({ ...change, ...place }));
