/**
 * `causeway deploy`, `plan` and `destroy` as users run them, on a local cloud: two stacks in two Regions are made, proved, changed, killed in the
 * middle and made all the same, and taken away, with what is in the way named.
 */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateNetworkInterfaceCommand,
  DeleteNetworkInterfaceCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ec2Client } from "../support/ec2-client.ts";
import type { Ran } from "../support/run.ts";
import { cleanEnvironment, startCloud, type TestCloud } from "../support/start-cloud.ts";

const account = "111111111111";
const require = createRequire(import.meta.url);

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

/** An intent lies in the assembly as any construct library writes it: that is the contract. */
const app = `
const cdk = require("aws-cdk-lib");
const ec2 = require("aws-cdk-lib/aws-ec2");
const iam = require("aws-cdk-lib/aws-iam");
const lambda = require("aws-cdk-lib/aws-lambda");
const app = new cdk.App();
const given = (name, usual) => app.node.tryGetContext(name) ?? usual;
function site(id, region, cidrBlock) {
  const synthesizer = new cdk.LegacyStackSynthesizer();
  const stack = new cdk.Stack(app, id, { env: { account: "${account}", region }, synthesizer });
  const vpc = new ec2.CfnVPC(stack, "Vpc", { cidrBlock });
  const subnet = new ec2.CfnSubnet(stack, "Subnet", { vpcId: vpc.ref, cidrBlock: cidrBlock.replace("/16", "/24") });
  const ping = { ipProtocol: "icmp", fromPort: -1, toPort: -1, cidrIp: "10.0.0.0/8" };
  const group = new ec2.CfnSecurityGroup(stack, "Group", { vpcId: vpc.ref, groupDescription: "pings", securityGroupIngress: [ping] });
  for (const name of ["One", "Two"]) {
    new ec2.CfnInstance(stack, name, { imageId: "ami-00000000000000001", instanceType: "t3.micro", subnetId: subnet.ref, securityGroupIds: [group.ref] });
  }
  const promise = (expect, traffic) => stack.node.addMetadata("causeway:intent", {
    expect, traffic,
    from: { kind: "resource", artifactId: id, logicalId: "One" },
    to: { kind: "resource", artifactId: id, logicalId: "Two" },
  });
  promise("reachable", { protocol: "icmp" });
  promise(given("promise", "unreachable"), { protocol: "tcp", port: 22 });
  return { stack, vpc };
}
const east = site("East", "us-east-1", "10.0.0.0/16");
const west = site("West", "eu-west-1", given("west", "10.1.0.0/16"));
west.stack.addDependency(east.stack);
const principal = new iam.ServicePrincipal("lambda.amazonaws.com");
const role = new iam.Role(east.stack, "Role", { assumedBy: principal });
new lambda.CfnFunction(east.stack, "Speaks", { functionName: "speaks", runtime: "nodejs22.x", handler: "index.handler", role: role.roleArn, code: { zipFile: "exports.handler = async () => 1;" } });
if (given("wrong")) new ec2.CfnSubnet(west.stack, "Wrong", { vpcId: west.vpc.ref, cidrBlock: "192.168.0.0/24" });
app.synth();
`;

let cloud: TestCloud;
let folder: string;
beforeAll(async () => {
  cloud = await startCloud({ packets: "model" });
  folder = join(cloud.folder, "app");
  mkdirSync(folder);
  writeFileSync(join(folder, "app.cjs"), app);
  writeFileSync(join(folder, "cdk.json"), JSON.stringify({ app: `${process.execPath} app.cjs` }));
});
afterAll(() => cloud?.stop());

const modules = join(require.resolve("aws-cdk-lib/package.json"), "..", "..");
const environment = (): NodeJS.ProcessEnv => ({ ...cleanEnvironment(), NODE_PATH: modules, CDK_VALIDATION: "false" });
const causeway = (...words: readonly string[]): Promise<Ran> => cloud.causeway(words, undefined, environment());
/** What \`deploy\` made of the app the last time: nothing has to be run again. */
const assembly = (): string => join(folder, "cdk.out");

interface JsonEvent {
  readonly event: string;
  readonly id?: string;
  readonly outcome?: string;
  readonly outcomes?: readonly {
    readonly id: string;
    readonly outcome: string;
    readonly blockers?: readonly object[];
  }[];
  readonly logs?: readonly object[];
  readonly judgements?: readonly { readonly holds?: boolean; readonly packets?: { readonly kind: string } }[];
}

const eventsIn = ({ stdout }: Ran): readonly JsonEvent[] =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
const outcomesIn = (ran: Ran) =>
  (eventsIn(ran).findLast(({ event }) => event === "end")?.outcomes ?? []).map(({ id, outcome }) => `${id} ${outcome}`);

/** Sends SIGKILL as soon as CloudFormation is at a resource: in the middle of everything. */
function killedInTheMiddle(...words: readonly string[]): Promise<void> {
  const [name = "", ...rest] = words;
  return new Promise((resolve, reject) => {
    const line = [cloud.commandPath, name, "--state", cloud.state, "--json", ...rest];
    const child = spawn(process.execPath, line, { env: environment(), stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk: Buffer) => {
      if (chunk.includes('"event":"resource"')) child.kill("SIGKILL");
    });
    child.once("error", reject);
    child.once("close", (status, signal) =>
      signal === "SIGKILL" ? resolve() : reject(new Error(`${name} ended by itself with ${status}`)),
    );
  });
}

async function vpcs(region: string): Promise<number> {
  const client = ec2Client(cloud.endpoint, account, region);
  const { Vpcs = [] } = await client.send(
    new DescribeVpcsCommand({ Filters: [{ Name: "is-default", Values: ["false"] }] }),
  );
  client.destroy();
  return Vpcs.length;
}

test("an app is deployed, proved, changed, killed, made all the same, and removed", async () => {
  const deployed = await causeway("deploy", folder, "--local", "--yes", "--json");
  expect(deployed.stderr).toBe("");
  expect(deployed.status, deployed.stdout).toBe(0);
  expect(eventsIn(deployed)[2]).toMatchObject({ event: "begin", local: true, regions: ["us-east-1", "eu-west-1"] });
  expect(outcomesIn(deployed)).toEqual(["East deployed", "West deployed"]);
  const { judgements = [] } = eventsIn(deployed).find(({ event }) => event === "proof") ?? {};
  expect(judgements.map(({ holds }) => holds)).toEqual([true, true, true, true]);
  // This cloud keeps records only, and says so rather than that a packet arrived.
  expect(new Set(judgements.map(({ packets }) => packets?.kind))).toEqual(new Set(["not-tried"]));

  const plan = await causeway("plan", assembly(), "--local", "--json");
  expect(JSON.parse(plan.stdout)).toMatchObject({ different: false, findings: [], bootstraps: [] });
  expect(plan.status).toBe(0);

  // Another block for West is another VPC; one promise is broken in both; and one subnet cannot be made.
  const changed = await causeway("plan", folder, "West", "--local", "-c", "west=10.2.0.0/16");
  expect(changed.stdout).toMatch(/± Vpc +AWS::EC2::VPC \(CidrBlock\) another takes its place/);
  expect(changed.stdout).toMatch(/come along: East/);
  expect(changed.status).toBe(1);

  const wrong = await causeway("deploy", folder, "--local", "--yes", "-c", "wrong=1");
  expect(wrong.status).toBe(1);
  expect(wrong.stdout).toMatch(/✘ West failed\n {2}Wrong \(AWS::EC2::Subnet\) CREATE_FAILED\n.*192\.168\.0\.0\/24/);
  expect(wrong.stdout).toContain("it is as it was before (UPDATE_ROLLBACK_COMPLETE)");

  const broken = await causeway("deploy", folder, "--local", "--yes", "-c", "promise=reachable");
  expect(broken.status).toBe(1);
  expect(broken.stdout).toContain("Proof: 2 of 4 promises hold");
  expect(broken.stdout).toContain("ENI_SG_RULES_MISMATCH");

  await killedInTheMiddle("destroy", assembly(), "--local", "--yes");
  const removed = await causeway("destroy", assembly(), "--local", "--yes", "--json");
  expect(removed.status).toBe(0);
  expect(await vpcs("us-east-1")).toBe(0);
  expect(await vpcs("eu-west-1")).toBe(0);

  await killedInTheMiddle("deploy", assembly(), "--local", "--yes");
  const again = await causeway("deploy", assembly(), "--local", "--yes", "--json", "--no-proof");
  expect(again.status).toBe(0);
  expect(outcomesIn(again)).toContain("West deployed");
  expect([await vpcs("us-east-1"), await vpcs("eu-west-1")]).toEqual([1, 1]);

  const client = ec2Client(cloud.endpoint, account, "eu-west-1");
  const { Subnets: [subnet] = [] } = await client.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: "cidr-block", Values: ["10.1.0.0/24"] }] }),
  );
  const { NetworkInterface: own } = await client.send(
    new CreateNetworkInterfaceCommand({ SubnetId: subnet?.SubnetId, Description: "by hand" }),
  );
  const held = await causeway("destroy", assembly(), "--local", "--yes");
  expect(held.status).toBe(1);
  expect(held.stdout).toMatch(
    new RegExp(`held by ${own?.NetworkInterfaceId}, a network interface \\(by hand\\), made by`),
  );
  expect(held.stdout).toContain("Still there: East");
  await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: own?.NetworkInterfaceId }));
  client.destroy();
  // As Lambda would when the function first ran.
  const credentials = { accessKeyId: account, secretAccessKey: "causeway" };
  const logs = new CloudWatchLogsClient({ endpoint: cloud.endpoint, region: "us-east-1", credentials });
  await logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/lambda/speaks" }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/lambda/speaks-of-another" }));
  logs.destroy();

  const freed = await causeway("destroy", assembly(), "--local", "--yes", "--json");
  expect(freed.status).toBe(0);
  expect(outcomesIn(freed)).toEqual(["East removed", "West removed"]);
  expect(eventsIn(freed).at(-1)?.logs).toEqual([{ id: "East", logGroupName: "/aws/lambda/speaks" }]);
  const nothing = await causeway("destroy", assembly(), "--local", "--yes");
  expect(nothing.stdout).toContain("Nothing to remove.");
  expect(nothing.status).toBe(0);
});

describe("a mistake is told, with what to do", () => {
  const failing = (): string => {
    const path = join(cloud.folder, "failing");
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "app.cjs"), 'throw new Error("no such department");');
    writeFileSync(join(path, "cdk.json"), JSON.stringify({ app: `${process.execPath} app.cjs` }));
    return path;
  };
  test.each<readonly [string, () => readonly string[], RegExp]>([
    ["no folder", () => ["deploy", "/no/such/folder", "--local", "--yes"], /There is no folder \/no\/such\/folder/],
    ["no app", () => ["plan", cloud.state, "--local"], /There is no cdk\.json in/],
    ["nobody to ask", () => ["deploy", folder, "--local"], /no terminal to ask.*\n.*--yes/],
    ["an app that fails", () => ["plan", failing(), "--local"], /The app in .* fails(.|\n)*no such department/],
    ["context", () => ["plan", folder, "--local", "-c", "west"], /'west' is no context/],
    ["a profile of the local cloud", () => ["plan", folder, "--local", "--profile", "x"], /--local has no profiles/],
    ["an account elsewhere", () => ["plan", folder, "--account", account], /--account is for the local cloud/],
    ["no cloud", () => ["plan", folder, "--local", "--state", join(cloud.folder, "none")], /No cloud is running on/],
    ["how many", () => ["deploy", folder, "--local", "--yes", "--concurrency", "many"], /'many' is not a number/],
  ])("%s", async (_name, words, expected) => {
    const ran = await causeway(...words());
    expect(ran.stderr).toMatch(expected);
    expect(ran.status).toBe(2);
  });

  test("a stack that the app does not have, and one that is meant", async () => {
    const ran = await causeway("plan", folder, "Wset", "--local");
    expect(ran.stderr).toMatch(/This app has no stack 'Wset'\.\n {2}Did you mean West\?/);
    expect(ran.status).toBe(2);
  });

  test("an endpoint where nobody listens", async () => {
    const env = { ...cloud.env(account), AWS_ENDPOINT_URL: "http://127.0.0.1:9", NODE_PATH: modules };
    const ran = await cloud.causeway(["plan", folder], undefined, env);
    expect(ran.stderr).toMatch(/http:\/\/127\.0\.0\.1:9 does not answer.*\n.*causeway up/);
    expect(ran.status).toBe(2);
  });
});
