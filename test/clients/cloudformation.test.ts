/** CloudFormation's real clients: the SDK with its waiters. (The CDK: cdk-apps.test.ts) */
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from "@aws-sdk/client-cloudformation";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

const account = "111111111111";

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
