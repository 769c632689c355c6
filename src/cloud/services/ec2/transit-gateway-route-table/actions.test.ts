/** Route tables of transit gateways, who is in them and how they go: semantics 6.4, 6.7. */
import type {
  AssociateTransitGatewayRouteTableCommandOutput,
  CreateTransitGatewayRouteTableCommandOutput,
  DescribeTransitGatewayAttachmentsCommandOutput,
  DescribeTransitGatewayRouteTablesCommandOutput,
  EnableTransitGatewayRouteTablePropagationCommandOutput,
  GetTransitGatewayAttachmentPropagationsCommandOutput,
  GetTransitGatewayRouteTableAssociationsCommandOutput,
  GetTransitGatewayRouteTablePropagationsCommandOutput,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "vitest";
import { toMermaid } from "../../../lifecycle/lifecycle.ts";
import { type TestCloud, testCloud } from "../../../test-cloud.ts";
import { type AttachedVpc, type Hub, hubOf } from "../transit-gateway/test-hub.ts";
import {
  associationLifecycle,
  prefixListReferenceLifecycle,
  propagationLifecycle,
  routeLifecycle,
} from "./entry-lifecycles.ts";
import { transitGatewayRouteTableLifecycle } from "./lifecycle.ts";

const minute = 60_000;

let cloud: TestCloud;
let hub: Hub;
let gateway: string;
let table: string;
let one: AttachedVpc;

/** A gateway without default tables, one table, one attachment. */
function begin(pace: "instant" | "real" = "instant"): void {
  cloud = testCloud({ pace });
  hub = hubOf(cloud);
  gateway = hub.gateway({ DefaultRouteTableAssociation: "disable", DefaultRouteTablePropagation: "disable" });
  cloud.advance(3 * minute);
  table = hub.routeTable(gateway);
  one = hub.attach(gateway, "10.0.0.0/16");
  cloud.advance(3 * minute);
}

beforeEach(() => begin());

const entry = (more: object = {}) => ({
  TransitGatewayRouteTableId: table,
  TransitGatewayAttachmentId: one.attachmentId,
  ...more,
});
const associations = (routeTableId = table) =>
  cloud.call<GetTransitGatewayRouteTableAssociationsCommandOutput>("GetTransitGatewayRouteTableAssociations", {
    TransitGatewayRouteTableId: routeTableId,
  }).Associations;
const propagations = () =>
  cloud.call<GetTransitGatewayRouteTablePropagationsCommandOutput>("GetTransitGatewayRouteTablePropagations", {
    TransitGatewayRouteTableId: table,
  }).TransitGatewayRouteTablePropagations;

it("[TG-30, TG-31, TG-34, TG-35] the states of a table and of what it holds are these", () => {
  const lives = [
    transitGatewayRouteTableLifecycle,
    associationLifecycle,
    propagationLifecycle,
    routeLifecycle,
    prefixListReferenceLifecycle,
  ];
  expect(lives.map((life) => toMermaid<string, string, string>(life)).join("\n")).toMatchInlineSnapshot(`
    "stateDiagram-v2
      [*] --> pending
      pending --> deleting: DeleteTransitGateway
      pending --> available: after 30s
      available --> deleting: DeleteTransitGatewayRouteTable
      available --> deleting: DeleteTransitGateway
      deleting --> deleted: after 30s
      deleted --> [*]: forgotten after 2h

    stateDiagram-v2
      [*] --> associating
      associating --> disassociating: DeleteTransitGatewayAttachment
      associating --> associated: after 30s
      associated --> disassociating: DisassociateTransitGatewayRouteTable
      associated --> disassociating: DeleteTransitGatewayAttachment
      disassociating --> disassociated: after 30s
      disassociated --> [*]: forgotten after 0s

    stateDiagram-v2
      [*] --> enabling
      enabling --> disabling: DeleteTransitGatewayAttachment
      enabling --> enabled: after 5s
      enabled --> disabling: DisableTransitGatewayRouteTablePropagation
      enabled --> disabling: DeleteTransitGatewayAttachment
      disabling --> disabled: after 5s
      disabled --> [*]: forgotten after 0s

    stateDiagram-v2
      [*] --> pending
      pending --> active: after 5s
      active --> deleting: DeleteTransitGatewayRoute
      deleting --> deleted: after 5s
      deleted --> [*]: forgotten after 0s

    stateDiagram-v2
      [*] --> pending
      pending --> available: after 10s
      available --> modifying: ModifyTransitGatewayPrefixListReference
      available --> deleting: DeleteTransitGatewayPrefixListReference
      modifying --> available: after 10s
      deleting --> deleted: after 10s
      deleted --> [*]: forgotten after 0s
    "
  `);
});

describe("an association", () => {
  it("[TG-30] is an attachment's only one, and must end before the next", () => {
    begin("real");
    const { Association } = cloud.call<AssociateTransitGatewayRouteTableCommandOutput>(
      "AssociateTransitGatewayRouteTable",
      entry(),
    );
    const shown = { TransitGatewayAttachmentId: one.attachmentId, ResourceId: one.VpcId, ResourceType: "vpc" };
    expect(Association).toEqual({ TransitGatewayRouteTableId: table, ...shown, State: "associating" });
    expect(associations()).toEqual([{ ...shown, State: "associating" }]);
    const already = `Resource.AlreadyAssociated: Transit Gateway Attachment ${one.attachmentId} is already associated to a route table.`;
    const other = hub.routeTable(gateway);
    cloud.advance(minute);
    const elsewhere = entry({ TransitGatewayRouteTableId: other });
    expect(hub.outcome("AssociateTransitGatewayRouteTable", elsewhere)).toBe(already);
    expect(associations()).toEqual([{ ...shown, State: "associated" }]);
    const { TransitGatewayAttachments } = cloud.call<DescribeTransitGatewayAttachmentsCommandOutput>(
      "DescribeTransitGatewayAttachments",
      { Filters: [{ Name: "association.transit-gateway-route-table-id", Values: [table] }] },
    );
    expect(TransitGatewayAttachments).toHaveLength(1);
    expect(hub.code("DisassociateTransitGatewayRouteTable", elsewhere)).toBe("InvalidAssociation.NotFound");
    expect(hub.code("DisassociateTransitGatewayRouteTable", entry())).toBe("allowed");
    expect(associations()).toEqual([{ ...shown, State: "disassociating" }]);
    expect(hub.outcome("AssociateTransitGatewayRouteTable", elsewhere)).toBe(already);
    expect(hub.code("DisassociateTransitGatewayRouteTable", entry())).toBe("IncorrectState");
    cloud.advance(minute);
    expect(associations()).toEqual([]);
    expect(hub.code("AssociateTransitGatewayRouteTable", elsewhere)).toBe("allowed");
  });

  it("[TG-16] ends with its attachment", () => {
    cloud.call("AssociateTransitGatewayRouteTable", entry());
    cloud.call("EnableTransitGatewayRouteTablePropagation", entry());
    cloud.call("DeleteTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: one.attachmentId });
    expect([associations(), propagations()]).toEqual([[], []]);
    expect(hub.code("AssociateTransitGatewayRouteTable", entry())).toBe("InvalidTransitGatewayAttachmentID.NotFound");
  });
});

describe("a propagation", () => {
  it("[TG-31] is one of many, each but once", () => {
    begin("real");
    const { Propagation } = cloud.call<EnableTransitGatewayRouteTablePropagationCommandOutput>(
      "EnableTransitGatewayRouteTablePropagation",
      entry(),
    );
    const shown = { TransitGatewayAttachmentId: one.attachmentId, ResourceId: one.VpcId, ResourceType: "vpc" };
    expect(Propagation).toEqual({ ...shown, TransitGatewayRouteTableId: table, State: "enabling" });
    expect(hub.routes(table)).toEqual([]);
    cloud.advance(minute);
    expect(propagations()).toEqual([{ ...shown, State: "enabled" }]);
    expect(hub.routes(table)).toEqual([`10.0.0.0/16 propagated active ${one.VpcId}`]);
    expect(hub.outcome("EnableTransitGatewayRouteTablePropagation", entry())).toBe(
      `TransitGatewayRouteTablePropagation.Duplicate: Propagation ${one.attachmentId} already exists in Transit Gateway Route Table ${table}.`,
    );
    const other = hub.routeTable(gateway);
    cloud.advance(minute);
    cloud.call("EnableTransitGatewayRouteTablePropagation", entry({ TransitGatewayRouteTableId: other }));
    cloud.advance(minute);
    const of = (input: object = {}) =>
      cloud.call<GetTransitGatewayAttachmentPropagationsCommandOutput>("GetTransitGatewayAttachmentPropagations", {
        TransitGatewayAttachmentId: one.attachmentId,
        ...input,
      }).TransitGatewayAttachmentPropagations;
    expect(of()).toEqual([
      { TransitGatewayRouteTableId: table, State: "enabled" },
      { TransitGatewayRouteTableId: other, State: "enabled" },
    ]);
    expect(of({ Filters: [{ Name: "transit-gateway-route-table-id", Values: [other] }] })).toHaveLength(1);
    expect(hub.code("DisableTransitGatewayRouteTablePropagation", entry())).toBe("allowed");
    expect(propagations()).toEqual([{ ...shown, State: "disabling" }]);
    cloud.advance(minute);
    expect([propagations(), hub.routes(table)]).toEqual([[], []]);
    expect(hub.code("DisableTransitGatewayRouteTablePropagation", entry())).toBe(
      "TransitGatewayRouteTablePropagation.NotFound",
    );
  });
});

describe("a route table", () => {
  it("[TG-3] is no default table, and pending at first", () => {
    begin("real");
    const { TransitGatewayRouteTable } = cloud.call<CreateTransitGatewayRouteTableCommandOutput>(
      "CreateTransitGatewayRouteTable",
      {
        TransitGatewayId: gateway,
        TagSpecifications: [{ ResourceType: "transit-gateway-route-table", Tags: [{ Key: "Name", Value: "spokes" }] }],
      },
    );
    const id = TransitGatewayRouteTable?.TransitGatewayRouteTableId;
    expect(TransitGatewayRouteTable).toEqual({
      TransitGatewayRouteTableId: id,
      TransitGatewayId: gateway,
      State: "pending",
      DefaultAssociationRouteTable: false,
      DefaultPropagationRouteTable: false,
      CreationTime: new Date(cloud.now()),
      Tags: [{ Key: "Name", Value: "spokes" }],
    });
    const inNew = entry({ TransitGatewayRouteTableId: id });
    expect(hub.outcome("AssociateTransitGatewayRouteTable", inNew)).toBe(`IncorrectState: ${id} is in invalid state`);
    cloud.advance(minute);
    expect(hub.outcome("AssociateTransitGatewayRouteTable", inNew)).toBe("allowed");
  });

  it("is found by its filters", () => {
    const full = hub.gateway();
    const found = (Name: string, value: string) =>
      cloud.call<DescribeTransitGatewayRouteTablesCommandOutput>("DescribeTransitGatewayRouteTables", {
        Filters: [{ Name, Values: [value] }],
      }).TransitGatewayRouteTables?.length;
    expect(found("transit-gateway-id", full)).toBe(1);
    expect(found("default-association-route-table", "true")).toBe(1);
    expect(found("default-propagation-route-table", "false")).toBe(1);
    expect(found("transit-gateway-route-table-id", table)).toBe(1);
    expect(found("state", "available")).toBe(2);
  });

  it("is not deleted while it is a default or has associations", () => {
    const full = hub.gateway();
    const standard = hub.read(full)?.Options?.AssociationDefaultRouteTableId;
    const remove = (id: string | undefined) =>
      hub.outcome("DeleteTransitGatewayRouteTable", { TransitGatewayRouteTableId: id });
    expect(remove(standard)).toBe(`IncorrectState: ${standard} is set as default association route table for ${full}`);
    cloud.call("AssociateTransitGatewayRouteTable", entry());
    cloud.call("EnableTransitGatewayRouteTablePropagation", entry());
    cloud.call("CreateTransitGatewayRoute", entry({ DestinationCidrBlock: "10.9.0.0/16" }));
    expect(remove(table)).toBe(`IncorrectState: ${table} has associated attachments`);
    cloud.call("DisassociateTransitGatewayRouteTable", entry());
    expect(remove(table)).toBe("allowed");
    expect(remove(table)).toBe(
      `InvalidRouteTableID.NotFound: Transit Gateway Route Table ${table} was deleted or does not exist.`,
    );
    expect(remove("tgw-rtb-x")).toBe(
      "InvalidRouteTableId.Malformed: Invalid Transit Gateway Route Table id tgw-rtb-x.",
    );
    expect(propagationsOf(one.attachmentId)).toEqual([]);
    // Its default is another one by then.
    cloud.call("ModifyTransitGateway", {
      TransitGatewayId: full,
      Options: { DefaultRouteTableAssociation: "disable", DefaultRouteTablePropagation: "disable" },
    });
    expect(remove(standard)).toBe("allowed");
  });

  it("is one of at most twenty", () => {
    for (let made = 1; made < 20; made += 1) hub.routeTable(gateway);
    expect(hub.code("CreateTransitGatewayRouteTable", { TransitGatewayId: gateway })).toBe(
      "TransitGatewayRouteTableLimitExceeded",
    );
    cloud.call("DeleteTransitGatewayRouteTable", { TransitGatewayRouteTableId: table });
    expect(hub.code("CreateTransitGatewayRouteTable", { TransitGatewayId: gateway })).toBe("allowed");
  });

  it("holds attachments of its own gateway only", () => {
    const foreign = hub.attach(hub.gateway(), "10.1.0.0/16").attachmentId;
    const input = entry({ TransitGatewayAttachmentId: foreign, DestinationCidrBlock: "10.1.0.0/16" });
    for (const operation of [
      "AssociateTransitGatewayRouteTable",
      "DisassociateTransitGatewayRouteTable",
      "EnableTransitGatewayRouteTablePropagation",
      "DisableTransitGatewayRouteTablePropagation",
      "CreateTransitGatewayRoute",
    ]) {
      expect([operation, hub.code(operation, input)]).toEqual([
        operation,
        "InvalidTransitGatewayAttachmentID.NotFound",
      ]);
    }
  });

  it("takes no attachment that is not available", () => {
    begin("real");
    const late = hub.attach(gateway, "10.1.0.0/16").attachmentId;
    const input = entry({ TransitGatewayAttachmentId: late, DestinationCidrBlock: "10.1.0.0/16" });
    for (const operation of [
      "AssociateTransitGatewayRouteTable",
      "EnableTransitGatewayRouteTablePropagation",
      "CreateTransitGatewayRoute",
      "ReplaceTransitGatewayRoute",
    ]) {
      expect(hub.outcome(operation, input)).toBe(`IncorrectState: ${late} is in invalid state`);
    }
  });
});

function propagationsOf(attachmentId: string) {
  return cloud.call<GetTransitGatewayAttachmentPropagationsCommandOutput>("GetTransitGatewayAttachmentPropagations", {
    TransitGatewayAttachmentId: attachmentId,
  }).TransitGatewayAttachmentPropagations;
}

it("pages through associations", () => {
  for (let more = 1; more < 8; more += 1) {
    const { attachmentId } = hub.attach(gateway, `10.${more}.0.0/16`);
    cloud.call("AssociateTransitGatewayRouteTable", entry({ TransitGatewayAttachmentId: attachmentId }));
  }
  const get = (input: object) =>
    cloud.call<GetTransitGatewayRouteTableAssociationsCommandOutput>("GetTransitGatewayRouteTableAssociations", {
      TransitGatewayRouteTableId: table,
      ...input,
    });
  const first = get({ MaxResults: 5 });
  const second = get({ MaxResults: 5, NextToken: first.NextToken });
  expect([first.Associations?.length, second.Associations?.length, second.NextToken]).toEqual([5, 2, undefined]);
  const { VpcId } = hub.attach(gateway, "10.9.0.0/16");
  expect(get({ Filters: [{ Name: "resource-id", Values: [VpcId] }] }).Associations).toEqual([]);
  expect(get({ Filters: [{ Name: "resource-type", Values: ["vpc"] }] }).Associations).toHaveLength(7);
  expect(
    hub.code("GetTransitGatewayRouteTableAssociations", {
      TransitGatewayRouteTableId: table,
      Filters: [{ Name: "colour", Values: ["red"] }],
    }),
  ).toBe("InvalidParameterValue");
});

it.each([
  "ExportTransitGatewayRoutes",
  "CreateTransitGatewayConnect",
  "CreateTransitGatewayMulticastDomain",
  "CreateTransitGatewayPolicyTable",
  "CreateTransitGatewayRouteTableAnnouncement",
])("%s is not among the actions", async (operation) => {
  const { ec2Actions } = await import("../actions.ts");
  expect(ec2Actions[operation]).toBeUndefined();
});
