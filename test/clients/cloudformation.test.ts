/**
 * CloudFormation's real clients: the SDK with its waiters, and the CDK, which bootstraps an account,
 * deploys a network and a custom resource whose function really runs, and takes all of it away.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from "@aws-sdk/client-cloudformation";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../support/run.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

const account = "111111111111";
const require = createRequire(import.meta.url);

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud?.stop());

test("the SDK creates a stack, waits for it, and waits for its end", async () => {
  const client = new CloudFormationClient({
    region: "us-east-1",
    endpoint: cloud.endpoint,
    credentials: { accessKeyId: account, secretAccessKey: "unused" },
  });
  const patience = { client, maxWaitTime: 60, minDelay: 1, maxDelay: 2 };
  const TemplateBody = `
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
Outputs:
  SubnetId: {Value: !Ref Subnet}
`;
  const { StackId: StackName } = await client.send(new CreateStackCommand({ StackName: "sdk", TemplateBody }));
  await waitUntilStackCreateComplete(patience, { StackName });
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  expect(Stacks[0]?.Outputs).toEqual([{ OutputKey: "SubnetId", OutputValue: expect.stringMatching(/^subnet-/) }]);
  expect(Stacks[0]?.CreationTime).toBeInstanceOf(Date);
  await client.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete(patience, { StackName });
  await expect(client.send(new DescribeStacksCommand({ StackName: "sdk" }))).rejects.toMatchObject({
    name: "ValidationError",
    message: "Stack with id sdk does not exist",
  });
  client.destroy();
});

const app = `
const cdk = require("aws-cdk-lib");
const ec2 = require("aws-cdk-lib/aws-ec2");
const lambda = require("aws-cdk-lib/aws-lambda");
const stack = new cdk.Stack(new cdk.App(), "Net", { env: { account: "${account}", region: "us-east-1" } });
const vpc = new ec2.Vpc(stack, "Vpc", { maxAzs: 2, natGateways: 1, restrictDefaultSecurityGroup: false });
const code = "const response = require('cfn-response'); exports.handler = (event, context) => response.send(event, context, 'SUCCESS', { Answer: '42' }, 'thing');";
const handler = new lambda.Function(stack, "Function", { runtime: lambda.Runtime.NODEJS_20_X, handler: "index.handler", code: lambda.Code.fromInline(code) });
const thing = new cdk.CustomResource(stack, "Thing", { serviceToken: handler.functionArn });
new cdk.CfnOutput(stack, "Answer", { value: thing.getAttString("Answer") });
new cdk.CfnOutput(stack, "VpcId", { value: vpc.vpcId });
`;

test("the CDK bootstraps, deploys and destroys", { timeout: 180_000 }, async (context) => {
  if (!cloud.packets) context.skip("functions run in the same sandbox as packets, which this machine has not");
  const folder = join(cloud.folder, "app");
  mkdirSync(folder);
  writeFileSync(join(folder, "app.cjs"), app);
  const modules = join(require.resolve("aws-cdk-lib/package.json"), "..", "..");
  const env = { ...cloud.env(account), NODE_PATH: modules, CDK_DISABLE_VERSION_CHECK: "1", CI: "1" };
  const words = [
    "--no-notices",
    "--output",
    join(folder, "cdk.out"),
    "--app",
    `${process.execPath} ${join(folder, "app.cjs")}`,
  ];
  const cdk = (...more: readonly string[]) =>
    run(process.execPath, [join(modules, "aws-cdk", "bin", "cdk"), ...more, ...words], { env, timeoutMs: 120_000 });
  const bootstrapped = await cdk("bootstrap", `aws://${account}/us-east-1`);
  expect(bootstrapped.stderr + bootstrapped.stdout).toContain("bootstrapped");
  const deployed = await cdk("deploy", "--require-approval", "never");
  const said = deployed.stderr + deployed.stdout;
  expect(said).toContain("Net.Answer = 42");
  expect(said).toMatch(/Net\.VpcId = vpc-/);
  const destroyed = await cdk("destroy", "--force");
  expect(destroyed.stderr + destroyed.stdout).toContain("destroyed");
});
