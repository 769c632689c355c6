/** VPC attachments: semantics 6.3, 6.7, and the routes of VPCs to a gateway [RT-13, RT-30]. */
import type {
  CreateTransitGatewayVpcAttachmentCommandOutput,
  DescribeNetworkInterfacesCommandOutput,
  DescribeRouteTablesCommandOutput,
  DescribeTransitGatewayAttachmentsCommandOutput,
  DescribeTransitGatewayVpcAttachmentsCommandOutput,
  TransitGatewayVpcAttachment,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "vitest";
import { toMermaid } from "../../../lifecycle/lifecycle.ts";
import { accountA, accountB, type TestCaller, type TestCloud, testCloud } from "../../../test-cloud.ts";
import { asA, type Hub, hubOf } from "../transit-gateway/test-hub.ts";
import { transitGatewayVpcAttachmentLifecycle } from "./lifecycle.ts";

const minute = 60_000;
const asB: TestCaller = { account: accountB, region: "us-east-1" };

let cloud: TestCloud;
let hub: Hub;
let gateway: string;

beforeEach(() => {
  cloud = testCloud();
  hub = hubOf(cloud);
  gateway = hub.gateway();
});

function read(id: string, caller = asA): TransitGatewayVpcAttachment | undefined {
  return cloud.call<DescribeTransitGatewayVpcAttachmentsCommandOutput>(
    "DescribeTransitGatewayVpcAttachments",
    { TransitGatewayAttachmentIds: [id] },
    caller,
  ).TransitGatewayVpcAttachments?.[0];
}

const interfacesOf = (subnetId: string, caller = asA) =>
  cloud.call<DescribeNetworkInterfacesCommandOutput>(
    "DescribeNetworkInterfaces",
    { Filters: [{ Name: "subnet-id", Values: [subnetId] }] },
    caller,
  ).NetworkInterfaces ?? [];

const modify = (attachmentId: string, input: object, caller = asA) =>
  hub.outcome("ModifyTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: attachmentId, ...input }, caller);

it("[TG-10] its states are these", () => {
  expect(toMermaid(transitGatewayVpcAttachmentLifecycle)).toMatchInlineSnapshot(`
    "stateDiagram-v2
      [*] --> pending
      [*] --> pendingAcceptance
      pendingAcceptance --> pending: AcceptTransitGatewayVpcAttachment
      pendingAcceptance --> rejecting: RejectTransitGatewayVpcAttachment
      pendingAcceptance --> deleting: DeleteTransitGatewayVpcAttachment
      pending --> failing: after 90s [no-free-address]
      pending --> available: after 90s
      available --> modifying: ModifyTransitGatewayVpcAttachment
      available --> deleting: DeleteTransitGatewayVpcAttachment
      modifying --> rollingBack: after 60s [no-free-address]
      modifying --> available: after 60s
      rollingBack --> available: after 30s
      rejecting --> rejected: after 10s
      failing --> failed: after 10s
      deleting --> deleted: after 60s
      rejected --> [*]: forgotten after 2h
      failed --> [*]: forgotten after 2h
      deleted --> [*]: forgotten after 2h
    "
  `);
});

describe("a VPC attachment", () => {
  it("[TG-11, TG-16, AD-57] comes and goes with one interface in each subnet", () => {
    cloud = testCloud({ pace: "real" });
    hub = hubOf(cloud);
    gateway = hub.gateway();
    cloud.advance(3 * minute);
    const { VpcId, SubnetId } = hub.vpc("10.0.0.0/16");
    const { TransitGatewayVpcAttachment: made } = cloud.call<CreateTransitGatewayVpcAttachmentCommandOutput>(
      "CreateTransitGatewayVpcAttachment",
      {
        TransitGatewayId: gateway,
        VpcId,
        SubnetIds: [SubnetId],
        TagSpecifications: [{ ResourceType: "transit-gateway-attachment", Tags: [{ Key: "Name", Value: "a" }] }],
      },
    );
    const id = made?.TransitGatewayAttachmentId ?? "";
    expect(made).toEqual({
      TransitGatewayAttachmentId: id,
      TransitGatewayId: gateway,
      VpcId,
      VpcOwnerId: accountA,
      State: "pending",
      SubnetIds: [SubnetId],
      CreationTime: new Date(cloud.now()),
      Options: {
        DnsSupport: "enable",
        SecurityGroupReferencingSupport: "enable",
        Ipv6Support: "disable",
        ApplianceModeSupport: "disable",
      },
      Tags: [{ Key: "Name", Value: "a" }],
    });
    expect(modify(id, {})).toBe(`IncorrectState: ${id} is in invalid state`);
    expect(hub.code("DeleteSubnet", { SubnetId })).toBe("DependencyViolation");
    cloud.advance(3 * minute);
    expect(read(id)?.State).toBe("available");
    expect(interfacesOf(SubnetId)).toMatchObject([
      {
        Description: `Network Interface for Transit Gateway Attachment ${id}`,
        InterfaceType: "transit_gateway",
        RequesterManaged: true,
        SourceDestCheck: false,
        Groups: [],
        Ipv6Addresses: [],
        Status: "in-use",
      },
    ]);
    expect(cloud.model().networkInterfaces.map((each) => each.interfaceType)).toEqual(["transit_gateway"]);
    const [networkInterface] = interfacesOf(SubnetId);
    expect(hub.code("DetachNetworkInterface", { AttachmentId: networkInterface?.Attachment?.AttachmentId })).toBe(
      "OperationNotPermitted",
    );

    cloud.call("DeleteTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: id });
    expect(read(id)?.State).toBe("deleting");
    expect(hub.code("DeleteSubnet", { SubnetId })).toBe("DependencyViolation");
    expect(hub.code("DeleteTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: id })).toBe("IncorrectState");
    cloud.advance(2 * minute);
    expect(read(id)?.State).toBe("deleted");
    expect(hub.outcome("DeleteTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: id })).toBe(
      `InvalidTransitGatewayAttachmentID.NotFound: Transit Gateway VPC Attachment ${id} was deleted or does not exist.`,
    );
    expect(hub.code("DeleteSubnet", { SubnetId })).toBe("allowed");
    expect(hub.code("DeleteVpc", { VpcId })).toBe("allowed");
    cloud.advance(121 * minute);
    expect(hub.code("DescribeTransitGatewayVpcAttachments", { TransitGatewayAttachmentIds: [id] })).toBe(
      "InvalidTransitGatewayAttachmentID.NotFound",
    );
  });

  it("[TG-12] has at most one subnet in a zone, all of its VPC", () => {
    const { VpcId, SubnetId } = hub.vpc("10.0.0.0/16");
    const beside = hub.subnet(VpcId, "10.0.1.0/24", "a");
    const elsewhere = hub.vpc("10.1.0.0/16").SubnetId;
    const attach = (SubnetIds: string[]) =>
      hub.outcome("CreateTransitGatewayVpcAttachment", { TransitGatewayId: gateway, VpcId, SubnetIds });
    expect(attach([SubnetId, beside])).toBe("DuplicateSubnetsInSameZone: Duplicate Subnets for same AZ");
    expect(attach([SubnetId, SubnetId])).toMatch(/^DuplicateSubnetsInSameZone/);
    expect(attach([elsewhere])).toBe(`InvalidSubnetID.NotFound: Subnet ${elsewhere} was deleted or does not exist.`);
    expect(attach([])).toMatch(/^MissingParameter/);
    expect(attach(["subnet-x"])).toMatch(/^InvalidSubnetId.Malformed/);
    expect(attach([SubnetId, hub.subnet(VpcId, "10.0.2.0/24", "b")])).toBe("allowed");
  });

  it("[TG-13] is the only one of its VPC at a gateway, and a VPC has five gateways", () => {
    const { VpcId, SubnetId, attachmentId } = hub.attach(gateway, "10.0.0.0/16");
    const input = { VpcId, SubnetIds: [SubnetId] };
    const again = () => hub.outcome("CreateTransitGatewayVpcAttachment", { ...input, TransitGatewayId: gateway });
    expect(again()).toBe(
      `DuplicateTransitGatewayAttachment: ${gateway} has non-deleted Transit Gateway Attachments with same VPC ID.`,
    );
    for (let more = 0; more < 4; more += 1) hub.attachVpc({ ...input, TransitGatewayId: hub.gateway() });
    expect(hub.code("CreateTransitGatewayVpcAttachment", { ...input, TransitGatewayId: hub.gateway() })).toBe(
      "TransitGatewayAttachmentLimitExceeded",
    );
    cloud.call("DeleteTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: attachmentId });
    expect(again()).toBe("allowed");
  });

  it("(T24) [TG-14] of an equal VPC is available all the same, without routes of its own", () => {
    const first = hub.attach(gateway, "10.0.0.0/16");
    const second = hub.attach(gateway, "10.0.0.0/16");
    expect(read(second.attachmentId)?.State).toBe("available");
    const table = hub.read(gateway)?.Options?.PropagationDefaultRouteTableId;
    expect(hub.routes(table)).toEqual([`10.0.0.0/16 propagated active ${first.VpcId}`]);
    cloud.call("DeleteTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: first.attachmentId });
    expect(hub.routes(table)).toEqual([`10.0.0.0/16 propagated active ${second.VpcId}`]);
  });

  it("fails when a subnet has no address left", () => {
    const { VpcId } = hub.vpc("10.0.0.0/16");
    const SubnetId = hub.subnet(VpcId, "10.0.1.0/28", "a");
    for (let taken = 0; taken < 11; taken += 1) cloud.call("CreateNetworkInterface", { SubnetId });
    const id = hub.attachVpc({ TransitGatewayId: gateway, VpcId, SubnetIds: [SubnetId] });
    expect(read(id)?.State).toBe("failed");
    expect(hub.routes(hub.read(gateway)?.Options?.AssociationDefaultRouteTableId)).toEqual([]);
    expect(hub.code("DeleteTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: id })).toBe("IncorrectState");
    expect(hub.code("DeleteTransitGateway", { TransitGatewayId: gateway })).toBe("allowed");
  });

  it("tells gateways and attachments that are not there by AWS's codes", () => {
    const { VpcId, SubnetId } = hub.vpc("10.0.0.0/16");
    const attach = (input: object) =>
      hub.code("CreateTransitGatewayVpcAttachment", {
        TransitGatewayId: gateway,
        VpcId,
        SubnetIds: [SubnetId],
        ...input,
      });
    expect(attach({ TransitGatewayId: "tgw-00000000000000000" })).toBe("InvalidTransitGatewayID.NotFound");
    expect(attach({ TransitGatewayId: "nonsense" })).toBe("InvalidTransitGatewayID.Malformed");
    expect(attach({ VpcId: "vpc-00000000000000000" })).toBe("InvalidVpcID.NotFound");
    expect(attach({ Options: { ApplianceModeSupport: "yes" } })).toBe("InvalidParameterValue");
    const missing = { TransitGatewayAttachmentId: "tgw-attach-00000000000000000" };
    for (const verb of ["Accept", "Reject", "Modify", "Delete"]) {
      expect(hub.code(`${verb}TransitGatewayVpcAttachment`, missing)).toBe(
        "InvalidTransitGatewayAttachmentID.NotFound",
      );
      expect(hub.code(`${verb}TransitGatewayVpcAttachment`, { TransitGatewayAttachmentId: "tgw-attach-x" })).toBe(
        "InvalidTransitGatewayAttachmentID.Malformed",
      );
    }
    expect(attach({ DryRun: true })).toBe("DryRunOperation");
    expect(cloud.model().transitGatewayVpcAttachments).toEqual([]);
  });
});

describe("ModifyTransitGatewayVpcAttachment", () => {
  it("[TG-15] keeps the old subnets in force until it is done", () => {
    cloud = testCloud({ pace: "real" });
    hub = hubOf(cloud);
    gateway = hub.gateway();
    cloud.advance(3 * minute);
    const { VpcId, SubnetId, attachmentId } = hub.attach(gateway, "10.0.0.0/16");
    const other = hub.subnet(VpcId, "10.0.1.0/24", "b");
    cloud.advance(3 * minute);
    expect(modify(attachmentId, { AddSubnetIds: [other], Options: { ApplianceModeSupport: "enable" } })).toBe(
      "allowed",
    );
    expect(read(attachmentId)).toMatchObject({ State: "modifying", SubnetIds: [SubnetId, other] });
    const inForce = () => cloud.model().transitGatewayVpcAttachments[0];
    expect(inForce()).toMatchObject({ state: "modifying", subnetIds: [SubnetId], applianceModeSupport: false });
    expect(hub.code("DeleteSubnet", { SubnetId: other })).toBe("DependencyViolation");
    cloud.advance(2 * minute);
    expect(inForce()).toMatchObject({ state: "available", subnetIds: [SubnetId, other], applianceModeSupport: true });
    expect(interfacesOf(other)).toHaveLength(1);
    expect(modify(attachmentId, { RemoveSubnetIds: [SubnetId] })).toBe("allowed");
    cloud.advance(2 * minute);
    expect(interfacesOf(SubnetId)).toEqual([]);
  });

  it("[TG-15] exchanges the subnet of a zone, and keeps at least one", () => {
    const { VpcId, SubnetId, attachmentId } = hub.attach(gateway, "10.0.0.0/16");
    const beside = hub.subnet(VpcId, "10.0.1.0/24", "a");
    expect(modify(attachmentId, { AddSubnetIds: [beside] })).toMatch(/^DuplicateSubnetsInSameZone/);
    expect(modify(attachmentId, { RemoveSubnetIds: [SubnetId] })).toBe(
      "InsufficientSubnetsException: Insufficient Subnets",
    );
    expect(modify(attachmentId, { RemoveSubnetIds: [beside] })).toBe(
      `InvalidSubnetID.NotFound: ${beside} is not attached but supplied in RemoveSubnets`,
    );
    expect(read(attachmentId)).toMatchObject({ State: "available", SubnetIds: [SubnetId] });
    expect(modify(attachmentId, { AddSubnetIds: [beside], RemoveSubnetIds: [SubnetId] })).toBe("allowed");
    expect(read(attachmentId)).toMatchObject({ State: "available", SubnetIds: [beside] });
    expect([interfacesOf(SubnetId).length, interfacesOf(beside).length]).toEqual([0, 1]);
  });

  it("rolls back when a new subnet has no address left", () => {
    const { VpcId, SubnetId, attachmentId } = hub.attach(gateway, "10.0.0.0/16");
    const full = hub.subnet(VpcId, "10.0.1.0/28", "b");
    for (let taken = 0; taken < 11; taken += 1) cloud.call("CreateNetworkInterface", { SubnetId: full });
    expect(modify(attachmentId, { AddSubnetIds: [full], Options: { DnsSupport: "disable" } })).toBe("allowed");
    expect(read(attachmentId)).toMatchObject({
      State: "available",
      SubnetIds: [SubnetId],
      Options: { DnsSupport: "enable" },
    });
  });

  it("[TG-32] brings IPv6 with the option, to interfaces and to routes", () => {
    const { Vpc } = cloud.call<{ Vpc: { VpcId: string } }>("CreateVpc", {
      CidrBlock: "10.0.0.0/16",
      AmazonProvidedIpv6CidrBlock: true,
    });
    const ipv6 = cloud.model().vpcs.find(({ vpcId }) => vpcId === Vpc.VpcId)?.ipv6CidrBlocks[0] ?? "";
    const { Subnet } = cloud.call<{ Subnet: { SubnetId: string } }>("CreateSubnet", {
      VpcId: Vpc.VpcId,
      CidrBlock: "10.0.0.0/24",
      Ipv6CidrBlock: ipv6.replace("/56", "/64"),
    });
    const id = hub.attachVpc({ TransitGatewayId: gateway, VpcId: Vpc.VpcId, SubnetIds: [Subnet.SubnetId] });
    const table = hub.read(gateway)?.Options?.PropagationDefaultRouteTableId;
    const addresses = () => interfacesOf(Subnet.SubnetId)[0]?.Ipv6Addresses?.length;
    expect([hub.routes(table).length, addresses()]).toEqual([1, 0]);
    expect(modify(id, { Options: { Ipv6Support: "enable" } })).toBe("allowed");
    expect(hub.routes(table)).toContain(`${ipv6} propagated active ${Vpc.VpcId}`);
    expect(addresses()).toBe(1);
    expect(modify(id, { Options: { Ipv6Support: "disable" } })).toBe("allowed");
    expect([hub.routes(table).length, addresses()]).toEqual([1, 0]);
  });
});

describe("an attachment to another account's gateway", () => {
  const attachB = () => {
    hub.share(gateway, accountB);
    return hub.attach(gateway, "10.1.0.0/16", asB);
  };

  it("[TG-10, TG-81, TG-83] waits for the gateway's owner, and joins the default tables then", () => {
    const { VpcId, SubnetId, attachmentId: id } = attachB();
    expect(read(id, asB)?.State).toBe("pendingAcceptance");
    expect(interfacesOf(SubnetId, asB)).toEqual([]);
    expect(hub.code("DeleteSubnet", { SubnetId }, asB)).toBe("DependencyViolation");
    const table = hub.read(gateway)?.Options?.PropagationDefaultRouteTableId;
    expect(hub.routes(table)).toEqual([]);
    const named = { TransitGatewayAttachmentId: id };
    expect(hub.code("AcceptTransitGatewayVpcAttachment", named, asB)).toBe("UnauthorizedOperation");
    expect(hub.code("AcceptTransitGatewayVpcAttachment", named)).toBe("allowed");
    expect(hub.code("AcceptTransitGatewayVpcAttachment", named)).toBe("IncorrectState");
    expect(read(id)).toMatchObject({ State: "available", VpcOwnerId: accountB });
    expect(hub.routes(table)).toEqual([`10.1.0.0/16 propagated active ${VpcId}`]);
    const seen = (caller: TestCaller) =>
      cloud.call<DescribeTransitGatewayAttachmentsCommandOutput>("DescribeTransitGatewayAttachments", {}, caller)
        .TransitGatewayAttachments;
    const shown = {
      TransitGatewayAttachmentId: id,
      TransitGatewayOwnerId: accountA,
      ResourceOwnerId: accountB,
      ResourceType: "vpc",
      ResourceId: VpcId,
    };
    expect(seen(asA)).toMatchObject([
      { ...shown, Association: { TransitGatewayRouteTableId: table, State: "associated" } },
    ]);
    // The tables are the owner's affair. [TG-80]
    expect(seen(asB)).toMatchObject([shown]);
    expect(seen(asB)?.[0]?.Association).toBeUndefined();
    expect(modify(id, { Options: { DnsSupport: "disable" } })).toMatch(/^UnauthorizedOperation/);
    expect(modify(id, { Options: { DnsSupport: "disable" } }, asB)).toBe("allowed");
  });

  it("is rejected, taken back, or ended by either owner", () => {
    const rejected = { TransitGatewayAttachmentId: attachB().attachmentId };
    expect(hub.code("RejectTransitGatewayVpcAttachment", rejected, asB)).toBe("UnauthorizedOperation");
    expect(hub.code("RejectTransitGatewayVpcAttachment", rejected)).toBe("allowed");
    expect(read(rejected.TransitGatewayAttachmentId, asB)?.State).toBe("rejected");
    expect(hub.code("AcceptTransitGatewayVpcAttachment", rejected)).toBe("IncorrectState");
    const taken = { TransitGatewayAttachmentId: attachB().attachmentId };
    expect(hub.code("DeleteTransitGatewayVpcAttachment", taken, asB)).toBe("allowed");
    // [TG-18]
    const ended = { TransitGatewayAttachmentId: attachB().attachmentId };
    cloud.call("AcceptTransitGatewayVpcAttachment", ended);
    expect(hub.code("DeleteTransitGatewayVpcAttachment", ended)).toBe("allowed");
    expect(read(ended.TransitGatewayAttachmentId, asB)?.State).toBe("deleted");
  });

  it("[TG-10] is accepted by itself where the gateway says so", () => {
    gateway = hub.gateway({ AutoAcceptSharedAttachments: "enable" });
    const { attachmentId } = attachB();
    expect(read(attachmentId, asB)?.State).toBe("available");
  });

  it("[TG-80, TG-82] is refused without a share, and outlives one", () => {
    const { VpcId, SubnetId } = hub.vpc("10.2.0.0/16", asB);
    const input = { TransitGatewayId: gateway, VpcId, SubnetIds: [SubnetId] };
    const attach = () => hub.outcome("CreateTransitGatewayVpcAttachment", input, asB);
    const notFound = `InvalidTransitGatewayID.NotFound: Transit Gateway ${gateway} was deleted or does not exist.`;
    expect(attach()).toBe(notFound);
    const { attachmentId } = attachB();
    cloud.call("AcceptTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: attachmentId });
    hub.unshare(gateway);
    expect(attach()).toBe(notFound);
    expect(read(attachmentId, asB)?.State).toBe("available");
    expect(hub.code("DescribeTransitGateways", { TransitGatewayIds: [gateway] }, asB)).toBe(
      "InvalidTransitGatewayID.NotFound",
    );
  });

  it("[TG-80] gives the other account no say over the gateway and its tables", () => {
    const { attachmentId } = attachB();
    cloud.call("AcceptTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: attachmentId });
    const table = hub.read(gateway)?.Options?.PropagationDefaultRouteTableId;
    expect(hub.read(gateway, asB)?.OwnerId).toBe(accountA);
    for (const operation of ["ModifyTransitGateway", "DeleteTransitGateway", "CreateTransitGatewayRouteTable"]) {
      expect(hub.code(operation, { TransitGatewayId: gateway }, asB)).toBe("UnauthorizedOperation");
    }
    const peer = { PeerTransitGatewayId: hub.gateway(), PeerAccountId: accountA, PeerRegion: "us-east-1" };
    expect(hub.code("CreateTransitGatewayPeeringAttachment", { TransitGatewayId: gateway, ...peer }, asB)).toBe(
      "UnauthorizedOperation",
    );
    const inTable = { TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: attachmentId };
    for (const [operation, more] of [
      ["AssociateTransitGatewayRouteTable", {}],
      ["DisassociateTransitGatewayRouteTable", {}],
      ["EnableTransitGatewayRouteTablePropagation", {}],
      ["CreateTransitGatewayRoute", { DestinationCidrBlock: "10.0.0.0/8" }],
      ["SearchTransitGatewayRoutes", { Filters: [{ Name: "type", Values: ["static"] }] }],
      ["DeleteTransitGatewayRouteTable", {}],
    ] as const) {
      expect(hub.code(operation, { ...inTable, ...more }, asB)).toBe("InvalidRouteTableID.NotFound");
    }
    expect(hub.code("GetTransitGatewayAttachmentPropagations", inTable, asB)).toBe(
      "InvalidTransitGatewayAttachmentID.NotFound",
    );
    expect(hub.code("GetTransitGatewayAttachmentPropagations", inTable)).toBe("allowed");
  });
});

describe("a VPC's route to a transit gateway", () => {
  const routesOf = (table: string) =>
    cloud
      .call<DescribeRouteTablesCommandOutput>("DescribeRouteTables", { RouteTableIds: [table] })
      .RouteTables?.[0]?.Routes?.filter((route) => route.TransitGatewayId !== undefined);

  it("[RT-13] needs an attachment of that VPC", () => {
    const { VpcId, SubnetId } = hub.vpc("10.0.0.0/16");
    const RouteTableId = hub.mainTable(VpcId);
    const route = (TransitGatewayId: string, more: object = { DestinationCidrBlock: "10.0.0.0/8" }) =>
      hub.outcome("CreateRoute", { RouteTableId, TransitGatewayId, ...more });
    expect(route(gateway)).toBe(`InvalidTransitGatewayID.NotFound: The transitGateway ID '${gateway}' does not exist`);
    expect(route("tgw-x")).toMatch(/^InvalidTransitGatewayID.Malformed/);
    hub.attachVpc({ TransitGatewayId: gateway, VpcId, SubnetIds: [SubnetId] });
    expect(route(gateway)).toBe("allowed");
    expect(route(gateway)).toMatch(/^RouteAlreadyExists/);
    expect(route(gateway, { DestinationIpv6CidrBlock: "::/0" })).toBe("allowed");
    const { PrefixList } = cloud.call<{ PrefixList: { PrefixListId: string } }>("CreateManagedPrefixList", {
      PrefixListName: "spokes",
      AddressFamily: "IPv4",
      MaxEntries: 2,
      Entries: [{ Cidr: "172.20.0.0/16" }],
    });
    expect(route(gateway, { DestinationPrefixListId: PrefixList.PrefixListId })).toBe("allowed");
    expect(route(gateway, { DestinationCidrBlock: "10.0.0.0/24" })).toMatch(/^InvalidParameterValue/);
    expect(routesOf(RouteTableId)).toMatchObject([
      { DestinationCidrBlock: "10.0.0.0/8", TransitGatewayId: gateway, State: "active", Origin: "CreateRoute" },
      { DestinationIpv6CidrBlock: "::/0", State: "active" },
      { DestinationPrefixListId: PrefixList.PrefixListId, State: "active" },
    ]);
    const { RouteTables } = cloud.call<DescribeRouteTablesCommandOutput>("DescribeRouteTables", {
      Filters: [{ Name: "route.transit-gateway-id", Values: [gateway] }],
    });
    expect(RouteTables?.map((table) => table.RouteTableId)).toEqual([RouteTableId]);
    const targets = cloud.model().routeTables.flatMap((table) => table.routes.map(({ target }) => target));
    expect(targets).toContainEqual({ kind: "transit-gateway", transitGatewayId: gateway });
  });

  it("[TG-16, RT-30] is a blackhole once the attachment is deleted, and works again with a new one", () => {
    const { VpcId, SubnetId, attachmentId } = hub.attach(gateway, "10.0.0.0/16");
    const RouteTableId = hub.mainTable(VpcId);
    cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "10.0.0.0/8", TransitGatewayId: gateway });
    cloud.call("DeleteTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: attachmentId });
    expect(routesOf(RouteTableId)).toMatchObject([{ TransitGatewayId: gateway, State: "blackhole" }]);
    hub.attachVpc({ TransitGatewayId: gateway, VpcId, SubnetIds: [SubnetId] });
    expect(routesOf(RouteTableId)).toMatchObject([{ TransitGatewayId: gateway, State: "active" }]);
  });
});
