/**
 * Terraform with its AWS provider, unmodified: each configuration applies, plans empty afterwards, carries pings, and destroys to
 * nothing.
 */
import { EC2Client, paginateDescribeNetworkInterfaces, paginateDescribeVpcs } from "@aws-sdk/client-ec2";
import { IAMClient, ListInstanceProfilesCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, test } from "vitest";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";
import { must, noTerraform, terraformIn } from "../support/terraform.ts";

interface Scenario {
  readonly name: string;
  readonly folder: string;
  /** Accounts and Regions that the configuration touches; nothing may be left in them. No two scenarios share one. */
  readonly places: readonly (readonly [account: string, region: string])[];
  readonly from: string;
  readonly to: string;
}

const scenarios: readonly Scenario[] = [
  {
    name: "one account: two peered VPCs with everything in them",
    folder: "network",
    places: [["666666666666", "us-east-1"]],
    from: "marketing-server",
    to: "finance-server",
  },
  {
    name: "two accounts by two keys",
    folder: "accounts",
    places: [
      ["111111111111", "us-east-1"],
      ["222222222222", "us-east-1"],
    ],
    from: "accounts-requester",
    to: "accounts-accepter",
  },
  {
    name: "two accounts by assumed roles",
    folder: "assume-role",
    places: [
      ["333333333333", "us-east-1"],
      ["444444444444", "us-east-1"],
    ],
    from: "roles-accepter",
    to: "roles-requester",
  },
  {
    name: "what is there already, and attachments",
    folder: "existing",
    places: [["777777777777", "us-east-1"]],
    from: "web-0",
    to: "web-1",
  },
  {
    name: "two Regions",
    folder: "regions",
    places: [
      ["555555555555", "us-east-1"],
      ["555555555555", "eu-west-1"],
    ],
    from: "regions-requester",
    to: "regions-accepter",
  },
];

let cloud: TestCloud;
beforeAll(async () => {
  if (noTerraform === "") cloud = await startCloud();
});
afterAll(() => cloud?.stop());

describe.concurrent("Terraform", () => {
  test.skipIf(noTerraform !== "").for(scenarios)(
    `$name${noTerraform}`,
    { timeout: 300_000 },
    async (scenario, { expect }) => {
      const before = await Promise.all(scenario.places.map((place) => heldIn(...place)));
      const terraform = must(terraformIn(cloud, scenario.folder));
      await terraform("init", "-input=false");
      await terraform("apply", "-auto-approve");
      await terraform("plan", "-detailed-exitcode");
      if (cloud.packets) {
        expect(await cloud.ping(scenario.from, scenario.to)).toBe(1);
        expect(await cloud.ping(scenario.from, "10.99.0.1")).toBe(0);
      }
      await terraform("destroy", "-auto-approve");
      expect(await Promise.all(scenario.places.map((place) => heldIn(...place)))).toEqual(before);
    },
  );
});

/** What an account holds in a Region: VPCs, network interfaces; and its roles and profiles. */
async function heldIn(account: string, region: string): Promise<readonly (string | undefined)[]> {
  const settings = {
    endpoint: cloud.endpoint,
    region,
    credentials: { accessKeyId: account, secretAccessKey: "causeway" },
  };
  const ec2 = new EC2Client(settings);
  const iam = new IAMClient(settings);
  const held: (string | undefined)[] = [];
  for await (const page of paginateDescribeVpcs({ client: ec2 }, {}))
    for (const each of page.Vpcs ?? []) held.push(each.VpcId);
  for await (const page of paginateDescribeNetworkInterfaces({ client: ec2 }, {}))
    for (const each of page.NetworkInterfaces ?? []) held.push(each.NetworkInterfaceId);
  for (const each of (await iam.send(new ListRolesCommand({}))).Roles ?? []) held.push(each.Arn);
  for (const each of (await iam.send(new ListInstanceProfilesCommand({}))).InstanceProfiles ?? []) held.push(each.Arn);
  return held;
}
