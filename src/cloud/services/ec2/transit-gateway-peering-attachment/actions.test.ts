/** Peering attachments: semantics 6.5. */
import type {
  AcceptTransitGatewayPeeringAttachmentCommandOutput,
  DescribeTagsCommandOutput,
  DescribeTransitGatewayAttachmentsCommandOutput,
  DescribeTransitGatewayPeeringAttachmentsCommandOutput,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "vitest";
import { toMermaid } from "../../../lifecycle/lifecycle.ts";
import { accountA, accountB, type TestCaller, type TestCloud, testCloud } from "../../../test-cloud.ts";
import { asA, type Hub, hubOf } from "../transit-gateway/test-hub.ts";
import { transitGatewayPeeringAttachmentLifecycle } from "./lifecycle.ts";

const minute = 60_000;
const far: TestCaller = { account: accountA, region: "eu-west-1" };
const asB: TestCaller = { account: accountB, region: "us-east-1" };
const farB: TestCaller = { account: accountB, region: "eu-west-1" };

let cloud: TestCloud;
let hub: Hub;
let gateway: string;

beforeEach(() => {
  cloud = testCloud();
  hub = hubOf(cloud);
  gateway = hub.gateway();
});

const seen = (caller: TestCaller, input: object = {}) =>
  cloud.call<DescribeTransitGatewayPeeringAttachmentsCommandOutput>(
    "DescribeTransitGatewayPeeringAttachments",
    input,
    caller,
  ).TransitGatewayPeeringAttachments ?? [];
const states = (caller: TestCaller) => seen(caller).map(({ State }) => State);
const answer = (verb: "Accept" | "Reject" | "Delete", id: string | undefined, caller: TestCaller) =>
  hub.outcome(`${verb}TransitGatewayPeeringAttachment`, { TransitGatewayAttachmentId: id }, caller);

/** Peers the gateway with a new one and accepts. */
function peered(peer: TestCaller): { readonly peerId: string; readonly own: string; readonly theirs: string } {
  const peerId = hub.gateway({}, peer);
  const made = hub.peer(gateway, peerId, peer);
  const theirs = made.AccepterTransitGatewayAttachmentId ?? "";
  expect(answer("Accept", theirs, peer)).toBe("allowed");
  return { peerId, own: made.TransitGatewayAttachmentId ?? "", theirs };
}

it("[TG-61] its states are these", () => {
  expect(toMermaid(transitGatewayPeeringAttachmentLifecycle)).toMatchInlineSnapshot(`
    "stateDiagram-v2
      [*] --> initiatingRequest
      initiatingRequest --> failing: after 60s [no-such-peer]
      initiatingRequest --> pendingAcceptance: after 60s
      pendingAcceptance --> pending: AcceptTransitGatewayPeeringAttachment
      pendingAcceptance --> rejecting: RejectTransitGatewayPeeringAttachment
      pendingAcceptance --> deleting: DeleteTransitGatewayPeeringAttachment
      pending --> available: after 120s
      available --> deleting: DeleteTransitGatewayPeeringAttachment
      failing --> failed: after 10s
      rejecting --> rejected: after 10s
      deleting --> deleted: after 60s
      failed --> [*]: forgotten after 2h
      rejected --> [*]: forgotten after 2h
      deleted --> [*]: forgotten after 2h
    "
  `);
});

describe("a peering between Regions", () => {
  it("[TG-61, TG-62] goes from request to answer to end, under one id", () => {
    cloud = testCloud({ pace: "real" });
    hub = hubOf(cloud);
    gateway = hub.gateway();
    const peerId = hub.gateway({}, farB);
    cloud.advance(3 * minute);
    const made = hub.peer(gateway, peerId, farB);
    const id = made.TransitGatewayAttachmentId;
    expect(made).toMatchObject({
      State: "initiatingRequest",
      Status: { Code: "initiatingRequest" },
      AccepterTransitGatewayAttachmentId: id,
      RequesterTgwInfo: { TransitGatewayId: gateway, OwnerId: accountA, Region: "us-east-1" },
      AccepterTgwInfo: { TransitGatewayId: peerId, OwnerId: accountB, Region: "eu-west-1" },
    });
    expect([states(asA), states(farB)]).toEqual([["initiatingRequest"], []]);
    expect(answer("Delete", id, asA)).toBe(`IncorrectState: ${id} is in invalid state`);
    cloud.advance(90 * 24 * 60 * minute);
    expect([states(asA), states(farB)]).toEqual([["pendingAcceptance"], ["pendingAcceptance"]]);
    const source = `InvalidParameterValue: Cannot accept ${id} as the source of the peering request.`;
    expect(answer("Accept", id, asA)).toBe(source);
    expect(answer("Reject", id, asA)).toBe(source.replace("accept", "reject"));
    // Neither account's other Region knows it.
    for (const elsewhere of [far, asB]) {
      expect(answer("Accept", id, elsewhere)).toMatch(/^InvalidTransitGatewayAttachmentID.NotFound/);
    }
    const accepted = cloud.call<AcceptTransitGatewayPeeringAttachmentCommandOutput>(
      "AcceptTransitGatewayPeeringAttachment",
      { TransitGatewayAttachmentId: id },
      farB,
    );
    expect(accepted.TransitGatewayPeeringAttachment).toMatchObject({
      TransitGatewayAttachmentId: id,
      State: "pending",
    });
    expect(accepted.TransitGatewayPeeringAttachment?.AccepterTransitGatewayAttachmentId).toBeUndefined();
    cloud.advance(3 * minute);
    expect([states(asA), states(farB)]).toEqual([["available"], ["available"]]);
    expect(answer("Accept", id, farB)).toMatch(/^IncorrectState/);
    expect(answer("Delete", id, farB)).toBe("allowed");
    expect(states(asA)).toEqual(["deleting"]);
    cloud.advance(2 * minute);
    expect([states(asA), states(farB)]).toEqual([["deleted"], ["deleted"]]);
    expect(answer("Delete", id, asA)).toMatch(/^InvalidTransitGatewayAttachmentID.NotFound/);
    cloud.advance(121 * minute);
    expect([states(asA), states(farB)]).toEqual([[], []]);
  });

  it("[TG-63] is associated on both sides where the gateways say so, and never propagates", () => {
    const { peerId, own, theirs } = peered(far);
    const table = (id: string, caller: TestCaller) => hub.read(id, caller)?.Options?.AssociationDefaultRouteTableId;
    const sides = (caller: TestCaller) =>
      cloud
        .call<DescribeTransitGatewayAttachmentsCommandOutput>("DescribeTransitGatewayAttachments", {}, caller)
        .TransitGatewayAttachments?.map((each) => ({ ...each, CreationTime: undefined, Tags: undefined }));
    expect(sides(asA)).toEqual([
      {
        TransitGatewayAttachmentId: own,
        TransitGatewayId: gateway,
        TransitGatewayOwnerId: accountA,
        ResourceOwnerId: accountA,
        ResourceType: "peering",
        ResourceId: peerId,
        State: "available",
        Association: { TransitGatewayRouteTableId: table(gateway, asA), State: "associated" },
      },
    ]);
    expect(sides(far)).toMatchObject([
      {
        TransitGatewayAttachmentId: theirs,
        TransitGatewayId: peerId,
        ResourceId: gateway,
        Association: { TransitGatewayRouteTableId: table(peerId, far), State: "associated" },
      },
    ]);
    expect(cloud.model().transitGatewayRouteTables.map(({ propagations, routes }) => [propagations, routes])).toEqual([
      [[], []],
      [[], []],
    ]);
  });

  it("[TG-68, TG-16] carries static routes on each side, blackholes after its end", () => {
    const peerId = hub.gateway({}, far);
    const made = hub.peer(gateway, peerId, far);
    const id = made.TransitGatewayAttachmentId;
    const table = hub.read(gateway)?.Options?.AssociationDefaultRouteTableId;
    const farTable = hub.read(peerId, far)?.Options?.AssociationDefaultRouteTableId;
    const route = (TransitGatewayRouteTableId: string | undefined, caller: TestCaller) =>
      hub.outcome(
        "CreateTransitGatewayRoute",
        { TransitGatewayRouteTableId, TransitGatewayAttachmentId: id, DestinationCidrBlock: "10.1.0.0/16" },
        caller,
      );
    expect(route(table, asA)).toBe(`IncorrectState: ${id} is in invalid state`);
    answer("Accept", id, far);
    expect([route(table, asA), route(farTable, far)]).toEqual(["allowed", "allowed"]);
    expect(hub.routes(table)).toEqual([`10.1.0.0/16 static active ${peerId}`]);
    expect(hub.routes(farTable, undefined, far)).toEqual([`10.1.0.0/16 static active ${gateway}`]);
    answer("Delete", id, asA);
    expect(hub.routes(table)).toEqual(["10.1.0.0/16 static blackhole"]);
    expect(hub.routes(farTable, undefined, far)).toEqual(["10.1.0.0/16 static blackhole"]);
    expect(cloud.model().transitGatewayPeeringAttachments).toEqual([]);
    expect(cloud.model().transitGatewayRouteTables.map(({ associations }) => associations)).toEqual([[], []]);
  });
});

describe("a peering within a Region", () => {
  it("(T26) [TG-62] has an id for each side, of which the accepter's accepts", () => {
    const peerId = hub.gateway();
    const { TransitGatewayAttachmentId: own, AccepterTransitGatewayAttachmentId: theirs } = hub.peer(gateway, peerId);
    expect(own).not.toBe(theirs);
    expect(seen(asA).map((each) => each.TransitGatewayAttachmentId)).toEqual([own, theirs]);
    expect(answer("Accept", own, asA)).toBe(
      `InvalidParameterValue: Cannot accept ${own} as the source of the peering request.`,
    );
    expect(answer("Accept", theirs, asA)).toBe("allowed");
    expect(states(asA)).toEqual(["available", "available"]);
    const [inModel] = cloud.model().transitGatewayPeeringAttachments;
    expect(inModel).toMatchObject({
      transitGatewayAttachmentId: own,
      requester: { transitGatewayAttachmentId: own, transitGatewayId: gateway },
      accepter: { transitGatewayAttachmentId: theirs, transitGatewayId: peerId },
    });
    // Each gateway knows its own side only.
    const table = hub.read(gateway)?.Options?.AssociationDefaultRouteTableId;
    const input = { TransitGatewayRouteTableId: table, DestinationCidrBlock: "10.0.0.0/8" };
    expect(hub.code("CreateTransitGatewayRoute", { ...input, TransitGatewayAttachmentId: theirs })).toBe(
      "InvalidTransitGatewayAttachmentID.NotFound",
    );
    expect(hub.code("CreateTransitGatewayRoute", { ...input, TransitGatewayAttachmentId: own })).toBe("allowed");
  });

  it("[TG-62] tells each account its own side", () => {
    const { own, theirs } = peered(asB);
    expect(seen(asA).map((each) => each.TransitGatewayAttachmentId)).toEqual([own]);
    expect(seen(asB).map((each) => each.TransitGatewayAttachmentId)).toEqual([theirs]);
    expect(hub.code("DescribeTransitGatewayPeeringAttachments", { TransitGatewayAttachmentIds: [own] }, asB)).toBe(
      "InvalidTransitGatewayAttachmentID.NotFound",
    );
    expect(answer("Delete", theirs, asB)).toBe("allowed");
    expect(states(asA)).toEqual(["deleted"]);
  });
});

describe("CreateTransitGatewayPeeringAttachment", () => {
  const peer = { PeerAccountId: accountA, PeerRegion: "eu-west-1" };
  const create = (input: object) =>
    hub.outcome("CreateTransitGatewayPeeringAttachment", { TransitGatewayId: gateway, ...peer, ...input });

  it("[TG-60] needs all four of its parameters, and a gateway of the caller's own", () => {
    const PeerTransitGatewayId = hub.gateway({}, far);
    expect(create({ PeerTransitGatewayId, PeerAccountId: undefined })).toMatch(/^MissingParameter/);
    expect(create({ PeerTransitGatewayId, PeerRegion: undefined })).toMatch(/^MissingParameter/);
    expect(create({})).toMatch(/^MissingParameter/);
    expect(create({ PeerTransitGatewayId: "tgw-x" })).toMatch(/^InvalidTransitGatewayID.Malformed/);
    expect(create({ PeerTransitGatewayId, PeerAccountId: "12" })).toMatch(/^InvalidParameterValue/);
    expect(create({ PeerTransitGatewayId: gateway, PeerRegion: "us-east-1" })).toMatch(/^InvalidParameterValue/);
    expect(create({ PeerTransitGatewayId, Options: { DynamicRouting: "enable" } })).toMatch(/^UnsupportedOperation/);
    expect(create({ PeerTransitGatewayId, TransitGatewayId: PeerTransitGatewayId })).toMatch(
      /^InvalidTransitGatewayID.NotFound/,
    );
    expect(cloud.model().transitGatewayPeeringAttachments).toEqual([]);
  });

  // Terraform makes the attachment anew when it is shown options that its configuration does not have.
  it.each([{ Options: undefined }, { Options: { DynamicRouting: "disable" } }])(
    "shows the options %o",
    ({ Options }) => {
      expect(create({ PeerTransitGatewayId: hub.gateway({}, far), Options })).toBe("allowed");
      expect(seen(asA).map((each) => each.Options)).toEqual([Options]);
      expect(seen(far).map((each) => each.Options)).toEqual([Options]);
    },
  );

  it.each([
    ["nobody's gateway", () => ({ PeerTransitGatewayId: "tgw-00000000000000000" })],
    ["a gateway of another account than said", () => ({ PeerTransitGatewayId: hub.gateway({}, farB) })],
    ["a gateway of another Region than said", () => ({ PeerTransitGatewayId: hub.gateway() })],
  ])("fails later for %s, and tells the other side nothing", (_, input) => {
    expect(create(input())).toBe("allowed");
    expect(seen(asA)).toMatchObject([{ State: "failed", Status: { Code: "failed", Message: expect.any(String) } }]);
    expect([...seen(far), ...seen(farB)]).toEqual([]);
    expect(hub.code("DeleteTransitGateway", { TransitGatewayId: gateway })).toBe("allowed");
  });

  it("[TG-64] allows one peering for a pair, whoever asks", () => {
    const { peerId, own } = peered(far);
    expect(create({ PeerTransitGatewayId: peerId })).toMatch(/^DuplicateTransitGatewayAttachment/);
    const back = { TransitGatewayId: peerId, PeerTransitGatewayId: gateway, ...peer, PeerRegion: "us-east-1" };
    expect(hub.code("CreateTransitGatewayPeeringAttachment", back, far)).toBe("DuplicateTransitGatewayAttachment");
    answer("Delete", own, far);
    expect(hub.code("CreateTransitGatewayPeeringAttachment", back, far)).toBe("allowed");
  });

  it("[TG-64] allows ten requests that wait, and fifty peerings of a gateway", () => {
    const request = () => create({ PeerTransitGatewayId: hub.gateway({}, far) });
    for (let asked = 0; asked < 10; asked += 1) expect(request()).toBe("allowed");
    expect(request()).toMatch(/^TransitGatewayPeeringAttachmentLimitExceeded: .*pending/);
    const accept = () => {
      for (const { TransitGatewayAttachmentId: id, State } of seen(far)) {
        if (State === "pendingAcceptance") answer("Accept", id, far);
      }
    };
    accept();
    for (let asked = 10; asked < 50; asked += 1) {
      expect(request()).toBe("allowed");
      accept();
    }
    expect(request()).toMatch(/^TransitGatewayPeeringAttachmentLimitExceeded: .*\(50\)/);
  });
});

it("keeps each side's tags to itself, and forgets them with the peering", () => {
  const { theirs, own } = peered(asB);
  const tag = (id: string, caller: TestCaller) =>
    hub.code("CreateTags", { Resources: [id], Tags: [{ Key: "Name", Value: caller.account }] }, caller);
  expect([tag(own, asA), tag(theirs, asB), tag(theirs, asA)]).toEqual([
    "allowed",
    "allowed",
    "InvalidTransitGatewayAttachmentID.NotFound",
  ]);
  const tags = (caller: TestCaller) => seen(caller).map(({ Tags }) => Tags);
  expect([tags(asA), tags(asB)]).toEqual([[[{ Key: "Name", Value: accountA }]], [[{ Key: "Name", Value: accountB }]]]);
  expect(seen(asB, { Filters: [{ Name: "tag:Name", Values: [accountB] }] })).toHaveLength(1);
  answer("Delete", own, asA);
  cloud.advance(121 * minute);
  for (const caller of [asA, asB]) {
    expect(cloud.call<DescribeTagsCommandOutput>("DescribeTags", {}, caller).Tags).toEqual([]);
  }
});

it("finds peerings by the filters of each side", () => {
  const { peerId, own } = peered(farB);
  const found = (Name: string, value: string, caller: TestCaller) =>
    seen(caller, { Filters: [{ Name, Values: [value] }] }).length;
  expect(found("local-owner-id", accountA, asA)).toBe(1);
  expect(found("remote-owner-id", accountB, asA)).toBe(1);
  expect(found("local-owner-id", accountB, farB)).toBe(1);
  expect(found("transit-gateway-id", peerId, asA)).toBe(0);
  expect(found("transit-gateway-id", peerId, farB)).toBe(1);
  expect(found("transit-gateway-attachment-id", own, farB)).toBe(1);
  expect(found("state", "available", asA)).toBe(1);
});
