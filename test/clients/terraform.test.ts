/**
 * Terraform with its AWS provider, unmodified: each configuration applies, plans empty afterwards, carries pings, and destroys to
 * nothing. The provider comes from a folder of plugins: `CAUSEWAY_TF_PLUGINS`, or where Terraform and packagers keep them.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EC2Client, paginateDescribeNetworkInterfaces, paginateDescribeVpcs } from "@aws-sdk/client-ec2";
import { IAMClient, ListInstanceProfilesCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, test } from "vitest";
import { isInstalled, type Ran, run } from "../support/run.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

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

const plugins = pluginFolder();
const why = !isInstalled("terraform")
  ? " (skipped: Terraform is not installed)"
  : plugins === undefined
    ? " (skipped: Terraform's AWS provider is in no plugin folder; name one by CAUSEWAY_TF_PLUGINS)"
    : "";

let cloud: TestCloud;
beforeAll(async () => {
  if (why === "") cloud = await startCloud();
});
afterAll(() => cloud?.stop());

describe.concurrent("Terraform", () => {
  test.skipIf(why !== "").for(scenarios)(`$name${why}`, { timeout: 300_000 }, async (scenario, { expect }) => {
    const before = await Promise.all(scenario.places.map((place) => heldIn(...place)));
    const terraform = terraformIn(scenario.folder);
    const must = async (...words: readonly string[]): Promise<void> => {
      const ran = await terraform(...words);
      expect(ran.status, `terraform ${words.join(" ")}\n${ran.stdout}\n${ran.stderr}`).toBe(0);
    };
    await must("init", "-input=false");
    await must("apply", "-auto-approve");
    await must("plan", "-detailed-exitcode");
    if (cloud.packets) {
      expect(await cloud.ping(scenario.from, scenario.to)).toBe(1);
      expect(await cloud.ping(scenario.from, "10.99.0.1")).toBe(0);
    }
    await must("destroy", "-auto-approve");
    expect(await Promise.all(scenario.places.map((place) => heldIn(...place)))).toEqual(before);
  });
});

/** Copies a scenario to a folder of its own; returns what runs Terraform there, with no network and no user's settings. */
function terraformIn(scenario: string): (...words: readonly string[]) => Promise<Ran> {
  const folder = join(cloud.folder, scenario);
  mkdirSync(folder);
  cpSync(fileURLToPath(new URL(`terraform/${scenario}/main.tf`, import.meta.url)), join(folder, "main.tf"));
  const settings = join(folder, "terraform.rc");
  writeFileSync(
    settings,
    `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = "${plugins}"\n  }\n}\n`,
  );
  const env = {
    ...cloud.env(),
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    TF_CLI_CONFIG_FILE: settings,
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
  };
  return (...words) => run("terraform", [...words, "-no-color"], { cwd: folder, env, timeoutMs: 240_000 });
}

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

/** The folder that holds Terraform's AWS provider, laid out as a filesystem mirror. */
function pluginFolder(): string | undefined {
  const packaged = existsSync("/opt") ? readdirSync("/opt").filter((name) => /terraform|tf-?plugins/.test(name)) : [];
  const candidates = [
    process.env.CAUSEWAY_TF_PLUGINS,
    join(homedir(), ".terraform.d/plugins"),
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
    ...packaged.map((name) => join("/opt", name)),
  ];
  return candidates.find(
    (folder) => folder !== undefined && existsSync(join(folder, "registry.terraform.io/hashicorp/aws")),
  );
}
