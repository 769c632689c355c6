/** The provider's verbs for VPC peering, against the cloud through the SDK, by the requester's account and the accepter's. */
import { EC2 } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";
import { type ProviderRuns, providerRuns } from "./provider-runs.ts";

const [one, two] = ["111111111111", "222222222222"] as const;
const request = "Custom::VpcPeeringConnectionRequest";
const acceptance = "Custom::VpcPeeringConnectionAcceptance";
const options = "Custom::VpcPeeringConnectionOptions";

let cloud: TestCloud;
let runs: ProviderRuns;
beforeAll(async () => {
  cloud = await startCloud({ pace: "20x", packets: "model" });
  runs = await providerRuns(cloud);
}, 120_000);
afterAll(async () => {
  runs?.stop();
  await cloud?.stop();
});

const client = (account: string, region = "us-east-1"): EC2 =>
  new EC2({ endpoint: cloud.endpoint, region, credentials: { accessKeyId: account, secretAccessKey: "causeway" } });

async function vpcOf(account: string, CidrBlock: string): Promise<string> {
  const { Vpc } = await client(account).createVpc({ CidrBlock });
  const VpcId = Vpc?.VpcId ?? "";
  await client(account).modifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value: true } });
  return VpcId;
}

async function stateOf(id: string, account: string = one) {
  const { VpcPeeringConnections: [found] = [] } = await client(account).describeVpcPeeringConnections({
    VpcPeeringConnectionIds: [id],
  });
  return found;
}

const asks = (VpcId: string, PeerVpcId: string) => ({
  Region: "us-east-1",
  VpcId,
  PeerVpcId,
  PeerOwnerId: two,
  PeerRegion: "us-east-1",
  Name: "one to two",
});

test("[PX-1] a connection of two accounts: asked for, accepted, furnished with options, and ended from either side", async () => {
  const [vpc, peer] = [await vpcOf(one, "10.1.0.0/16"), await vpcOf(two, "10.2.0.0/16")];
  const asked = await runs.create(request, asks(vpc, peer));
  const id = asked.PhysicalResourceId;
  expect(asked).toMatchObject({ Status: "SUCCESS", Data: { VpcPeeringConnectionId: id } });
  expect(await stateOf(id)).toMatchObject({ Status: { Code: "pending-acceptance" }, Tags: [{ Value: "one to two" }] });

  // [PX-23] The same event once more, and an update: one connection.
  expect(await runs.create(request, asks(vpc, peer))).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: id });
  expect(await runs.update(request, asks(vpc, peer), { physicalId: id })).toMatchObject({ PhysicalResourceId: id });

  // [PX-43] Before it is active no option can be set, and what AWS says is the reason.
  const requesterOption = {
    Region: "us-east-1",
    VpcPeeringConnectionId: id,
    Side: "requester",
    AllowDnsResolutionFromRemoteVpc: "true",
  };
  const early = await runs.create(options, requesterOption);
  expect(early).toMatchObject({
    Status: "FAILED",
    Reason: expect.stringContaining(`OperationNotPermitted: Peering ${id} is not active.`),
  });
  expect(await runs.remove(options, requesterOption, { physicalId: id })).toMatchObject({ Status: "SUCCESS" });

  const accept = { Region: "us-east-1", VpcPeeringConnectionId: id, VpcId: peer, EndOnDelete: "true" };
  const accepted = await runs.create(acceptance, accept, { account: two });
  expect(accepted).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: id, Data: { VpcPeeringConnectionId: id } });
  expect(await runs.create(acceptance, accept, { account: two })).toMatchObject({ Status: "SUCCESS" });
  expect((await stateOf(id))?.Status?.Code).toBe("active");

  // [PX-42] Each side's option by its own account: the accepter's by a role in it.
  const role = `arn:aws:iam::${two}:role/peering`;
  const accepterOption = { ...requesterOption, Side: "accepter", RoleArn: role };
  for (const each of [requesterOption, accepterOption]) {
    expect(await runs.create(options, each)).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: id });
  }
  const allowed = { PeeringOptions: { AllowDnsResolutionFromRemoteVpc: true } };
  expect(await stateOf(id)).toMatchObject({ RequesterVpcInfo: allowed });
  expect(await stateOf(id, two)).toMatchObject({ AccepterVpcInfo: allowed });
  await runs.update(options, { ...requesterOption, AllowDnsResolutionFromRemoteVpc: "false" }, { physicalId: id });
  expect((await stateOf(id))?.RequesterVpcInfo?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc).toBe(false);
  expect(await runs.remove(options, accepterOption, { physicalId: id })).toMatchObject({ Status: "SUCCESS" });
  expect((await stateOf(id, two))?.AccepterVpcInfo?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc).toBe(false);

  // The accepter's stack goes first, and ends it. Everything that is deleted afterwards, or again, is gone already.
  expect(await runs.remove(acceptance, accept, { account: two, physicalId: id })).toMatchObject({ Status: "SUCCESS" });
  expect((await stateOf(id))?.Status?.Code).toBe("deleted");
  expect(await runs.remove(acceptance, accept, { account: two, physicalId: id })).toMatchObject({ Status: "SUCCESS" });
  expect(await runs.remove(options, requesterOption, { physicalId: id })).toMatchObject({ Status: "SUCCESS" });
  for (let time = 1; time <= 2; time++) {
    expect(await runs.remove(request, asks(vpc, peer), { physicalId: id })).toMatchObject({ Status: "SUCCESS" });
  }
});

test("a request that nobody answered is withdrawn by its requester, and rejected by its accepter", async () => {
  const [vpc, peer] = [await vpcOf(one, "10.3.0.0/16"), await vpcOf(two, "10.4.0.0/16")];
  const first = await runs.create(request, asks(vpc, peer));
  await runs.remove(request, asks(vpc, peer), { physicalId: first.PhysicalResourceId });
  expect((await stateOf(first.PhysicalResourceId))?.Status?.Code).toBe("deleted");
  const second = await runs.create(request, asks(vpc, peer));
  const accept = {
    Region: "us-east-1",
    VpcPeeringConnectionId: second.PhysicalResourceId,
    VpcId: peer,
    EndOnDelete: "true",
  };
  await runs.remove(acceptance, accept, { account: two, physicalId: second.PhysicalResourceId });
  expect((await stateOf(second.PhysicalResourceId))?.Status?.Code).toBe("rejected");
  // A rejected one cannot be accepted any more; undoing that creation finds nothing to do.
  const late = await runs.create(acceptance, accept, { account: two });
  expect(late).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("is rejected") });
  const undone = await runs.remove(acceptance, accept, { account: two, physicalId: late.PhysicalResourceId });
  expect(undone).toMatchObject({ Status: "SUCCESS" });
});

test("[PX-21] what AWS finds wrong later is the reason, and the rollback finds it ended", async () => {
  const [vpc, overlapping] = [await vpcOf(one, "10.5.0.0/16"), await vpcOf(two, "10.5.0.0/16")];
  const failed = await runs.create(request, asks(vpc, overlapping));
  expect(failed.PhysicalResourceId).toMatch(/^pcx-/);
  expect(failed.Reason).toMatch(/is failed: Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range/);
  expect(await runs.remove(request, asks(vpc, overlapping), { physicalId: failed.PhysicalResourceId })).toMatchObject({
    Status: "SUCCESS",
  });
});

test("[PX-20] what AWS refuses at once is the reason, in its words; there is nothing to undo", async () => {
  const failed = await runs.create(request, asks("vpc-0123456789abcdef0", "vpc-0123456789abcdef1"));
  expect(failed).toMatchObject({
    Status: "FAILED",
    PhysicalResourceId: `Thing-request-${/\d+$/.exec(failed.RequestId)?.[0]}`,
  });
  expect(failed.Reason).toBe("InvalidVpcID.NotFound: The vpc ID 'vpc-0123456789abcdef0' does not exist");
  const properties = { Region: "us-east-1" };
  const undone = await runs.remove(request, properties, { physicalId: failed.PhysicalResourceId });
  expect(undone).toMatchObject({ Status: "SUCCESS" });
});

test("an update that runs out of time says so and takes back what it began; the old connection stays", async () => {
  const vpc = await vpcOf(one, "10.6.0.0/16");
  const [peer, next] = [await vpcOf(two, "10.7.0.0/16"), await vpcOf(two, "10.11.0.0/16")];
  const { PhysicalResourceId: physicalId } = await runs.create(request, asks(vpc, peer));
  const updated = await runs.update(request, asks(vpc, next), { physicalId, seconds: 20.1 });
  expect(updated).toMatchObject({ Status: "FAILED", PhysicalResourceId: physicalId });
  expect(updated.Reason).toMatch(
    /^VPC peering connection pcx-\w+: still [a-z-]+ after 0 seconds; one run .* no more time\.$/,
  );
  expect((await stateOf(physicalId))?.Status?.Code).toBe("pending-acceptance");
  const begun = /pcx-\w+/.exec(updated.Reason ?? "")?.[0] ?? "";
  expect(begun).not.toBe(physicalId);
  expect((await stateOf(begun))?.Status?.Code).toBe("deleted");
});

test("a connection that asks another VPC than ours is neither accepted nor, when that is rolled back, ended", async () => {
  const [vpc, peer, other] = [
    await vpcOf(one, "10.8.0.0/16"),
    await vpcOf(two, "10.9.0.0/16"),
    await vpcOf(two, "10.10.0.0/16"),
  ];
  const { PhysicalResourceId: id } = await runs.create(request, asks(vpc, peer));
  const wrong = { Region: "us-east-1", VpcPeeringConnectionId: id, VpcId: other, EndOnDelete: "true" };
  const failed = await runs.create(acceptance, wrong, { account: two });
  expect(failed).toMatchObject({
    Status: "FAILED",
    Reason: `VPC peering connection ${id} does not ask ${other}, but ${peer}.`,
  });
  expect(await runs.remove(acceptance, wrong, { account: two, physicalId: failed.PhysicalResourceId })).toMatchObject({
    Status: "SUCCESS",
  });
  expect((await stateOf(id))?.Status?.Code).toBe("pending-acceptance");
});
