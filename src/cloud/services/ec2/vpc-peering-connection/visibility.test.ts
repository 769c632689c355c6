import type {
  CreateVpcCommandOutput,
  CreateVpcPeeringConnectionCommandOutput,
  DescribeVpcPeeringConnectionsCommandOutput,
  VpcPeeringConnection,
} from "@aws-sdk/client-ec2";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAwsError } from "../../../../aws/index.ts";
import { accountA, accountB, type TestCaller, type TestCloud, testCloud } from "../../../test-cloud.ts";

const east = "us-east-1";
const places = [
  { account: accountA, region: east, cidr: "10.0.0.0/16" },
  { account: accountA, region: "us-west-2", cidr: "10.1.0.0/16" },
  { account: accountB, region: east, cidr: "10.2.0.0/16" },
  // Overlaps the first.
  { account: accountB, region: east, cidr: "10.0.128.0/17" },
] as const;

type Place = (typeof places)[number] & { readonly vpcId: string };

type Step =
  | { readonly do: "request"; readonly from: number; readonly to: number }
  | { readonly do: "Accept" | "Reject" | "Delete"; readonly which: number; readonly by: number }
  | { readonly do: "wait"; readonly hours: number }
  | { readonly do: "restart" };

const index = fc.nat(places.length - 1);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("request" as const), from: index, to: index }) },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constantFrom("Accept" as const, "Reject" as const, "Delete" as const),
        which: fc.nat(5),
        by: index,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant("wait" as const), hours: fc.constantFrom(0.01, 1, 3, 50, 169) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
  ),
  { maxLength: 30 },
);

describe("whatever two accounts do", () => {
  it("[PX-3, PX-10, PX-24] neither sees what it must not, and a pair is joined once", () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const cloud = testCloud({ pace: "real" });
        const vpcs: Place[] = places.map((place) => ({
          ...place,
          vpcId: cloud.call<CreateVpcCommandOutput>("CreateVpc", { CidrBlock: place.cidr }, place).Vpc?.VpcId ?? "",
        }));
        const ids: string[] = [];
        const accepted = new Set<string>();
        for (const step of taken) {
          play(cloud, vpcs, step, ids, accepted);
          for (const place of places) for (const row of seen(cloud, place)) holdsFor(row, place, accepted);
          joinedOnce(cloud);
        }
        expect(cloud.faults).toEqual([]);
      }),
      { numRuns: 60, seed: 20_261_121 },
    );
  });
});

/** Plays a step; the API's refusals are part of the game. */
function play(cloud: TestCloud, vpcs: readonly Place[], step: Step, ids: string[], accepted: Set<string>): void {
  if (step.do === "wait") cloud.advance(step.hours * 3_600_000);
  else if (step.do === "restart") restartKeepsAll(cloud);
  else if (step.do === "request") {
    const [from, to] = [vpcs[step.from], vpcs[step.to]];
    if (from === undefined || to === undefined) return;
    const { VpcPeeringConnection: made } = cloud.call<CreateVpcPeeringConnectionCommandOutput>(
      "CreateVpcPeeringConnection",
      { VpcId: from.vpcId, PeerVpcId: to.vpcId, PeerOwnerId: to.account, PeerRegion: to.region },
      from,
    );
    const id = made?.VpcPeeringConnectionId;
    if (id !== undefined && !ids.includes(id)) ids.push(id);
  } else {
    const id = ids[step.which % Math.max(ids.length, 1)];
    if (id === undefined) return;
    try {
      cloud.call(`${step.do}VpcPeeringConnection`, { VpcPeeringConnectionId: id }, vpcs[step.by]);
      if (step.do === "Accept") accepted.add(id);
    } catch (error) {
      if (!isAwsError(error)) throw error;
      expect(error.code).toMatch(
        /^(InvalidVpcPeeringConnectionID.NotFound|OperationNotPermitted|InvalidStateTransition|VpcPeeringConnectionAlreadyExists)$/,
      );
    }
  }
}

function seen(cloud: TestCloud, caller: TestCaller): VpcPeeringConnection[] {
  return (
    cloud.call<DescribeVpcPeeringConnectionsCommandOutput>("DescribeVpcPeeringConnections", {}, caller)
      .VpcPeeringConnections ?? []
  );
}

function holdsFor(row: VpcPeeringConnection, caller: TestCaller, accepted: ReadonlySet<string>): void {
  const { RequesterVpcInfo: requester, AccepterVpcInfo: accepter, Status } = row;
  const isRequester = requester?.OwnerId === caller.account && requester?.Region === caller.region;
  const isAccepter = accepter?.OwnerId === caller.account && accepter?.Region === caller.region;
  expect(isRequester || isAccepter).toBe(true);
  if (!isRequester) expect(["initiating-request", "failed"]).not.toContain(Status?.Code);
  if (!accepted.has(row.VpcPeeringConnectionId ?? "")) {
    expect(Object.keys(accepter ?? {}).sort()).toEqual(["OwnerId", "Region", "VpcId"]);
  }
  const open = Status?.Code === "initiating-request" || Status?.Code === "pending-acceptance";
  expect(row.ExpirationTime !== undefined).toBe(open);
  for (const side of [requester, accepter]) {
    if (side?.OwnerId !== caller.account) expect(side?.PeeringOptions).toBeUndefined();
  }
}

function joinedOnce(cloud: TestCloud): void {
  const joined = cloud
    .model()
    .vpcPeeringConnections.filter(({ statusCode }) => statusCode === "active" || statusCode === "provisioning")
    .map(({ requester, accepter }) => [requester.vpcId, accepter.vpcId].sort().join(" "));
  expect(new Set(joined).size).toBe(joined.length);
}

function restartKeepsAll(cloud: TestCloud): void {
  const before = places.map((place) => seen(cloud, place));
  cloud.restart();
  expect(places.map((place) => seen(cloud, place))).toEqual(before);
}
