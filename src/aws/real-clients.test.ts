/** The codecs with other people's clients at the other end: the AWS CLI and boto3, over HTTP on loopback. */
import { execFile, spawnSync } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AwsError,
  accountOfAccessKey,
  answer,
  credentialScope,
  ec2Errors,
  type Input,
  inputOfMessage,
  invalidAction,
  operationOfMessage,
  readMessage,
  refusal,
  serviceOfMessage,
} from "./index.ts";

const text = `<&>"' é 日本 🛰`;
const at = new Date("2026-01-31T12:00:00.250Z");
const calls: { operation: string; account: string; region: string; input: Input }[] = [];

const answers: { readonly [operation: string]: object } = {
  DescribeVpcs: {
    Vpcs: [{ VpcId: "vpc-1", IsDefault: false, CidrBlock: "10.0.0.0/16", Tags: [{ Key: "Name", Value: text }] }],
  },
  CreateVpcPeeringConnection: {
    VpcPeeringConnection: { VpcPeeringConnectionId: "pcx-1", ExpirationTime: at, Tags: [] },
  },
  DeleteRoute: {},
  GetCallerIdentity: { Account: "111111111111", Arn: "arn:aws:iam::111111111111:root", UserId: "111111111111" },
  ListRoles: { Roles: [], IsTruncated: false },
  SendCommand: { Command: { CommandId: "c-1", RequestedDateTime: at, Parameters: { commands: [text] } } },
};

let server: Server;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  server = createServer((request, response) => {
    respond(request).then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  environment = {
    ...process.env,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
    AWS_ACCESS_KEY_ID: "111111111111",
    AWS_SECRET_ACCESS_KEY: "x",
    AWS_REGION: "eu-central-1",
    AWS_DEFAULT_REGION: "eu-central-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_MAX_ATTEMPTS: "1",
    NO_PROXY: "127.0.0.1",
  };
});

afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

async function respond(request: IncomingMessage) {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  const scope = credentialScope({ authorization: request.headers.authorization });
  const target = request.headers["x-amz-target"];
  const message = readMessage({ body, target: typeof target === "string" ? target : undefined });
  const model = serviceOfMessage(message, scope.service);
  if (model === undefined) throw new Error(`no model for ${scope.service}`);
  try {
    const operation = operationOfMessage(model, message);
    const input = inputOfMessage(operation, message);
    calls.push({
      operation: operation.name,
      account: accountOfAccessKey(scope.accessKeyId),
      region: scope.region,
      input,
    });
    if (operation.name === "DeleteVpc") throw ec2Errors.notFound("vpc", String(input.VpcId));
    const output = answers[operation.name];
    if (output === undefined) throw invalidAction(operation.name);
    return answer(operation, output, "r-1");
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return refusal(model, error, "r-1");
  }
}

async function run(command: string, ...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  try {
    return await promisify(execFile)(command, [...args], { env: environment, timeout: 50_000 });
  } catch (error) {
    // A client that ends with a code has spoken; one that did not start has not.
    if (
      typeof error === "object" &&
      error !== null &&
      "stdout" in error &&
      "stderr" in error &&
      "code" in error &&
      typeof error.code === "number"
    ) {
      return { stdout: String(error.stdout), stderr: String(error.stderr) };
    }
    throw error;
  }
}

const cli = spawnSync("aws", ["--version"]).status === 0;
const boto3 = spawnSync("python3", ["-c", "import boto3"]).status === 0;

describe.skipIf(!cli)("the AWS CLI", () => {
  test("describes with a filter", async () => {
    const { stdout } = await run(
      "aws",
      "ec2",
      "describe-vpcs",
      "--filters",
      JSON.stringify([{ Name: "tag:Name", Values: [text, "b"] }]),
      "--output",
      "json",
      "--no-paginate",
    );
    expect(JSON.parse(stdout)).toEqual(answers.DescribeVpcs);
    expect(calls).toContainEqual({
      operation: "DescribeVpcs",
      account: "111111111111",
      region: "eu-central-1",
      input: { Filters: [{ Name: "tag:Name", Values: [text, "b"] }] },
    });
  });

  test("reads a refusal", async () => {
    const { stderr } = await run("aws", "ec2", "delete-vpc", "--vpc-id", "vpc-7");
    expect(stderr).toContain(
      "(InvalidVpcID.NotFound) when calling the DeleteVpc operation: The vpc ID 'vpc-7' does not exist",
    );
  });
});

test.skipIf(!boto3)("boto3 speaks all three protocols", async () => {
  const script = `
import boto3, json, sys
ec2, sts, iam, ssm = (boto3.client(name) for name in ("ec2", "sts", "iam", "ssm"))
text = json.loads(sys.argv[1])
def strip(answer):
    answer.pop("ResponseMetadata")
    return answer
print(json.dumps([
    strip(ec2.create_vpc_peering_connection(VpcId="vpc-1", PeerVpcId="vpc-2",
        TagSpecifications=[{"ResourceType": "vpc-peering-connection", "Tags": [{"Key": "Name", "Value": text}]}])),
    strip(ec2.delete_route(RouteTableId="rtb-1", DestinationCidrBlock="10.0.0.0/8")),
    strip(sts.get_caller_identity()),
    strip(iam.list_roles()),
    strip(ssm.send_command(DocumentName="AWS-RunShellScript", InstanceIds=["i-1"], Parameters={"commands": [text]})),
], default=lambda date: date.timestamp()))
`;
  const { stdout, stderr } = await run("python3", "-c", script, JSON.stringify(text));
  expect(stderr).toBe("");
  const seconds = at.getTime() / 1000;
  expect(JSON.parse(stdout)).toEqual([
    { VpcPeeringConnection: { VpcPeeringConnectionId: "pcx-1", ExpirationTime: seconds, Tags: [] } },
    {},
    answers.GetCallerIdentity,
    answers.ListRoles,
    { Command: { CommandId: "c-1", RequestedDateTime: seconds, Parameters: { commands: [text] } } },
  ]);
  expect(calls).toContainEqual(
    expect.objectContaining({
      operation: "CreateVpcPeeringConnection",
      input: {
        VpcId: "vpc-1",
        PeerVpcId: "vpc-2",
        TagSpecifications: [{ ResourceType: "vpc-peering-connection", Tags: [{ Key: "Name", Value: text }] }],
      },
    }),
  );
  expect(calls).toContainEqual(
    expect.objectContaining({
      input: { DocumentName: "AWS-RunShellScript", InstanceIds: ["i-1"], Parameters: { commands: [text] } },
    }),
  );
});
