/**
 * `causeway fix` on a running cloud, in the states that people get stuck in: each is told with the right place and code, the fix names exactly
 * the missing setting, and after `--apply` the kernel's ping passes.
 */
import { EC2 } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";
import { type Department, department, developerPlan, financePlan, marketingPlan, peer, route } from "./departments.ts";
import { type Broken, breaks, type GlobalNetwork, globalNetwork } from "./global-network.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.stop());

interface Told {
  readonly status: number | null;
  readonly outcome: string;
  readonly steps?: readonly {
    readonly change: { readonly kind: string };
    readonly lifts: { readonly code: string; readonly detail?: string };
  }[];
  readonly tool?: { readonly tools: readonly string[] };
}

async function told(...words: readonly string[]): Promise<Told> {
  const ran = await cloud.causeway(["fix", ...words, "--json"]);
  expect(ran.stderr).toBe("");
  return { ...JSON.parse(ran.stdout), status: ran.status };
}

/** Each change with the code that it lifts. */
function linesOf({ steps = [] }: Told): readonly string[] {
  return steps.map(({ change, lifts }) => `${change.kind}: ${lifts.detail ?? lifts.code}`);
}

/** The fix is as expected; made, it opens the flow, for the kernel too; asked again, nothing has to be changed. */
async function mends(from: string, to: string, expected: readonly string[]): Promise<void> {
  if (cloud.packets) expect(await cloud.ping(from, to)).toBe(0);
  const applied = await told(from, to, "--apply");
  expect(linesOf(applied)).toEqual(expected);
  expect(applied).toMatchObject({ outcome: "fixable", status: 0, after: { verdict: "reachable" } });
  if (cloud.packets) expect(await cloud.ping(from, to)).toBe(1);
  expect(await told(from, to, "--apply")).toMatchObject({ outcome: "reachable", status: 0 });
}

/** Each test has an account of its own, so that none disturbs another. */
let accounts = 0;
function newAccount(): EC2 {
  accounts += 1;
  return new EC2({
    endpoint: cloud.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: String(300_000_000_000 + accounts), secretAccessKey: "causeway" },
    maxAttempts: 1,
  });
}

describe("three departments", () => {
  const rule = "authorize-security-group-ingress: SG_HAS_NO_RULES";
  const there = "create-route: IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS";
  const back = "create-route: NO_ROUTE_TO_DESTINATION";
  const accept = "accept-vpc-peering-connection: X_PEERING_NOT_ACTIVE";

  test.each([
    {
      state: "nothing joins them",
      peered: "no",
      expected: [there.replace("create-route", "create-vpc-peering-connection"), accept, there, back, rule],
    },
    { state: "a peering that nobody has accepted", peered: "asked", expected: [accept, there, back, rule] },
    { state: "an active peering without routes", peered: "active", expected: [there, back, rule] },
    { state: "a route on one side only", peered: "active", routes: "there", expected: [back, rule] },
    {
      state: "routes on both sides, and a group that lets nothing in",
      peered: "active",
      routes: "both",
      expected: [rule],
    },
  ])("$state", async ({ peered, routes, expected }) => {
    const ec2 = newAccount();
    const marketing = await department(ec2, marketingPlan);
    const finance = await department(ec2, financePlan);
    const peering = peered === "no" ? "" : await peer(ec2, marketing, finance, { accept: peered === "active" });
    if (routes !== undefined) await route(ec2, marketing, finance.block, peering);
    if (routes === "both") await route(ec2, finance, marketing.block, peering);
    await mends(marketing.instanceId, finance.instanceId, expected);
  });
});

describe("the global network", () => {
  let network: GlobalNetwork;
  beforeAll(async () => {
    network = await globalNetwork(cloud);
  });

  const expected: Readonly<Record<keyof typeof breaks, string>> = {
    "the near VPC's route": "create-route: NO_ROUTE_TO_DESTINATION",
    "the far VPC's route": "create-route: NO_ROUTE_TO_DESTINATION",
    "the near gateway's static route": "create-transit-gateway-route: X_TGW_PEERING_WITHOUT_STATIC_ROUTE",
    "the far gateway's static route": "create-transit-gateway-route: X_TGW_PEERING_WITHOUT_STATIC_ROUTE",
    "the near propagation": "enable-transit-gateway-route-table-propagation: X_TGW_PROPAGATION_MISSING",
    "the far propagation": "enable-transit-gateway-route-table-propagation: X_TGW_PROPAGATION_MISSING",
    "the near association": "associate-transit-gateway-route-table: TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION",
    "the far association": "associate-transit-gateway-route-table: TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION",
    "the peering's association": "associate-transit-gateway-route-table: TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION",
    "the right association: there is another table":
      "associate-transit-gateway-route-table: X_TGW_PEERING_WITHOUT_STATIC_ROUTE",
    "a subnet of the sender's zone": "modify-transit-gateway-vpc-attachment: TGW_ROUTE_AZ_RESTRICTION",
  };

  test.each(Object.entries(breaks))("without %s", async (name, takeAway) => {
    const broken: Broken | undefined = await takeAway(network);
    const { from, to } = broken ?? { from: network.near.instanceId, to: network.far.instanceId };
    await mends(from, to, [expected[name as keyof typeof breaks]]);
  });
});

describe("--apply", () => {
  test("[PX-50, SG-34]: in two accounts, each change by its owner; the published trap", async () => {
    const [one, two] = [newAccount(), newAccount()];
    const host1 = await department(one, {
      name: "one",
      block: "192.100.1.0/24",
      subnet: "192.100.1.0/25",
      host: "192.100.1.10",
    });
    const host2 = await department(two, {
      name: "two",
      block: "10.0.0.0/16",
      subnet: "10.0.0.0/24",
      host: "10.0.0.153",
    });
    const peering = await peer(one, host1, host2, { accept: false, peerOwnerId: String(300_000_000_000 + accounts) });
    await two.acceptVpcPeeringConnection({ VpcPeeringConnectionId: peering });
    // As it was published: the route is for a subnet that the host is not in.
    await route(one, host1, "10.10.4.0/24", peering);
    await route(two, host2, host1.block, peering);
    const words = [host1.instanceId, host2.instanceId, "tcp/22"] as const;
    const applied = await told(...words, "--apply");
    expect(linesOf(applied)).toEqual([
      "create-route: NO_ROUTE_TO_DESTINATION",
      "authorize-security-group-ingress: SG_HAS_NO_RULES",
    ]);
    expect(applied).toMatchObject({
      status: 0,
      after: { verdict: "reachable" },
      steps: [
        { change: { destination: "10.0.0.0/16" } },
        { change: { permission: { peer: { kind: "security-group", groupId: host1.groupId } } } },
      ],
    });
    if (cloud.packets) expect((await cloud.causeway(["probe", ...words])).status).toBe(0);
  });

  test("ends at the first refusal, and tells what was made and what not", async () => {
    const ec2 = newAccount();
    const marketing = await department(ec2, marketingPlan);
    const finance = await department(ec2, financePlan);
    await peer(ec2, marketing, finance);
    // A group can take no more rules than this. (semantics 3.7)
    const IpRanges = Array.from({ length: 60 }, (_, host) => ({ CidrIp: `192.0.2.${host}/32` }));
    await ec2.authorizeSecurityGroupIngress({
      GroupId: finance.groupId,
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges }],
    });
    const ran = await cloud.causeway(["fix", marketing.instanceId, finance.instanceId, "--apply"]);
    expect(ran.status).toBe(1);
    expect(ran.stdout).toContain(`✔ ${marketing.tableId}: add the route 172.31.0.0/16`);
    expect(ran.stdout).toContain(`✘ ${finance.groupId}: let in icmp type 8`);
    expect(ran.stdout).toContain("RulesPerSecurityGroupLimitExceeded");
    expect(ran.stdout).toContain("✘ still unreachable: 2 of 3 changes were made.");
    expect(linesOf(await told(marketing.instanceId, finance.instanceId))).toEqual([
      "authorize-security-group-ingress: ENI_SG_RULES_MISMATCH",
    ]);
  });

  test.each([
    { words: ["--apply", "--snapshot", "file"], says: "--apply changes the running cloud" },
    { words: ["--apply", "--as", "cli"], says: "--as cli prints the changes and nothing else" },
    { words: ["--snapshot", "/no/such/file"], says: "cannot be read" },
    { words: ["--as", "pulumi"], says: "Allowed choices are cli, cloudformation, terraform" },
  ])("$words is the user's mistake", async ({ words, says }) => {
    const { status, stderr } = await cloud.causeway(["fix", "a", "b", ...words]);
    expect(stderr).toContain(says);
    expect(status).toBe(2);
  });
});

describe("what no setting opens", () => {
  test("blocks that overlap: PrivateLink", async () => {
    const ec2 = newAccount();
    const marketing = await department(ec2, marketingPlan);
    const twin = await department(ec2, {
      ...financePlan,
      block: "10.10.0.0/16",
      subnet: "10.10.2.0/24",
      host: "10.10.2.20",
    });
    const answer = await told(marketing.instanceId, twin.instanceId, "tcp/443");
    expect(answer).toMatchObject({ outcome: "not-fixable", status: 1, because: { code: "X_OVERLAPPING_CIDRS" } });
    expect(answer.tool?.tools[0]).toBe("privatelink");
  });

  test("through a peer to a third VPC: a peering of their own", async () => {
    const ec2 = newAccount();
    const [marketing, finance, developer] = await threeDepartments(ec2);
    const one = await peer(ec2, marketing, finance);
    const other = await peer(ec2, developer, finance);
    await route(ec2, marketing, developer.block, one);
    await route(ec2, developer, marketing.block, other);
    const answer = await told(marketing.instanceId, developer.instanceId, "--apply");
    expect(answer).toMatchObject({
      outcome: "not-fixable",
      status: 1,
      because: { code: "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", detail: "X_PEERING_NOT_TRANSITIVE" },
    });
    expect(answer.tool?.tools).toEqual(["vpc-peering-connection", "transit-gateway"]);
    if (cloud.packets) expect(await cloud.ping(marketing.instanceId, developer.instanceId)).toBe(0);
  });

  async function threeDepartments(ec2: EC2): Promise<[Department, Department, Department]> {
    const marketing = await department(ec2, marketingPlan);
    const finance = await department(ec2, financePlan);
    return [marketing, finance, await department(ec2, developerPlan)];
  }
});
