/** `causeway snapshot`, as users run it: from the running cloud, through AWS's API, and from a folder. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateVpcCommand,
  DescribeSecurityGroupsCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type NetworkModel, snapshotFromJson } from "../../src/model/index.ts";
import { ec2Client } from "../support/ec2-client.ts";
import type { Ran } from "../support/run.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

const account = "111111111111";
let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud({ packets: "model" });
  const client = ec2Client(cloud.endpoint, account);
  await client.send(new CreateVpcCommand({ CidrBlock: "10.7.0.0/16" }));
  const { SecurityGroups } = await client.send(new DescribeSecurityGroupsCommand({}));
  const IpPermissions = [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];
  const GroupId = SecurityGroups?.[0]?.GroupId;
  await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  client.destroy();
});
afterAll(() => cloud?.stop());

/** The command as if the cloud were AWS: the environment says where it is, and who asks. */
function snapshot(words: readonly string[]): Promise<Ran> {
  return cloud.causeway(["snapshot", ...words], undefined, cloud.env(account));
}

function modelOf(text: string): NetworkModel {
  const result = snapshotFromJson(text);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.model;
}

test("without options the running cloud is printed, and people are told on the other stream", async () => {
  const { status, stdout, stderr } = await snapshot([]);
  expect(status).toBe(0);
  expect(modelOf(stdout).vpcs.some(({ cidrBlocks }) => cidrBlocks.includes("10.7.0.0/16"))).toBe(true);
  expect(stderr).toMatch(/snapshot: 2 vpcs, .*\n {2}1 account, 1 Region\n/);
});

test("--out writes a file, and --json tells programs what is in it", async () => {
  const out = join(cloud.folder, "out.json");
  const { status, stdout } = await snapshot(["--out", out, "--json"]);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    out,
    accounts: [account],
    regions: ["us-east-1"],
    counts: { vpcs: 2 },
    unknowns: [],
    problems: [],
    refused: [],
  });
  expect(modelOf(readFileSync(out, "utf8")).vpcs).toHaveLength(2);
});

test("through the API and through a folder of its answers it is the same network", async () => {
  const answers = join(cloud.folder, "answers");
  const own = modelOf((await snapshot([])).stdout);
  const live = await snapshot(["--from", "aws", "--regions", "us-east-1", "--answers", answers]);
  expect(live.status, live.stderr).toBe(0);
  const kept = await snapshot(["--from", answers, "--json"]);
  expect(kept.status, kept.stderr).toBe(0);
  expect(modelOf(kept.stdout)).toEqual(modelOf(live.stdout));
  const groups = (model: NetworkModel) => new Set(model.securityGroups.flatMap(({ rules }) => rules));
  expect(groups(modelOf(live.stdout))).toEqual(groups(own));
});

test("what cannot be read is told, and ends the command with 4: the snapshot is written all the same", async () => {
  const folder = join(cloud.folder, "broken", account, "eu-west-1");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Vpcs.json"), JSON.stringify({ Vpcs: [{ VpcId: "vpc-1", CidrBlock: "10.0.0.0/99" }] }));
  writeFileSync(join(folder, "Subnets.json"), "<html>");
  const { status, stdout, stderr } = await snapshot(["--from", join(cloud.folder, "broken")]);
  expect(status).toBe(4);
  expect(stderr).toContain("111111111111/eu-west-1/Subnets.json: not JSON");
  expect(stderr).toContain('Vpcs.json Vpcs[0].CidrBlock: expected a CIDR block, got "10.0.0.0/99"');
  expect(modelOf(stdout).vpcs).toHaveLength(1);
});

test("--policy prints what the reader must be allowed, all of it reading", async () => {
  const { status, stdout } = await snapshot(["--policy"]);
  expect(status).toBe(0);
  const actions: readonly string[] = JSON.parse(stdout).Statement[0].Action;
  expect(actions.filter((each) => !/^ec2:(Describe|Get|Search)[A-Za-z]+$/.test(each))).toEqual([]);
  expect(actions).toContain("ec2:SearchTransitGatewayRoutes");
});

test.each([
  { words: ["--profile", "p"], says: "are for live accounts" },
  { words: ["--from", "aws", "--regions", "Virginia"], says: "'Virginia' is not a Region" },
  { words: ["--from", "/no/such/folder"], says: "cannot be read as a folder of answers" },
  { words: ["--from", process.execPath], says: "it is a file" },
  { words: ["--out", "/no/such/folder/file"], says: "cannot be written" },
  { words: ["--from", "aws", "--profile", "nobody", "--regions", "us-east-1"], says: "The account cannot be read" },
])("$words is the user's mistake", async ({ words, says }) => {
  const { status, stderr } = await snapshot(words);
  expect(stderr).toContain(says);
  expect(status).toBe(2);
});

test("an empty folder is no account", async () => {
  const folder = join(cloud.folder, "empty");
  mkdirSync(folder);
  const { status, stderr } = await snapshot(["--from", folder]);
  expect(status).toBe(2);
  expect(stderr).toContain("There are no .json files");
});
