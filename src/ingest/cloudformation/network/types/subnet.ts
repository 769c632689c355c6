/** AWS::EC2::Subnet and what is associated with one: IPv6 blocks, a route table, a network ACL. */
import { needed } from "../given.ts";
import { change, place, resourceFields } from "../network-draft.ts";
import type { StackResource } from "../read-stacks.ts";
import type { NetworkType } from "./network-type.ts";
import { defaultNetworkAcl } from "./vpc.ts";

export const subnetType: NetworkType = {
  name: "AWS::EC2::Subnet",
  prefix: "subnet",
  idAttributes: ["SubnetId"],
  attribute(resource, name) {
    const given = resource.properties();
    switch (name) {
      case "VpcId":
      case "CidrBlock":
      case "AvailabilityZone":
        return given.raw(name);
      case "Ipv6CidrBlocks":
        return given.raw("Ipv6CidrBlock") === undefined ? [] : [given.raw("Ipv6CidrBlock") ?? ""];
      default:
        return undefined;
    }
  },
  build(resource, draft) {
    const given = resource.properties();
    const subnetId = resource.id("subnet");
    const vpcId = needed("VpcId", given.id("VpcId", "vpc"));
    const vpc = draft.resource(vpcId);
    const ipv6 = given.cidr("Ipv6CidrBlock");
    const zone = given.text("AvailabilityZone") ?? given.text("AvailabilityZoneId");
    draft.subnets.set(subnetId, {
      ...resourceFields(resource),
      subnetId,
      vpcId,
      cidrBlock: needed("CidrBlock", given.cidr("CidrBlock")),
      ipv6CidrBlocks: ipv6 === undefined ? [] : [ipv6],
      // AWS chooses one; here each such subnet has a zone of its own, which no other one can be taken to share.
      availabilityZone: zone ?? `the zone of ${subnetId}`,
      availabilityZoneId: `${resource.stack.accountId} ${zone ?? subnetId}`,
      networkAclId: vpc === undefined ? `acl-of-${vpcId}` : defaultNetworkAcl(vpc),
    });
    place(draft, subnetId, resource);
  },
};

export const subnetCidrBlockType: NetworkType = {
  name: "AWS::EC2::SubnetCidrBlock",
  touches: subnetOf,
  build(resource, draft) {
    const block = needed("Ipv6CidrBlock", resource.properties().cidr("Ipv6CidrBlock"));
    for (const id of subnetOf(resource)) {
      change(draft.subnets, id, (subnet) => ({ ...subnet, ipv6CidrBlocks: [...subnet.ipv6CidrBlocks, block] }));
    }
  },
};

export const subnetRouteTableAssociationType: NetworkType = {
  name: "AWS::EC2::SubnetRouteTableAssociation",
  touches: subnetOf,
  build(resource, draft) {
    const routeTableId = needed("RouteTableId", resource.properties().id("RouteTableId", "rtb"));
    for (const id of subnetOf(resource)) change(draft.subnets, id, (subnet) => ({ ...subnet, routeTableId }));
  },
};

export const subnetNetworkAclAssociationType: NetworkType = {
  name: "AWS::EC2::SubnetNetworkAclAssociation",
  touches: subnetOf,
  build(resource, draft) {
    const networkAclId = needed("NetworkAclId", resource.properties().id("NetworkAclId", "acl"));
    for (const id of subnetOf(resource)) change(draft.subnets, id, (subnet) => ({ ...subnet, networkAclId }));
  },
};

function subnetOf(resource: StackResource): readonly string[] {
  const id = resource.properties().id("SubnetId", "subnet");
  return id === undefined ? [] : [id];
}
