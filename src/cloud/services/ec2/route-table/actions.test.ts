/** Route tables, their routes and associations: semantics 2. */
import type {
  AssociateRouteTableCommandOutput,
  CreateRouteTableCommandOutput,
  DescribeRouteTablesCommandOutput,
  ReplaceRouteTableAssociationCommandOutput,
  Route,
  RouteTable,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { isNetworkModel } from "../../../../model/index.ts";
import { accountB, type TestCloud, testCloud } from "../../../test-cloud.ts";

/** A VPC 10.0.0.0/16 with a subnet 10.0.1.0/24, an attached internet gateway and a custom table. */
function network(options: { readonly pace?: "instant" | "real" } = {}) {
  const cloud = testCloud(options);
  const call = <O = Record<string, Record<string, string>>>(operation: string, input: object = {}) =>
    cloud.call<O>(operation, input);
  const id = (operation: string, input: object, resource: string, member: string): string =>
    call(operation, input)[resource]?.[member] ?? "";
  const VpcId = id("CreateVpc", { CidrBlock: "10.0.0.0/16" }, "Vpc", "VpcId");
  const SubnetId = id("CreateSubnet", { VpcId, CidrBlock: "10.0.1.0/24" }, "Subnet", "SubnetId");
  const InternetGatewayId = id("CreateInternetGateway", {}, "InternetGateway", "InternetGatewayId");
  call("AttachInternetGateway", { InternetGatewayId, VpcId });
  const RouteTableId = id("CreateRouteTable", { VpcId }, "RouteTable", "RouteTableId");
  return { cloud, call, id, VpcId, SubnetId, InternetGatewayId, RouteTableId };
}

function table(cloud: TestCloud, id: string): RouteTable {
  const [found] =
    cloud.call<DescribeRouteTablesCommandOutput>("DescribeRouteTables", { RouteTableIds: [id] }).RouteTables ?? [];
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

function route(cloud: TestCloud, id: string, destination: string): Route | undefined {
  return table(cloud, id).Routes?.find((each) =>
    [each.DestinationCidrBlock, each.DestinationIpv6CidrBlock, each.DestinationPrefixListId].includes(destination),
  );
}

const refusal = (code: string, message?: unknown) =>
  expect.objectContaining(message === undefined ? { code } : { code, message });

describe("associations", () => {
  it("[RT-2, RT-3, RT-4] lists explicit ones, and gives the same id again", () => {
    const { cloud, VpcId, SubnetId, RouteTableId } = network();
    const first = cloud.call<AssociateRouteTableCommandOutput>("AssociateRouteTable", { RouteTableId, SubnetId });
    expect(first).toEqual({
      AssociationId: expect.stringMatching(/^rtbassoc-/),
      AssociationState: { State: "associated" },
    });
    expect(cloud.call("AssociateRouteTable", { RouteTableId, SubnetId })).toEqual(first);
    expect(table(cloud, RouteTableId).Associations).toEqual([
      {
        Main: false,
        RouteTableAssociationId: first.AssociationId,
        RouteTableId,
        SubnetId,
        AssociationState: { State: "associated" },
      },
    ]);
    const { RouteTable } = cloud.call<CreateRouteTableCommandOutput>("CreateRouteTable", { VpcId });
    const other = RouteTable?.RouteTableId;
    expect(() => cloud.call("AssociateRouteTable", { RouteTableId: other, SubnetId })).toThrow(
      refusal(
        "Resource.AlreadyAssociated",
        `the specified association for route table ${other} conflicts with an existing association`,
      ),
    );
    const filtered = cloud.call<DescribeRouteTablesCommandOutput>("DescribeRouteTables", {
      Filters: [{ Name: "association.subnet-id", Values: [SubnetId] }],
    });
    expect(filtered.RouteTables?.map((each) => each.RouteTableId)).toEqual([RouteTableId]);
    cloud.call("DisassociateRouteTable", { AssociationId: first.AssociationId });
    expect(table(cloud, RouteTableId).Associations).toEqual([]);
    expect(() => cloud.call("DisassociateRouteTable", { AssociationId: first.AssociationId })).toThrow(
      refusal("InvalidAssociationID.NotFound", `The association ID '${first.AssociationId}' does not exist`),
    );
  });

  it("[RT-1] the main one cannot be ended, only given to another table, under a new id", () => {
    const { cloud, VpcId, RouteTableId } = network();
    const main = () =>
      cloud.call<DescribeRouteTablesCommandOutput>("DescribeRouteTables", {
        Filters: [
          { Name: "vpc-id", Values: [VpcId] },
          { Name: "association.main", Values: ["true"] },
        ],
      }).RouteTables ?? [];
    const [before] = main();
    const AssociationId = before?.Associations?.[0]?.RouteTableAssociationId;
    expect(() => cloud.call("DisassociateRouteTable", { AssociationId })).toThrow(
      refusal("InvalidParameterValue", `cannot disassociate the main route table association ${AssociationId}`),
    );
    expect(() => cloud.call("DeleteRouteTable", { RouteTableId: before?.RouteTableId })).toThrow(
      refusal("DependencyViolation"),
    );
    const replaced = cloud.call<ReplaceRouteTableAssociationCommandOutput>("ReplaceRouteTableAssociation", {
      AssociationId,
      RouteTableId,
    });
    expect(replaced.NewAssociationId).not.toBe(AssociationId);
    expect(main().map((each) => each.RouteTableId)).toEqual([RouteTableId]);
    cloud.call("DeleteRouteTable", { RouteTableId: before?.RouteTableId });
    expect(isNetworkModel(cloud.model())).toBe(true);
  });

  it("[RT-5] stand in the way of deletion; routes do not", () => {
    const { cloud, SubnetId, RouteTableId, InternetGatewayId } = network();
    cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId });
    const { AssociationId } = cloud.call<AssociateRouteTableCommandOutput>("AssociateRouteTable", {
      RouteTableId,
      SubnetId,
    });
    expect(() => cloud.call("DeleteRouteTable", { RouteTableId })).toThrow(
      refusal("DependencyViolation", `The routeTable '${RouteTableId}' has dependencies and cannot be deleted.`),
    );
    cloud.call("DisassociateRouteTable", { AssociationId });
    cloud.call("DeleteRouteTable", { RouteTableId });
    expect(() => table(cloud, RouteTableId)).toThrow(
      refusal("InvalidRouteTableID.NotFound", `The routeTable ID '${RouteTableId}' does not exist`),
    );
  });

  it("are of one network", () => {
    const { cloud, id, RouteTableId } = network();
    const other = id("CreateVpc", { CidrBlock: "10.0.0.0/16" }, "Vpc", "VpcId");
    const SubnetId = id("CreateSubnet", { VpcId: other, CidrBlock: "10.0.1.0/24" }, "Subnet", "SubnetId");
    expect(() => cloud.call("AssociateRouteTable", { RouteTableId, SubnetId })).toThrow(
      refusal(
        "InvalidParameterValue",
        `route table ${RouteTableId} and subnet ${SubnetId} belong to different networks`,
      ),
    );
  });
});

describe("CreateRoute", () => {
  it("shows the route with its origin and state", () => {
    const { cloud, RouteTableId, InternetGatewayId } = network();
    const input = { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId };
    expect(cloud.call("CreateRoute", input)).toEqual({ Return: true });
    expect(route(cloud, RouteTableId, "0.0.0.0/0")).toEqual({
      DestinationCidrBlock: "0.0.0.0/0",
      GatewayId: InternetGatewayId,
      Origin: "CreateRoute",
      State: "active",
    });
    expect(() => cloud.call("CreateRoute", input)).toThrow(
      refusal("RouteAlreadyExists", "The route identified by 0.0.0.0/0 already exists."),
    );
  });

  it("[AD-3] clears host bits", () => {
    const { cloud, RouteTableId, InternetGatewayId: GatewayId } = network();
    cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "100.68.0.18/18", GatewayId });
    cloud.call("CreateRoute", { RouteTableId, DestinationIpv6CidrBlock: "2001:DB8:9::1/48", GatewayId });
    expect(route(cloud, RouteTableId, "100.68.0.0/18")).toBeDefined();
    expect(route(cloud, RouteTableId, "2001:db8:9::/48")).toBeDefined();
  });

  it.each<[rule: string, input: (n: ReturnType<typeof network>) => object, code: string, message?: unknown]>([
    ["2.8", () => ({ DestinationCidrBlock: "0.0.0.0/0" }), "MissingParameter"],
    ["2.8", (n) => ({ GatewayId: n.InternetGatewayId }), "MissingParameter"],
    [
      "2.8",
      (n) => ({ DestinationCidrBlock: "0.0.0.0/0", DestinationIpv6CidrBlock: "::/0", GatewayId: n.InternetGatewayId }),
      "InvalidParameterCombination",
    ],
    [
      "2.8",
      (n) => ({
        DestinationCidrBlock: "0.0.0.0/0",
        NatGatewayId: "nat-00000000000000001",
        GatewayId: n.InternetGatewayId,
      }),
      "InvalidParameterCombination",
    ],
    [
      "2.8",
      (n) => ({ DestinationCidrBlock: "10.0", GatewayId: n.InternetGatewayId }),
      "InvalidParameterValue",
      "Value (10.0) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.",
    ],
    [
      "2.8",
      (n) => ({ DestinationIpv6CidrBlock: "10.0.0.0/8", GatewayId: n.InternetGatewayId }),
      "InvalidParameterValue",
    ],
    [
      "2.8",
      () => ({ DestinationCidrBlock: "0.0.0.0/0", GatewayId: "local" }),
      "InvalidGatewayID.NotFound",
      "The gateway ID 'local' does not exist",
    ],
    [
      "2.8",
      () => ({ DestinationCidrBlock: "0.0.0.0/0", GatewayId: "igw-00000000000000001" }),
      "InvalidGatewayID.NotFound",
    ],
    [
      "2.8",
      () => ({ DestinationCidrBlock: "0.0.0.0/0", GatewayId: "vgw-00000000000000001" }),
      "InvalidGatewayID.NotFound",
    ],
    [
      "2.8",
      () => ({ DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: "nat-00000000000000001" }),
      "InvalidNatGatewayID.NotFound",
    ],
    [
      "[RT-10]",
      () => ({ DestinationCidrBlock: "0.0.0.0/0", GatewayId: "nat-00000000000000001" }),
      "InvalidNatGatewayID.NotFound",
    ],
    [
      "9.5",
      () => ({ DestinationIpv6CidrBlock: "::/0", EgressOnlyInternetGatewayId: "eigw-00000000000000001" }),
      "InvalidGatewayID.NotFound",
      "The eigw ID 'eigw-00000000000000001' does not exist",
    ],
    [
      "2.8",
      () => ({ DestinationCidrBlock: "0.0.0.0/0", NetworkInterfaceId: "eni-00000000000000001" }),
      "InvalidNetworkInterfaceID.NotFound",
    ],
    [
      "2.8",
      () => ({ DestinationCidrBlock: "0.0.0.0/0", InstanceId: "i-00000000000000001" }),
      "InvalidInstanceID.NotFound",
    ],
    [
      "2.8",
      () => ({ DestinationCidrBlock: "0.0.0.0/0", VpcPeeringConnectionId: "pcx-00000000000000001" }),
      "InvalidVpcPeeringConnectionID.NotFound",
      "The vpcPeeringConnection ID 'pcx-00000000000000001' does not exist",
    ],
    [
      "2.8",
      () => ({ DestinationCidrBlock: "0.0.0.0/0", TransitGatewayId: "tgw-00000000000000001" }),
      "InvalidTransitGatewayID.NotFound",
      "The transitGateway ID 'tgw-00000000000000001' does not exist",
    ],
    [
      "2.8",
      () => ({ DestinationCidrBlock: "0.0.0.0/0", VpcEndpointId: "vpce-00000000000000001" }),
      "InvalidVpcEndpointId.NotFound",
    ],
    ["[RT-21]", (n) => ({ DestinationCidrBlock: "10.0.0.0/16", GatewayId: n.InternetGatewayId }), "RouteAlreadyExists"],
    [
      "[RT-23]",
      (n) => ({ DestinationCidrBlock: "10.0.1.0/25", GatewayId: n.InternetGatewayId }),
      "InvalidParameterValue",
      "Route destination doesn't match any subnet CIDR blocks.",
    ],
    [
      "[RT-23]",
      (n) => ({ DestinationCidrBlock: "10.0.1.0/24", GatewayId: n.InternetGatewayId }),
      "InvalidParameterValue",
    ],
    [
      "[RT-25]",
      (n) => ({ DestinationCidrBlock: "169.254.169.0/24", GatewayId: n.InternetGatewayId }),
      "InvalidParameterValue",
    ],
    [
      "[RT-25]",
      (n) => ({ DestinationIpv6CidrBlock: "fd00:ec2::/64", GatewayId: n.InternetGatewayId }),
      "InvalidParameterValue",
    ],
    [
      "2.8",
      (n) => ({ DestinationPrefixListId: "pl-00000000000000001", GatewayId: n.InternetGatewayId }),
      "InvalidPrefixListID.NotFound",
    ],
  ])("%s refuses %o", (_rule, input, code, message) => {
    const n = network();
    const before = n.cloud.model();
    expect(() => n.cloud.call("CreateRoute", { RouteTableId: n.RouteTableId, ...input(n) })).toThrow(
      refusal(code, message),
    );
    expect(n.cloud.model()).toEqual(before);
  });

  it("refuses an unknown and a malformed table", () => {
    const { cloud } = network();
    const rest = { DestinationCidrBlock: "0.0.0.0/0", GatewayId: "local" };
    expect(() => cloud.call("CreateRoute", { RouteTableId: "rtb-00000000000000001", ...rest })).toThrow(
      refusal("InvalidRouteTableID.NotFound"),
    );
    expect(() => cloud.call("CreateRoute", { RouteTableId: "rtb-x", ...rest })).toThrow(
      refusal("InvalidRouteTableId.Malformed"),
    );
  });

  it("[RT-13] refuses an internet gateway that is not this VPC's", () => {
    const { cloud, id, RouteTableId } = network();
    const GatewayId = id("CreateInternetGateway", {}, "InternetGateway", "InternetGatewayId");
    expect(() => cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId })).toThrow(
      refusal(
        "InvalidParameterValue",
        `route table ${RouteTableId} and network gateway ${GatewayId} belong to different networks`,
      ),
    );
  });

  it("[RT-10] takes a NAT gateway in GatewayId and shows it as what it is", () => {
    const { cloud, id, SubnetId, RouteTableId } = network();
    const GatewayId = id("CreateNatGateway", { SubnetId, ConnectivityType: "private" }, "NatGateway", "NatGatewayId");
    cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId });
    const shown = route(cloud, RouteTableId, "0.0.0.0/0");
    expect(shown).toMatchObject({ NatGatewayId: GatewayId, State: "active" });
    expect(shown).not.toHaveProperty("GatewayId");
  });

  it("[RT-23] takes a whole subnet to an interface", () => {
    const { cloud, id, SubnetId, RouteTableId } = network();
    const NetworkInterfaceId = id("CreateNetworkInterface", { SubnetId }, "NetworkInterface", "NetworkInterfaceId");
    cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "10.0.1.0/24", NetworkInterfaceId });
    expect(route(cloud, RouteTableId, "10.0.1.0/24")).toMatchObject({ NetworkInterfaceId, State: "blackhole" });
  });
});

describe("destinations and instance targets", () => {
  it("[RT-25] a range around the service addresses is taken, the addresses themselves are not", () => {
    const { cloud, RouteTableId, InternetGatewayId: GatewayId } = network();
    const create = (destination: object) => cloud.call("CreateRoute", { RouteTableId, GatewayId, ...destination });
    expect(create({ DestinationCidrBlock: "169.254.0.0/16" })).toEqual({ Return: true });
    for (const DestinationCidrBlock of ["169.254.168.0/22", "169.254.169.254/32"]) {
      expect(() => create({ DestinationCidrBlock })).toThrow(refusal("InvalidParameterValue"));
    }
  });

  it("[RT-28] IPv4 and IPv6 default routes are two routes, removed one by one", () => {
    const { cloud, RouteTableId, InternetGatewayId: GatewayId } = network();
    cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId });
    cloud.call("CreateRoute", { RouteTableId, DestinationIpv6CidrBlock: "::/0", GatewayId });
    cloud.call("DeleteRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0" });
    expect(route(cloud, RouteTableId, "0.0.0.0/0")).toBeUndefined();
    expect(route(cloud, RouteTableId, "::/0")).toMatchObject({ GatewayId, State: "active" });
    cloud.call("DeleteRoute", { RouteTableId, DestinationIpv6CidrBlock: "::/0" });
    expect(() => cloud.call("DeleteRoute", { RouteTableId, DestinationIpv6CidrBlock: "::/0" })).toThrow(
      refusal("InvalidRoute.NotFound", `no route with destination-ipv6-cidr-block ::/0 in route table ${RouteTableId}`),
    );
  });

  it("[RT-11] an instance with several interfaces is no target, each of its interfaces is", () => {
    const { cloud, call, id, SubnetId, RouteTableId } = network();
    const { Instances } = call<{ Instances: { InstanceId: string }[] }>("RunInstances", {
      ImageId: "ami-00000000000000001",
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
    });
    const InstanceId = Instances[0]?.InstanceId;
    const NetworkInterfaceId = id("CreateNetworkInterface", { SubnetId }, "NetworkInterface", "NetworkInterfaceId");
    call("AttachNetworkInterface", { InstanceId, NetworkInterfaceId, DeviceIndex: 1 });
    const to = { RouteTableId, DestinationCidrBlock: "10.99.0.0/16" };
    expect(() => call("CreateRoute", { ...to, InstanceId })).toThrow(refusal("InvalidInstanceID"));
    call("CreateRoute", { ...to, NetworkInterfaceId });
    expect(route(cloud, RouteTableId, "10.99.0.0/16")).toMatchObject({
      NetworkInterfaceId,
      InstanceId,
      State: "active",
    });
  });
});

describe("ReplaceRoute and DeleteRoute", () => {
  it("[RT-22] gives the local route another target, and local back", () => {
    const { cloud, id, SubnetId, RouteTableId, InternetGatewayId } = network();
    const DestinationCidrBlock = "10.0.0.0/16";
    const NetworkInterfaceId = id("CreateNetworkInterface", { SubnetId }, "NetworkInterface", "NetworkInterfaceId");
    expect(() =>
      cloud.call("ReplaceRoute", { RouteTableId, DestinationCidrBlock, GatewayId: InternetGatewayId }),
    ).toThrow(refusal("InvalidParameterValue"));
    cloud.call("ReplaceRoute", { RouteTableId, DestinationCidrBlock, NetworkInterfaceId });
    expect(route(cloud, RouteTableId, DestinationCidrBlock)).toMatchObject({ NetworkInterfaceId });
    cloud.call("ReplaceRoute", { RouteTableId, DestinationCidrBlock, LocalTarget: true });
    expect(route(cloud, RouteTableId, DestinationCidrBlock)).toEqual({
      DestinationCidrBlock,
      GatewayId: "local",
      Origin: "CreateRouteTable",
      State: "active",
    });
  });

  it("[RT-20] cannot remove a local route", () => {
    const { cloud, RouteTableId } = network();
    expect(() => cloud.call("DeleteRoute", { RouteTableId, DestinationCidrBlock: "10.0.0.0/16" })).toThrow(
      refusal("InvalidParameterValue", `cannot remove local route 10.0.0.0/16 in route table ${RouteTableId}`),
    );
  });

  it("2.8: need the route", () => {
    const { cloud, RouteTableId, InternetGatewayId: GatewayId } = network();
    const DestinationCidrBlock = "0.0.0.0/0";
    expect(() => cloud.call("ReplaceRoute", { RouteTableId, DestinationCidrBlock, GatewayId })).toThrow(
      refusal(
        "InvalidParameterValue",
        "There is no route defined for '0.0.0.0/0' in the route table. Use CreateRoute instead.",
      ),
    );
    expect(() => cloud.call("DeleteRoute", { RouteTableId, DestinationCidrBlock })).toThrow(
      refusal("InvalidRoute.NotFound", `no route with destination-cidr-block 0.0.0.0/0 in route table ${RouteTableId}`),
    );
    cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock, GatewayId });
    cloud.call("DeleteRoute", { RouteTableId, DestinationCidrBlock });
    expect(route(cloud, RouteTableId, DestinationCidrBlock)).toBeUndefined();
  });
});

describe("[RT-30] a route is a blackhole when", () => {
  it("its internet gateway is detached, until it is back", () => {
    const { cloud, VpcId, RouteTableId, InternetGatewayId } = network();
    cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId });
    cloud.call("DetachInternetGateway", { InternetGatewayId, VpcId });
    expect(route(cloud, RouteTableId, "0.0.0.0/0")?.State).toBe("blackhole");
    cloud.call("AttachInternetGateway", { InternetGatewayId, VpcId });
    expect(route(cloud, RouteTableId, "0.0.0.0/0")?.State).toBe("active");
    cloud.call("DetachInternetGateway", { InternetGatewayId, VpcId });
    cloud.call("DeleteInternetGateway", { InternetGatewayId });
    expect(route(cloud, RouteTableId, "0.0.0.0/0")).toMatchObject({ State: "blackhole", GatewayId: InternetGatewayId });
    expect(isNetworkModel(cloud.model())).toBe(true);
  });

  it("its egress-only internet gateway is deleted", () => {
    const { cloud, id, VpcId, RouteTableId } = network();
    const EgressOnlyInternetGatewayId = id(
      "CreateEgressOnlyInternetGateway",
      { VpcId },
      "EgressOnlyInternetGateway",
      "EgressOnlyInternetGatewayId",
    );
    expect(() =>
      cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", EgressOnlyInternetGatewayId }),
    ).toThrow(refusal("InvalidParameterValue"));
    cloud.call("CreateRoute", { RouteTableId, DestinationIpv6CidrBlock: "::/0", EgressOnlyInternetGatewayId });
    expect(route(cloud, RouteTableId, "::/0")).toMatchObject({ EgressOnlyInternetGatewayId, State: "active" });
    expect(cloud.call("DeleteEgressOnlyInternetGateway", { EgressOnlyInternetGatewayId })).toEqual({
      ReturnCode: true,
    });
    expect(route(cloud, RouteTableId, "::/0")?.State).toBe("blackhole");
  });

  it("its NAT gateway is deleted", () => {
    const { cloud, id, SubnetId, RouteTableId } = network();
    const NatGatewayId = id(
      "CreateNatGateway",
      { SubnetId, ConnectivityType: "private" },
      "NatGateway",
      "NatGatewayId",
    );
    cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", NatGatewayId });
    cloud.call("DeleteNatGateway", { NatGatewayId });
    expect(route(cloud, RouteTableId, "0.0.0.0/0")?.State).toBe("blackhole");
    expect(isNetworkModel(cloud.model())).toBe(true);
  });

  it("[RT-12] its instance does not run; the interface of an instance shows the instance too", () => {
    const { cloud, call, SubnetId, RouteTableId } = network();
    const { Instances } = call<{
      Instances: { InstanceId: string; NetworkInterfaces: { NetworkInterfaceId: string }[] }[];
    }>("RunInstances", { ImageId: "ami-00000000000000001", MinCount: 1, MaxCount: 1, SubnetId });
    const InstanceId = Instances[0]?.InstanceId;
    const NetworkInterfaceId = Instances[0]?.NetworkInterfaces[0]?.NetworkInterfaceId;
    call("CreateRoute", { RouteTableId, DestinationCidrBlock: "10.99.0.0/16", InstanceId });
    expect(route(cloud, RouteTableId, "10.99.0.0/16")).toEqual({
      DestinationCidrBlock: "10.99.0.0/16",
      InstanceId,
      InstanceOwnerId: "111111111111",
      NetworkInterfaceId,
      Origin: "CreateRoute",
      State: "active",
    });
    call("StopInstances", { InstanceIds: [InstanceId] });
    expect(route(cloud, RouteTableId, "10.99.0.0/16")?.State).toBe("blackhole");
    call("StartInstances", { InstanceIds: [InstanceId] });
    expect(route(cloud, RouteTableId, "10.99.0.0/16")?.State).toBe("active");
    call("TerminateInstances", { InstanceIds: [InstanceId] });
    expect(route(cloud, RouteTableId, "10.99.0.0/16")?.State).toBe("blackhole");
    expect(isNetworkModel(cloud.model())).toBe(true);
  });

  it("its peering is not active", () => {
    const { cloud, id, call, VpcId, RouteTableId } = network();
    const PeerVpcId = id("CreateVpc", { CidrBlock: "10.1.0.0/16" }, "Vpc", "VpcId");
    const VpcPeeringConnectionId = id(
      "CreateVpcPeeringConnection",
      { VpcId, PeerVpcId },
      "VpcPeeringConnection",
      "VpcPeeringConnectionId",
    );
    call("CreateRoute", { RouteTableId, DestinationCidrBlock: "10.1.0.0/16", VpcPeeringConnectionId });
    expect(route(cloud, RouteTableId, "10.1.0.0/16")).toMatchObject({ VpcPeeringConnectionId, State: "blackhole" });
    call("AcceptVpcPeeringConnection", { VpcPeeringConnectionId });
    expect(route(cloud, RouteTableId, "10.1.0.0/16")?.State).toBe("active");
    call("DeleteVpcPeeringConnection", { VpcPeeringConnectionId });
    expect(route(cloud, RouteTableId, "10.1.0.0/16")?.State).toBe("blackhole");
  });
});

describe("[RT-40, RT-42] a gateway's table", () => {
  it("holds the VPC's blocks and whole subnets, to interfaces and local", () => {
    const { cloud, id, VpcId, SubnetId, RouteTableId, InternetGatewayId } = network();
    const NetworkInterfaceId = id("CreateNetworkInterface", { SubnetId }, "NetworkInterface", "NetworkInterfaceId");
    cloud.call("AssociateRouteTable", { RouteTableId, GatewayId: InternetGatewayId });
    expect(table(cloud, RouteTableId).Associations).toMatchObject([{ Main: false, GatewayId: InternetGatewayId }]);
    expect(() =>
      cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", NetworkInterfaceId }),
    ).toThrow(refusal("InvalidParameterValue"));
    cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "10.0.1.0/24", NetworkInterfaceId });

    const other = id("CreateRouteTable", { VpcId }, "RouteTable", "RouteTableId");
    expect(() => cloud.call("AssociateRouteTable", { RouteTableId: other, GatewayId: InternetGatewayId })).toThrow(
      refusal("Resource.AlreadyAssociated"),
    );
    cloud.call("DetachInternetGateway", { InternetGatewayId, VpcId });
    expect(table(cloud, RouteTableId).Associations).toEqual([]);
  });

  it("cannot be one with a route to elsewhere", () => {
    const { cloud, RouteTableId, InternetGatewayId } = network();
    cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId });
    expect(() => cloud.call("AssociateRouteTable", { RouteTableId, GatewayId: InternetGatewayId })).toThrow(
      refusal("InvalidParameterValue"),
    );
  });
});

describe("quotas (semantics 2.9)", () => {
  it("[RT-29] count a prefix list with its greatest size", () => {
    const { cloud, id, RouteTableId, InternetGatewayId: GatewayId } = network();
    const list = { PrefixListName: "wide", AddressFamily: "IPv4" };
    const DestinationPrefixListId = id(
      "CreateManagedPrefixList",
      { ...list, MaxEntries: 500 },
      "PrefixList",
      "PrefixListId",
    );
    expect(() => cloud.call("CreateRoute", { RouteTableId, DestinationPrefixListId, GatewayId })).toThrow(
      refusal("RouteLimitExceeded"),
    );
    cloud.call("ModifyManagedPrefixList", { PrefixListId: DestinationPrefixListId, MaxEntries: 499 });
    cloud.call("CreateRoute", { RouteTableId, DestinationPrefixListId, GatewayId });
    expect(route(cloud, RouteTableId, DestinationPrefixListId)).toMatchObject({ State: "active" });
    cloud.call("CreateRoute", { RouteTableId, DestinationIpv6CidrBlock: "::/0", GatewayId });
    expect(() => cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId })).toThrow(
      refusal("RouteLimitExceeded"),
    );
  });
});

describe("DescribeRouteTables", () => {
  it("shows an account its own tables only", () => {
    const { cloud, RouteTableId } = network();
    expect(() => cloud.call("DescribeRouteTables", { RouteTableIds: [RouteTableId] }, { account: accountB })).toThrow(
      refusal("InvalidRouteTableID.NotFound"),
    );
  });

  it("gives pages", () => {
    const { cloud, VpcId } = network();
    for (let n = 0; n < 9; n += 1) cloud.call("CreateRouteTable", { VpcId });
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = cloud.call<DescribeRouteTablesCommandOutput>("DescribeRouteTables", { MaxResults: 5, NextToken });
      seen.push(...(page.RouteTables ?? []).map((each) => each.RouteTableId));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen).toHaveLength(12);
    expect(new Set(seen).size).toBe(12);
  });
});
