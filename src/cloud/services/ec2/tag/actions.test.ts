/** Tags. (semantics 13.1 "Tags", [PX-6]) */
import type { DescribeTagsCommandOutput } from "@aws-sdk/client-ec2";
import { beforeEach, expect, test } from "vitest";
import { isAwsError } from "../../../../aws/index.ts";
import { accountA, accountB, type TestCloud, testCloud } from "../../../test-cloud.ts";

let cloud: TestCloud;
let vpc: string;

beforeEach(() => {
  cloud = testCloud();
  vpc = cloud.call<{ Vpc: { VpcId: string } }>("CreateVpc", { CidrBlock: "10.0.0.0/16" }).Vpc.VpcId;
});

function tag(id: string, tags: Record<string, string>, account = accountA): void {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  cloud.call("CreateTags", { Resources: [id], Tags }, { account });
}

function tagsOn(id: string, account = accountA): Record<string, string | undefined> {
  const { Tags = [] } = cloud.call<DescribeTagsCommandOutput>(
    "DescribeTags",
    { Filters: [{ Name: "resource-id", Values: [id] }] },
    { account },
  );
  return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isAwsError(error)) return error.code;
    throw error;
  }
  return "allowed";
}

test("tags are added, replaced and removed: by key, by key and value, or all", () => {
  tag(vpc, { Name: "a", Stage: "test", Keep: "" });
  tag(vpc, { Name: "b" });
  expect(tagsOn(vpc)).toEqual({ Name: "b", Stage: "test", Keep: "" });
  cloud.call("DeleteTags", { Resources: [vpc], Tags: [{ Key: "Name", Value: "other" }, { Key: "Stage" }] });
  expect(tagsOn(vpc)).toEqual({ Name: "b", Keep: "" });
  cloud.call("DeleteTags", { Resources: [vpc] });
  expect(tagsOn(vpc)).toEqual({});
});

test("resources of every taggable kind here, a rule among them", () => {
  const { GroupId, group } = (() => {
    const id = cloud.call<{ GroupId: string }>("CreateSecurityGroup", {
      GroupName: "g",
      Description: "g",
      VpcId: vpc,
    }).GroupId;
    const rules = cloud.call<{ SecurityGroupRules: { SecurityGroupRuleId: string }[] }>(
      "AuthorizeSecurityGroupIngress",
      {
        GroupId: id,
        IpPermissions: [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
      },
    );
    return { GroupId: id, group: rules.SecurityGroupRules };
  })();
  const subnet = cloud.call<{ Subnet: { SubnetId: string } }>("CreateSubnet", { VpcId: vpc, CidrBlock: "10.0.1.0/24" })
    .Subnet.SubnetId;
  const eni = cloud.call<{ NetworkInterface: { NetworkInterfaceId: string } }>("CreateNetworkInterface", {
    SubnetId: subnet,
  }).NetworkInterface.NetworkInterfaceId;
  const address = cloud.call<{ AllocationId: string }>("AllocateAddress", { Domain: "vpc" }).AllocationId;
  const igw = cloud.call<{ InternetGateway: { InternetGatewayId: string } }>("CreateInternetGateway").InternetGateway
    .InternetGatewayId;
  for (const id of [GroupId, group[0]?.SecurityGroupRuleId ?? "", subnet, eni, address, igw]) {
    tag(id, { Name: id });
    expect(tagsOn(id)).toEqual({ Name: id });
  }
  const { Tags = [] } = cloud.call<DescribeTagsCommandOutput>("DescribeTags", {
    Filters: [{ Name: "key", Values: ["Name"] }],
  });
  expect(new Set(Tags.map((each) => each.ResourceType))).toEqual(
    new Set(["security-group", "security-group-rule", "subnet", "network-interface", "elastic-ip", "internet-gateway"]),
  );
});

test("each side of a peering has tags of its own [PX-6]", () => {
  const theirs = cloud.call<{ Vpc: { VpcId: string } }>(
    "CreateVpc",
    { CidrBlock: "10.1.0.0/16" },
    { account: accountB },
  ).Vpc.VpcId;
  const { VpcPeeringConnection } = cloud.call<{ VpcPeeringConnection: { VpcPeeringConnectionId: string } }>(
    "CreateVpcPeeringConnection",
    { VpcId: vpc, PeerVpcId: theirs, PeerOwnerId: accountB },
  );
  const id = VpcPeeringConnection.VpcPeeringConnectionId;
  cloud.advance(60_000);
  tag(id, { Name: "mine" });
  tag(id, { Name: "yours" }, accountB);
  expect(tagsOn(id)).toEqual({ Name: "mine" });
  expect(tagsOn(id, accountB)).toEqual({ Name: "yours" });
});

test.each<[string, string, (id: string) => unknown]>([
  ["another account's resource", "InvalidVpcID.NotFound", (id) => tag(id, { a: "b" }, accountB)],
  ["an unknown resource", "InvalidSubnetID.NotFound", () => tag("subnet-12345678", { a: "b" })],
  ["a malformed id", "InvalidVpcId.Malformed", () => tag("vpc-nonsense", { a: "b" })],
  ["no id at all", "InvalidID", () => tag("nonsense", { a: "b" })],
  ["a reserved key", "InvalidParameterValue", (id) => tag(id, { "aws:x": "b" })],
  [
    "a key twice",
    "InvalidParameterValue",
    (id) =>
      cloud.call("CreateTags", {
        Resources: [id],
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "a", Value: "2" },
        ],
      }),
  ],
  [
    "too many tags",
    "TagLimitExceeded",
    (id) => tag(id, Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, ""]))),
  ],
  ["no tags", "MissingParameter", (id) => cloud.call("CreateTags", { Resources: [id], Tags: [] })],
])("%s: %s", (_name, code, act) => {
  expect(codeOf(() => act(vpc))).toBe(code);
});

test("a call for several resources is done for all or none", () => {
  expect(
    codeOf(() => cloud.call("CreateTags", { Resources: [vpc, "subnet-12345678"], Tags: [{ Key: "a", Value: "b" }] })),
  ).toBe("InvalidSubnetID.NotFound");
  expect(tagsOn(vpc)).toEqual({});
});
