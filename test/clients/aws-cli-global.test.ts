/**
 * The AWS CLI, unmodified, builds the global network of AWS's own sample and takes it away again: two Regions, a transit gateway in
 * each, peered. Its account has other gateways in both Regions, and peerings that were rejected and deleted, so that nothing gets by
 * with the first of a list. Time passes twenty times as fast as on AWS, and every state is a true one.
 */

import { join } from "node:path";
import { EC2 } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AwsCli, awsCli, noAwsCli } from "../support/aws-cli.ts";
import { buildSite, pingBySsm, type Site, statesUntil, words } from "../support/global-site.ts";
import { heldIn } from "../support/held.ts";
import { makeStandIn, openSession } from "../support/session.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

const account = "111111111111";
const role = "session-manager";
const policy = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
const all = "TransitGatewayPeeringAttachments[]";

/** Attachments, by the state in which they end. */
interface OldPeerings {
  readonly rejected: string;
  readonly deleted: string;
}

let cloud: TestCloud;
let before: readonly (readonly string[])[];
/** They end while the network is built. */
let oldPeerings: Promise<OldPeerings>;
beforeAll(async () => {
  if (noAwsCli !== "") return;
  cloud = await startCloud({ pace: "20x" });
  const [here, there] = [client("us-east-1"), client("eu-west-1")];
  const [rejecter, accepter, requester] = await Promise.all([oldGateway(here), oldGateway(here), oldGateway(there)]);
  before = await held();
  oldPeerings = endedPeerings(here, there, { rejecter, accepter, requester });
}, 120_000);
afterAll(() => cloud?.stop());

const held = () => Promise.all(["us-east-1", "eu-west-1"].map((region) => heldIn(cloud, account, region)));

const client = (region: string): EC2 =>
  new EC2({ endpoint: cloud.endpoint, region, credentials: { accessKeyId: account, secretAccessKey: "causeway" } });

async function oldGateway(ec2: EC2): Promise<string> {
  const { TransitGateway } = await ec2.createTransitGateway({ Description: "old" });
  const TransitGatewayIds = [TransitGateway?.TransitGatewayId ?? ""];
  const state = async () =>
    (await ec2.describeTransitGateways({ TransitGatewayIds })).TransitGateways?.[0]?.State ?? "";
  await statesUntil(state, "available");
  return TransitGatewayIds[0] ?? "";
}

/** Ireland's old gateway has asked both of Virginia's: one has rejected it, the request to the other one is withdrawn. */
async function endedPeerings(
  here: EC2,
  there: EC2,
  gateways: Readonly<Record<"rejecter" | "accepter" | "requester", string>>,
): Promise<OldPeerings> {
  const ask = async (PeerTransitGatewayId: string) => {
    const asked = await there.createTransitGatewayPeeringAttachment({
      TransitGatewayId: gateways.requester,
      PeerTransitGatewayId,
      PeerAccountId: account,
      PeerRegion: "us-east-1",
    });
    return asked.TransitGatewayPeeringAttachment?.TransitGatewayAttachmentId ?? "";
  };
  const [rejected, deleted] = await Promise.all([ask(gateways.rejecter), ask(gateways.accepter)]);
  const states = async () => {
    const { TransitGatewayPeeringAttachments: found = [] } = await there.describeTransitGatewayPeeringAttachments();
    return found
      .map(({ State }) => State)
      .toSorted()
      .join(" ");
  };
  await statesUntil(states, "pendingAcceptance pendingAcceptance");
  await here.rejectTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId: rejected });
  await there.deleteTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId: deleted });
  await statesUntil(states, "deleted rejected");
  for (const each of [here, there]) each.destroy();
  return { rejected, deleted };
}

let virginia: Site;
let ireland: Site;
/** The attachment's id: one and the same in both Regions. */
let peering = "";
const eachWay = () =>
  [
    [virginia, ireland],
    [ireland, virginia],
  ] as const;
const both = <T>(act: (site: Site, other: Site) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(eachWay().map(([site, other]) => act(site, other)));

/** The states in the order in which they pass; a look may miss one that passes quickly. */
function expectPassing(seen: readonly string[], life: readonly string[]): void {
  expect(seen).toEqual(life.filter((each) => seen.includes(each)));
}

const peeringStates = (aws: AwsCli, last: string): Promise<readonly string[]> => {
  const line = `ec2 describe-transit-gateway-peering-attachments --transit-gateway-attachment-ids ${peering}`;
  return statesUntil(() => aws.text(line, "TransitGatewayPeeringAttachments[].State"), last);
};
const routeTo = (other: Site, { gatewayTable }: Site): string =>
  `--transit-gateway-route-table-id ${gatewayTable} --destination-cidr-block ${other.cidr}`;
const addRoute = (site: Site, other: Site): string =>
  `ec2 create-transit-gateway-route ${routeTo(other, site)} --transit-gateway-attachment-id ${peering}`;
const deleteRoute = (site: Site, other: Site): string => `ec2 delete-transit-gateway-route ${routeTo(other, site)}`;

async function makeRole(): Promise<void> {
  const aws = awsCli(cloud, account);
  const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`;
  await aws(`iam create-role --role-name ${role} --assume-role-policy-document '${trust}'`);
  await aws(`iam attach-role-policy --role-name ${role} --policy-arn ${policy}`);
  await aws(`iam create-instance-profile --instance-profile-name ${role}`);
  await aws(`iam add-role-to-instance-profile --instance-profile-name ${role} --role-name ${role}`);
}

async function removeRole(): Promise<void> {
  const aws = awsCli(cloud, account);
  await aws(`iam remove-role-from-instance-profile --instance-profile-name ${role} --role-name ${role}`);
  await aws(`iam delete-instance-profile --instance-profile-name ${role}`);
  await aws(`iam detach-role-policy --role-name ${role} --policy-arn ${policy}`);
  await aws(`iam delete-role --role-name ${role}`);
}

/** Both servers ping each other: all arrives, or nothing does. */
async function expectPings(expected: "replies" | "silence"): Promise<void> {
  if (!cloud.packets) return;
  expect(await both(pingBySsm)).toEqual(expected === "replies" ? [1, 1] : [0, 0]);
}

// Each test takes the network as the one before has left it.
const inOrder = { shuffle: false, timeout: 240_000 };
describe.skipIf(noAwsCli !== "")(`a global network, as in AWS's sample${noAwsCli}`, inOrder, () => {
  test("0.1 to 0.8, 0.11: two sites, each a VPC with a server, a role, endpoints, a gateway, and a route to it", async () => {
    await makeRole();
    const build = (name: string, region: string, cidr: string, asn: number): Promise<Site> =>
      buildSite(awsCli(cloud, account, region), { name, region, cidr, asn, instanceProfile: role });
    [virginia, ireland] = await Promise.all([
      build("virginia", "us-east-1", "172.16.0.0/24", 64512),
      build("ireland", "eu-west-1", "172.16.1.0/24", 64513),
    ]);
  });

  test("0.3, 0.22: a gateway in each Region with an ASN of its own, none of them the first in its list", async () => {
    await both(async ({ aws, gateway, asn }) => {
      const line = "ec2 describe-transit-gateways --query TransitGateways[].[TransitGatewayId,Options.AmazonSideAsn]";
      const gateways = (await aws(line)) as readonly (readonly [string, number])[];
      expect(gateways).toContainEqual([gateway, asn]);
      expect(gateways[0]).not.toContain(gateway);
    });
  });

  test("0.4: the attachments are associated with the default route tables, and propagate to them [TG-3] [TG-32]", async () => {
    await both(async ({ aws, gatewayTable, attachment, cidr, vpc }) => {
      const of = `--transit-gateway-route-table-id ${gatewayTable}`;
      expect(await aws(`ec2 get-transit-gateway-route-table-associations ${of}`)).toEqual({
        Associations: [
          { TransitGatewayAttachmentId: attachment, ResourceId: vpc, ResourceType: "vpc", State: "associated" },
        ],
      });
      const search = `ec2 search-transit-gateway-routes ${of} --filters Name=state,Values=active,blackhole`;
      expect(await aws(search)).toMatchObject({
        Routes: [{ DestinationCidrBlock: cidr, Type: "propagated", State: "active" }],
      });
    });
  });

  test("0.5: three interface endpoints in each VPC, with private DNS names [PL-24]", async () => {
    await both(async ({ aws, vpc, region }) => {
      const line = `ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=${vpc}`;
      const states = async () => (await words(aws, line, "sort(VpcEndpoints[].State)")).join(" ");
      await statesUntil(states, "available available available");
      // A service's own name leads to the endpoint.
      const names = await words(aws, line, "sort(VpcEndpoints[?PrivateDnsEnabled].DnsEntries[-1].DnsName)");
      expect(names).toEqual(["ec2messages", "ssm", "ssmmessages"].map((name) => `${name}.${region}.amazonaws.com`));
    });
  });

  test("0.9, 0.13 to 0.17, 0.25: Ireland asks, Virginia accepts, and routes are taken once it is available [TG-61] [TG-68]", async () => {
    const old = Object.entries(await oldPeerings).flatMap(([state, id]) => [id, state]);
    const asked = await words(
      ireland.aws,
      `ec2 create-transit-gateway-peering-attachment --transit-gateway-id ${ireland.gateway} --peer-transit-gateway-id ${virginia.gateway} --peer-account-id ${account} --peer-region us-east-1`,
      "TransitGatewayPeeringAttachment.[TransitGatewayAttachmentId,State]",
    );
    expect(asked[1]).toBe("initiatingRequest");
    peering = asked[0] ?? "";
    expectPassing(await peeringStates(ireland.aws, "pendingAcceptance"), ["initiatingRequest", "pendingAcceptance"]);
    // The old ones are in the list, and come first.
    const list = "ec2 describe-transit-gateway-peering-attachments";
    const known = await words(virginia.aws, list, `${all}.[TransitGatewayAttachmentId,State]`);
    expect(known).toEqual(expect.arrayContaining([...old, peering, "pendingAcceptance"]));
    expect(known[0]).not.toBe(peering);

    expect(await virginia.aws.refused(addRoute(virginia, ireland))).toBe("IncorrectState");
    const accept = `ec2 accept-transit-gateway-peering-attachment --transit-gateway-attachment-id ${peering}`;
    expect(await ireland.aws.refused(accept)).toBe("InvalidParameterValue");
    expect(await virginia.aws.text(accept, "TransitGatewayPeeringAttachment.State")).toBe("pending");
    expect(await ireland.aws.refused(addRoute(ireland, virginia))).toBe("IncorrectState");
    expectPassing(await peeringStates(virginia.aws, "available"), ["pending", "available"]);
  });

  test("0.10, 0.18 to 0.20: static routes on both sides, private addresses, a session, and pings both ways [TG-63]", async () => {
    await both((site, other) => site.aws(addRoute(site, other)));
    await both(async ({ aws, instance, address }) => {
      const found = "Reservations[].Instances[].[PrivateIpAddress,PublicIpAddress]";
      expect(await words(aws, `ec2 describe-instances --instance-ids ${instance}`, found)).toEqual([address, "None"]);
    });
    await expectPings("replies");
    if (!cloud.packets) return;
    const standIn = join(cloud.folder, "plugin");
    await makeStandIn(standIn);
    const session = ["ssm", "start-session", "--target", virginia.instance];
    const typed = `ping -c 1 ${ireland.address}; echo status $?\rexit\r`;
    const { shown } = await openSession(cloud.env(account), session, typed, [standIn]);
    expect(shown).toContain("status 0\r\n");
  });

  test.each(["virginia", "ireland"])(
    "0.21: without the static route of %s nothing arrives, either way",
    async (name) => {
      const [site, other] = name === "virginia" ? [virginia, ireland] : [ireland, virginia];
      await site.aws(deleteRoute(site, other));
      await expectPings("silence");
      await site.aws(addRoute(site, other));
    },
  );

  test("0.24: a gateway attaches VPCs of its own Region only", async () => {
    const line = `ec2 create-transit-gateway-vpc-attachment --transit-gateway-id ${virginia.gateway} --vpc-id ${ireland.vpc} --subnet-ids ${ireland.subnet}`;
    expect(await virginia.aws.refused(line)).toBe("InvalidVpcID.NotFound");
    expect(await ireland.aws.refused(line)).toBe("InvalidTransitGatewayID.NotFound");
  });

  test("0.27, 0.28: a gateway with a peering stays; routes go, then the peering until it is deleted [TG-42]", async () => {
    const gone = `ec2 delete-transit-gateway --transit-gateway-id ${ireland.gateway}`;
    expect(await ireland.aws.refused(gone)).toBe("IncorrectState");
    await both((site, other) => site.aws(deleteRoute(site, other)));
    // Until it is gone its state refuses.
    const again = expect.poll(() => virginia.aws.refused(deleteRoute(virginia, ireland)), { timeout: 20_000 });
    await again.toBe("InvalidRoute.NotFound");
    const end = `ec2 delete-transit-gateway-peering-attachment --transit-gateway-attachment-id ${peering}`;
    expect(await virginia.aws.text(end, "TransitGatewayPeeringAttachment.State")).toBe("deleting");
    const seen = await both(({ aws }) => peeringStates(aws, "deleted"));
    for (const states of seen) expectPassing(states, ["deleting", "deleted"]);
    expect(await ireland.aws.refused(end)).toBe("InvalidTransitGatewayAttachmentID.NotFound");
  });

  test("0.29: what is still used cannot go: gateway, subnet and VPC of an attachment", async () => {
    await both(async ({ aws, gateway, instance, endpoints, attachment, subnet, vpc }) => {
      await aws(`ec2 delete-vpc-endpoints --vpc-endpoint-ids ${endpoints.join(" ")}`);
      await aws(`ec2 terminate-instances --instance-ids ${instance}`);
      expect(await aws.refused(`ec2 delete-transit-gateway --transit-gateway-id ${gateway}`)).toBe("IncorrectState");
      // With the server and the endpoints gone, only the attachment holds the subnet.
      const interfaces = `ec2 describe-network-interfaces --filters Name=subnet-id,Values=${subnet}`;
      const types = () => aws.text(interfaces, "NetworkInterfaces[].InterfaceType");
      expect((await statesUntil(types, "transit_gateway")).at(-1)).toBe("transit_gateway");
      expect(await aws.refused(`ec2 delete-subnet --subnet-id ${subnet}`)).toBe("DependencyViolation");
      expect(await aws.refused(`ec2 delete-vpc --vpc-id ${vpc}`)).toBe("DependencyViolation");
      await aws(`ec2 delete-transit-gateway-vpc-attachment --transit-gateway-attachment-id ${attachment}`);
      const attachments = `ec2 describe-transit-gateway-vpc-attachments --transit-gateway-attachment-ids ${attachment}`;
      const state = () => aws.text(attachments, "TransitGatewayVpcAttachments[].State");
      expectPassing(await statesUntil(state, "deleted"), ["deleting", "deleted"]);
    });
  });

  test("0.30: nothing is left, and the old gateways are as they were", async () => {
    const withoutRole = removeRole();
    await both(async ({ aws, gateway, group, subnet, table, vpc }) => {
      const gone = `ec2 delete-transit-gateway --transit-gateway-id ${gateway}`;
      expect(await aws.text(gone, "TransitGateway.State")).toBe("deleting");
      const routes = `ec2 describe-route-tables --route-table-ids ${table}`;
      expect(await aws.text(routes, "RouteTables[].Routes[?TransitGatewayId][].State")).toBe("blackhole");
      await aws(`ec2 delete-security-group --group-id ${group}`);
      await aws(`ec2 delete-subnet --subnet-id ${subnet}`);
      await aws(`ec2 delete-vpc --vpc-id ${vpc}`);
      const gateways = `ec2 describe-transit-gateways --transit-gateway-ids ${gateway}`;
      const state = () => aws.text(gateways, "TransitGateways[].State");
      expectPassing(await statesUntil(state, "deleted"), ["deleting", "deleted"]);
    });
    await withoutRole;
    expect(await held()).toEqual(before);
  });
});
