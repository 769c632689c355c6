/**
 * `causeway deploy`, `plan` and `destroy` as on AWS: profiles of real files in ~/.aws, two accounts and two Regions in one go, credentials that run out
 * at the beginning and in the middle, and rights that are missing. The cloud is the local one; what it never refuses, a proxy refuses in its place.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { heldIn } from "../support/held.ts";
import { type ProxiedCall, type Refusing, type RefusingProxy, startRefusingProxy } from "../support/refusing-proxy.ts";
import { type Ran, run } from "../support/run.ts";
import { cleanEnvironment, startCloud, type TestCloud } from "../support/start-cloud.ts";

const hubAccount = "111111111111";
const spokeAccount = "222222222222";
const require = createRequire(import.meta.url);

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

/** Two stacks in two accounts and Regions, the second after the first. With `-c bootstrapped=1` by the roles that bootstrapping makes. */
const app = `
const cdk = require("aws-cdk-lib");
const ec2 = require("aws-cdk-lib/aws-ec2");
const app = new cdk.App({ analyticsReporting: false });
const synthesizer = () => app.node.tryGetContext("bootstrapped") ? undefined : new cdk.LegacyStackSynthesizer();
function site(id, account, region) {
  const stack = new cdk.Stack(app, id, { env: { account, region }, synthesizer: synthesizer() });
  const vpc = new ec2.CfnVPC(stack, "Vpc", { cidrBlock: "10.0.0.0/16" });
  const subnet = new ec2.CfnSubnet(stack, "Subnet", { vpcId: vpc.ref, cidrBlock: "10.0.0.0/24" });
  const ping = { ipProtocol: "icmp", fromPort: -1, toPort: -1, cidrIp: "10.0.0.0/8" };
  const group = new ec2.CfnSecurityGroup(stack, "Group", { vpcId: vpc.ref, groupDescription: "pings", securityGroupIngress: [ping] });
  const hosts = ["One", "Two"].map((name) => new ec2.CfnInstance(stack, name, {
    imageId: "ami-00000000000000001", instanceType: "t3.micro", subnetId: subnet.ref, securityGroupIds: [group.ref],
    tags: [{ key: "Name", value: id + "/" + name }],
  }));
  stack.node.addMetadata("causeway:intent", {
    expect: "reachable", traffic: { protocol: "icmp" },
    from: { kind: "resource", artifactId: id, logicalId: "One" },
    to: { kind: "resource", artifactId: id, logicalId: "Two" },
  });
  return stack;
}
const hub = site("Hub", "${hubAccount}", "us-east-1");
site("Spoke", "${spokeAccount}", "eu-west-1").addDependency(hub);
app.synth();
`;

let cloud: TestCloud;
let proxy: RefusingProxy;
let folder: string;
beforeAll(async () => {
  cloud = await startCloud();
  proxy = await startRefusingProxy(cloud.endpoint);
  folder = join(cloud.folder, "app");
  mkdirSync(folder);
  writeFileSync(join(folder, "app.cjs"), app);
  writeFileSync(join(folder, "cdk.json"), JSON.stringify({ app: `${process.execPath} app.cjs` }));
  writeProfiles();
});
afterAll(async () => {
  await proxy?.stop();
  await cloud?.stop();
});

function writeProfiles(): void {
  mkdirSync(join(cloud.folder, ".aws"));
  const profile = (name: string, ...lines: readonly string[]) => [`[profile ${name}]`, "region = us-east-1", ...lines];
  const endpoint = `endpoint_url = ${proxy.endpoint}`;
  const config = [
    ...profile("network", endpoint),
    ...profile("workloads", endpoint),
    ...profile("admin", endpoint, `role_arn = arn:aws:iam::${spokeAccount}:role/admin`, "source_profile = network"),
    ...profile("elsewhere", "endpoint_url = http://127.0.0.1:9"),
  ];
  const keys = (name: string, account: string) => [
    `[${name}]`,
    `aws_access_key_id = ${account}`,
    "aws_secret_access_key = causeway",
  ];
  const credentials = [
    ...keys("network", hubAccount),
    ...keys("workloads", spokeAccount),
    ...keys("elsewhere", hubAccount),
  ];
  writeFileSync(join(cloud.folder, ".aws/config"), `${config.join("\n")}\n`);
  writeFileSync(join(cloud.folder, ".aws/credentials"), `${credentials.join("\n")}\n`);
}

const modules = join(require.resolve("aws-cdk-lib/package.json"), "..", "..");
const environment = (own: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...cleanEnvironment(),
  HOME: cloud.folder,
  NODE_PATH: modules,
  CDK_VALIDATION: "false",
  AWS_EC2_METADATA_DISABLED: "true",
  ...own,
});
const causeway = (words: readonly string[], own?: NodeJS.ProcessEnv): Promise<Ran> =>
  cloud.causeway(words, undefined, environment(own));
/** The environment of somebody with keys and no profiles, who is let through to the cloud except for what is refused. */
const keysAt = (endpoint: string): NodeJS.ProcessEnv => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: hubAccount,
  AWS_SECRET_ACCESS_KEY: "causeway",
  AWS_REGION: "us-east-1",
});
const held = () => Promise.all([heldIn(cloud, hubAccount, "us-east-1"), heldIn(cloud, spokeAccount, "eu-west-1")]);

/** As when a session ends: this call is the last that is let through. */
function expiredAfter(action: string): (call: ProxiedCall) => Refusing | undefined {
  let hasRunOut = false;
  return (call) => {
    if (hasRunOut) return "expired";
    hasRunOut = call.action === action;
    return undefined;
  };
}

describe("profiles that are not what was meant are told, with what to do", () => {
  test.concurrent.for<readonly [string, readonly string[], NodeJS.ProcessEnv, RegExp]>([
    [
      "mistyped",
      ["netwrok"],
      {},
      /no profile 'netwrok'\.\n {2}Did you mean network\?\n {2}There are: admin, .*workloads/,
    ],
    ["mistyped in the environment", [], { AWS_PROFILE: "worklods" }, /no profile 'worklods'\.\n.*mean workloads\?/],
    ["the second one mistyped", ["network", `${spokeAccount}=x`], {}, /no profile 'x'\.\n {2}There are:/],
    ["of another account", ["network", "333333333333=workloads"], {}, /workloads is of account 222222222222, not of 3/],
    ["of another cloud", ["network", "elsewhere"], {}, /network to http:.*, elsewhere to http:\/\/127\.0\.0\.1:9/],
  ])("%s", async ([, profiles, env, expected]) => {
    const words = profiles.length === 0 ? [] : ["--profile", ...profiles];
    const ran = await causeway(["plan", folder, ...words], env);
    expect(ran.stderr).toMatch(expected);
    expect(ran.status).toBe(2);
  });
});

test("two accounts by two profiles: credentials run out in the middle, and the same command goes on", async () => {
  const before = await held();
  const profiles = ["--profile", "network", "admin"];
  const assembly = join(folder, "cdk.out");

  proxy.refuse(expiredAfter("ExecuteChangeSet"));
  const cutOff = await causeway(["deploy", folder, ...profiles, "--yes"]);
  expect(cutOff.stdout).toContain(
    `the cloud at ${proxy.endpoint}: accounts 111111111111 (profile network), 222222222222 (profile admin)`,
  );
  expect(cutOff.stdout).toMatch(/\? Hub: how it is now cannot be told\n.*expired\n.*the same command again goes on/);
  expect(cutOff.stdout).toMatch(/Next: Log in again: `aws sso login --profile network`/);
  expect(cutOff.stdout).toContain("Not begun: Spoke");
  expect(cutOff.status).toBe(4);

  const early = await causeway(["plan", assembly], { AWS_PROFILE: "network" });
  expect(early.stderr).toMatch(/AWS says of profile network: The security token included in the request is expired\n/);
  expect(early.stderr).toMatch(/aws sso login --profile network/);
  expect(early.status).toBe(2);

  proxy.refuse(({ action }) => (action === "DescribeSecurityGroups" ? "denied" : undefined));
  const renewed = await causeway(["deploy", assembly, ...profiles, "--yes"]);
  expect(renewed.stdout).toContain("✔ Deployed.");
  // The proof may not read the groups: it says so, and is no verdict.
  expect(renewed.stdout).toMatch(/\? Hub\/One → Hub\/Two +icmp +engine: unknown/);
  expect(renewed.stdout).toMatch(/DescribeSecurityGroups in 222222222222\/eu-west-1: .*dana is not authorized/);
  expect(renewed.stdout).toContain("causeway snapshot --policy");
  expect(renewed.status).toBe(4);
  // By the role's session, not by a key that stands for the account.
  const ofSpoke = proxy.calls.filter(({ region, action }) => region === "eu-west-1" && action === "ExecuteChangeSet");
  expect(ofSpoke.map(({ accessKeyId }) => accessKeyId === spokeAccount)).toEqual([false]);

  proxy.refuse(() => undefined);
  const proved = await causeway(["deploy", assembly, ...profiles, "--yes"]);
  expect(proved.stdout).toMatch(/Nothing to deploy(.|\n)*Proof: 2 of 2 promises hold/);
  expect(proved.status).toBe(0);
  if (cloud.packets) expect(await cloud.ping("Spoke/One", "Spoke/Two")).toBe(1);

  proxy.refuse(expiredAfter("DeleteStack"));
  const half = await causeway(["destroy", assembly, ...profiles, "--yes"]);
  expect(half.stdout).toMatch(/\? Spoke: how it is now cannot be told/);
  expect(half.status).toBe(4);
  proxy.refuse(() => undefined);
  const removed = await causeway(["destroy", assembly, ...profiles, "--yes"]);
  expect(removed.stdout).toContain("✔ Removed.");
  expect(removed.status).toBe(0);
  expect(await held()).toEqual(before);
  const again = await causeway(["destroy", assembly, ...profiles, "--yes"]);
  expect(again.stdout).toContain("Nothing to remove.");
  expect(again.status).toBe(0);
});

describe("rights that are missing are told: who, what, and what to do; and nothing is half done", () => {
  let assembly: string;
  let bootstrapped: string;
  beforeAll(async () => {
    assembly = await synthesized("legacy", {});
    bootstrapped = await synthesized("bootstrapped", { bootstrapped: "1" });
  });

  interface Missing {
    readonly action: string;
    readonly words: () => readonly string[];
    readonly isFar?: boolean;
    readonly status: number;
    readonly told: RegExp;
  }

  test.concurrent.for<readonly [string, Missing]>([
    [
      "DescribeStacks: what would change is not known",
      {
        action: "DescribeStacks",
        words: () => ["plan", assembly],
        status: 4,
        told: /✘ Hub: .*111111111111:user\/dana is not authorized to perform: cloudformation:DescribeStacks(.|\n)*✘ Spoke: .*222222222222:user/,
      },
    ],
    [
      "DescribeStacks: nothing is deployed",
      {
        action: "DescribeStacks",
        words: () => ["deploy", assembly, "--yes"],
        status: 2,
        told: /Ask whoever administers(.|\n)*Nothing was deployed: Hub, Spoke cannot go well/,
      },
    ],
    [
      "DescribeStacks: nothing is removed",
      {
        action: "DescribeStacks",
        words: () => ["destroy", assembly, "--yes"],
        status: 2,
        told: /dana is not authorized(.|\n)*Nothing was removed: AWS does not tell the state of Hub, Spoke/,
      },
    ],
    [
      "CreateChangeSet",
      {
        action: "CreateChangeSet",
        words: () => ["deploy", assembly, "--yes"],
        status: 1,
        told: /dana is not authorized to perform: cloudformation:CreateChangeSet.*\n {2}Next: Ask whoever(.|\n)*Not begun: Hub, Spoke/,
      },
    ],
    [
      "AssumeRole, of the role that bootstrapping makes",
      {
        action: "AssumeRole",
        words: () => ["plan", bootstrapped],
        isFar: true,
        status: 4,
        told: /✘ Spoke: .*dana is not authorized to perform: sts:AssumeRole.*bootstrap/,
      },
    ],
  ])("%s", async ([, { action, words, isFar, status, told }], { onTestFinished }) => {
    const own = await startRefusingProxy(cloud.endpoint);
    onTestFinished(() => own.stop());
    own.refuse((call) => (call.action === action ? "denied" : undefined));
    const ran = await causeway(words(), keysAt(isFar ? own.farEndpoint : own.endpoint));
    expect(ran.stdout + ran.stderr).toMatch(told);
    expect(ran.status).toBe(status);
    expect(own.calls.filter((call) => /^(ExecuteChangeSet|DeleteStack)$/.test(call.action))).toEqual([]);
  });

  async function synthesized(name: string, context: Readonly<Record<string, string>>): Promise<string> {
    const outdir = join(cloud.folder, name);
    const env = { ...environment(), CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) };
    const ran = await run(process.execPath, ["app.cjs"], { cwd: folder, env });
    expect(ran.status, ran.stderr).toBe(0);
    return outdir;
  }
});
