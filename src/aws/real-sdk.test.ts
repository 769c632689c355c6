/** The codecs with AWS's own SDK at the other end: its requests are ours to read, our answers are its to read. */

import * as ec2 from "@aws-sdk/client-ec2";
import { EC2Client } from "@aws-sdk/client-ec2";
import * as iam from "@aws-sdk/client-iam";
import * as ram from "@aws-sdk/client-ram";
import * as ssm from "@aws-sdk/client-ssm";
import * as sts from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
import {
  AwsError,
  answer,
  credentialScope,
  inputOfMessage,
  missingParameter,
  operationOfMessage,
  readMessage,
  refusal,
  type Shape,
  serviceModel,
  serviceOfMessage,
  unsupportedOperation,
} from "./index.ts";

const requestId = "0a1b2c3d-0000-4000-8000-00000000abcd";

interface Seen {
  service: string;
  operation: string;
  input: object;
  region: string | undefined;
}

/** What the SDK hands to its HTTP handler. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query: { readonly [name: string]: string };
  readonly headers: { readonly [name: string]: string };
  readonly body?: unknown;
}

/** Client settings whose "network" is a handler: what it is given is what we read, what it returns is what the client reads. */
function wired(handle: (seen: Seen) => object) {
  const seen: Seen[] = [];
  const requestHandler = {
    async handle(request: SdkRequest) {
      const bytes = request.body;
      const body =
        typeof bytes === "string" ? bytes : bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : "";
      const { authorization } = request.headers;
      // AssumeRoleWithSAML and AssumeRoleWithWebIdentity are made without keys, and so without a signature.
      const scope = authorization === undefined ? undefined : credentialScope({ authorization });
      const message = readMessage({
        method: request.method,
        path: request.path,
        queryString: new URLSearchParams(request.query).toString(),
        headers: request.headers,
        body,
        target: request.headers["x-amz-target"],
      });
      const model = serviceOfMessage(message, scope?.service);
      if (model === undefined) throw new Error(`no model for ${body}`);
      let wire: ReturnType<typeof answer>;
      try {
        const operation = operationOfMessage(model, message);
        const call = {
          service: model.service,
          operation: operation.name,
          input: inputOfMessage(operation, message),
          region: scope?.region,
        };
        seen.push(call);
        wire = answer(operation, handle(call), requestId);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        wire = refusal(model, error, requestId);
      }
      const headers = Object.fromEntries(
        Object.entries(wire.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      return { response: { statusCode: wire.status, headers, body: Buffer.from(wire.body) } as never };
    },
  };
  return {
    seen,
    config: {
      region: "eu-central-1",
      credentials: { accessKeyId: "111111111111", secretAccessKey: "x" },
      requestHandler,
      maxAttempts: 1,
    },
  };
}

const at = new Date("2026-01-31T12:00:00.250Z");
const text = `<&>"' \t\n]]> é 日本 🛰 \r end`;

/** A value that fills a shape: every member, two items per list, down to where a shape contains itself. */
function filled(shape: Shape, within: readonly Shape[]): unknown {
  switch (shape.type) {
    case "string":
      return text;
    case "number":
      return 42;
    case "boolean":
      return true;
    case "timestamp":
      return at;
    case "blob":
      return new Uint8Array([0, 255, 62, 63]);
    case "document":
      return { any: ["thing"] };
    case "list": {
      const item = filled(shape.item, within);
      return item === undefined ? undefined : [item, item];
    }
    case "map": {
      const value = filled(shape.value, within);
      return value === undefined ? undefined : { [text]: value, __proto: value };
    }
    case "structure": {
      if (within.includes(shape)) return undefined;
      const entries = shape.members.map(({ name, shape: member }) => [name, filled(member, [...within, shape])]);
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    }
  }
}

describe.each([
  ["ec2", ec2, EC2Client],
  ["iam", iam, iam.IAMClient],
  ["ram", ram, ram.RAMClient],
  ["ssm", ssm, ssm.SSMClient],
  ["sts", sts, sts.STSClient],
] as const)("every operation of %s", (service, sdk, Client) => {
  test("arrives and answers with every member filled", async () => {
    const model = serviceModel(service);
    const { config, seen } = wired(({ operation }) => {
      const output = model.operations.get(operation)?.output;
      return output === undefined ? {} : Object(filled(output, []));
    });
    // Each command is looked up by its name, which no static type of the SDK's spans.
    const client: { send(command: object): Promise<object> } = new Client(config) as never;
    for (const [name, operation] of model.operations) {
      const Command: new (input: unknown) => object = Reflect.get(sdk, `${name}Command`);
      const input = filled(operation.input, []);
      const output = await client.send(new Command(input));
      const call = seen.pop();
      expect({ name: call?.operation, input: call?.input }).toEqual({ name, input });
      const expected = operation.output === undefined ? {} : Object(filled(operation.output, []));
      expect({ name, ...output, $metadata: undefined }).toEqual({ name, ...expected, $metadata: undefined });
    }
    expect(model.operations.size).toBeGreaterThan(10);
  });
});

describe("EC2 Query", () => {
  test("a request's input arrives as the caller gave it: nested, lists, booleans, numbers, timestamps", async () => {
    const { config, seen } = wired(() => ({}));
    const client = new EC2Client(config);
    const inputs = {
      AuthorizeSecurityGroupIngress: {
        GroupId: "sg-0123456789abcdef0",
        DryRun: false,
        IpPermissions: [
          {
            IpProtocol: "tcp",
            FromPort: 443,
            ToPort: 443,
            IpRanges: [{ CidrIp: "10.0.0.0/16", Description: text }],
            UserIdGroupPairs: [{ GroupId: "sg-1", UserId: "222222222222" }],
            Ipv6Ranges: [{ CidrIpv6: "::/0" }],
          },
          { IpProtocol: "-1" },
        ],
      },
      CreateVpcPeeringConnection: {
        VpcId: "vpc-1",
        PeerVpcId: "vpc-2",
        TagSpecifications: [{ ResourceType: "vpc-peering-connection" as const, Tags: [{ Key: "Name", Value: "" }] }],
      },
      DescribeSpotPriceHistory: { StartTime: at, MaxResults: 7 },
      CreateTransitGatewayVpcAttachment: {
        TransitGatewayId: "tgw-1",
        VpcId: "vpc-1",
        SubnetIds: Array.from({ length: 12 }, (_, index) => `subnet-${index}`),
      },
    };
    await client.send(new ec2.AuthorizeSecurityGroupIngressCommand(inputs.AuthorizeSecurityGroupIngress));
    await client.send(new ec2.CreateVpcPeeringConnectionCommand(inputs.CreateVpcPeeringConnection));
    await client.send(new ec2.DescribeSpotPriceHistoryCommand(inputs.DescribeSpotPriceHistory));
    await client.send(new ec2.CreateTransitGatewayVpcAttachmentCommand(inputs.CreateTransitGatewayVpcAttachment));
    for (const { operation, input, region, service } of seen) {
      expect({ operation, input, region, service }).toEqual({
        operation,
        input: inputs[operation as keyof typeof inputs],
        region: "eu-central-1",
        service: "ec2",
      });
    }
    expect(seen).toHaveLength(4);
  });

  test("an answer arrives as the handler gave it", async () => {
    const output: Omit<ec2.DescribeVpcPeeringConnectionsCommandOutput, "$metadata"> = {
      VpcPeeringConnections: [
        {
          VpcPeeringConnectionId: "pcx-1",
          ExpirationTime: at,
          Status: { Code: "pending-acceptance", Message: text },
          Tags: [{ Key: "Name", Value: text }],
          RequesterVpcInfo: {
            CidrBlock: "10.0.0.0/16",
            CidrBlockSet: [{ CidrBlock: "10.0.0.0/16" }, { CidrBlock: "10.1.0.0/16" }],
          },
        },
      ],
      NextToken: "more",
    };
    const { config } = wired(() => output);
    const { $metadata, ...received } = await new EC2Client(config).send(
      new ec2.DescribeVpcPeeringConnectionsCommand({}),
    );
    expect(received).toEqual(output);
    expect($metadata).toMatchObject({ httpStatusCode: 200 });
  });

  test("an empty list arrives as an empty list", async () => {
    const { config } = wired(() => ({ Vpcs: [] }));
    expect((await new EC2Client(config).send(new ec2.DescribeVpcsCommand({}))).Vpcs).toEqual([]);
  });

  test.each([
    [missingParameter("VpcId"), "MissingParameter", 400],
    [unsupportedOperation("DescribeVpcs"), "UnsupportedOperation", 400],
    [new AwsError("RequestLimitExceeded", text, 503), "RequestLimitExceeded", 503],
  ])("a refusal arrives with its code, message and status: %s", async (error, code, status) => {
    const { config } = wired(() => {
      throw error;
    });
    const caught: unknown = await new EC2Client(config)
      .send(new ec2.DescribeVpcsCommand({}))
      .catch((thrown: unknown) => thrown);
    expect(caught).toMatchObject({ name: code, message: error.message, $metadata: { httpStatusCode: status } });
  });
});

describe("Query", () => {
  test("lists under member and maps under entry, both ways", async () => {
    const role: iam.Role = {
      Path: "/",
      RoleName: text,
      RoleId: "AROA1",
      Arn: "arn:aws:iam::111111111111:role/r",
      CreateDate: at,
    };
    const answers: { [operation: string]: object } = {
      CreateRole: { Role: role } satisfies Omit<iam.CreateRoleCommandOutput, "$metadata">,
      GetAccountSummary: { SummaryMap: { Users: 1, Roles: 2 } } satisfies Omit<
        iam.GetAccountSummaryCommandOutput,
        "$metadata"
      >,
      DeleteRole: {},
    };
    const { config, seen } = wired(({ operation }) => answers[operation] ?? {});
    const client = new iam.IAMClient(config);
    const input = {
      RoleName: "r",
      AssumeRolePolicyDocument: text,
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "" },
      ],
    };
    expect((await client.send(new iam.CreateRoleCommand(input))).Role).toEqual(role);
    expect((await client.send(new iam.GetAccountSummaryCommand({}))).SummaryMap).toEqual({ Users: 1, Roles: 2 });
    await client.send(new iam.DeleteRoleCommand({ RoleName: "r" }));
    await client.send(new iam.TagRoleCommand({ RoleName: "r", Tags: [] }));
    expect(seen.map(({ input: each }) => each)).toEqual([input, {}, { RoleName: "r" }, { RoleName: "r", Tags: [] }]);
  });

  test("a modelled error arrives as its class, by its code on the wire", async () => {
    const { config } = wired(() => {
      throw new AwsError("NoSuchEntity", "The role with name r cannot be found.", 404);
    });
    const caught: unknown = await new iam.IAMClient(config)
      .send(new iam.GetRoleCommand({ RoleName: "r" }))
      .catch((thrown: unknown) => thrown);
    expect(caught).toBeInstanceOf(iam.NoSuchEntityException);
    expect(caught).toMatchObject({
      message: "The role with name r cannot be found.",
      $metadata: { httpStatusCode: 404, requestId },
    });
  });

  test("STS tells who is calling", async () => {
    const { config, seen } = wired(() => ({
      Account: "111111111111",
      Arn: "arn:aws:iam::111111111111:root",
      UserId: "111111111111",
    }));
    const caller = await new sts.STSClient(config).send(new sts.GetCallerIdentityCommand({}));
    expect(caller).toMatchObject({ Account: "111111111111", Arn: "arn:aws:iam::111111111111:root" });
    expect(seen).toMatchObject([{ service: "sts", operation: "GetCallerIdentity" }]);
  });
});

describe("JSON 1.1", () => {
  test("both ways, with maps and timestamps", async () => {
    const output: Omit<ssm.SendCommandCommandOutput, "$metadata"> = {
      Command: {
        CommandId: "c",
        RequestedDateTime: at,
        Parameters: { commands: [text] },
        TimeoutSeconds: 3600,
        Targets: [],
      },
    };
    const { config, seen } = wired(() => output);
    const input = {
      DocumentName: "AWS-RunShellScript",
      InstanceIds: ["i-1"],
      Parameters: { commands: ["ping -c 1 10.0.0.1", text] },
    };
    const { $metadata, ...received } = await new ssm.SSMClient(config).send(new ssm.SendCommandCommand(input));
    expect(received).toEqual(output);
    expect(seen).toMatchObject([{ service: "ssm", operation: "SendCommand", input }]);
    expect($metadata).toMatchObject({ requestId });
  });

  test("an error arrives as its class", async () => {
    const { config } = wired(() => {
      throw new AwsError("ParameterNotFound", "no such parameter");
    });
    const caught: unknown = await new ssm.SSMClient(config)
      .send(new ssm.GetParameterCommand({ Name: "n" }))
      .catch((thrown: unknown) => thrown);
    expect(caught).toBeInstanceOf(ssm.ParameterNotFound);
    expect(caught).toMatchObject({ message: "no such parameter", $metadata: { httpStatusCode: 400, requestId } });
  });
});

describe("REST-JSON", () => {
  test("both ways, with a list, a timestamp and members in the query", async () => {
    const shared: Omit<ram.CreateResourceShareCommandOutput, "$metadata"> = {
      resourceShare: { name: text, creationTime: at, tags: [{ key: "a", value: "" }], allowExternalPrincipals: true },
    };
    const { config, seen } = wired(({ operation }) => (operation === "CreateResourceShare" ? shared : {}));
    const client = new ram.RAMClient(config);
    const share = { name: "%", resourceArns: [text], allowExternalPrincipals: false };
    const deleted = { resourceShareArn: text, clientToken: "a=b&c" };
    const { $metadata, ...received } = await client.send(new ram.CreateResourceShareCommand(share));
    await client.send(new ram.DeleteResourceShareCommand(deleted));
    expect(received).toEqual(shared);
    expect(seen).toMatchObject([
      { service: "ram", operation: "CreateResourceShare", input: share },
      { service: "ram", operation: "DeleteResourceShare", input: deleted },
    ]);
    expect($metadata).toMatchObject({ requestId, httpStatusCode: 200 });
  });

  test("an error arrives as its class", async () => {
    const { config } = wired(() => {
      throw new AwsError("UnknownResourceException", "no such share");
    });
    const caught: unknown = await new ram.RAMClient(config)
      .send(new ram.GetResourceSharesCommand({ resourceOwner: "SELF" }))
      .catch((thrown: unknown) => thrown);
    expect(caught).toBeInstanceOf(ram.UnknownResourceException);
    expect(caught).toMatchObject({ message: "no such share", $metadata: { httpStatusCode: 400, requestId } });
  });
});
