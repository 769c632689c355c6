/** The routes of transit gateways: which there are, which of them count, and how they are found. [TG-32 to TG-50] */
import type {
  CreateTransitGatewayPrefixListReferenceCommandOutput,
  CreateTransitGatewayRouteCommandOutput,
  DeleteTransitGatewayRouteCommandOutput,
  GetManagedPrefixListAssociationsCommandOutput,
  GetTransitGatewayPrefixListReferencesCommandOutput,
  SearchTransitGatewayRoutesCommandOutput,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "vitest";
import { validateNetworkModel } from "../../../../model/index.ts";
import { accountA, type TestCloud, testCloud } from "../../../test-cloud.ts";
import { type AttachedVpc, type Hub, hubOf } from "../transit-gateway/test-hub.ts";

const minute = 60_000;

let cloud: TestCloud;
let hub: Hub;
let gateway: string;
let table: string;
let one: AttachedVpc;
let two: AttachedVpc;

/** Two VPCs on a gateway whose default table both are in. */
function begin(pace: "instant" | "real" = "instant"): void {
  cloud = testCloud({ pace });
  hub = hubOf(cloud);
  gateway = hub.gateway();
  table = hub.read(gateway)?.Options?.AssociationDefaultRouteTableId ?? "";
  cloud.advance(3 * minute);
  one = hub.attach(gateway, "10.0.0.0/16");
  two = hub.attach(gateway, "10.1.0.0/16");
  cloud.advance(3 * minute);
}

beforeEach(() => begin());

const route = (DestinationCidrBlock: string, more: object = { TransitGatewayAttachmentId: two.attachmentId }) => ({
  TransitGatewayRouteTableId: table,
  DestinationCidrBlock,
  ...more,
});
const create = (cidr: string, more?: object) => hub.outcome("CreateTransitGatewayRoute", route(cidr, more));
const blackhole = { Blackhole: true };

function prefixList(entries: readonly string[], MaxEntries = 10): string {
  const { PrefixList } = cloud.call<{ PrefixList: { PrefixListId: string } }>("CreateManagedPrefixList", {
    PrefixListName: "sites",
    AddressFamily: "IPv4",
    MaxEntries,
    Entries: entries.map((Cidr) => ({ Cidr })),
  });
  cloud.advance(minute);
  return PrefixList.PrefixListId;
}

const inModel = () =>
  cloud
    .model()
    .transitGatewayRouteTables.find((each) => each.transitGatewayRouteTableId === table)
    ?.routes.map((each) => `${each.destinationCidrBlock} ${each.type} ${each.state}`);

describe("a static route", () => {
  it("[TG-33, TG-35] is pending, active, deleting, gone", () => {
    begin("real");
    const { Route } = cloud.call<CreateTransitGatewayRouteCommandOutput>(
      "CreateTransitGatewayRoute",
      // Host bits do not count.
      route("192.168.7.9/16"),
    );
    expect(Route).toEqual({
      DestinationCidrBlock: "192.168.0.0/16",
      TransitGatewayAttachments: [
        { TransitGatewayAttachmentId: two.attachmentId, ResourceId: two.VpcId, ResourceType: "vpc" },
      ],
      Type: "static",
      State: "pending",
    });
    const statics = () => hub.routes(table, { type: "static", "route-search.exact-match": "192.168.0.0/16" });
    expect(statics()).toEqual([`192.168.0.0/16 static pending ${two.VpcId}`]);
    expect(inModel()).not.toContain("192.168.0.0/16 static active");
    expect(create("192.168.0.0/16")).toBe(
      `RouteAlreadyExists: Route 192.168.0.0/16 already exists in Transit Gateway Route Table ${table}.`,
    );
    cloud.advance(minute);
    expect(statics()).toEqual([`192.168.0.0/16 static active ${two.VpcId}`]);
    const deleted = cloud.call<DeleteTransitGatewayRouteCommandOutput>(
      "DeleteTransitGatewayRoute",
      route("192.168.0.0/16"),
    );
    expect(deleted.Route?.State).toBe("deleting");
    expect(inModel()).not.toContain("192.168.0.0/16 static active");
    cloud.advance(minute);
    expect(statics()).toEqual([]);
    expect(hub.code("DeleteTransitGatewayRoute", route("192.168.0.0/16"))).toBe("InvalidRoute.NotFound");
  });

  it.each([
    ["no target", "10.9.0.0/16", {}, "MissingParameter"],
    ["two targets", "10.9.0.0/16", { Blackhole: true, TransitGatewayAttachmentId: "x" }, "InvalidParameterCombination"],
    ["no block", "ten", blackhole, "InvalidParameterValue"],
    [
      "no such attachment",
      "10.9.0.0/16",
      { TransitGatewayAttachmentId: "tgw-attach-00000000000000000" },
      "InvalidTransitGatewayAttachmentID.NotFound",
    ],
  ])("[TG-33] with %s is refused", (_, cidr, target, code) => {
    expect(hub.code("CreateTransitGatewayRoute", route(cidr, target))).toBe(code);
    expect(hub.routes(table, { type: "static" })).toEqual([]);
  });

  it("[TG-41] (T22) hides the propagated one for the same destination until it is gone", () => {
    expect(create("10.1.0.0/16", blackhole)).toBe("allowed");
    const exact = () => hub.routes(table, { "route-search.exact-match": "10.1.0.0/16" });
    expect(exact()).toEqual(["10.1.0.0/16 static blackhole"]);
    cloud.call("DeleteTransitGatewayRoute", route("10.1.0.0/16"));
    expect(exact()).toEqual([`10.1.0.0/16 propagated active ${two.VpcId}`]);
    expect(hub.code("DeleteTransitGatewayRoute", route("10.1.0.0/16"))).toBe("InvalidRoute.NotFound");
  });

  it("[TG-42, TG-16] is a blackhole by itself once its attachment is deleted", () => {
    create("172.16.0.0/12");
    cloud.call("DeleteTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: two.attachmentId });
    expect(hub.routes(table)).toEqual([`10.0.0.0/16 propagated active ${one.VpcId}`, "172.16.0.0/12 static blackhole"]);
    expect(hub.routes(table, { state: "blackhole" })).toHaveLength(1);
    expect(inModel()).toEqual(["10.0.0.0/16 propagated active", "172.16.0.0/12 static blackhole"]);
    // After two hours the attachment is forgotten; the route stays.
    cloud.advance(3 * 60 * minute);
    expect(hub.routes(table, { type: "static" })).toEqual(["172.16.0.0/12 static blackhole"]);
  });

  it("[TG-33] is given another target by ReplaceTransitGatewayRoute, which also makes one", () => {
    const replace = (target: object) => hub.code("ReplaceTransitGatewayRoute", route("172.16.0.0/12", target));
    expect(replace({ TransitGatewayAttachmentId: one.attachmentId })).toBe("allowed");
    const statics = () => hub.routes(table, { type: "static" });
    expect(statics()).toEqual([`172.16.0.0/12 static active ${one.VpcId}`]);
    expect(replace(blackhole)).toBe("allowed");
    expect(statics()).toEqual(["172.16.0.0/12 static blackhole"]);
    expect(replace({ TransitGatewayAttachmentId: two.attachmentId })).toBe("allowed");
    expect(statics()).toEqual([`172.16.0.0/12 static active ${two.VpcId}`]);
    expect(replace({})).toBe("MissingParameter");
  });

  it("may be IPv6", () => {
    expect(create("2001:DB8:1::/48")).toBe("allowed");
    expect(hub.routes(table, { "route-search.longest-prefix-match": "2001:db8:1::7" })).toEqual([
      `2001:db8:1::/48 static active ${two.VpcId}`,
    ]);
  });
});

describe("propagated routes", () => {
  it("[TG-17, AD-14] follow the blocks of their VPC", () => {
    const { CidrBlockAssociation } = cloud.call<{ CidrBlockAssociation: { AssociationId: string } }>(
      "AssociateVpcCidrBlock",
      { VpcId: one.VpcId, CidrBlock: "100.64.0.0/16" },
    );
    expect(hub.routes(table, { "attachment.resource-id": one.VpcId })).toEqual([
      `10.0.0.0/16 propagated active ${one.VpcId}`,
      `100.64.0.0/16 propagated active ${one.VpcId}`,
    ]);
    cloud.call("DisassociateVpcCidrBlock", { AssociationId: CidrBlockAssociation.AssociationId });
    expect(hub.routes(table, { "attachment.resource-id": one.VpcId })).toHaveLength(1);
  });

  it("[TG-45, TG-14] of two VPCs with one block are the first one's, also after a restart", () => {
    const join = (VpcId: string) => cloud.call("AssociateVpcCidrBlock", { VpcId, CidrBlock: "100.64.0.0/16" });
    // The VPC that was attached later has the block first.
    join(two.VpcId);
    cloud.advance(minute);
    join(one.VpcId);
    const contested = () => hub.routes(table, { "route-search.exact-match": "100.64.0.0/16" });
    expect(contested()).toEqual([`100.64.0.0/16 propagated active ${two.VpcId}`]);
    cloud.restart();
    expect(contested()).toEqual([`100.64.0.0/16 propagated active ${two.VpcId}`]);
    // Propagating anew puts it behind the other.
    const entry = { TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: two.attachmentId };
    cloud.call("DisableTransitGatewayRouteTablePropagation", entry);
    expect(contested()).toEqual([`100.64.0.0/16 propagated active ${one.VpcId}`]);
    cloud.advance(minute);
    cloud.call("EnableTransitGatewayRouteTablePropagation", entry);
    expect(contested()).toEqual([`100.64.0.0/16 propagated active ${one.VpcId}`]);
  });
});

describe("prefix list references", () => {
  const reference = (PrefixListId: string, more: object = { TransitGatewayAttachmentId: two.attachmentId }) => ({
    TransitGatewayRouteTableId: table,
    PrefixListId,
    ...more,
  });

  it("[TG-34] are routes for all entries, before propagated ones and behind static ones", () => {
    const list = prefixList(["10.0.0.0/16", "172.16.0.0/16", "172.17.0.0/16"]);
    const made = cloud.call<CreateTransitGatewayPrefixListReferenceCommandOutput>(
      "CreateTransitGatewayPrefixListReference",
      reference(list),
    );
    expect(made.TransitGatewayPrefixListReference).toEqual({
      TransitGatewayRouteTableId: table,
      PrefixListId: list,
      PrefixListOwnerId: accountA,
      State: "pending",
      Blackhole: false,
      TransitGatewayAttachment: {
        TransitGatewayAttachmentId: two.attachmentId,
        ResourceId: two.VpcId,
        ResourceType: "vpc",
      },
    });
    create("172.17.0.0/16", { TransitGatewayAttachmentId: one.attachmentId });
    expect(hub.routes(table)).toEqual([
      `10.0.0.0/16 static active ${two.VpcId}`,
      `10.1.0.0/16 propagated active ${two.VpcId}`,
      `172.16.0.0/16 static active ${two.VpcId}`,
      `172.17.0.0/16 static active ${one.VpcId}`,
    ]);
    expect(hub.routes(table, { "prefix-list-id": list })).toHaveLength(2);
    cloud.call("ModifyManagedPrefixList", {
      PrefixListId: list,
      CurrentVersion: 1,
      RemoveEntries: [{ Cidr: "10.0.0.0/16" }],
      AddEntries: [{ Cidr: "172.18.0.0/16" }],
    });
    expect(hub.routes(table, { "prefix-list-id": list }).map((each) => each.split(" ")[0])).toEqual([
      "172.16.0.0/16",
      "172.18.0.0/16",
    ]);
    expect(inModel()).toContain("10.0.0.0/16 propagated active");
    expect(validateNetworkModel(cloud.model())).toEqual([]);
  });

  it("[TG-34] are changed, found and removed, and hold their list", () => {
    begin("real");
    const list = prefixList(["172.16.0.0/16"]);
    const found = (filters: Readonly<Record<string, string>> = {}) =>
      cloud
        .call<GetTransitGatewayPrefixListReferencesCommandOutput>("GetTransitGatewayPrefixListReferences", {
          TransitGatewayRouteTableId: table,
          Filters: Object.entries(filters).map(([Name, value]) => ({ Name, Values: [value] })),
        })
        .TransitGatewayPrefixListReferences?.map(({ State, Blackhole }) => `${State} ${Blackhole}`);
    const call = (verb: string, more?: object) =>
      hub.code(`${verb}TransitGatewayPrefixListReference`, reference(list, more));
    expect(call("Modify")).toBe("InvalidRoute.NotFound");
    expect(call("Create", blackhole)).toBe("allowed");
    expect(call("Create")).toBe("RouteAlreadyExists");
    expect(call("Modify")).toBe("IncorrectState");
    expect(found()).toEqual(["pending true"]);
    expect(hub.routes(table, { type: "static" })).toEqual([]);
    cloud.advance(minute);
    expect(hub.routes(table, { type: "static" })).toEqual(["172.16.0.0/16 static blackhole"]);
    expect(call("Modify")).toBe("allowed");
    expect(found()).toEqual(["modifying false"]);
    cloud.advance(minute);
    expect(found({ "attachment.resource-id": two.VpcId, "is-blackhole": "false" })).toEqual(["available false"]);
    const { PrefixListAssociations } = cloud.call<GetManagedPrefixListAssociationsCommandOutput>(
      "GetManagedPrefixListAssociations",
      { PrefixListId: list },
    );
    expect(PrefixListAssociations).toEqual([{ ResourceId: table, ResourceOwner: accountA }]);
    cloud.call("DeleteManagedPrefixList", { PrefixListId: list });
    cloud.advance(minute);
    expect(hub.routes(table, { type: "static" })).toEqual([`172.16.0.0/16 static active ${two.VpcId}`]);
    expect(call("Delete")).toBe("allowed");
    expect(found()).toEqual(["deleting false"]);
    cloud.advance(minute);
    expect(found()).toEqual([]);
    expect(call("Delete")).toBe("InvalidRoute.NotFound");
    expect(hub.code("CreateTransitGatewayPrefixListReference", reference("pl-00000000000000000"))).toBe(
      "InvalidPrefixListID.NotFound",
    );
  });

  it("count with their greatest size among the 10,000 routes of a gateway", () => {
    for (let lists = 0; lists < 9; lists += 1) {
      const list = prefixList([`172.${16 + lists}.0.0/16`], 1000);
      expect(hub.code("CreateTransitGatewayPrefixListReference", reference(list))).toBe("allowed");
    }
    // Two are propagated.
    const rest = prefixList(["172.30.0.0/16"], 998);
    expect(hub.code("CreateTransitGatewayPrefixListReference", reference(rest))).toBe("allowed");
    expect(create("172.31.0.0/16")).toMatch(/^TransitGatewayRouteLimitExceeded/);
    const other = hub.routeTable(gateway);
    const entry = { TransitGatewayRouteTableId: other, TransitGatewayAttachmentId: two.attachmentId };
    expect(hub.code("EnableTransitGatewayRouteTablePropagation", entry)).toBe("TransitGatewayRouteLimitExceeded");
    expect(hub.routes(other)).toEqual([]);
  });
});

describe("SearchTransitGatewayRoutes", () => {
  beforeEach(() => {
    for (const cidr of ["10.0.0.0/8", "10.1.2.0/24", "10.1.2.128/25", "0.0.0.0/0"]) create(cidr, blackhole);
  });

  it.each([
    ["exact-match", "10.1.2.0/24", ["10.1.2.0/24"]],
    ["exact-match", "10.1.2.7/24", ["10.1.2.0/24"]],
    ["exact-match", "10.1.0.0/17", []],
    ["longest-prefix-match", "10.1.2.200", ["10.1.2.128/25"]],
    ["longest-prefix-match", "10.1.2.0/24", ["10.1.2.0/24"]],
    ["longest-prefix-match", "8.8.8.8", ["0.0.0.0/0"]],
    ["longest-prefix-match", "2001:db8::1", []],
    ["subnet-of-match", "10.1.0.0/16", ["10.1.0.0/16", "10.1.2.0/24", "10.1.2.128/25"]],
    ["subnet-of-match", "10.1.2.0/25", []],
    ["supernet-of-match", "10.1.2.0/24", ["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24"]],
  ])("[TG-50] route-search.%s %s", (search, value, expected) => {
    const found = hub.routes(table, { [`route-search.${search}`]: value }).map((each) => each.split(" ")[0]);
    expect(found).toEqual(expected);
  });

  it("[TG-50] finds what every filter finds", () => {
    expect(hub.routes(table, { type: "propagated", "route-search.supernet-of-match": "10.1.2.0/24" })).toEqual([
      `10.1.0.0/16 propagated active ${two.VpcId}`,
    ]);
    expect(hub.routes(table, { "attachment.resource-type": "vpc" })).toHaveLength(2);
    expect(hub.routes(table, { "attachment.transit-gateway-attachment-id": one.attachmentId })).toHaveLength(1);
    expect(hub.routes(table, { type: "static", state: "active" })).toEqual([]);
  });

  it.each([
    [[], "MissingParameter"],
    [[{ Name: "colour", Values: ["red"] }], "InvalidParameterValue"],
    [[{ Name: "route-search.nearest", Values: ["10.0.0.0/8"] }], "InvalidParameterValue"],
    [[{ Name: "route-search.exact-match", Values: ["ten"] }], "InvalidParameterValue"],
    [[{ Name: "route-search.exact-match", Values: [] }], "InvalidParameterValue"],
  ])("[TG-50] refuses the filters %j", (Filters, code) => {
    expect(hub.code("SearchTransitGatewayRoutes", { TransitGatewayRouteTableId: table, Filters })).toBe(code);
  });

  it("[TG-50] says when there are more", () => {
    const search = (input: object) =>
      cloud.call<SearchTransitGatewayRoutesCommandOutput>("SearchTransitGatewayRoutes", {
        TransitGatewayRouteTableId: table,
        Filters: [{ Name: "type", Values: ["static", "propagated"] }],
        ...input,
      });
    const first = search({ MaxResults: 5 });
    expect([first.Routes?.length, first.AdditionalRoutesAvailable]).toEqual([5, true]);
    const second = search({ MaxResults: 5, NextToken: first.NextToken });
    expect([second.Routes?.length, second.AdditionalRoutesAvailable, second.NextToken]).toEqual([1, false, undefined]);
    expect(hub.code("SearchTransitGatewayRoutes", { TransitGatewayRouteTableId: table, MaxResults: 4 })).toBe(
      "MissingParameter",
    );
  });
});

it("keeps a table of the model as it is while nothing in it changes", () => {
  const other = hub.gateway();
  const before = cloud.model();
  hub.attach(other, "10.0.0.0/16");
  const after = cloud.model();
  const tableIn = (model: typeof before) =>
    model.transitGatewayRouteTables.find((each) => each.transitGatewayRouteTableId === table);
  expect(tableIn(after)).toBe(tableIn(before));
  expect(after.transitGateways).toBe(before.transitGateways);
  create("172.16.0.0/12");
  expect(tableIn(cloud.model())).not.toBe(tableIn(before));
  expect(cloud.model().transitGatewayVpcAttachments).toBe(after.transitGatewayVpcAttachments);
});
