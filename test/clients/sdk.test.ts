/** The AWS SDK for JavaScript, unmodified: waiters, paginators, many calls at once, tokens that make a call once, and assumed roles. */
import {
  AssociateVpcCidrBlockCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateNatGatewayCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteVpcCommand,
  DescribeInstancesCommand,
  DescribeNatGatewaysCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeVpcsCommand,
  EC2Client,
  type EC2ServiceException,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilInstanceTerminated,
  waitUntilSubnetAvailable,
  waitUntilVpcAvailable,
} from "@aws-sdk/client-ec2";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

let cloud: TestCloud;
const clients: EC2Client[] = [];
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await cloud?.stop();
});

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const keysOf = (account: string): Keys => ({ accessKeyId: account, secretAccessKey: "causeway" });

function ec2(keys: Keys, region = "us-east-1"): EC2Client {
  // The first refusal counts: a client that tries again would hide one.
  const client = new EC2Client({ endpoint: cloud.endpoint, region, credentials: keys, maxAttempts: 1 });
  clients.push(client);
  return client;
}

async function makeVpc(client: EC2Client, cidr: string): Promise<string> {
  const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: cidr }));
  return present(Vpc?.VpcId);
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the answer lacks what was asked for");
  return value;
}

const codeOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => "no error",
    (error: EC2ServiceException) => error.name,
  );

describe("SDK for JavaScript", () => {
  test("waiters see what they wait for", async () => {
    const client = ec2(keysOf("111111111111"));
    const patience = { client, maxWaitTime: 30 };
    const vpc = await makeVpc(client, "10.0.0.0/16");
    expect(await waitUntilVpcAvailable(patience, { VpcIds: [vpc] })).toMatchObject({ state: "SUCCESS" });
    const subnet = present(
      (await client.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: "10.0.1.0/24" }))).Subnet?.SubnetId,
    );
    expect(await waitUntilSubnetAvailable(patience, { SubnetIds: [subnet] })).toMatchObject({ state: "SUCCESS" });
    const launch = { ImageId: "ami-0123456789abcdef0", InstanceType: "t3.micro", MinCount: 3, MaxCount: 3 } as const;
    const { Instances = [] } = await client.send(new RunInstancesCommand({ ...launch, SubnetId: subnet }));
    const InstanceIds = Instances.map((each) => present(each.InstanceId));
    expect(InstanceIds).toHaveLength(3);
    expect(await waitUntilInstanceRunning(patience, { InstanceIds })).toMatchObject({ state: "SUCCESS" });
    const addresses = Instances.map((each) => each.PrivateIpAddress);
    expect(new Set(addresses).size).toBe(3);
    await client.send(new TerminateInstancesCommand({ InstanceIds }));
    expect(await waitUntilInstanceTerminated(patience, { InstanceIds })).toMatchObject({ state: "SUCCESS" });
  });

  test("a paginator finds each once, in pages no longer than asked for", async () => {
    const client = ec2(keysOf("222222222222"));
    const vpc = await makeVpc(client, "10.0.0.0/16");
    const made: string[] = [];
    for (let index = 0; index < 23; index++) {
      const answer = await client.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: `10.0.${index}.0/24` }));
      made.push(present(answer.Subnet?.SubnetId));
    }
    const found: string[] = [];
    const sizes: number[] = [];
    const filters = { Filters: [{ Name: "vpc-id", Values: [vpc] }] };
    for await (const { Subnets = [] } of paginateDescribeSubnets({ client, pageSize: 10 }, filters)) {
      sizes.push(Subnets.length);
      found.push(...Subnets.map((each) => present(each.SubnetId)));
    }
    expect(sizes).toEqual([10, 10, 3]);
    expect(found.toSorted()).toEqual(made.toSorted());
  });

  test("fifty calls at once: none is lost, none is doubled, one CIDR block has one owner", async () => {
    const client = ec2(keysOf("333333333333"));
    const vpcs = await Promise.all(Array.from({ length: 50 }, (_, index) => makeVpc(client, `10.${index}.0.0/16`)));
    expect(new Set(vpcs).size).toBe(50);
    const seen: string[] = [];
    for await (const { Vpcs = [] } of paginateDescribeVpcs({ client, pageSize: 20 }, {}))
      seen.push(...Vpcs.filter((each) => each.IsDefault !== true).map((each) => present(each.VpcId)));
    expect(seen.toSorted()).toEqual(vpcs.toSorted());

    const VpcId = present(vpcs[0]);
    const subnet = (): Promise<unknown> => client.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.1.0/24" }));
    const codes = await Promise.all(Array.from({ length: 50 }, () => codeOf(subnet())));
    expect(codes.filter((each) => each === "no error")).toHaveLength(1);
    expect(codes.filter((each) => each === "InvalidSubnet.Conflict")).toHaveLength(49);

    const group = present(
      (await client.send(new CreateSecurityGroupCommand({ VpcId, GroupName: "web", Description: "web" }))).GroupId,
    );
    const rule = (port: number): Promise<unknown> =>
      client.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: group,
          IpPermissions: [{ IpProtocol: "tcp", FromPort: port, ToPort: port, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
        }),
      );
    // Each of 25 rules twice: one of the two is the duplicate.
    const rules = await Promise.all(Array.from({ length: 50 }, (_, index) => codeOf(rule(8000 + (index % 25)))));
    expect(rules.filter((each) => each === "no error")).toHaveLength(25);
    expect(rules.filter((each) => each === "InvalidPermission.Duplicate")).toHaveLength(25);
    const { SecurityGroupRules = [] } = await client.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [group] }] }),
    );
    expect(SecurityGroupRules.filter((each) => each.IsEgress === false)).toHaveLength(25);

    const gone = await Promise.all(
      vpcs.slice(1).map((each) => codeOf(client.send(new DeleteVpcCommand({ VpcId: each })))),
    );
    expect(new Set(gone)).toEqual(new Set(["no error"]));
  });

  test("a token makes a call once, also when it is sent at the same moment", async () => {
    const client = ec2(keysOf("444444444444"));
    const vpc = await makeVpc(client, "10.0.0.0/16");
    const { Subnet } = await client.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: "10.0.1.0/24" }));
    const SubnetId = present(Subnet?.SubnetId);
    const launch: RunInstancesCommandInput = {
      ImageId: "ami-0123456789abcdef0",
      InstanceType: "t3.micro",
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
      ClientToken: "once",
    };
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.send(new RunInstancesCommand(launch))));
    const again = await client.send(new RunInstancesCommand(launch));
    const ids = [...answers, again].flatMap((each) => (each.Instances ?? []).map((instance) => instance.InstanceId));
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(1);
    expect(await codeOf(client.send(new RunInstancesCommand({ ...launch, InstanceType: "t3.small" })))).toBe(
      "IdempotentParameterMismatch",
    );
    const { Reservations = [] } = await client.send(new DescribeInstancesCommand({}));
    expect(Reservations).toHaveLength(1);

    const gateway = { SubnetId, ConnectivityType: "private", ClientToken: "one-gateway" } as const;
    const first = await client.send(new CreateNatGatewayCommand(gateway));
    const second = await client.send(new CreateNatGatewayCommand(gateway));
    expect(second.NatGateway?.NatGatewayId).toBe(first.NatGateway?.NatGatewayId);
    expect((await client.send(new DescribeNatGatewaysCommand({}))).NatGateways).toHaveLength(1);
  });

  test("keys of an assumed role belong to the role's account, and accounts are walls", async () => {
    const sts = new STSClient({ endpoint: cloud.endpoint, region: "us-east-1", credentials: keysOf("555555555555") });
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: "arn:aws:iam::666666666666:role/network", RoleSessionName: "sdk" }),
    );
    const assumed: Keys = {
      accessKeyId: present(Credentials?.AccessKeyId),
      secretAccessKey: present(Credentials?.SecretAccessKey),
      sessionToken: present(Credentials?.SessionToken),
    };
    const asRole = new STSClient({ endpoint: cloud.endpoint, region: "us-east-1", credentials: assumed });
    expect(await asRole.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: "666666666666",
      Arn: "arn:aws:sts::666666666666:assumed-role/network/sdk",
    });
    const vpc = await makeVpc(ec2(assumed), "10.0.0.0/16");
    const byKey = await ec2(keysOf("666666666666")).send(new DescribeVpcsCommand({ VpcIds: [vpc] }));
    expect(byKey.Vpcs?.[0]?.OwnerId).toBe("666666666666");
    const other = ec2(keysOf("555555555555"));
    expect(await codeOf(other.send(new DescribeVpcsCommand({ VpcIds: [vpc] })))).toBe("InvalidVpcID.NotFound");
    expect(await codeOf(other.send(new DeleteVpcCommand({ VpcId: vpc })))).toBe("InvalidVpcID.NotFound");
    expect(await codeOf(other.send(new AssociateVpcCidrBlockCommand({ VpcId: vpc, CidrBlock: "10.1.0.0/16" })))).toBe(
      "InvalidVpcID.NotFound",
    );
    const elsewhere = ec2(keysOf("666666666666"), "eu-west-1");
    expect(await codeOf(elsewhere.send(new DescribeVpcsCommand({ VpcIds: [vpc] })))).toBe("InvalidVpcID.NotFound");
    sts.destroy();
    asRole.destroy();
  });
});
