/** The API calls that make a change, in order, and the state that each must bring before the next: what `--apply` sends and what people paste. */
import { type RouteTarget, routeTargetId } from "../../model/index.ts";
import {
  type ChangeKind,
  type ChangeOf,
  type NetworkChange,
  type Permission,
  protocolNames,
} from "../../reachability/index.ts";
import type { ApiInput } from "../api/api-client.ts";

export interface ChangeCall {
  readonly operation: string;
  readonly input: ApiInput;
  /** What the call makes, which the change calls by a provisional name. */
  readonly makes?: readonly Made[];
  readonly until?: Until;
}

export interface Made {
  readonly provisional: string;
  /** In a shell. */
  readonly variable: string;
  /** Where the answer has it: as the AWS CLI asks, and in the XML. */
  readonly query: string;
  readonly path: readonly string[];
}

/** A state that comes by itself after the call. */
export interface Until {
  readonly operation: string;
  readonly input: ApiInput;
  readonly query: string;
  readonly path: readonly string[];
  readonly state: string;
}

/** The text with what is called provisionally by its real name. */
export function withRealNames(text: string, names: Iterable<readonly [provisional: string, real: string]>): string {
  let real = text;
  // 192.0.2.1 is no part of 192.0.2.10.
  for (const [provisional, name] of names)
    real = real.replace(new RegExp(`${provisional.replaceAll(".", "\\.")}(?!\\d)`, "g"), () => name);
  return real;
}

/** What the AWS CLI prints where there is nothing, and what stands here for it. */
export const gone = "None";

export function callsOf(change: NetworkChange): readonly ChangeCall[] {
  const make: (change: never) => readonly ChangeCall[] = calls[change.kind];
  // The table pairs each kind with its calls; the compiler cannot follow that through the look-up.
  return make(change as never);
}

const calls: { readonly [K in ChangeKind]: (change: ChangeOf<K>) => readonly ChangeCall[] } = {
  "create-route": (change) => [{ operation: "CreateRoute", input: routeInput(change) }],
  "replace-route": (change) => [{ operation: "ReplaceRoute", input: routeInput(change) }],
  "delete-route": ({ routeTableId, destination }) => [
    { operation: "DeleteRoute", input: { RouteTableId: routeTableId, ...destinationInput(destination) } },
  ],
  "create-transit-gateway-route": (change) => [transitGatewayRoute("CreateTransitGatewayRoute", change)],
  "replace-transit-gateway-route": (change) => [transitGatewayRoute("ReplaceTransitGatewayRoute", change)],
  "associate-transit-gateway-route-table": ({ insteadOf, transitGatewayRouteTableId, transitGatewayAttachmentId }) => [
    ...(insteadOf === undefined
      ? []
      : [
          {
            operation: "DisassociateTransitGatewayRouteTable",
            input: memberInput(insteadOf, transitGatewayAttachmentId),
            until: associationState(insteadOf, transitGatewayAttachmentId, gone),
          },
        ]),
    {
      operation: "AssociateTransitGatewayRouteTable",
      input: memberInput(transitGatewayRouteTableId, transitGatewayAttachmentId),
      until: associationState(transitGatewayRouteTableId, transitGatewayAttachmentId, "associated"),
    },
  ],
  "enable-transit-gateway-route-table-propagation": ({ transitGatewayRouteTableId, transitGatewayAttachmentId }) => [
    {
      operation: "EnableTransitGatewayRouteTablePropagation",
      input: memberInput(transitGatewayRouteTableId, transitGatewayAttachmentId),
      until: {
        operation: "GetTransitGatewayRouteTablePropagations",
        input: ofAttachment(transitGatewayRouteTableId, transitGatewayAttachmentId),
        query: "TransitGatewayRouteTablePropagations[0].State",
        path: ["transitGatewayRouteTablePropagations", "item", "state"],
        state: "enabled",
      },
    },
  ],
  "accept-transit-gateway-vpc-attachment": ({ transitGatewayAttachmentId: id }) => [
    onAttachment("AcceptTransitGatewayVpcAttachment", id),
  ],
  "accept-transit-gateway-peering-attachment": ({ transitGatewayAttachmentId: id }) => [
    onAttachment("AcceptTransitGatewayPeeringAttachment", id),
  ],
  "modify-transit-gateway-vpc-attachment": ({ transitGatewayAttachmentId: id, addSubnetId, ipv6Support }) => [
    onAttachment("ModifyTransitGatewayVpcAttachment", id, {
      ...(addSubnetId !== undefined && { AddSubnetIds: [addSubnetId] }),
      ...(ipv6Support !== undefined && { Options: { Ipv6Support: ipv6Support } }),
    }),
  ],
  "create-vpc-peering-connection": ({ vpcPeeringConnectionId: id, ownerId, region, vpcId, ...peer }) => [
    {
      operation: "CreateVpcPeeringConnection",
      input: {
        VpcId: vpcId,
        PeerVpcId: peer.peerVpcId,
        ...(peer.peerOwnerId !== ownerId && { PeerOwnerId: peer.peerOwnerId }),
        ...(peer.peerRegion !== region && { PeerRegion: peer.peerRegion }),
      },
      makes: [
        {
          provisional: id,
          variable: "PEERING",
          query: "VpcPeeringConnection.VpcPeeringConnectionId",
          path: ["vpcPeeringConnection", "vpcPeeringConnectionId"],
        },
      ],
      until: peeringStatus(id, "pending-acceptance"),
    },
  ],
  "accept-vpc-peering-connection": ({ vpcPeeringConnectionId: id }) => [
    {
      operation: "AcceptVpcPeeringConnection",
      input: { VpcPeeringConnectionId: id },
      until: peeringStatus(id, "active"),
    },
  ],
  "authorize-security-group-ingress": ({ groupId, permission, ownerId }) => [
    { operation: "AuthorizeSecurityGroupIngress", input: ruleInput(groupId, permission, ownerId) },
  ],
  "authorize-security-group-egress": ({ groupId, permission, ownerId }) => [
    { operation: "AuthorizeSecurityGroupEgress", input: ruleInput(groupId, permission, ownerId) },
  ],
  "create-network-acl-entry": ({ networkAclId, entry }) => [
    { operation: "CreateNetworkAclEntry", input: entryInput(networkAclId, entry) },
  ],
  "modify-network-interface-attribute": ({ networkInterfaceId, sourceDestCheck }) => [
    {
      operation: "ModifyNetworkInterfaceAttribute",
      input: { NetworkInterfaceId: networkInterfaceId, SourceDestCheck: { Value: sourceDestCheck } },
    },
  ],
  "start-instances": ({ instanceId }) => [
    {
      operation: "StartInstances",
      input: { InstanceIds: [instanceId] },
      until: {
        operation: "DescribeInstances",
        input: { InstanceIds: [instanceId] },
        query: "Reservations[0].Instances[0].State.Name",
        path: ["reservationSet", "item", "instancesSet", "item", "instanceState", "name"],
        state: "running",
      },
    },
  ],
  "associate-address": ({ networkInterfaceId, privateAddress, publicIp }) => {
    const allocation = `eipalloc-for-${publicIp}`;
    const associate: ChangeCall = {
      operation: "AssociateAddress",
      input: { AllocationId: allocation, NetworkInterfaceId: networkInterfaceId, PrivateIpAddress: privateAddress },
    };
    return [
      {
        operation: "AllocateAddress",
        input: { Domain: "vpc" },
        makes: [
          { provisional: allocation, variable: "ALLOCATION", query: "AllocationId", path: ["allocationId"] },
          { provisional: publicIp, variable: "ADDRESS", query: "PublicIp", path: ["publicIp"] },
        ],
      },
      associate,
    ];
  },
  "create-internet-gateway": ({ internetGatewayId }) => [
    {
      operation: "CreateInternetGateway",
      input: {},
      makes: [
        {
          provisional: internetGatewayId,
          variable: "GATEWAY",
          query: "InternetGateway.InternetGatewayId",
          path: ["internetGateway", "internetGatewayId"],
        },
      ],
    },
  ],
  "attach-internet-gateway": ({ internetGatewayId, vpcId }) => [
    { operation: "AttachInternetGateway", input: { InternetGatewayId: internetGatewayId, VpcId: vpcId } },
  ],
};

type RouteChange = ChangeOf<"create-route" | "replace-route">;

function routeInput({ routeTableId, destination, target }: RouteChange): ApiInput {
  return {
    RouteTableId: routeTableId,
    ...destinationInput(destination),
    [targetMember(target)]: routeTargetId(target),
  };
}

function destinationInput(cidr: string): ApiInput {
  return cidr.includes(":") ? { DestinationIpv6CidrBlock: cidr } : { DestinationCidrBlock: cidr };
}

/** The parameter that names the target, and the property of `AWS::EC2::Route` as well. (semantics 2.2) */
export function targetMember({ kind }: RouteTarget): string {
  switch (kind) {
    case "local":
    case "internet-gateway":
    case "other":
      return "GatewayId";
    case "egress-only-internet-gateway":
      return "EgressOnlyInternetGatewayId";
    case "nat-gateway":
      return "NatGatewayId";
    case "network-interface":
      return "NetworkInterfaceId";
    case "vpc-peering-connection":
      return "VpcPeeringConnectionId";
    case "transit-gateway":
      return "TransitGatewayId";
  }
}

function transitGatewayRoute(
  operation: string,
  change: ChangeOf<"create-transit-gateway-route" | "replace-transit-gateway-route">,
): ChangeCall {
  const { transitGatewayRouteTableId, destination, transitGatewayAttachmentId } = change;
  return {
    operation,
    input: {
      TransitGatewayRouteTableId: transitGatewayRouteTableId,
      DestinationCidrBlock: destination,
      TransitGatewayAttachmentId: transitGatewayAttachmentId,
    },
    until: {
      operation: "SearchTransitGatewayRoutes",
      input: {
        TransitGatewayRouteTableId: transitGatewayRouteTableId,
        Filters: [{ Name: "route-search.exact-match", Values: [destination] }],
      },
      query: "Routes[0].State",
      path: ["routeSet", "item", "state"],
      state: "active",
    },
  };
}

function memberInput(tableId: string, attachmentId: string): ApiInput {
  return { TransitGatewayRouteTableId: tableId, TransitGatewayAttachmentId: attachmentId };
}

function ofAttachment(tableId: string, attachmentId: string): ApiInput {
  const Filters = [{ Name: "transit-gateway-attachment-id", Values: [attachmentId] }];
  return { TransitGatewayRouteTableId: tableId, Filters };
}

function associationState(tableId: string, attachmentId: string, state: string): Until {
  return {
    operation: "GetTransitGatewayRouteTableAssociations",
    input: ofAttachment(tableId, attachmentId),
    query: "Associations[0].State",
    path: ["associations", "item", "state"],
    state,
  };
}

function onAttachment(operation: string, id: string, more: ApiInput = {}): ChangeCall {
  return {
    operation,
    input: { TransitGatewayAttachmentId: id, ...more },
    until: {
      operation: "DescribeTransitGatewayAttachments",
      input: { TransitGatewayAttachmentIds: [id] },
      query: "TransitGatewayAttachments[0].State",
      path: ["transitGatewayAttachments", "item", "state"],
      state: "available",
    },
  };
}

function peeringStatus(id: string, state: string): Until {
  return {
    operation: "DescribeVpcPeeringConnections",
    input: { VpcPeeringConnectionIds: [id] },
    query: "VpcPeeringConnections[0].Status.Code",
    path: ["vpcPeeringConnectionSet", "item", "status", "code"],
    state,
  };
}

function ruleInput(groupId: string, permission: Permission, ownerId: string): ApiInput {
  const { protocol, fromPort, toPort } = permission;
  const IpPermission = {
    IpProtocol: protocolNames.get(protocol) ?? String(protocol),
    ...(fromPort !== undefined && { FromPort: fromPort }),
    ...(toPort !== undefined && { ToPort: toPort }),
    ...peerInput(permission, ownerId),
  };
  return { GroupId: groupId, IpPermissions: [IpPermission] };
}

/** Another account's group goes with its account. [SG-34] */
function peerInput({ peer }: Permission, ownerId: string): ApiInput {
  switch (peer.kind) {
    case "cidr":
      return peer.cidr.includes(":")
        ? { Ipv6Ranges: [{ CidrIpv6: peer.cidr }] }
        : { IpRanges: [{ CidrIp: peer.cidr }] };
    case "prefix-list":
      return { PrefixListIds: [{ PrefixListId: peer.prefixListId }] };
    case "security-group": {
      const { groupId, userId = ownerId } = peer;
      return { UserIdGroupPairs: [{ GroupId: groupId, ...(userId !== ownerId && { UserId: userId }) }] };
    }
  }
}

function entryInput(networkAclId: string, entry: ChangeOf<"create-network-acl-entry">["entry"]): ApiInput {
  const { ruleNumber, egress, ruleAction, protocol, cidrBlock, portRange, icmpTypeCode } = entry;
  return {
    NetworkAclId: networkAclId,
    RuleNumber: ruleNumber,
    Egress: egress,
    Protocol: String(protocol),
    RuleAction: ruleAction,
    ...(cidrBlock.includes(":") ? { Ipv6CidrBlock: cidrBlock } : { CidrBlock: cidrBlock }),
    ...(portRange !== undefined && { PortRange: { From: portRange.from, To: portRange.to } }),
    ...(icmpTypeCode !== undefined && { IcmpTypeCode: { Type: icmpTypeCode.type, Code: icmpTypeCode.code } }),
  };
}
