import type {
  AcceptVpcPeeringConnectionCommandOutput,
  AssociateVpcCidrBlockCommandOutput,
  CreateVpcCommandOutput,
  CreateVpcPeeringConnectionCommandOutput,
  DescribeVpcPeeringConnectionsCommandOutput,
  ModifyVpcPeeringConnectionOptionsCommandOutput,
  VpcPeeringConnection,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "vitest";
import { isAwsError } from "../../../../aws/index.ts";
import { accountA, accountB, type TestCaller, type TestCloud, testCloud } from "../../../test-cloud.ts";

let cloud: TestCloud;
let vpcA: string;
let vpcB: string;

const asA = { account: accountA, region: "us-east-1" };
const asB = { account: accountB, region: "us-east-1" };
const hour = 3_600_000;

beforeEach(() => {
  // Real delays, so that states can be looked at.
  cloud = testCloud({ pace: "real" });
  vpcA = createVpc("10.0.0.0/16", asA);
  vpcB = createVpc("10.1.0.0/16", asB);
  cloud.advance(5_000);
});

function createVpc(CidrBlock: string, caller: TestCaller, more: object = {}): string {
  return cloud.call<CreateVpcCommandOutput>("CreateVpc", { CidrBlock, ...more }, caller).Vpc?.VpcId ?? "";
}

function request(input: object = {}, caller: TestCaller = asA): VpcPeeringConnection {
  const { VpcPeeringConnection: made } = cloud.call<CreateVpcPeeringConnectionCommandOutput>(
    "CreateVpcPeeringConnection",
    { VpcId: vpcA, PeerVpcId: vpcB, PeerOwnerId: accountB, ...input },
    caller,
  );
  if (made === undefined) throw new Error("no connection was made");
  return made;
}

/** A request that has reached the accepter. */
function requested(input: object = {}, caller: TestCaller = asA): string {
  const { VpcPeeringConnectionId = "" } = request(input, caller);
  cloud.advance(5_000);
  return VpcPeeringConnectionId;
}

function accepted(input: object = {}, requester: TestCaller = asA, accepter: TestCaller = asB): string {
  const VpcPeeringConnectionId = requested(input, requester);
  cloud.call("AcceptVpcPeeringConnection", { VpcPeeringConnectionId }, accepter);
  cloud.advance(5_000);
  return VpcPeeringConnectionId;
}

function seen(id: string, caller: TestCaller = asA): VpcPeeringConnection | undefined {
  const { VpcPeeringConnections } = cloud.call<DescribeVpcPeeringConnectionsCommandOutput>(
    "DescribeVpcPeeringConnections",
    { Filters: [{ Name: "vpc-peering-connection-id", Values: [id] }] },
    caller,
  );
  return VpcPeeringConnections?.[0];
}

const status = (id: string, caller: TestCaller = asA) => seen(id, caller)?.Status?.Code;

/** `Code: message` of the refusal with the id as `PCX`, or `allowed`. */
function outcome(operation: string, input: object, caller: TestCaller = asA): string {
  try {
    cloud.call(operation, input, caller);
    return "allowed";
  } catch (error) {
    if (isAwsError(error)) return `${error.code}: ${error.message}`.replace(/pcx-[0-9a-f]{17}/g, "PCX");
    throw error;
  }
}

const answer = (operation: "Accept" | "Reject" | "Delete", VpcPeeringConnectionId: string, caller: TestCaller) =>
  outcome(`${operation}VpcPeeringConnection`, { VpcPeeringConnectionId }, caller);

const off = {
  AllowDnsResolutionFromRemoteVpc: false,
  AllowEgressFromLocalClassicLinkToRemoteVpc: false,
  AllowEgressFromLocalVpcToRemoteClassicLink: false,
};

const sideA = () => ({
  OwnerId: accountA,
  VpcId: vpcA,
  Region: "us-east-1",
  CidrBlock: "10.0.0.0/16",
  CidrBlockSet: [{ CidrBlock: "10.0.0.0/16" }],
});
const sideB = () => ({ OwnerId: accountB, VpcId: vpcB, Region: "us-east-1" });
const openSideB = () => ({
  ...sideB(),
  CidrBlock: "10.1.0.0/16",
  CidrBlockSet: [{ CidrBlock: "10.1.0.0/16" }],
});

describe("who sees what [PX-10]", () => {
  it("shows the requester's side and only the place of the accepter's while nobody has accepted", () => {
    const created = cloud.now();
    const made = request({
      TagSpecifications: [{ ResourceType: "vpc-peering-connection", Tags: [{ Key: "Name", Value: "a-b" }] }],
    });
    const id = made.VpcPeeringConnectionId ?? "";
    expect(made).toEqual({
      VpcPeeringConnectionId: expect.stringMatching(/^pcx-[0-9a-f]{17}$/),
      Status: { Code: "initiating-request", Message: `Initiating Request to ${accountB}` },
      RequesterVpcInfo: { ...sideA(), PeeringOptions: off },
      AccepterVpcInfo: sideB(),
      ExpirationTime: new Date(created + 168 * hour),
      Tags: [{ Key: "Name", Value: "a-b" }],
    });
    // [PX-3]
    expect(answer("Accept", id, asB)).toBe(
      "InvalidVpcPeeringConnectionID.NotFound: The vpcPeeringConnection ID 'PCX' does not exist",
    );
    cloud.advance(5_000);
    expect(seen(id)).toEqual({
      ...made,
      Status: { Code: "pending-acceptance", Message: `Pending Acceptance by ${accountB}` },
    });
    // [PX-6]: the requester's tags are its own.
    expect(seen(id, asB)).toEqual({
      ...made,
      Status: { Code: "pending-acceptance", Message: `Pending Acceptance by ${accountB}` },
      RequesterVpcInfo: sideA(),
      Tags: [],
    });
  });

  it("shows both sides once accepted, and options only of one's own", () => {
    const id = requested();
    const { VpcPeeringConnection: made } = cloud.call<AcceptVpcPeeringConnectionCommandOutput>(
      "AcceptVpcPeeringConnection",
      { VpcPeeringConnectionId: id },
      asB,
    );
    const asSeenByB = {
      VpcPeeringConnectionId: id,
      Status: { Code: "provisioning", Message: "Provisioning" },
      RequesterVpcInfo: sideA(),
      AccepterVpcInfo: { ...openSideB(), PeeringOptions: off },
      Tags: [],
    };
    expect(made).toEqual(asSeenByB);
    cloud.advance(5_000);
    const Status = { Code: "active", Message: "Active" };
    expect(seen(id, asB)).toEqual({ ...asSeenByB, Status });
    expect(seen(id, asA)).toEqual({
      ...asSeenByB,
      Status,
      RequesterVpcInfo: { ...sideA(), PeeringOptions: off },
      AccepterVpcInfo: openSideB(),
    });
  });

  it("never tells the accepter's blocks before acceptance, not even by a filter", () => {
    const id = requested();
    const byCidr = (caller: TestCaller) =>
      cloud.call<DescribeVpcPeeringConnectionsCommandOutput>(
        "DescribeVpcPeeringConnections",
        { Filters: [{ Name: "accepter-vpc-info.cidr-block", Values: ["*"] }] },
        caller,
      ).VpcPeeringConnections;
    expect(byCidr(asA)).toEqual([]);
    cloud.call("AcceptVpcPeeringConnection", { VpcPeeringConnectionId: id }, asB);
    expect(byCidr(asA)).toHaveLength(1);
  });

  it("[PX-5] is one id in two Regions, each row where the VPC is", () => {
    const west = { account: accountA, region: "us-west-2" };
    const elsewhere = createVpc("10.2.0.0/16", west);
    cloud.advance(5_000);
    const id = requested({ PeerVpcId: elsewhere, PeerOwnerId: undefined, PeerRegion: "us-west-2" });
    expect(seen(id, asA)?.AccepterVpcInfo).toEqual({ OwnerId: accountA, VpcId: elsewhere, Region: "us-west-2" });
    expect(status(id, west)).toBe("pending-acceptance");
    expect(seen(id, { account: accountA, region: "eu-west-1" })).toBeUndefined();
    expect(answer("Accept", id, asA)).toBe(
      "OperationNotPermitted: Incorrect region (us-east-1) specified for this request. VPC peering connection PCX must be accepted in region us-west-2",
    );
    expect(answer("Reject", id, asA)).toMatch(/must be accepted or rejected in region us-west-2$/);
    expect(answer("Accept", id, west)).toBe("allowed");
    cloud.advance(5_000);
    // One account sees the options of both its sides.
    expect(seen(id, asA)?.AccepterVpcInfo?.PeeringOptions).toEqual(off);
    // Tags are per Region too. [PX-6]
    cloud.call("CreateTags", { Resources: [id], Tags: [{ Key: "side", Value: "east" }] }, asA);
    expect([seen(id, asA)?.Tags, seen(id, west)?.Tags]).toEqual([[{ Key: "side", Value: "east" }], []]);
    // Inter-Region: `deleting` first.
    expect(answer("Delete", id, west)).toBe("allowed");
    expect(status(id, asA)).toBe("deleting");
    cloud.advance(60_000);
    expect(status(id, asA)).toBe("deleted");
  });
});

describe("asking", () => {
  it.each([
    [{ VpcId: "vpc-00000000000000000" }, /^InvalidVpcID.NotFound/],
    [{ VpcId: "vpc-1" }, /^InvalidVpcId.Malformed/],
    [{ PeerVpcId: "vpc-1" }, /^InvalidVpcId.Malformed/],
    [{ PeerVpcId: undefined }, "MissingParameter: The request must contain the parameter PeerVpcId"],
    [{ PeerOwnerId: "someone" }, /^InvalidParameterValue/],
    [
      { TagSpecifications: [{ ResourceType: "vpc", Tags: [] }] },
      /^InvalidParameterValue: 'vpc' is not a valid taggable/,
    ],
  ])("[PX-20] refuses %o at once", (change, refusal) => {
    const input = { VpcId: vpcA, PeerVpcId: vpcB, PeerOwnerId: accountB, ...change };
    expect(outcome("CreateVpcPeeringConnection", input)).toEqual(
      typeof refusal === "string" ? refusal : expect.stringMatching(refusal),
    );
  });

  it.each([
    ["a VPC that is not there", () => ({ PeerVpcId: "vpc-00000000000000000" })],
    ["the wrong owner", () => ({ PeerOwnerId: accountA })],
    ["the wrong Region", () => ({ PeerRegion: "us-west-2" })],
    ["itself", () => ({ PeerVpcId: vpcA, PeerOwnerId: accountA })],
    ["an overlap", () => ({ PeerVpcId: createVpc("10.0.128.0/20", asB) })],
  ])("[PX-21, PX-22, PX-28] takes a request to %s, and lets it fail alike", (_what, change) => {
    const id = requested(change());
    expect(seen(id)?.Status).toEqual({
      Code: "failed",
      Message: "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range",
    });
    expect(seen(id)?.AccepterVpcInfo?.CidrBlock).toBeUndefined();
    expect(seen(id, asB)).toBeUndefined();
    // [PX-2]: two hours.
    cloud.advance(2 * hour - 10_000);
    expect(status(id)).toBe("failed");
    cloud.advance(20_000);
    expect(answer("Delete", id, asA)).toMatch(/^InvalidVpcPeeringConnectionID.NotFound/);
  });

  it("[PX-2] cannot be tagged by a side that no longer sees it", () => {
    const id = accepted();
    const tag = (caller: TestCaller) =>
      outcome("CreateTags", { Resources: [id], Tags: [{ Key: "a", Value: "b" }] }, caller);
    answer("Delete", id, asB);
    cloud.advance(3 * hour);
    expect([tag(asA), tag(asB)]).toEqual([
      "allowed",
      "InvalidVpcPeeringConnectionID.NotFound: The vpcPeeringConnection ID 'PCX' does not exist",
    ]);
  });

  it("[PX-23, PX-25] answers a repeated request with the one there is, until it has ended", () => {
    const id = request().VpcPeeringConnectionId ?? "";
    expect(request().VpcPeeringConnectionId).toBe(id);
    cloud.advance(5_000);
    cloud.call("AcceptVpcPeeringConnection", { VpcPeeringConnectionId: id }, asB);
    expect(request()).toMatchObject({ VpcPeeringConnectionId: id, Status: { Code: "provisioning" } });
    cloud.advance(5_000);
    cloud.call("DeleteVpcPeeringConnection", { VpcPeeringConnectionId: id }, asA);
    expect(request().VpcPeeringConnectionId).not.toBe(id);
  });

  it("[PX-24] makes a reversed request, and refuses to accept it while the other is active", () => {
    accepted();
    const back = requested({ VpcId: vpcB, PeerVpcId: vpcA, PeerOwnerId: accountA }, asB);
    expect(status(back)).toBe("pending-acceptance");
    expect(answer("Accept", back, asA)).toBe(
      "VpcPeeringConnectionAlreadyExists: The vpc peering connection identified by PCX already exists.",
    );
  });

  it("[PX-26, PX-27] means the caller's account and Region, and still waits for acceptance", () => {
    const other = createVpc("10.3.0.0/16", asA);
    const id = requested({ PeerVpcId: other, PeerOwnerId: undefined });
    expect(seen(id)?.AccepterVpcInfo).toEqual({ OwnerId: accountA, VpcId: other, Region: "us-east-1" });
    cloud.advance(hour);
    expect(status(id)).toBe("pending-acceptance");
    expect(answer("Accept", id, asA)).toBe("allowed");
  });
});

describe("answering", () => {
  it("[5.5] is the accepter's alone", () => {
    const id = requested();
    expect(answer("Accept", id, asA)).toBe(`OperationNotPermitted: User ${accountA} cannot accept peering PCX`);
    expect(answer("Reject", id, asA)).toBe(`OperationNotPermitted: User ${accountA} cannot reject peering PCX`);
    expect(answer("Delete", id, asB)).toMatch(/^OperationNotPermitted/);
    expect(answer("Accept", id, { account: "333333333333" })).toMatch(/^InvalidVpcPeeringConnectionID.NotFound/);
    expect(answer("Accept", "pcx-1", asB)).toBe(
      'InvalidVpcPeeringConnectionId.Malformed: Invalid id: "pcx-1" (expecting "pcx-...")',
    );
    expect(status(id)).toBe("pending-acceptance");
  });

  it("[5.5] accepts twice alike", () => {
    const id = accepted();
    expect(answer("Accept", id, asB)).toBe("allowed");
    expect(status(id)).toBe("active");
  });

  it("[AD-12] fails when the accepter has meanwhile added what overlaps", () => {
    const id = requested();
    const add = (VpcId: string, CidrBlock: string, caller: TestCaller) =>
      cloud.call<AssociateVpcCidrBlockCommandOutput>("AssociateVpcCidrBlock", { VpcId, CidrBlock }, caller);
    expect(outcome("AssociateVpcCidrBlock", { VpcId: vpcA, CidrBlock: "10.9.0.0/16" }, asA)).toMatch(/^Invalid/);
    // Within what a VPC of 10.1.0.0/16 may add, and within what the requester has after all.
    const wide = createVpc("10.64.0.0/16", asB);
    cloud.advance(5_000);
    const other = requested({ PeerVpcId: wide });
    add(wide, "10.0.64.0/20", asB);
    cloud.advance(5_000);
    expect(answer("Accept", other, asB)).toBe("allowed");
    expect(status(other)).toBe("failed");
    expect(seen(other, asB)).toBeUndefined();
    expect(status(id)).toBe("pending-acceptance");
  });

  it("[AD-12] keeps the blocks of active peers apart", () => {
    accepted();
    expect(outcome("AssociateVpcCidrBlock", { VpcId: vpcA, CidrBlock: "10.1.128.0/20" }, asA)).toMatch(/^Invalid/);
    expect(outcome("AssociateVpcCidrBlock", { VpcId: vpcB, CidrBlock: "10.5.0.0/16" }, asB)).toBe("allowed");
    expect(seen(accepted())?.AccepterVpcInfo?.CidrBlockSet).toContainEqual({ CidrBlock: "10.5.0.0/16" });
  });

  it.each([
    ["Accept", "rejected", "active"],
    ["Accept", "deleted", "active"],
    ["Accept", "expired", "active"],
    ["Reject", "active", "rejected"],
    ["Reject", "rejected", "rejected"],
    ["Delete", "rejected", "deleting"],
    ["Delete", "deleted", "deleting"],
    ["Delete", "expired", "deleting"],
  ] as const)("[5.5] refuses to %s what is %s", (operation, state, to) => {
    const id = state === "active" || state === "deleted" ? accepted() : requested();
    if (state === "rejected") answer("Reject", id, asB);
    if (state === "deleted") answer("Delete", id, asB);
    if (state === "expired") cloud.advance(168 * hour);
    expect(status(id, asB)).toBe(state);
    expect(answer(operation, id, asB)).toBe(
      `InvalidStateTransition: Invalid state transition for PCX, attempted to transition from ${state} to ${to}`,
    );
  });
});

describe("ending", () => {
  it("[PX-32] is seen at once by both, with who did it", () => {
    for (const caller of [asA, asB]) {
      const id = accepted();
      expect(answer("Delete", id, caller)).toBe("allowed");
      for (const each of [asA, asB]) {
        expect(seen(id, each)?.Status).toEqual({ Code: "deleted", Message: `Deleted by ${caller.account}` });
      }
    }
  });

  it("[PX-4] expires after seven days", () => {
    const id = requested();
    expect(seen(id)?.ExpirationTime).toBeInstanceOf(Date);
    cloud.advance(167 * hour);
    expect(status(id)).toBe("pending-acceptance");
    cloud.advance(hour);
    expect(seen(id)).toMatchObject({ Status: { Code: "expired" } });
    expect(seen(id)?.ExpirationTime).toBeUndefined();
  });

  const end = {
    rejected: () => {
      const id = requested();
      answer("Reject", id, asB);
      return id;
    },
    expired: () => {
      const id = requested();
      cloud.advance(168 * hour);
      return id;
    },
    "deleted by A": () => {
      const id = accepted();
      answer("Delete", id, asA);
      return id;
    },
    "deleted by B": () => {
      const id = accepted();
      answer("Delete", id, asB);
      return id;
    },
  };
  it.each([
    ["rejected", 48, 2],
    ["expired", 48, 48],
    ["deleted by A", 2, 48],
    ["deleted by B", 48, 2],
  ] as const)("[PX-2] shows what is %s for %i h to the requester and %i h to the accepter", (how, forA, forB) => {
    const id = end[how]();
    const since = cloud.now();
    for (const hours of [1, 3, 47, 49]) {
      cloud.advance(since + hours * hour - cloud.now());
      expect([hours, seen(id, asA) !== undefined, seen(id, asB) !== undefined]).toEqual([
        hours,
        hours < forA,
        hours < forB,
      ]);
    }
  });

  it("[PX-2] hides it after two hours when both sides are one account's", () => {
    const other = createVpc("10.3.0.0/16", asA);
    const id = accepted({ PeerVpcId: other, PeerOwnerId: accountA }, asA, asA);
    answer("Delete", id, asA);
    cloud.advance(hour);
    expect(status(id)).toBe("deleted");
    cloud.advance(2 * hour);
    expect(outcome("DescribeVpcPeeringConnections", { VpcPeeringConnectionIds: [id] })).toMatch(
      /^InvalidVpcPeeringConnectionID.NotFound/,
    );
  });

  it("[PX-30] goes with either VPC when active, keeping what was known of it", () => {
    const id = accepted();
    expect(outcome("DeleteVpc", { VpcId: vpcB }, asB)).toBe("allowed");
    expect(seen(id)).toMatchObject({
      Status: { Code: "deleted", Message: `Deleted by ${accountB}` },
      AccepterVpcInfo: { CidrBlock: "10.1.0.0/16" },
    });
  });

  it("[PX-30] goes with the requester's VPC while pending, and holds the accepter's", () => {
    const id = requested();
    expect(outcome("DeleteVpc", { VpcId: vpcB }, asB)).toBe(
      `DependencyViolation: The vpc '${vpcB}' has dependencies and cannot be deleted.`,
    );
    expect(outcome("DeleteVpc", { VpcId: vpcA }, asA)).toBe("allowed");
    expect(status(id, asB)).toBe("deleted");
    expect(outcome("DeleteVpc", { VpcId: vpcB }, asB)).toBe("allowed");
  });

  it("[PX-30] lets the accepter's VPC go once it has rejected", () => {
    const id = requested();
    answer("Reject", id, asB);
    expect(outcome("DeleteVpc", { VpcId: vpcB }, asB)).toBe("allowed");
  });

  it("fails a request whose accepter VPC went before it arrived", () => {
    const id = request().VpcPeeringConnectionId ?? "";
    expect(outcome("DeleteVpc", { VpcId: vpcB }, asB)).toBe("allowed");
    cloud.advance(5_000);
    expect(status(id)).toBe("failed");
  });

  it("survives a restart with its deadline", () => {
    const id = requested();
    cloud.restart();
    expect(status(id, asB)).toBe("pending-acceptance");
    cloud.advance(168 * hour);
    expect(status(id)).toBe("expired");
  });
});

describe("options", () => {
  const modify = (id: string, input: object, caller: TestCaller) =>
    outcome("ModifyVpcPeeringConnectionOptions", { VpcPeeringConnectionId: id, ...input }, caller);
  const dns = { AllowDnsResolutionFromRemoteVpc: true };
  const enableHostnames = (VpcId: string, caller: TestCaller) =>
    cloud.call("ModifyVpcAttribute", { VpcId, EnableDnsHostnames: { Value: true } }, caller);

  it("[PX-43] needs an active connection and DNS hostnames in both VPCs", () => {
    const id = requested();
    expect(modify(id, { RequesterPeeringConnectionOptions: dns }, asA)).toBe(
      "OperationNotPermitted: Peering PCX is not active. Peering options can be added only to active peerings.",
    );
    answer("Accept", id, asB);
    cloud.advance(5_000);
    enableHostnames(vpcA, asA);
    expect(modify(id, { RequesterPeeringConnectionOptions: dns }, asA)).toMatch(
      /^InvalidVpcPeeringConnectionState.DnsHostnamesDisabled/,
    );
    enableHostnames(vpcB, asB);
    expect(modify(id, { RequesterPeeringConnectionOptions: dns }, asA)).toBe("allowed");
    expect(seen(id, asA)?.RequesterVpcInfo?.PeeringOptions).toEqual({ ...off, ...dns });
  });

  it("[PX-40, PX-42] lets each account set its own side only, and ClassicLink is dead", () => {
    const id = accepted();
    const none = { AllowDnsResolutionFromRemoteVpc: false };
    expect(modify(id, { AccepterPeeringConnectionOptions: none }, asA)).toMatch(/^OperationNotPermitted/);
    expect(modify(id, { RequesterPeeringConnectionOptions: none }, asB)).toMatch(/^OperationNotPermitted/);
    expect(modify(id, { AccepterPeeringConnectionOptions: none }, asB)).toBe("allowed");
    expect(modify(id, {}, asB)).toMatch(/^MissingParameter/);
    // [PX-40]
    const classic = { AllowEgressFromLocalClassicLinkToRemoteVpc: true };
    expect(modify(id, { AccepterPeeringConnectionOptions: classic }, asB)).toMatch(/^InvalidParameterValue/);
  });

  it("[PX-42] sets both sides in one call within an account and a Region, and tells both in the model", () => {
    const other = createVpc("10.3.0.0/16", asA);
    const id = accepted({ PeerVpcId: other, PeerOwnerId: accountA }, asA, asA);
    for (const VpcId of [vpcA, other]) enableHostnames(VpcId, asA);
    const answered = cloud.call<ModifyVpcPeeringConnectionOptionsCommandOutput>("ModifyVpcPeeringConnectionOptions", {
      VpcPeeringConnectionId: id,
      AccepterPeeringConnectionOptions: dns,
      RequesterPeeringConnectionOptions: dns,
    });
    expect(answered).toEqual({
      AccepterPeeringConnectionOptions: { ...off, ...dns },
      RequesterPeeringConnectionOptions: { ...off, ...dns },
    });
    expect(cloud.model().vpcPeeringConnections).toEqual([
      expect.objectContaining({
        vpcPeeringConnectionId: id,
        statusCode: "active",
        requester: { ownerId: accountA, region: "us-east-1", vpcId: vpcA, allowDnsResolutionFromRemoteVpc: true },
        accepter: { ownerId: accountA, region: "us-east-1", vpcId: other, allowDnsResolutionFromRemoteVpc: true },
      }),
    ]);
  });
});

describe("finding", () => {
  it.each([
    ["accepter-vpc-info.owner-id", accountB],
    ["requester-vpc-info.owner-id", accountA],
    ["requester-vpc-info.cidr-block", "10.0.0.0/16"],
    ["status-code", "pending-acceptance"],
    ["status-message", "Pending *"],
    ["expiration-time", "2026-01-08T*"],
    ["tag:Name", "a-b"],
    ["tag-key", "Name"],
  ])("[5.8] by %s", (Name, value) => {
    const id = requested({
      TagSpecifications: [{ ResourceType: "vpc-peering-connection", Tags: [{ Key: "Name", Value: "a-b" }] }],
    });
    const find = (Values: string[]) =>
      cloud
        .call<DescribeVpcPeeringConnectionsCommandOutput>("DescribeVpcPeeringConnections", {
          Filters: [{ Name, Values }],
        })
        .VpcPeeringConnections?.map((each) => each.VpcPeeringConnectionId);
    expect(find([value])).toEqual([id]);
    expect(find(["something else"])).toEqual([]);
  });

  it("[5.8] by the VPC of a side, and by no other name", () => {
    const id = requested();
    const find = (Name: string) =>
      cloud.call<DescribeVpcPeeringConnectionsCommandOutput>("DescribeVpcPeeringConnections", {
        Filters: [{ Name, Values: [vpcA] }],
      }).VpcPeeringConnections;
    expect(find("requester-vpc-info.vpc-id")?.map((each) => each.VpcPeeringConnectionId)).toEqual([id]);
    expect(find("accepter-vpc-info.vpc-id")).toEqual([]);
    const both = cloud.call<DescribeVpcPeeringConnectionsCommandOutput>("DescribeVpcPeeringConnections", {
      Filters: [{ Name: "accepter-vpc-info.vpc-id", Values: [vpcA, vpcB] }],
    });
    expect(both.VpcPeeringConnections?.map((each) => each.VpcPeeringConnectionId)).toEqual([id]);
    expect(outcome("DescribeVpcPeeringConnections", { Filters: [{ Name: "vpc-id", Values: [vpcA] }] })).toBe(
      "InvalidParameterValue: The filter 'vpc-id' is invalid",
    );
  });
});

describe("quotas", () => {
  it("[5.9] has room for 125 active connections in a VPC", () => {
    const quick = testCloud();
    const make = (CidrBlock: string) => quick.call<CreateVpcCommandOutput>("CreateVpc", { CidrBlock }).Vpc?.VpcId;
    const hub = make("10.255.0.0/16");
    const ask = (VpcId: string | undefined, PeerVpcId: string | undefined) =>
      quick.call<CreateVpcPeeringConnectionCommandOutput>("CreateVpcPeeringConnection", { VpcId, PeerVpcId })
        .VpcPeeringConnection?.VpcPeeringConnectionId;
    const ids = Array.from({ length: 126 }, (_, n) => ask(hub, make(`10.${n}.0.0/16`)));
    const accept = (VpcPeeringConnectionId: string | undefined) =>
      quick.call("AcceptVpcPeeringConnection", { VpcPeeringConnectionId });
    for (const id of ids.slice(0, 125)) accept(id);
    expect(() => accept(ids[125])).toThrow(
      expect.objectContaining({ code: "ActiveVpcPeeringConnectionPerVpcLimitExceeded" }),
    );
    const another = make("10.200.0.0/16");
    expect(() => ask(hub, another)).toThrow(
      expect.objectContaining({ code: "VpcPeeringConnectionsPerVpcLimitExceeded" }),
    );
  });
});
