/**
 * The AWS CLI, unmodified, does the whole of the two walk-throughs: a file over a peering connection of two accounts, by security
 * groups that name each other; and three departments, from the ping that hangs to the reply. And its waiters, pages, filters and errors.
 */
import { writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeAgentProfile } from "../support/agent-profile.ts";
import { type AwsCli, awsCli, noAwsCli } from "../support/aws-cli.ts";
import { isInstalled } from "../support/run.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

const ami = "ami-0123456789abcdef0";
const suite = describe.skipIf(noAwsCli !== "");

let cloud: TestCloud;
beforeAll(async () => {
  if (noAwsCli === "") cloud = await startCloud();
});
afterAll(() => cloud?.stop());

interface Side {
  readonly vpc: string;
  readonly subnet: string;
  readonly table: string;
  readonly group: string;
  readonly instance: string;
}

/** A VPC with one subnet, one group and one server whose Name tag is `name`. */
async function makeSide(aws: AwsCli, name: string, vpcCidr: string, subnetCidr: string): Promise<Side> {
  const vpc = await aws.text(`ec2 create-vpc --cidr-block ${vpcCidr}`, "Vpc.VpcId");
  await aws(`ec2 wait vpc-available --vpc-ids ${vpc}`);
  const subnet = await aws.text(`ec2 create-subnet --vpc-id ${vpc} --cidr-block ${subnetCidr}`, "Subnet.SubnetId");
  const table = await aws.text(
    `ec2 describe-route-tables --filters Name=vpc-id,Values=${vpc}`,
    "RouteTables[0].RouteTableId",
  );
  const group = await aws.text(
    `ec2 create-security-group --vpc-id ${vpc} --group-name ${name} --description '${name} server'`,
    "GroupId",
  );
  const tags = `ResourceType=instance,Tags=[{Key=Name,Value=${name}}]`;
  const instance = await aws.text(
    `ec2 run-instances --image-id ${ami} --instance-type t3.micro --subnet-id ${subnet} --security-group-ids ${group} --tag-specifications ${tags}`,
    "Instances[0].InstanceId",
  );
  await aws(`ec2 wait instance-running --instance-ids ${instance}`);
  return { vpc, subnet, table, group, instance };
}

const privateAddress = (aws: AwsCli, instance: string): Promise<string> =>
  aws.text(`ec2 describe-instances --instance-ids ${instance}`, "Reservations[0].Instances[0].PrivateIpAddress");

suite(`two accounts, by two keys and by two assumed roles${noAwsCli}`, () => {
  test("a file comes across over private addresses, and only so [SG-31] [SG-34]", {
    timeout: 180_000,
  }, async (context) => {
    // Profiles that assume a role in each account, from a third one.
    const profiles = ["111111111111", "222222222222"].map(
      (account) =>
        `[profile in-${account}]\nrole_arn = arn:aws:iam::${account}:role/network\nsource_profile = home\nregion = us-east-1\n`,
    );
    writeFileSync(join(cloud.folder, "config"), `[profile home]\nregion = us-east-1\n${profiles.join("")}`);
    writeFileSync(
      join(cloud.folder, "credentials"),
      "[home]\naws_access_key_id = 999999999999\naws_secret_access_key = causeway\n",
    );
    // A home of its own: the CLI keeps an assumed role's keys there, and those of another cloud would be no good here.
    const byProfile = {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      HOME: cloud.folder,
      PYTHONUSERBASE: process.env.PYTHONUSERBASE ?? join(homedir(), ".local"),
    };
    const one = awsCli(cloud, "111111111111");
    const two = awsCli(cloud, "222222222222");
    const oneByRole = awsCli(cloud, "", "us-east-1", { ...byProfile, AWS_PROFILE: "in-111111111111" });
    const twoByRole = awsCli(cloud, "", "us-east-1", { ...byProfile, AWS_PROFILE: "in-222222222222" });
    expect(await one.text("sts get-caller-identity", "Account")).toBe("111111111111");
    expect(await twoByRole.text("sts get-caller-identity", "Account")).toBe("222222222222");
    expect(await twoByRole.text("sts get-caller-identity", "Arn")).toMatch(
      /^arn:aws:sts::222222222222:assumed-role\/network\//,
    );

    const [mine, theirs] = await Promise.all([
      makeSide(one, "host1", "10.10.0.0/16", "10.10.4.0/24"),
      makeSide(two, "host2", "10.0.0.0/16", "10.0.0.0/24"),
    ]);
    // A wall: the other account's VPC cannot be seen.
    expect(await one.refused(`ec2 describe-vpcs --vpc-ids ${theirs.vpc}`)).toBe("InvalidVpcID.NotFound");

    const asked = await one(
      `ec2 create-vpc-peering-connection --vpc-id ${mine.vpc} --peer-vpc-id ${theirs.vpc} --peer-owner-id 222222222222`,
    );
    expect(asked).toMatchObject({
      VpcPeeringConnection: {
        Status: { Code: "initiating-request" },
        ExpirationTime: expect.stringMatching(/^\d{4}-/),
        RequesterVpcInfo: {
          OwnerId: "111111111111",
          VpcId: mine.vpc,
          Region: "us-east-1",
          CidrBlock: "10.10.0.0/16",
          CidrBlockSet: [{ CidrBlock: "10.10.0.0/16" }],
          PeeringOptions: { AllowDnsResolutionFromRemoteVpc: false },
        },
        AccepterVpcInfo: { OwnerId: "222222222222", VpcId: theirs.vpc, Region: "us-east-1" },
      },
    });
    const peering = await one.text(
      "ec2 describe-vpc-peering-connections",
      "VpcPeeringConnections[0].VpcPeeringConnectionId",
    );
    await two(`ec2 wait vpc-peering-connection-exists --vpc-peering-connection-ids ${peering}`);
    expect(await one.refused(`ec2 accept-vpc-peering-connection --vpc-peering-connection-id ${peering}`)).toBe(
      "OperationNotPermitted",
    );
    await twoByRole(`ec2 accept-vpc-peering-connection --vpc-peering-connection-id ${peering}`);
    expect(
      await oneByRole.text(
        `ec2 describe-vpc-peering-connections --vpc-peering-connection-ids ${peering}`,
        "VpcPeeringConnections[0].Status.Code",
      ),
    ).toBe("active");

    // Each route by the account that owns the table; nobody else can.
    expect(
      await one.refused(
        `ec2 create-route --route-table-id ${theirs.table} --destination-cidr-block 10.10.0.0/16 --vpc-peering-connection-id ${peering}`,
      ),
    ).toBe("InvalidRouteTableID.NotFound");
    await twoByRole(
      `ec2 create-route --route-table-id ${theirs.table} --destination-cidr-block 10.10.0.0/16 --vpc-peering-connection-id ${peering}`,
    );
    await oneByRole(
      `ec2 create-route --route-table-id ${mine.table} --destination-cidr-block 10.0.0.0/16 --vpc-peering-connection-id ${peering}`,
    );

    // Ingress and egress for tcp 22 from and to the other's group, both ways, and nothing else out.
    for (const [aws, side, otherAccount, other] of [
      [one, mine, "222222222222", theirs],
      [two, theirs, "111111111111", mine],
    ] as const) {
      const pair = `IpProtocol=tcp,FromPort=22,ToPort=22,UserIdGroupPairs=[{UserId=${otherAccount},GroupId=${other.group},VpcId=${other.vpc},VpcPeeringConnectionId=${peering}}]`;
      await aws(`ec2 authorize-security-group-ingress --group-id ${side.group} --ip-permissions ${pair}`);
      await aws(`ec2 authorize-security-group-egress --group-id ${side.group} --ip-permissions ${pair}`);
      await aws(
        `ec2 revoke-security-group-egress --group-id ${side.group} --ip-permissions IpProtocol=-1,IpRanges=[{CidrIp=0.0.0.0/0}]`,
      );
    }
    expect(await one(`ec2 describe-security-group-references --group-id ${mine.group}`)).toEqual({
      SecurityGroupReferenceSet: [
        { GroupId: mine.group, ReferencingVpcId: theirs.vpc, VpcPeeringConnectionId: peering },
      ],
    });
    expect(await two(`ec2 describe-security-group-references --group-id ${theirs.group}`)).toEqual({
      SecurityGroupReferenceSet: [
        { GroupId: theirs.group, ReferencingVpcId: mine.vpc, VpcPeeringConnectionId: peering },
      ],
    });

    let serving: Promise<unknown> | undefined;
    if (cloud.packets) {
      if (!isInstalled("python3")) context.skip("no python3 to serve a file with");
      const address = await privateAddress(two, theirs.instance);
      // Bytes that no text codec leaves alone, made in one instance and compared by their digest in the other.
      const make = "import os; open('file','wb').write(os.urandom(3_000_001))";
      const digest = "import hashlib; print(hashlib.sha256(open('file','rb').read()).hexdigest())";
      expect(await cloud.exec("host2", "python3", "-c", make)).toMatchObject({ status: 0 });
      const theirDigest = (await cloud.exec("host2", "python3", "-c", digest)).stdout;
      // Two servers: one at the port that the groups open, one at a port that they do not.
      const serve = "for port in 22 23; do python3 -m http.server $port >/dev/null 2>&1 & done; wait";
      // They run until their instance is terminated.
      serving = cloud.exec("host2", "sh", "-c", serve);
      // The servers may still be starting: a refusal is tried again, silence is not.
      const copy = (port: number): string => `
import time, urllib.request, urllib.error
for attempt in range(100):
    try:
        open('file', 'wb').write(urllib.request.urlopen('http://${address}:${port}/file', timeout=2).read())
        break
    except urllib.error.URLError as error:
        if not isinstance(error.reason, ConnectionRefusedError): raise
        time.sleep(0.1)
else:
    raise SystemExit('refused')
`;
      expect(await cloud.exec("host1", "python3", "-c", copy(22))).toMatchObject({ status: 0 });
      const myDigest = (await cloud.exec("host1", "python3", "-c", digest)).stdout;
      expect(myDigest).toMatch(/^[0-9a-f]{64}\n$/);
      expect(myDigest).toBe(theirDigest);
      expect((await cloud.exec("host1", "python3", "-c", copy(23))).stderr).toMatch(/timed out/);
      expect(await cloud.ping("host1", "host2")).toBe(0);
    }

    // In reverse order, to nothing.
    await one(`ec2 terminate-instances --instance-ids ${mine.instance}`);
    await two(`ec2 terminate-instances --instance-ids ${theirs.instance}`);
    await one(`ec2 wait instance-terminated --instance-ids ${mine.instance}`);
    await two(`ec2 wait instance-terminated --instance-ids ${theirs.instance}`);
    await serving;
    await two(`ec2 delete-vpc-peering-connection --vpc-peering-connection-id ${peering}`);
    await one(`ec2 wait vpc-peering-connection-deleted --vpc-peering-connection-ids ${peering}`);
    expect(
      await one.text(
        `ec2 describe-route-tables --route-table-ids ${mine.table}`,
        "RouteTables[0].Routes[?DestinationCidrBlock==`10.0.0.0/16`].State",
      ),
    ).toBe("blackhole");
    expect(await one(`ec2 describe-stale-security-groups --vpc-id ${mine.vpc}`)).toMatchObject({
      StaleSecurityGroupSet: [
        {
          GroupId: mine.group,
          StaleIpPermissions: [{ FromPort: 22, UserIdGroupPairs: [{ GroupId: theirs.group }] }],
          StaleIpPermissionsEgress: [{ FromPort: 22, UserIdGroupPairs: [{ GroupId: theirs.group }] }],
        },
      ],
    });
    for (const [aws, side] of [
      [one, mine],
      [two, theirs],
    ] as const) {
      await aws(`ec2 delete-security-group --group-id ${side.group}`);
      await aws(`ec2 delete-subnet --subnet-id ${side.subnet}`);
      await aws(`ec2 delete-vpc --vpc-id ${side.vpc}`);
      expect(await aws("ec2 describe-vpcs --filters Name=is-default,Values=false")).toEqual({ Vpcs: [] });
    }
  });
});

const ipRange = (protocol: string, from: number, cidr: string): string =>
  `IpProtocol=${protocol},FromPort=${from},ToPort=-1,IpRanges=[{CidrIp=${cidr}}]`;

suite(`three departments${noAwsCli}`, () => {
  test("a ping hangs until all of it is right, and Marketing never reaches Developer [PX-50] [PX-51] [SG-2] [SG-50] [SG-51]", {
    timeout: 300_000,
  }, async () => {
    const aws = awsCli(cloud, "333333333333");
    const pings = async (from: string, to: string, expected: number): Promise<void> => {
      if (cloud.packets) expect(await cloud.ping(from, to), `${from} → ${to}`).toBe(expected);
    };
    const [marketing, finance, developer] = await Promise.all([
      makeSide(aws, "MarketingServer", "10.10.0.0/16", "10.10.1.0/24"),
      makeSide(aws, "FinanceServer", "172.31.0.0/16", "172.31.1.0/24"),
      makeSide(aws, "DeveloperServer", "10.30.0.0/16", "10.30.1.0/24"),
    ]);
    const gateway = await aws.text("ec2 create-internet-gateway", "InternetGateway.InternetGatewayId");
    await aws(`ec2 wait internet-gateway-exists --internet-gateway-ids ${gateway}`);
    await aws(`ec2 attach-internet-gateway --internet-gateway-id ${gateway} --vpc-id ${marketing.vpc}`);
    await aws(
      `ec2 create-route --route-table-id ${marketing.table} --destination-cidr-block 0.0.0.0/0 --gateway-id ${gateway}`,
    );

    // It hangs: Marketing's table knows itself and the internet, nothing else.
    await pings("MarketingServer", "FinanceServer", 0);
    expect(
      await aws(
        `ec2 describe-route-tables --route-table-ids ${marketing.table} --query RouteTables[0].Routes[].[DestinationCidrBlock,GatewayId]`,
      ),
    ).toEqual([
      ["10.10.0.0/16", "local"],
      ["0.0.0.0/0", gateway],
    ]);

    const peer = async (name: string, from: Side, to: Side): Promise<string> => {
      const id = await aws.text(
        `ec2 create-vpc-peering-connection --vpc-id ${from.vpc} --peer-vpc-id ${to.vpc} --tag-specifications 'ResourceType=vpc-peering-connection,Tags=[{Key=Name,Value=${name}}]'`,
        "VpcPeeringConnection.VpcPeeringConnectionId",
      );
      await aws(`ec2 wait vpc-peering-connection-exists --vpc-peering-connection-ids ${id}`);
      return id;
    };
    const statusOf = (id: string): Promise<string> =>
      aws.text(
        `ec2 describe-vpc-peering-connections --vpc-peering-connection-ids ${id}`,
        "VpcPeeringConnections[0].Status.Code",
      );
    const route = (side: Side, cidr: string, peering: string): Promise<unknown> =>
      aws(
        `ec2 create-route --route-table-id ${side.table} --destination-cidr-block ${cidr} --vpc-peering-connection-id ${peering}`,
      );

    const peering = await peer("Marketing <> Finance", marketing, finance);
    expect(await statusOf(peering)).toBe("pending-acceptance");
    await pings("MarketingServer", "FinanceServer", 0);
    await aws(`ec2 accept-vpc-peering-connection --vpc-peering-connection-id ${peering}`);
    expect(await statusOf(peering)).toBe("active");
    await pings("MarketingServer", "FinanceServer", 0);

    // The table is found through the server's subnet: it has none of its own, so the main table counts.
    expect(
      await aws(`ec2 describe-route-tables --filters Name=association.subnet-id,Values=${marketing.subnet}`),
    ).toEqual({
      RouteTables: [],
    });
    await route(marketing, "172.31.0.0/16", peering);
    await pings("MarketingServer", "FinanceServer", 0);
    await route(finance, "10.10.0.0/16", peering);
    await pings("MarketingServer", "FinanceServer", 0);
    // Finance's group has no rule for ICMP. With it the reply needs no rule of its own, and the other way stays closed.
    await aws(
      `ec2 authorize-security-group-ingress --group-id ${finance.group} --ip-permissions ${ipRange("icmp", -1, "10.10.0.0/16")}`,
    );
    await pings("MarketingServer", "FinanceServer", 1);
    await pings("FinanceServer", "MarketingServer", 0);

    // Developer needs Finance too; Marketing and Developer stay apart, whatever their routes and groups say.
    const second = await peer("Developer <> Finance", developer, finance);
    await aws(`ec2 accept-vpc-peering-connection --vpc-peering-connection-id ${second}`);
    await route(developer, "172.31.0.0/16", second);
    await route(finance, "10.30.0.0/16", second);
    await aws(
      `ec2 authorize-security-group-ingress --group-id ${finance.group} --ip-permissions ${ipRange("icmp", 8, "10.30.0.0/16")}`,
    );
    await pings("DeveloperServer", "FinanceServer", 1);
    await route(marketing, "10.30.0.0/16", peering);
    await route(developer, "10.10.0.0/16", second);
    await aws(
      `ec2 authorize-security-group-ingress --group-id ${developer.group} --ip-permissions ${ipRange("icmp", -1, "0.0.0.0/0")}`,
    );
    await pings("MarketingServer", "DeveloperServer", 0);

    // The same by Systems Manager, in the instance: with a role, and a public address for the way through the internet gateway.
    if (cloud.packets) {
      const profile = await makeAgentProfile(cloud.endpoint, "333333333333");
      await aws(
        `ec2 associate-iam-instance-profile --instance-id ${marketing.instance} --iam-instance-profile Name=${profile}`,
      );
      expect(await aws.text("ssm describe-instance-information", "length(InstanceInformationList)")).toBe("0");
      const allocation = await aws.text("ec2 allocate-address", "AllocationId");
      await aws(`ec2 associate-address --allocation-id ${allocation} --instance-id ${marketing.instance}`);
      const address = await privateAddress(aws, finance.instance);
      expect(await aws.text("ssm describe-instance-information", "InstanceInformationList[].InstanceId")).toBe(
        marketing.instance,
      );
      const command = await aws.text(
        `ssm send-command --instance-ids ${marketing.instance} --document-name AWS-RunShellScript --parameters '{"commands":["ping -c 2 -W 1 ${address}"]}'`,
        "Command.CommandId",
      );
      await aws(`ssm wait command-executed --command-id ${command} --instance-id ${marketing.instance}`);
      expect(
        await aws(`ssm get-command-invocation --command-id ${command} --instance-id ${marketing.instance}`),
      ).toMatchObject({
        Status: "Success",
        ResponseCode: 0,
        StandardOutputContent: expect.stringContaining("2 received, 0% packet loss"),
      });
      expect(
        await aws.text(
          `ssm list-command-invocations --command-id ${command} --details`,
          "CommandInvocations[0].Status",
        ),
      ).toBe("Success");
      const association = await aws.text(
        `ec2 describe-addresses --allocation-ids ${allocation}`,
        "Addresses[0].AssociationId",
      );
      await aws(`ec2 disassociate-address --association-id ${association}`);
      await aws(`ec2 release-address --allocation-id ${allocation}`);
    }

    // A group that names Finance's is stale once the connection is deleted, and its routes are blackholes [PX-31].
    await aws(
      `ec2 authorize-security-group-ingress --group-id ${marketing.group} --ip-permissions IpProtocol=tcp,FromPort=443,ToPort=443,UserIdGroupPairs=[{GroupId=${finance.group}}]`,
    );
    const staleGroups = (): Promise<string> =>
      aws.text(
        `ec2 describe-stale-security-groups --vpc-id ${marketing.vpc}`,
        "join(`,`, StaleSecurityGroupSet[].GroupId)",
      );
    expect(await staleGroups()).toBe("");
    await aws(`ec2 delete-vpc-peering-connection --vpc-peering-connection-id ${peering}`);
    await aws(`ec2 wait vpc-peering-connection-deleted --vpc-peering-connection-ids ${peering}`);
    expect(await staleGroups()).toBe(marketing.group);
    await pings("MarketingServer", "FinanceServer", 0);
    await pings("DeveloperServer", "FinanceServer", 1);
    expect(
      await aws.text(
        `ec2 describe-route-tables --filters Name=vpc-id,Values=${finance.vpc}`,
        `RouteTables[0].Routes[?VpcPeeringConnectionId==\`${peering}\`].State`,
      ),
    ).toBe("blackhole");

    // To nothing: what is still used cannot go.
    expect(await aws.refused(`ec2 delete-vpc --vpc-id ${marketing.vpc}`)).toBe("DependencyViolation");
    const instances = [marketing, finance, developer].map((each) => each.instance).join(" ");
    await aws(`ec2 terminate-instances --instance-ids ${instances}`);
    await aws(`ec2 wait instance-terminated --instance-ids ${instances}`);
    await aws(`ec2 delete-vpc-peering-connection --vpc-peering-connection-id ${second}`);
    await aws(`ec2 detach-internet-gateway --internet-gateway-id ${gateway} --vpc-id ${marketing.vpc}`);
    await aws(`ec2 delete-internet-gateway --internet-gateway-id ${gateway}`);
    for (const each of [marketing, finance, developer]) {
      await aws(`ec2 delete-security-group --group-id ${each.group}`);
      await aws(`ec2 delete-subnet --subnet-id ${each.subnet}`);
      await aws(`ec2 delete-vpc --vpc-id ${each.vpc}`);
    }
    expect(await aws("ec2 describe-vpcs --filters Name=is-default,Values=false")).toEqual({ Vpcs: [] });
    expect(await aws("ec2 describe-network-interfaces")).toEqual({ NetworkInterfaces: [] });
  });
});

suite(`the CLI's own devices${noAwsCli}`, () => {
  test("waiters of gateways, interfaces and groups", { timeout: 120_000 }, async () => {
    const aws = awsCli(cloud, "444444444444");
    const side = await makeSide(aws, "waiting", "10.40.0.0/16", "10.40.1.0/24");
    await aws(`ec2 wait vpc-exists --vpc-ids ${side.vpc}`);
    await aws(`ec2 wait subnet-available --subnet-ids ${side.subnet}`);
    await aws(`ec2 wait security-group-exists --group-ids ${side.group}`);
    await aws(`ec2 wait instance-status-ok --instance-ids ${side.instance}`);
    const gateway = await aws.text("ec2 create-internet-gateway", "InternetGateway.InternetGatewayId");
    await aws(`ec2 attach-internet-gateway --internet-gateway-id ${gateway} --vpc-id ${side.vpc}`);
    const address = await aws.text("ec2 allocate-address --domain vpc", "AllocationId");
    const nat = await aws.text(
      `ec2 create-nat-gateway --subnet-id ${side.subnet} --allocation-id ${address}`,
      "NatGateway.NatGatewayId",
    );
    await aws(`ec2 wait nat-gateway-available --nat-gateway-ids ${nat}`);
    await aws(`ec2 delete-nat-gateway --nat-gateway-id ${nat}`);
    await aws(`ec2 wait nat-gateway-deleted --nat-gateway-ids ${nat}`);
    await aws(`ec2 release-address --allocation-id ${address}`);
    const card = await aws.text(
      `ec2 create-network-interface --subnet-id ${side.subnet}`,
      "NetworkInterface.NetworkInterfaceId",
    );
    await aws(`ec2 wait network-interface-available --network-interface-ids ${card}`);
    await aws(`ec2 stop-instances --instance-ids ${side.instance}`);
    await aws(`ec2 wait instance-stopped --instance-ids ${side.instance}`);
    await aws(`ec2 start-instances --instance-ids ${side.instance}`);
    await aws(`ec2 wait instance-running --instance-ids ${side.instance}`);
  });

  test("pages, filters with wildcards, and --dry-run", { timeout: 120_000 }, async () => {
    const aws = awsCli(cloud, "555555555555");
    const vpc = await aws.text("ec2 create-vpc --cidr-block 10.50.0.0/16", "Vpc.VpcId");
    for (let index = 0; index < 7; index++) {
      const tags = `ResourceType=subnet,Tags=[{Key=Name,Value=${index % 2 === 0 ? "web" : "db"}-${index}},{Key=Empty}]`;
      await aws(`ec2 create-subnet --vpc-id ${vpc} --cidr-block 10.50.${index}.0/24 --tag-specifications ${tags}`);
    }
    const mine = `ec2 describe-subnets --filters Name=vpc-id,Values=${vpc}`;
    const every = await aws.text(mine, "Subnets[].CidrBlock");
    expect(every.split(/\s+/)).toHaveLength(7);
    // The CLI asks page by page, and prints one list.
    expect((await aws.text(`${mine} --page-size 5`, "Subnets[].CidrBlock")).split(/\s+/)).toHaveLength(7);
    const first = (await aws(`${mine} --max-items 3`)) as {
      readonly Subnets: readonly unknown[];
      readonly NextToken: string;
    };
    expect(first.Subnets).toHaveLength(3);
    const rest = (await aws(`${mine} --starting-token ${first.NextToken}`)) as { readonly Subnets: readonly unknown[] };
    expect(rest.Subnets).toHaveLength(4);

    expect(await aws.text(`${mine} Name=tag:Name,Values=web-*`, "length(Subnets)")).toBe("4");
    expect(await aws.text(`${mine} Name=tag:Name,Values=web-?,db-1`, "length(Subnets)")).toBe("5");
    expect(await aws.text(`${mine} Name=tag-key,Values=Emp*`, "length(Subnets)")).toBe("7");
    expect(
      await aws.text(`${mine} Name=cidr-block,Values=10.50.3.0/24 Name=state,Values=available`, "length(Subnets)"),
    ).toBe("1");
    expect(await aws.text(`${mine} Name=tag:Name,Values=WEB-*`, "length(Subnets)")).toBe("0");
    expect(await aws.refused(`${mine} Name=no-such-filter,Values=x`)).toBe("InvalidParameterValue");

    expect(await aws.refused("ec2 create-vpc --cidr-block 10.51.0.0/16 --dry-run")).toBe("DryRunOperation");
    expect(await aws.text("ec2 describe-vpcs --filters Name=cidr,Values=10.51.0.0/16", "length(Vpcs)")).toBe("0");
  });

  test.each([
    ["InvalidVpcID.NotFound", "ec2 describe-vpcs --vpc-ids vpc-0123456789abcdef0"],
    ["InvalidVpc.Range", "ec2 create-vpc --cidr-block 10.0.0.0/8"],
    ["InvalidParameterValue", "ec2 create-vpc --cidr-block nonsense"],
    ["InvalidSubnetID.NotFound", "ec2 describe-subnets --subnet-ids subnet-0123456789abcdef0"],
    ["InvalidGroup.NotFound", "ec2 describe-security-groups --group-ids sg-0123456789abcdef0"],
    ["InvalidInstanceID.NotFound", "ec2 describe-instances --instance-ids i-0123456789abcdef0"],
    ["InvalidInstanceID.Malformed", "ec2 describe-instances --instance-ids nonsense"],
    ["InvalidRouteTableID.NotFound", "ec2 describe-route-tables --route-table-ids rtb-0123456789abcdef0"],
    [
      "InvalidVpcPeeringConnectionID.NotFound",
      "ec2 accept-vpc-peering-connection --vpc-peering-connection-id pcx-0123456789abcdef0",
    ],
    ["NatGatewayNotFound", "ec2 describe-nat-gateways --nat-gateway-ids nat-0123456789abcdef0"],
    ["InvalidInternetGatewayID.NotFound", "ec2 delete-internet-gateway --internet-gateway-id igw-0123456789abcdef0"],
    ["InvalidAllocationID.NotFound", "ec2 release-address --allocation-id eipalloc-0123456789abcdef0"],
    ["InvalidKeyPair.NotFound", "ec2 describe-key-pairs --key-names nobody"],
    ["NoSuchEntity", "iam get-role --role-name nobody"],
    ["ParameterNotFound", "ssm get-parameter --name /no/such"],
    [
      "InvalidInstanceId",
      "ssm send-command --document-name AWS-RunShellScript --instance-ids i-0123456789abcdef0 --parameters commands=id",
    ],
  ])("shows %s for: %s", async (code, line) => {
    expect(await awsCli(cloud, "555555555555").refused(line)).toBe(code);
  });

  test("an action that is not implemented is refused at once, by name", async () => {
    const aws = awsCli(cloud, "555555555555");
    const ran = await aws.raw("ec2 create-vpn-gateway --type ipsec.1");
    expect(ran.stderr).toMatch(/An error occurred \(UnsupportedOperation\).*CreateVpnGateway/);
  });
});
