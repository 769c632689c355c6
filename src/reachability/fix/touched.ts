/** Between whom a setting may open or close anything: the interfaces on its two sides, and the internet. */
import { cidrContains } from "../../ip/index.ts";
import {
  type Cidr,
  indexNetworkModel,
  type NetworkInterface,
  type NetworkModel,
  type NetworkModelIndex,
  peeringAttachmentIds,
  privateAddressesOf,
  type SecurityGroupPeer,
  type TransitGatewayAttachmentId,
  type VpcId,
} from "../../model/index.ts";
import { internetHost } from "../flow.ts";
import { prepareModel } from "../prepared-model.ts";
import { peeredWith } from "../walk/assumed-way.ts";
import type { NetworkChange } from "./network-change.ts";

export interface Touched {
  readonly interfaces: readonly NetworkInterface[];
  readonly internet?: boolean;
}

export interface TouchedSides {
  readonly near: Touched;
  readonly far: Touched;
}

/** By the model after the change. */
export function touchedBy(model: NetworkModel, change: NetworkChange): TouchedSides {
  const index = indexNetworkModel(model);
  switch (change.kind) {
    case "create-route":
    case "replace-route":
    case "delete-route":
      return { near: { interfaces: sentBy(model, change.routeTableId) }, far: inBlock(model, change.destination) };
    case "create-transit-gateway-route":
    case "replace-transit-gateway-route": {
      const gateway = index.transitGatewayRouteTable(change.transitGatewayRouteTableId)?.transitGatewayId;
      return { near: behind(model, gateway), far: inBlock(model, change.destination) };
    }
    case "associate-transit-gateway-route-table":
    case "enable-transit-gateway-route-table-propagation": {
      const gateway = index.transitGatewayRouteTable(change.transitGatewayRouteTableId)?.transitGatewayId;
      return { near: attached(model, change.transitGatewayAttachmentId), far: behind(model, gateway) };
    }
    case "accept-transit-gateway-vpc-attachment":
    case "accept-transit-gateway-peering-attachment":
    case "modify-transit-gateway-vpc-attachment": {
      const near = attached(model, change.transitGatewayAttachmentId);
      return { near, far: behind(model, gatewayOf(index, change.transitGatewayAttachmentId)) };
    }
    case "create-vpc-peering-connection":
    case "accept-vpc-peering-connection": {
      const peering = index.vpcPeeringConnection(change.vpcPeeringConnectionId);
      return { near: inVpc(index, peering?.requester.vpcId), far: inVpc(index, peering?.accepter.vpcId) };
    }
    case "authorize-security-group-ingress":
    case "authorize-security-group-egress":
      return {
        near: { interfaces: index.networkInterfacesInGroup(change.groupId) },
        far: matching(model, change.permission.peer),
      };
    case "create-network-acl-entry": {
      const subnets = model.subnets.filter(({ networkAclId }) => networkAclId === change.networkAclId);
      const interfaces = subnets.flatMap(({ subnetId }) => index.networkInterfacesInSubnet(subnetId));
      return { near: { interfaces }, far: inBlock(model, change.entry.cidrBlock) };
    }
    case "modify-network-interface-attribute": {
      const near = inVpc(index, index.networkInterface(change.networkInterfaceId)?.vpcId);
      return { near, far: everywhere(model) };
    }
    case "start-instances":
      return { near: { interfaces: index.networkInterfacesOf(change.instanceId) }, far: everywhere(model) };
    case "associate-address": {
      const own = index.networkInterface(change.networkInterfaceId);
      return { near: { interfaces: own === undefined ? [] : [own] }, far: outside };
    }
    case "create-internet-gateway":
      return { near: { interfaces: [] }, far: outside };
    case "attach-internet-gateway":
      return { near: inVpc(index, change.vpcId), far: outside };
  }
}

const outside: Touched = { interfaces: [], internet: true };

function everywhere({ networkInterfaces }: NetworkModel): Touched {
  return { interfaces: networkInterfaces, internet: true };
}

function inVpc(index: NetworkModelIndex, vpcId: VpcId | undefined): Touched {
  return { interfaces: vpcId === undefined ? [] : index.networkInterfacesInVpc(vpcId) };
}

/** Those whose packets the table routes: of its subnets, and what a transit gateway delivers there. */
function sentBy(model: NetworkModel, routeTableId: string): readonly NetworkInterface[] {
  const index = indexNetworkModel(model);
  const subnets = index.subnetsRoutedBy(routeTableId);
  const gateways = model.transitGatewayVpcAttachments
    .filter(({ subnetIds }) => subnets.some(({ subnetId }) => subnetIds.includes(subnetId)))
    .map(({ transitGatewayId }) => transitGatewayId);
  return unique([
    ...subnets.flatMap(({ subnetId }) => index.networkInterfacesInSubnet(subnetId)),
    ...gateways.flatMap((id) => behind(model, id).interfaces),
  ]);
}

function inBlock(model: NetworkModel, cidr: Cidr): Touched {
  const interfaces = model.networkInterfaces.filter((each) =>
    privateAddressesOf(each).some((own) => cidrContains(cidr, own)),
  );
  return { interfaces, internet: Object.values(internetHost).some((host) => cidrContains(cidr, host)) };
}

/** The VPCs that are attached to the gateway, or to gateways that are peered with it. */
function behind(model: NetworkModel, transitGatewayId: string | undefined): Touched {
  if (transitGatewayId === undefined) return { interfaces: [] };
  const gateways = new Set([transitGatewayId, ...peeredWith(prepareModel(model), transitGatewayId)]);
  const index = indexNetworkModel(model);
  const vpcs = new Set(
    model.transitGatewayVpcAttachments.filter((each) => gateways.has(each.transitGatewayId)).map(({ vpcId }) => vpcId),
  );
  return { interfaces: [...vpcs].flatMap((vpcId) => index.networkInterfacesInVpc(vpcId)) };
}

/** What is behind one attachment: its VPC, or all that is behind the peered gateways. */
function attached(model: NetworkModel, id: TransitGatewayAttachmentId): Touched {
  const index = indexNetworkModel(model);
  const attachment = index.transitGatewayVpcAttachment(id);
  return attachment === undefined ? behind(model, gatewayOf(index, id)) : inVpc(index, attachment.vpcId);
}

function gatewayOf(index: NetworkModelIndex, id: TransitGatewayAttachmentId): string | undefined {
  const peering = index.transitGatewayPeeringAttachment(id);
  if (peering !== undefined && peeringAttachmentIds(peering).has(id)) return peering.requester.transitGatewayId;
  return index.transitGatewayVpcAttachment(id)?.transitGatewayId;
}

function matching(model: NetworkModel, peer: SecurityGroupPeer): Touched {
  const index = indexNetworkModel(model);
  switch (peer.kind) {
    case "cidr":
      return inBlock(model, peer.cidr);
    case "security-group":
      return { interfaces: index.networkInterfacesInGroup(peer.groupId) };
    // No fix makes such a rule.
    case "prefix-list":
      return everywhere(model);
  }
}

function unique(interfaces: readonly NetworkInterface[]): readonly NetworkInterface[] {
  return [...new Set(interfaces)];
}
