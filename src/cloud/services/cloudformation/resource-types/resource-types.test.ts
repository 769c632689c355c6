/** Every resource type: made, described, changed and taken away by the very actions that clients call. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type {
  DescribeSecurityGroupRulesCommandOutput,
  DescribeSecurityGroupsCommandOutput,
  DescribeVpcsCommandOutput,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { resourceTypeModel, resourceTypeNames } from "../../../../aws/index.ts";
import type { TableName } from "../../../state/tables.ts";
import { type TestCloud, testCloud } from "../../../test-cloud.ts";
import { testStacks } from "../test-stacks.ts";
import { modelledResourceTypes } from "./index.ts";

const everyType = readFileSync(fileURLToPath(new URL("every-type.fixture.yaml", import.meta.url)), "utf8");
const elsewhere = ["AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Stack"];
const iam = { Capabilities: ["CAPABILITY_IAM" as const] };

const kept: readonly TableName[] = [
  "address",
  "bucket",
  "dhcpOptions",
  "internetGateway",
  "keyPair",
  "logGroup",
  "managedPrefixList",
  "networkAcl",
  "networkInterface",
  "parameter",
  "policy",
  "repository",
  "role",
  "routeTable",
  "securityGroup",
  "subnet",
  "tag",
  "vpc",
];

/** How many rows of everything there are; what has ended and is only remembered does not count. */
function rows(cloud: TestCloud): Record<string, number> {
  return Object.fromEntries(
    kept.map((table) => {
      const living = [...cloud.cloud.view.all(table)].filter(
        (row) => !("State" in row) || row.State !== "delete-complete",
      );
      return [table, living.length];
    }),
  );
}

test("a resource of every type is made, and nothing of it is left", () => {
  const cloud = testCloud();
  cloud.call("DescribeVpcs");
  const before = rows(cloud);
  const stacks = testStacks(cloud);
  expect(stacks.create("s", everyType, iam)).toMatchObject({ StackStatus: "CREATE_COMPLETE" });
  const there = new Set([...everyType.matchAll(/Type: (AWS::\w+::\w+)[,}]/g)].map((match) => match[1]));
  const modelled = modelledResourceTypes().map(({ name }) => name);
  expect([...there].sort()).toEqual(modelled.filter((name) => !elsewhere.includes(name)));
  expect(stacks.delete("s")).toMatchObject({ StackStatus: "DELETE_COMPLETE" });
  cloud.advance(3 * 86_400_000);
  expect(rows(cloud)).toEqual(before);
  expect(cloud.faults).toEqual([]);
});

test.each(modelledResourceTypes().map((type) => [type.name, type] as const))(
  "%s acts upon properties that the specification has",
  (name, type) => {
    const model = resourceTypeModel(name);
    expect(resourceTypeNames()).toContain(name);
    for (const property of type.properties)
      if (name !== "AWS::CloudFormation::CustomResource")
        expect([...(model?.properties.keys() ?? [])]).toContain(property);
  },
);

test("resources of EC2 carry AWS's own tags beside their own and the stack's, and users can not take those away", () => {
  const cloud = testCloud();
  const stacks = testStacks(cloud);
  const template =
    "Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, Tags: [{Key: Name, Value: a}, {Key: team, Value: own}]}}}";
  const { StackId } = stacks.create("s", template, {
    Tags: [
      { Key: "team", Value: "net" },
      { Key: "cost", Value: "1" },
    ],
  });
  const VpcId = stacks.resources("s").Vpc ?? "";
  const tags = (): unknown =>
    cloud
      .call<DescribeVpcsCommandOutput>("DescribeVpcs", { VpcIds: [VpcId] })
      .Vpcs?.[0]?.Tags?.map(({ Key, Value }) => `${Key}=${Value}`);
  const own = [
    `aws:cloudformation:stack-name=s`,
    `aws:cloudformation:stack-id=${StackId}`,
    "aws:cloudformation:logical-id=Vpc",
  ];
  expect(tags()).toEqual(expect.arrayContaining([...own, "Name=a", "team=own", "cost=1"]));
  cloud.call("DeleteTags", { Resources: [VpcId] });
  expect(tags()).toEqual(own);
});

test("a security group's own rules take the place of the one that AWS writes into it", () => {
  const cloud = testCloud();
  const stacks = testStacks(cloud);
  const group = (egress: string): string =>
    `Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}, Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: g, VpcId: !Ref Vpc, SecurityGroupEgress: ${egress}}}}`;
  const egress = (): unknown =>
    cloud
      .call<DescribeSecurityGroupsCommandOutput>("DescribeSecurityGroups", { GroupIds: [stacks.resources("s").Group] })
      .SecurityGroups?.[0]?.IpPermissionsEgress?.flatMap(({ IpProtocol, IpRanges }) =>
        IpRanges?.map(({ CidrIp }) => `${IpProtocol} ${CidrIp}`),
      );
  stacks.create("s", group("[{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}]"));
  expect(egress()).toEqual(["tcp 10.0.0.0/8"]);
  stacks.update("s", group("[{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.1.0.0/16}]"));
  expect(egress()).toEqual(["tcp 10.1.0.0/16"]);
  stacks.update("s", group("[]"));
  expect(egress()).toEqual(["-1 0.0.0.0/0"]);
});

test("so they do in a VPC with IPv6, where AWS writes two; without rules of its own a group keeps both", () => {
  const cloud = testCloud();
  const stacks = testStacks(cloud);
  const group = (egress: string): string => `
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Six: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref Vpc, AmazonProvidedIpv6CidrBlock: true}}
  Group: {Type: AWS::EC2::SecurityGroup, DependsOn: Six, Properties: {GroupDescription: g, VpcId: !Ref Vpc${egress}}}`;
  const egress = (): readonly string[] =>
    cloud
      .call<DescribeSecurityGroupRulesCommandOutput>("DescribeSecurityGroupRules", {
        Filters: [{ Name: "group-id", Values: [stacks.resources("s").Group] }],
      })
      .SecurityGroupRules?.flatMap(({ IsEgress, CidrIpv4, CidrIpv6 }) => (IsEgress ? [CidrIpv4 ?? CidrIpv6 ?? ""] : []))
      .toSorted() ?? [];
  const own = (...blocks: readonly string[]): string => `, SecurityGroupEgress: [${blocks.join(", ")}]`;
  const all = ["{IpProtocol: '-1', CidrIp: 0.0.0.0/0}", "{IpProtocol: '-1', CidrIpv6: '::/0'}"];
  stacks.create("s", group(own(...all)));
  expect([stacks.describe("s").StackStatus, egress()]).toEqual(["CREATE_COMPLETE", ["0.0.0.0/0", "::/0"]]);
  stacks.update("s", group(own("{IpProtocol: '-1', CidrIp: 10.0.0.0/8}")));
  expect(egress()).toEqual(["10.0.0.0/8"]);
  stacks.delete("s");
  stacks.create("s", group(""));
  expect(egress()).toEqual(["0.0.0.0/0", "::/0"]);
  stacks.update("s", group(own("{IpProtocol: '-1', CidrIp: 10.0.0.0/8}")));
  expect([stacks.describe("s").StackStatus, egress()]).toEqual(["UPDATE_COMPLETE", ["10.0.0.0/8"]]);
});

test("[PX-1] a peering is accepted by CloudFormation: in the same account by itself, across Regions too, in another account by its role", () => {
  const cloud = testCloud();
  const mine = testStacks(cloud);
  const far = cloud.call<{ Vpc: { VpcId: string } }>("CreateVpc", { CidrBlock: "10.9.0.0/16" }, { region: "eu-west-1" })
    .Vpc.VpcId;
  const theirs = cloud.call<{ Vpc: { VpcId: string } }>(
    "CreateVpc",
    { CidrBlock: "10.8.0.0/16" },
    { account: "222222222222" },
  ).Vpc.VpcId;
  const peering = (more: string): string =>
    `Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}, P: {Type: AWS::EC2::VPCPeeringConnection, Properties: {VpcId: !Ref Vpc, ${more}}}}`;
  const status = (id: string | undefined): string | undefined =>
    [...cloud.cloud.view.all("vpcPeeringConnection")].find((each) => each.VpcPeeringConnectionId === id)?.StatusCode;
  expect(mine.create("far", peering(`PeerVpcId: ${far}, PeerRegion: eu-west-1`)).StackStatus).toBe("CREATE_COMPLETE");
  expect(status(mine.resources("far").P)).toBe("active");
  const role = "PeerRoleArn: 'arn:aws:iam::222222222222:role/peer'";
  mine.create("other", peering(`PeerVpcId: ${theirs}, PeerOwnerId: '222222222222', ${role}`));
  expect(status(mine.resources("other").P)).toBe("active");
  const refused = mine.create("refused", peering(`PeerVpcId: ${theirs}, PeerOwnerId: '222222222222'`));
  expect(refused.StackStatus).toBe("ROLLBACK_COMPLETE");
  expect(mine.events("refused")).toContainEqual(
    expect.stringMatching(/^P CREATE_FAILED \(VpcPeeringConnection pcx-\w+ did not stabilize/),
  );
});
