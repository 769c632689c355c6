/** The provider's verbs for transit gateways, against the cloud through the SDK, while attachments go through their true states. */
import { EC2 } from "@aws-sdk/client-ec2";
import { RAM } from "@aws-sdk/client-ram";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";
import { type ProviderRuns, providerRuns } from "./provider-runs.ts";

const [one, two] = ["111111111111", "222222222222"] as const;
const peering = "Custom::TransitGatewayPeering";
const attachment = "Custom::TransitGatewayVpcAttachment";
const gone = "Custom::TransitGatewayPeeringsEnded";
const [us, eu] = ["us-east-1", "eu-west-1"] as const;

let cloud: TestCloud;
let runs: ProviderRuns;
beforeAll(async () => {
  cloud = await startCloud({ pace: "20x", packets: "model" });
  runs = await providerRuns(cloud);
  // A gateway takes its time: all at once, as many as an account may have.
  const regions = [us, us, us, us, us, eu, eu];
  const made = await Promise.all(regions.map(async (region) => ({ region, id: await newGateway(region) })));
  for (const { region, id } of made) gateways[region].push(id);
}, 120_000);
afterAll(async () => {
  runs?.stop();
  await cloud?.stop();
});

const settings = (account: string, region: string) => ({
  endpoint: cloud.endpoint,
  region,
  credentials: { accessKeyId: account, secretAccessKey: "causeway" },
});
const client = (region: string = us, account: string = one): EC2 => new EC2(settings(account, region));

const gateways: Record<typeof us | typeof eu, string[]> = { [us]: [], [eu]: [] };

/** One that no other test has. */
const gatewayIn = (region: typeof us | typeof eu): string => gateways[region].pop() ?? "";

async function newGateway(region: string): Promise<string> {
  const { TransitGateway } = await client(region).createTransitGateway({});
  const id = TransitGateway?.TransitGatewayId ?? "";
  await until(async () => {
    const { TransitGateways } = await client(region).describeTransitGateways({ TransitGatewayIds: [id] });
    return TransitGateways?.[0]?.State === "available";
  });
  return id;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 100));
}

async function ask(region: string, TransitGatewayId: string, peerRegion: string, peer: string): Promise<string> {
  const asked = await client(region).createTransitGatewayPeeringAttachment({
    TransitGatewayId,
    PeerTransitGatewayId: peer,
    PeerAccountId: one,
    PeerRegion: peerRegion,
  });
  return asked.TransitGatewayPeeringAttachment?.TransitGatewayAttachmentId ?? "";
}

async function stateOf(id: string, region: string = us): Promise<string | undefined> {
  const TransitGatewayAttachmentIds = [id];
  const { TransitGatewayPeeringAttachments: [found] = [] } = await client(
    region,
  ).describeTransitGatewayPeeringAttachments({ TransitGatewayAttachmentIds });
  return found?.State;
}

/** The accepter's end, and the requester's. */
const endsOf = (id: string, accepter: string, requester: string, EndOnDelete = "false") => ({
  accepter: {
    Region: us,
    PeerRegion: eu,
    Role: "accepter",
    TransitGatewayAttachmentId: id,
    TransitGatewayId: accepter,
    PeerTransitGatewayId: requester,
    EndOnDelete,
  },
  requester: {
    Region: eu,
    PeerRegion: us,
    Role: "requester",
    TransitGatewayAttachmentId: id,
    TransitGatewayId: requester,
    PeerTransitGatewayId: accepter,
    EndOnDelete,
  },
});

test.concurrent("[TG-61] a peering across Regions is accepted as soon as it can be, and both ends wait until it is available", async () => {
  const [accepter, requester] = [gatewayIn(us), gatewayIn(eu)];
  const id = await ask(eu, requester, us, accepter);
  const ends = endsOf(id, accepter, requester);
  // Nobody has accepted it: the requester's end runs out of time, and says what it waited for.
  const early = await runs.create(peering, ends.requester, { seconds: 20.1 });
  expect(early).toMatchObject({ Status: "FAILED", PhysicalResourceId: id });
  expect(early.Reason).toMatch(
    /^Transit gateway peering attachment tgw-attach-\w+: still \w+ after \d seconds; one run/,
  );
  expect(await runs.remove(peering, ends.requester, { physicalId: id })).toMatchObject({ Status: "SUCCESS" });

  const accepted = await runs.create(peering, ends.accepter);
  expect(accepted).toMatchObject({
    Status: "SUCCESS",
    PhysicalResourceId: id,
    Data: { TransitGatewayAttachmentId: id },
  });
  expect(await stateOf(id)).toBe("available");
  // Once more, an update, and the other end: they find it as it is to be.
  expect(await runs.create(peering, ends.accepter)).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: id });
  expect(await runs.update(peering, ends.accepter, { physicalId: id })).toMatchObject({
    Status: "SUCCESS",
    PhysicalResourceId: id,
  });
  expect(await runs.create(peering, ends.requester)).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: id });

  // The ends go, the request stays: its own resource ends it.
  for (const end of [ends.requester, ends.accepter]) {
    expect(await runs.remove(peering, end, { physicalId: id })).toMatchObject({ Status: "SUCCESS" });
  }
  expect(await stateOf(id)).toBe("available");
  // The accepter's gateway cannot go yet.
  const gateway = { Region: us, TransitGatewayId: accepter };
  expect(await runs.create(gone, gateway)).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: accepter });
  expect(await runs.remove(gone, gateway, { physicalId: accepter })).toMatchObject({
    Status: "FAILED",
    Reason: `${accepter} has a peering that is available: ${id}. It has to be deleted first.`,
  });
  await client(eu).deleteTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId: id });
  expect(await stateOf(id)).toBe("deleting");
  expect(await runs.remove(gone, gateway, { physicalId: accepter })).toMatchObject({ Status: "SUCCESS" });
  expect(await stateOf(id)).toBe("deleted");
  await client(us).deleteTransitGateway({ TransitGatewayId: accepter });
}, 120_000);

test.concurrent("[TG-62] within a Region the accepter's end finds its own attachment, and not one that ended before", async () => {
  const [accepter, requester] = [gatewayIn(us), gatewayIn(us)];
  const old = await ask(us, requester, us, accepter);
  await until(async () => (await stateOf(old)) === "pendingAcceptance");
  await client(us).deleteTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId: old });
  await until(async () => (await stateOf(old)) === "deleted");
  const id = await ask(us, requester, us, accepter);
  const end = { ...endsOf(id, accepter, requester, "true").accepter, PeerRegion: us };
  const accepted = await runs.create(peering, end);
  const own = accepted.PhysicalResourceId;
  expect(accepted).toMatchObject({ Status: "SUCCESS", Data: { TransitGatewayAttachmentId: own } });
  expect(own).toMatch(/^tgw-attach-/);
  expect([id, old]).not.toContain(own);
  const { TransitGatewayPeeringAttachments: [row] = [] } = await client(us).describeTransitGatewayPeeringAttachments({
    TransitGatewayAttachmentIds: [own],
  });
  expect(row).toMatchObject({ State: "available", AccepterTgwInfo: { TransitGatewayId: accepter } });
  // An update that runs out of time leaves alone what was there before it.
  const elsewhere = { ...end, PeerTransitGatewayId: "tgw-0123456789abcdef0" };
  const updated = await runs.update(peering, elsewhere, { physicalId: own, seconds: 20.1 });
  expect(updated).toMatchObject({ Status: "FAILED", PhysicalResourceId: own });
  expect(await stateOf(own)).toBe("available");
  // The other side's request is ended with us, and is found ended the second time.
  for (let time = 1; time <= 2; time++) {
    expect(await runs.remove(peering, end, { physicalId: own })).toMatchObject({ Status: "SUCCESS" });
  }
  expect(await stateOf(own)).toBe("deleted");
}, 120_000);

test.concurrent("a peering of other gateways than the properties say is neither accepted nor, when that is rolled back, ended", async () => {
  const [accepter, requester] = [gatewayIn(us), gatewayIn(eu)];
  const id = await ask(eu, requester, us, accepter);
  const wrong = { ...endsOf(id, accepter, requester, "true").accepter, PeerTransitGatewayId: "tgw-0123456789abcdef0" };
  const failed = await runs.create(peering, wrong);
  expect(failed).toMatchObject({
    Status: "FAILED",
    PhysicalResourceId: id,
    Reason: `Transit gateway peering attachment ${id} does not join ${accepter} and tgw-0123456789abcdef0.`,
  });
  expect(await runs.remove(peering, wrong, { physicalId: id })).toMatchObject({ Status: "SUCCESS" });
  await until(async () => (await stateOf(id)) === "pendingAcceptance");

  // What was rejected stays rejected: that is the reason, and nothing is left to undo.
  const ends = endsOf(id, accepter, requester, "true");
  expect(await runs.remove(peering, ends.accepter, { physicalId: id })).toMatchObject({ Status: "SUCCESS" });
  expect(await stateOf(id)).toBe("rejected");
  const late = await runs.create(peering, ends.accepter);
  expect(late).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining(`${id} is rejected`) });
  expect(await runs.remove(peering, ends.accepter, { physicalId: id })).toMatchObject({ Status: "SUCCESS" });
}, 120_000);

test.concurrent("what AWS refuses is the reason, in its words", async () => {
  const ends = endsOf("tgw-attach-nonsense", "tgw-0123456789abcdef0", "tgw-0123456789abcdef1");
  const failed = await runs.create(peering, ends.accepter);
  expect(failed.Status).toBe("FAILED");
  expect(failed.Reason).toMatch(/^InvalidTransitGatewayAttachmentID\.Malformed: /);
});

test.concurrent("[TG-81] another account's VPC is accepted by the gateway's owner, while its own account waits", async () => {
  const gateway = gatewayIn(us);
  const ram = (account: string) => new RAM(settings(account, us));
  const { resourceShare } = await ram(one).createResourceShare({
    name: "hub",
    resourceArns: [`arn:aws:ec2:${us}:${one}:transit-gateway/${gateway}`],
    principals: [two],
  });
  expect(resourceShare?.status).toBe("ACTIVE");
  const { resourceShareInvitations: [invitation] = [] } = await ram(two).getResourceShareInvitations({});
  await ram(two).acceptResourceShareInvitation({ resourceShareInvitationArn: invitation?.resourceShareInvitationArn });
  const vpc = await client(us, two).createVpc({ CidrBlock: "10.1.0.0/16" });
  const VpcId = vpc.Vpc?.VpcId ?? "";
  const subnet = await client(us, two).createSubnet({ VpcId, CidrBlock: "10.1.0.0/24" });
  const made = await client(us, two).createTransitGatewayVpcAttachment({
    TransitGatewayId: gateway,
    VpcId,
    SubnetIds: [subnet.Subnet?.SubnetId ?? ""],
  });
  const id = made.TransitGatewayVpcAttachment?.TransitGatewayAttachmentId ?? "";
  const said = { Region: us, TransitGatewayId: gateway, TransitGatewayAttachmentId: id };
  const accepter = { ...said, Role: "accepter", EndOnDelete: "true" };
  const attached = { ...said, Role: "attached", RoleArn: `arn:aws:iam::${two}:role/network` };
  const early = await runs.create(attachment, attached, { seconds: 20.1 });
  expect(early.Reason).toMatch(/: still pendingAcceptance after \d seconds/);
  expect(await runs.create(attachment, accepter)).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: id });
  expect(await runs.create(attachment, accepter)).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: id });
  const waited = await runs.create(attachment, attached);
  expect(waited).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: id });
  const elsewhere = { ...accepter, TransitGatewayId: "tgw-0123456789abcdef0" };
  expect((await runs.create(attachment, elsewhere)).Reason).toBe(
    `Transit gateway VPC attachment ${id} is not at tgw-0123456789abcdef0, but at ${gateway}.`,
  );
  for (const each of [elsewhere, accepter, accepter]) {
    expect(await runs.remove(attachment, each, { physicalId: id })).toMatchObject({ Status: "SUCCESS" });
  }
  const { TransitGatewayVpcAttachments } = await client(us).describeTransitGatewayVpcAttachments({
    TransitGatewayAttachmentIds: [id],
  });
  expect(TransitGatewayVpcAttachments?.[0]?.State).toBe("deleted");
}, 120_000);
