/** Transit gateways themselves: semantics 6.1 and 6.7. */
import type {
  CreateTransitGatewayCommandOutput,
  DeleteTransitGatewayCommandOutput,
  DescribeTransitGatewayRouteTablesCommandOutput,
  DescribeTransitGatewaysCommandOutput,
  ModifyTransitGatewayCommandOutput,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { toMermaid } from "../../../lifecycle/lifecycle.ts";
import { accountA, accountB, testCloud } from "../../../test-cloud.ts";
import { transitGatewayLifecycle } from "./lifecycle.ts";
import { asA, hubOf } from "./test-hub.ts";

const minute = 60_000;

it("[TG-1] its states are these", () => {
  expect(toMermaid(transitGatewayLifecycle)).toMatchInlineSnapshot(`
    "stateDiagram-v2
      [*] --> pending
      pending --> available: after 120s
      available --> modifying: ModifyTransitGateway
      available --> deleting: DeleteTransitGateway
      modifying --> available: after 30s
      deleting --> deleted: after 90s
      deleted --> [*]: forgotten after 2h
    "
  `);
});

describe("[TG-2, TG-3, TG-5] a new transit gateway", () => {
  it("is pending, has AWS's defaults, and tells its default route table at once", () => {
    const cloud = testCloud({ pace: "real" });
    const hub = hubOf(cloud);
    const { TransitGateway } = cloud.call<CreateTransitGatewayCommandOutput>("CreateTransitGateway", {
      Description: "hub",
      TagSpecifications: [{ ResourceType: "transit-gateway", Tags: [{ Key: "Name", Value: "hub" }] }],
    });
    const id = TransitGateway?.TransitGatewayId ?? "";
    const table = TransitGateway?.Options?.AssociationDefaultRouteTableId;
    expect(table).toMatch(/^tgw-rtb-[0-9a-f]{17}$/);
    expect(TransitGateway).toEqual({
      TransitGatewayId: id,
      TransitGatewayArn: `arn:aws:ec2:us-east-1:${accountA}:transit-gateway/${id}`,
      State: "pending",
      OwnerId: accountA,
      Description: "hub",
      CreationTime: new Date(cloud.now()),
      Options: {
        AmazonSideAsn: 64_512,
        AutoAcceptSharedAttachments: "disable",
        DefaultRouteTableAssociation: "enable",
        AssociationDefaultRouteTableId: table,
        DefaultRouteTablePropagation: "enable",
        PropagationDefaultRouteTableId: table,
        VpnEcmpSupport: "enable",
        DnsSupport: "enable",
        SecurityGroupReferencingSupport: "disable",
        MulticastSupport: "disable",
      },
      Tags: [{ Key: "Name", Value: "hub" }],
    });
    const modify = { TransitGatewayId: id, Description: "early" };
    expect(hub.outcome("ModifyTransitGateway", modify)).toBe(`IncorrectState: ${id} is in invalid state`);
    cloud.advance(3 * minute);
    expect(hub.read(id)?.State).toBe("available");
    const { TransitGatewayRouteTables } = cloud.call<DescribeTransitGatewayRouteTablesCommandOutput>(
      "DescribeTransitGatewayRouteTables",
    );
    expect(TransitGatewayRouteTables).toMatchObject([
      {
        TransitGatewayRouteTableId: table,
        TransitGatewayId: id,
        State: "available",
        DefaultAssociationRouteTable: true,
        DefaultPropagationRouteTable: true,
      },
    ]);
  });

  it.each([
    ["both off", "disable", "disable", 0],
    ["association only", "enable", "disable", 1],
    ["propagation only", "disable", "enable", 1],
  ])("[TG-3] makes a table when either default is on: %s", (_, association, propagation, tables) => {
    const cloud = testCloud();
    const hub = hubOf(cloud);
    const id = hub.gateway({ DefaultRouteTableAssociation: association, DefaultRouteTablePropagation: propagation });
    const options = hub.read(id)?.Options;
    expect(options?.AssociationDefaultRouteTableId !== undefined).toBe(association === "enable");
    expect(options?.PropagationDefaultRouteTableId !== undefined).toBe(propagation === "enable");
    expect(cloud.model().transitGatewayRouteTables).toHaveLength(tables);
  });

  it.each([
    [{ AmazonSideAsn: 64_511 }, "InvalidParameterValue"],
    [{ AmazonSideAsn: 4_294_967_295 }, "InvalidParameterValue"],
    [{ AmazonSideAsn: 4_200_000_000 }, "allowed"],
    [{ DnsSupport: "on" }, "InvalidParameterValue"],
    [{ MulticastSupport: "enable" }, "UnsupportedOperation"],
    [{ TransitGatewayCidrBlocks: ["10.99.0.0/24", "2001:db8::/64"] }, "allowed"],
    [{ TransitGatewayCidrBlocks: ["10.99.0.0/25"] }, "InvalidParameterValue"],
    [{ TransitGatewayCidrBlocks: ["2001:db8::/65"] }, "InvalidParameterValue"],
    [{ TransitGatewayCidrBlocks: ["169.254.10.0/24"] }, "InvalidParameterValue"],
    [{ TransitGatewayCidrBlocks: ["10.99.0.0/24", "10.99.0.0/16"] }, "InvalidParameterValue"],
    [
      { TransitGatewayCidrBlocks: [1, 2, 3, 4, 5, 6].map((n) => `10.${n}.0.0/24`) },
      "TransitGatewayCidrBlockLimitExceeded",
    ],
    [{ TransitGatewayCidrBlocks: ["ten"] }, "InvalidParameterValue"],
  ])("[TG-2] with the options %j is %s", (Options, expected) => {
    const hub = hubOf(testCloud());
    expect(hub.code("CreateTransitGateway", { Options })).toBe(expected);
  });
});

describe("ModifyTransitGateway", () => {
  it("[TG-4] changes the default tables for new attachments only", () => {
    const cloud = testCloud();
    const hub = hubOf(cloud);
    const id = hub.gateway();
    const before = hub.read(id)?.Options?.AssociationDefaultRouteTableId;
    const first = hub.attach(id, "10.0.0.0/16");
    const other = hub.routeTable(id);
    const Options = { AssociationDefaultRouteTableId: other, PropagationDefaultRouteTableId: other };
    const { TransitGateway } = cloud.call<ModifyTransitGatewayCommandOutput>("ModifyTransitGateway", {
      TransitGatewayId: id,
      Options,
    });
    expect(TransitGateway).toMatchObject({ State: "modifying", Options });
    const second = hub.attach(id, "10.1.0.0/16");
    expect(hub.routes(before)).toEqual([`10.0.0.0/16 propagated active ${first.VpcId}`]);
    expect(hub.routes(other)).toEqual([`10.1.0.0/16 propagated active ${second.VpcId}`]);
  });

  it("takes a switch and its table only together, as AWS does", () => {
    const cloud = testCloud();
    const hub = hubOf(cloud);
    const id = hub.gateway({ DefaultRouteTableAssociation: "disable", DefaultRouteTablePropagation: "disable" });
    const modify = (Options: object) => hub.outcome("ModifyTransitGateway", { TransitGatewayId: id, Options });
    expect(modify({ DefaultRouteTableAssociation: "enable" })).toBe(
      "InvalidParameterCombination: enable DefaultRouteTableAssociation conflicts with AssociationDefaultRouteTableId null",
    );
    const table = hub.routeTable(id);
    expect(modify({ PropagationDefaultRouteTableId: table })).toMatch(/^InvalidParameterCombination/);
    const foreign = hub.read(hub.gateway())?.Options?.AssociationDefaultRouteTableId;
    const enable = { DefaultRouteTableAssociation: "enable" };
    expect(modify({ ...enable, AssociationDefaultRouteTableId: foreign })).toMatch(/^InvalidRouteTableID.NotFound/);
    expect(modify({ ...enable, AssociationDefaultRouteTableId: table })).toBe("allowed");
    expect(hub.read(id)?.Options).toMatchObject({ ...enable, AssociationDefaultRouteTableId: table });
    expect(modify({ DefaultRouteTableAssociation: "disable" })).toBe("allowed");
    expect(hub.read(id)?.Options?.AssociationDefaultRouteTableId).toBeUndefined();
  });

  it("[TG-2] adds and removes CIDR blocks, none that an attached VPC has", () => {
    const hub = hubOf(testCloud());
    const id = hub.gateway();
    hub.attach(id, "10.0.0.0/16");
    const modify = (Options: object) => hub.code("ModifyTransitGateway", { TransitGatewayId: id, Options });
    expect(modify({ AddTransitGatewayCidrBlocks: ["10.0.3.0/24"] })).toBe("InvalidParameterValue");
    expect(modify({ AddTransitGatewayCidrBlocks: ["10.1.3.7/24"] })).toBe("allowed");
    expect(hub.read(id)?.Options?.TransitGatewayCidrBlocks).toEqual(["10.1.3.0/24"]);
    expect(modify({ RemoveTransitGatewayCidrBlocks: ["10.9.0.0/24"] })).toBe("InvalidParameterValue");
    expect(modify({ RemoveTransitGatewayCidrBlocks: ["10.1.3.0/24"] })).toBe("allowed");
    expect(hub.read(id)?.Options?.TransitGatewayCidrBlocks).toBeUndefined();
    expect(modify({ EncryptionSupport: "enable" })).toBe("UnsupportedOperation");
  });
});

describe("DeleteTransitGateway", () => {
  it("(T25) is refused while anything is attached, and takes its tables along", () => {
    const cloud = testCloud({ pace: "real" });
    const hub = hubOf(cloud);
    const id = hub.gateway();
    cloud.advance(3 * minute);
    hub.routeTable(id);
    const { attachmentId } = hub.attach(id, "10.0.0.0/16");
    cloud.advance(3 * minute);
    expect(hub.outcome("DeleteTransitGateway", { TransitGatewayId: id })).toBe(
      `IncorrectState: ${id} has non-deleted Transit Gateway Attachments: ${attachmentId}.`,
    );
    cloud.call("DeleteTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: attachmentId });
    expect(hub.code("DeleteTransitGateway", { TransitGatewayId: id })).toBe("IncorrectState");
    cloud.advance(2 * minute);
    const { TransitGateway } = cloud.call<DeleteTransitGatewayCommandOutput>("DeleteTransitGateway", {
      TransitGatewayId: id,
    });
    expect(TransitGateway?.State).toBe("deleting");
    expect(hub.code("DeleteTransitGateway", { TransitGatewayId: id })).toBe("IncorrectState");
    cloud.advance(2 * minute);
    expect(hub.read(id)?.State).toBe("deleted");
    expect(hub.outcome("DeleteTransitGateway", { TransitGatewayId: id })).toBe(
      `InvalidTransitGatewayID.NotFound: Transit Gateway ${id} was deleted or does not exist.`,
    );
    const { TransitGatewayRouteTables } = cloud.call<DescribeTransitGatewayRouteTablesCommandOutput>(
      "DescribeTransitGatewayRouteTables",
    );
    expect(TransitGatewayRouteTables?.map(({ State }) => State)).toEqual(["deleted", "deleted"]);
    expect(cloud.model()).toMatchObject({ transitGateways: [], transitGatewayRouteTables: [] });
    cloud.advance(121 * minute);
    expect(hub.code("DescribeTransitGateways", { TransitGatewayIds: [id] })).toBe("InvalidTransitGatewayID.NotFound");
  });

  it("names peerings as AWS does", () => {
    const hub = hubOf(testCloud());
    const id = hub.gateway();
    const { TransitGatewayAttachmentId } = hub.peer(id, hub.gateway());
    expect(hub.outcome("DeleteTransitGateway", { TransitGatewayId: id })).toBe(
      `IncorrectState: ${id} has non-deleted Transit Gateway Cross Region Peering Attachments: ${TransitGatewayAttachmentId}.`,
    );
  });
});

it("finds gateways by id, filters and tags", () => {
  const cloud = testCloud();
  const hub = hubOf(cloud);
  const [one, two] = [hub.gateway({ AmazonSideAsn: 64_600 }), hub.gateway({ DnsSupport: "disable" })];
  cloud.call("CreateTags", { Resources: [two], Tags: [{ Key: "Env", Value: "lab" }] });
  const found = (Name: string, value: string) =>
    cloud
      .call<DescribeTransitGatewaysCommandOutput>("DescribeTransitGateways", { Filters: [{ Name, Values: [value] }] })
      .TransitGateways?.map(({ TransitGatewayId }) => TransitGatewayId);
  expect(found("options.amazon-side-asn", "64600")).toEqual([one]);
  expect(found("options.dns-support", "disable")).toEqual([two]);
  expect(found("tag:Env", "lab")).toEqual([two]);
  expect(found("state", "available")).toEqual([one, two]);
  expect(found("owner-id", accountB)).toEqual([]);
  expect(hub.code("DescribeTransitGateways", { TransitGatewayIds: ["tgw-nope"] })).toBe(
    "InvalidTransitGatewayID.Malformed",
  );
  expect(hub.read(one, { ...asA })?.TransitGatewayId).toBe(one);
});
