import { describe, expect, test } from "vitest";
import { departments } from "./departments.fixture.ts";
import { emptyNetworkModel, type NetworkModel } from "./network-model.ts";
import { indexNetworkModel } from "./network-model-index.ts";

const index = indexNetworkModel(departments);

test("a model has one index", () => {
  expect(indexNetworkModel(departments)).toBe(index);
  expect(indexNetworkModel({ ...departments })).not.toBe(index);
});

describe("by id", () => {
  const looked = [
    [index.vpc, departments.vpcs, "vpcId"],
    [index.subnet, departments.subnets, "subnetId"],
    [index.routeTable, departments.routeTables, "routeTableId"],
    [index.networkAcl, departments.networkAcls, "networkAclId"],
    [index.securityGroup, departments.securityGroups, "groupId"],
    [index.networkInterface, departments.networkInterfaces, "networkInterfaceId"],
    [index.instance, departments.instances, "instanceId"],
    [index.internetGateway, departments.internetGateways, "internetGatewayId"],
    [index.vpcPeeringConnection, departments.vpcPeeringConnections, "vpcPeeringConnectionId"],
    [index.prefixList, departments.prefixLists, "prefixListId"],
  ] as const;
  test.each(looked)("look-up %#", (find, things, key) => {
    expect(things.length).toBeGreaterThan(0);
    for (const thing of things) expect(find(new Map(Object.entries(thing)).get(key))).toBe(thing);
    expect(find("nothing")).toBeUndefined();
  });
});

test("[RT-2] a subnet without an association uses the VPC's main table", () => {
  expect(index.effectiveRouteTable("subnet-web")?.routeTableId).toBe("rtb-web");
  expect(index.effectiveRouteTable("subnet-back")?.routeTableId).toBe("rtb-marketing");
  expect(index.effectiveRouteTable("subnet-db")?.routeTableId).toBe("rtb-finance");
  expect(index.effectiveRouteTable("subnet-none")).toBeUndefined();
  expect(index.mainRouteTable("vpc-finance")?.routeTableId).toBe("rtb-finance");
  expect(index.subnetsRoutedBy("rtb-marketing").map((each) => each.subnetId)).toEqual(["subnet-back"]);
  expect(index.subnetsRoutedBy("rtb-edge")).toEqual([]);
});

test("[RT-40] a gateway's edge table is the one associated with it", () => {
  expect(index.gatewayRouteTable("igw-marketing")?.routeTableId).toBe("rtb-edge");
  expect(index.gatewayRouteTable("igw-none")).toBeUndefined();
});

test("what a VPC holds", () => {
  expect(index.subnetsOf("vpc-marketing").map((each) => each.subnetId)).toEqual(["subnet-web", "subnet-back"]);
  expect(index.routeTablesOf("vpc-marketing")).toHaveLength(3);
  expect(index.networkAclsOf("vpc-finance").map((each) => each.networkAclId)).toEqual(["acl-finance"]);
  expect(index.securityGroupsOf("vpc-finance").map((each) => each.groupId)).toEqual(["sg-db"]);
  expect(index.instancesOf("vpc-finance").map((each) => each.instanceId)).toEqual(["i-db", "i-old"]);
  expect(index.networkInterfacesInVpc("vpc-marketing")).toHaveLength(3);
  expect(index.internetGatewayOf("vpc-marketing")?.internetGatewayId).toBe("igw-marketing");
  expect(index.internetGatewayOf("vpc-finance")).toBeUndefined();
  expect(index.natGatewaysOf("vpc-marketing")).toEqual([]);
  expect(index.egressOnlyInternetGatewaysOf("vpc-marketing")).toEqual([]);
  expect(index.subnetsOf("vpc-none")).toEqual([]);
});

test("a peering connection belongs to both its VPCs, and to one that peers with itself once", () => {
  expect(index.peeringsOf("vpc-marketing")).toEqual(departments.vpcPeeringConnections);
  expect(index.peeringsOf("vpc-finance")).toEqual(departments.vpcPeeringConnections);
  const oneVpc: NetworkModel = {
    ...departments,
    vpcPeeringConnections: departments.vpcPeeringConnections.map((each) => ({ ...each, accepter: each.requester })),
  };
  expect(indexNetworkModel(oneVpc).peeringsOf("vpc-marketing")).toHaveLength(1);
});

test("interfaces by instance (primary first), subnet, group and address", () => {
  const ids = (found: readonly { readonly networkInterfaceId: string }[]) =>
    found.map((each) => each.networkInterfaceId);
  expect(ids(index.networkInterfacesOf("i-web"))).toEqual(["eni-web-0", "eni-web-1"]);
  expect(ids(index.networkInterfacesInSubnet("subnet-web"))).toEqual(["eni-web-0", "eni-spare"]);
  expect(ids(index.networkInterfacesInGroup("sg-web"))).toEqual(["eni-web-1", "eni-web-0"]);
  expect(ids(index.networkInterfacesByAddress("10.0.200.10"))).toEqual(["eni-web-1", "eni-db"]);
  expect(ids(index.networkInterfacesByAddress("203.0.113.7"))).toEqual(["eni-web-0"]);
  expect(index.networkInterfaceAt("vpc-finance", "10.0.200.10")?.networkInterfaceId).toBe("eni-db");
  expect(index.networkInterfaceAt("vpc-marketing", "2001:db8::10")?.networkInterfaceId).toBe("eni-web-0");
  // Inside the VPC nobody holds the public address. [AD-52]
  expect(index.networkInterfaceAt("vpc-marketing", "203.0.113.7")).toBeUndefined();
});

test("the network ACL of a subnet, and why something is missing", () => {
  expect(index.networkAclOf("subnet-web")?.networkAclId).toBe("acl-marketing");
  const partial = indexNetworkModel({ ...emptyNetworkModel, unknowns: [{ id: "vpc-x", reason: "AccessDenied" }] });
  expect(partial.unknownReason("vpc-x")).toBe("AccessDenied");
  expect(partial.unknownReason("vpc-y")).toBeUndefined();
});
