/** Internet gateways and egress-only ones, the attachment of the former, and NAT gateways. */
import { needed } from "../given.ts";
import { change, neededThing, place, resourceFields } from "../network-draft.ts";
import type { StackResource } from "../read-stacks.ts";
import { addInterface } from "./interfaces.ts";
import type { NetworkType } from "./network-type.ts";

export const internetGatewayType: NetworkType = {
  name: "AWS::EC2::InternetGateway",
  prefix: "igw",
  idAttributes: ["InternetGatewayId"],
  build(resource, draft) {
    const internetGatewayId = resource.id("igw");
    draft.internetGateways.set(internetGatewayId, { ...resourceFields(resource), internetGatewayId });
    place(draft, internetGatewayId, resource);
  },
};

/** Of an internet gateway. A virtual private gateway joins the VPC with networks that are not modelled. */
export const vpcGatewayAttachmentType: NetworkType = {
  name: "AWS::EC2::VPCGatewayAttachment",
  touches: (resource) => factOf(resource, "internetGateway"),
  build(resource, draft) {
    const given = resource.properties();
    const vpcId = needed("VpcId", given.id("VpcId", "vpc"));
    const id = given.id("InternetGatewayId", "igw");
    if (id !== undefined && draft.internetGateways.has(id)) {
      change(draft.internetGateways, id, (gateway) => ({ ...gateway, vpcId }));
      return;
    }
    draft.unknown(`${vpcId}.internetGateway`, "the gateway that is attached to it is not in the templates");
    const vpn = given.id("VpnGatewayId", "vgw");
    if (vpn !== undefined) draft.unknown(vpn, "a virtual private gateway: not modelled");
  },
};

/** Whether the VPC has such a gateway. */
function factOf(resource: StackResource, fact: string): readonly string[] {
  const id = resource.properties().id("VpcId", "vpc");
  return id === undefined ? [] : [`${id}.${fact}`];
}

export const egressOnlyInternetGatewayType: NetworkType = {
  name: "AWS::EC2::EgressOnlyInternetGateway",
  prefix: "eigw",
  idAttributes: ["Id"],
  losesToo: (resource) => factOf(resource, "egressOnlyInternetGateway"),
  build(resource, draft) {
    const egressOnlyInternetGatewayId = resource.id("eigw");
    const vpcId = needed("VpcId", resource.properties().id("VpcId", "vpc"));
    const fields = resourceFields(resource);
    draft.egressOnlyInternetGateways.set(egressOnlyInternetGatewayId, {
      ...fields,
      egressOnlyInternetGatewayId,
      vpcId,
    });
    place(draft, egressOnlyInternetGatewayId, resource);
  },
};

export const natGatewayType: NetworkType = {
  name: "AWS::EC2::NatGateway",
  prefix: "nat",
  idAttributes: ["NatGatewayId"],
  attribute: (resource, name) => (name === "EniId" ? resource.id("eni") : undefined),
  build(resource, draft) {
    const given = resource.properties();
    const natGatewayId = resource.id("nat");
    const networkInterfaceId = resource.id("eni");
    const subnet = neededThing(draft.subnets, needed("SubnetId", given.id("SubnetId", "subnet")));
    const connectivityType = given.text("ConnectivityType") === "private" ? "private" : "public";
    const { subnetId, vpcId } = subnet;
    const fields = resourceFields(resource);
    draft.natGateways.set(natGatewayId, {
      ...fields,
      natGatewayId,
      vpcId,
      subnetId,
      connectivityType,
      state: "available",
      networkInterfaceId,
    });
    place(draft, natGatewayId, resource);
    const address = given.address("PrivateIpAddress");
    addInterface(draft, resource, {
      networkInterfaceId,
      subnet,
      addresses: address === undefined ? [] : [address],
      ipv6Count: 0,
      ipv6Addresses: [],
      securityGroupIds: [],
      sourceDestCheck: false,
      interfaceType: "natGateway",
      attachment: { deviceIndex: 1 },
      publicAddressOf:
        connectivityType === "public" ? (given.id("AllocationId", "eipalloc") ?? networkInterfaceId) : undefined,
      part: "interface",
    });
  },
};
