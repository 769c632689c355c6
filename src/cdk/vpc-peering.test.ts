/** What a VpcPeering makes, for every kind of two sides. */
import { App, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import { describe, expect, test } from "vitest";
import { NetworkSide, PrivateVpc, VpcPeering } from "./index.ts";

const [one, two] = ["111111111111", "222222222222"] as const;
const inOne = { account: one, region: "us-east-1" };
const existing = {
  vpcId: "vpc-0aaaaaaaaaaaaaaaa",
  cidrBlocks: ["10.1.0.0/16"],
  routeTableIds: ["rtb-0aaaaaaaaaaaaaaaa"],
};
const other = {
  vpcId: "vpc-0bbbbbbbbbbbbbbbb",
  cidrBlocks: ["10.2.0.0/16"],
  routeTableIds: ["rtb-01bbbbbbbbbbbbbbb", "rtb-02bbbbbbbbbbbbbbb"],
};

function stackOf(env = inOne): Stack {
  return new Stack(new App(), "Stack", { env });
}

function policiesOf(template: Template): Readonly<Record<string, readonly string[]>> {
  const policies = Object.values(template.findResources("AWS::IAM::Policy"));
  const statements: { Action: string | string[]; Resource: unknown }[] = policies.flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  return Object.fromEntries(
    statements.flatMap(({ Action, Resource }) =>
      [Action].flat().map((each) => [each, [Resource].flat().map((arn) => JSON.stringify(arn))]),
    ),
  );
}

test("[PX-50] both sides of existing VPCs are routed in every table that was named, with nothing else made", () => {
  const stack = stackOf();
  new VpcPeering(stack, "Peering", {
    requester: NetworkSide.fromAttributes(existing),
    accepter: NetworkSide.fromAttributes(other),
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties("AWS::EC2::VPCPeeringConnection", {
    VpcId: "vpc-0aaaaaaaaaaaaaaaa",
    PeerVpcId: "vpc-0bbbbbbbbbbbbbbbb",
    PeerOwnerId: one,
    PeerRegion: "us-east-1",
  });
  const routes = Object.values(template.findResources("AWS::EC2::Route")).map(({ Properties }) => [
    Properties.RouteTableId,
    Properties.DestinationCidrBlock,
  ]);
  expect(routes.toSorted()).toEqual(
    [
      ["rtb-0aaaaaaaaaaaaaaaa", "10.2.0.0/16"],
      ["rtb-01bbbbbbbbbbbbbbb", "10.1.0.0/16"],
      ["rtb-02bbbbbbbbbbbbbbb", "10.1.0.0/16"],
    ].toSorted(),
  );
  // CloudFormation accepts within an account: no function is needed.
  template.resourceCountIs("AWS::Lambda::Function", 0);
});

test("a route keeps its id when a table before it goes: CloudFormation would make it anew, and find it there already", () => {
  const idsWith = (routeTableIds: string[]) => {
    const stack = stackOf();
    const accepter = NetworkSide.fromAttributes({ ...other, routeTableIds });
    new VpcPeering(stack, "Peering", { requester: NetworkSide.fromAttributes(existing), accepter });
    return Object.entries(Template.fromStack(stack).findResources("AWS::EC2::Route")).find(
      ([, { Properties }]) => Properties.RouteTableId === "rtb-02bbbbbbbbbbbbbbb",
    )?.[0];
  };
  expect(idsWith(["rtb-02bbbbbbbbbbbbbbb"])).toBe(idsWith(["rtb-01bbbbbbbbbbbbbbb", "rtb-02bbbbbbbbbbbbbbb"]));
});

test("VPCs of the app: chosen subnets, one route for a table that subnets share, and IPv6", () => {
  const stack = stackOf();
  const vpc = ec2.Vpc.fromVpcAttributes(stack, "Shared", {
    vpcId: "vpc-0cccccccccccccccc",
    vpcCidrBlock: "10.3.0.0/16",
    availabilityZones: ["us-east-1a", "us-east-1b"],
    privateSubnetIds: ["subnet-00000000000000001", "subnet-00000000000000002"],
    privateSubnetRouteTableIds: ["rtb-0cccccccccccccccc", "rtb-0cccccccccccccccc"],
    publicSubnetIds: ["subnet-00000000000000003", "subnet-00000000000000004"],
    publicSubnetRouteTableIds: ["rtb-0dddddddddddddddd", "rtb-0dddddddddddddddd"],
  });
  const requester = NetworkSide.fromVpc(vpc, { subnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } });
  const accepter = NetworkSide.fromAttributes({ ...other, cidrBlocks: ["10.2.0.0/16", "2600:1f18::/56"] });
  new VpcPeering(stack, "Peering", { requester, accepter });
  const template = Template.fromStack(stack);
  template.resourcePropertiesCountIs("AWS::EC2::Route", { RouteTableId: "rtb-0cccccccccccccccc" }, 2);
  template.resourcePropertiesCountIs("AWS::EC2::Route", { RouteTableId: "rtb-0dddddddddddddddd" }, 0);
  template.hasResourceProperties("AWS::EC2::Route", {
    RouteTableId: "rtb-0cccccccccccccccc",
    DestinationIpv6CidrBlock: "2600:1f18::/56",
  });
});

describe("group rules", () => {
  const groupIn = (stack: Stack, id: string) =>
    ec2.SecurityGroup.fromSecurityGroupId(stack, id, `sg-0${id.repeat(16)}`);

  test("let in the exact blocks of the other side, by default pings", () => {
    const stack = stackOf();
    const requester = NetworkSide.fromAttributes({ ...existing, cidrBlocks: ["10.1.1.0/24", "10.1.2.0/24"] });
    const ports = [ec2.Port.tcp(443), ec2.Port.allTraffic()];
    const accepter = NetworkSide.fromAttributes({ ...other, securityGroups: [groupIn(stack, "b")], ports });
    new VpcPeering(stack, "Peering", { requester, accepter });
    const template = Template.fromStack(stack);
    template.resourceCountIs("AWS::EC2::SecurityGroupIngress", 4);
    for (const CidrIp of ["10.1.1.0/24", "10.1.2.0/24"]) {
      const rule = { GroupId: "sg-0bbbbbbbbbbbbbbbb", CidrIp };
      template.hasResourceProperties("AWS::EC2::SecurityGroupIngress", {
        ...rule,
        IpProtocol: "tcp",
        FromPort: 443,
        ToPort: 443,
      });
      template.hasResourceProperties("AWS::EC2::SecurityGroupIngress", { ...rule, IpProtocol: "-1" });
    }
  });

  test("[PX-55] name the other side's groups on request, with their account, once the connection is there", () => {
    const stack = stackOf();
    const requester = NetworkSide.fromAttributes({ ...existing, securityGroups: [groupIn(stack, "a")] });
    const accepter = NetworkSide.fromAttributes({ ...other, ownerId: two, securityGroups: [groupIn(stack, "b")] });
    new VpcPeering(stack, "Peering", {
      requester,
      accepter,
      referenceSecurityGroups: true,
      peerRoleArn: "arn:aws:iam::222222222222:role/accept",
    });
    Template.fromStack(stack).hasResource("AWS::EC2::SecurityGroupIngress", {
      Properties: {
        GroupId: "sg-0aaaaaaaaaaaaaaaa",
        SourceSecurityGroupId: "sg-0bbbbbbbbbbbbbbbb",
        SourceSecurityGroupOwnerId: two,
        IpProtocol: "icmp",
        FromPort: 8,
      },
      DependsOn: [Match.stringLikeRegexp("^Peering")],
    });
  });
});

describe("DNS options", () => {
  test("[PX-42] are set for each side in its Region, by a policy for this connection alone", () => {
    const stack = stackOf();
    const requester = NetworkSide.fromAttributes({ ...existing, allowDnsResolutionFromRemoteVpc: true });
    const accepter = NetworkSide.fromAttributes({
      ...other,
      region: "eu-west-1",
      allowDnsResolutionFromRemoteVpc: true,
    });
    new VpcPeering(stack, "Peering", { requester, accepter, handOver: false });
    const template = Template.fromStack(stack);
    const said = { AllowDnsResolutionFromRemoteVpc: "true", VpcPeeringConnectionId: Match.anyValue() };
    const type = "Custom::VpcPeeringConnectionOptions";
    template.hasResourceProperties(type, { ...said, Side: "requester", Region: "us-east-1" });
    template.hasResourceProperties(type, { ...said, Side: "accepter", Region: "eu-west-1" });
    const policies = policiesOf(template);
    expect(Object.keys(policies)).toEqual([
      "ec2:DescribeVpcPeeringConnections",
      "ec2:ModifyVpcPeeringConnectionOptions",
    ]);
    expect(policies["ec2:ModifyVpcPeeringConnectionOptions"]?.[0]).toMatch(/vpc-peering-connection\/.*Peering/);
  });

  test("no function is there without them", () => {
    const stack = stackOf();
    new VpcPeering(stack, "Peering", {
      requester: NetworkSide.fromAttributes(existing),
      accepter: NetworkSide.fromAttributes(other),
    });
    Template.fromStack(stack).resourceCountIs("AWS::Lambda::Function", 0);
  });
});

describe("another account", () => {
  const theirs = NetworkSide.fromAttributes({ ...other, ownerId: two, region: "eu-west-1" });

  test("accepts by a role that CloudFormation assumes, and routes by the sheet", () => {
    const stack = stackOf();
    const peerRoleArn = "arn:aws:iam::222222222222:role/accept";
    const peering = new VpcPeering(stack, "Peering", {
      requester: NetworkSide.fromAttributes(existing),
      accepter: theirs,
      peerRoleArn,
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties("AWS::EC2::VPCPeeringConnection", {
      PeerOwnerId: two,
      PeerRegion: "eu-west-1",
      PeerRoleArn: peerRoleArn,
    });
    template.resourceCountIs("AWS::EC2::Route", 1);
    expect(peering.handOverSheet?.text).not.toContain("accept-vpc-peering-connection");
    expect(peering.handOverSheet?.text).toContain(
      "aws ec2 --region eu-west-1 create-route --route-table-id rtb-01bbbbbbbbbbbbbbb --destination-cidr-block 10.1.0.0/16",
    );
  });

  test("[PX-42] has its DNS option set by that role, and not by the sheet", () => {
    const stack = stackOf();
    const peerRoleArn = "arn:aws:iam::222222222222:role/accept";
    const accepter = NetworkSide.fromAttributes({ ...other, ownerId: two, allowDnsResolutionFromRemoteVpc: true });
    const peering = new VpcPeering(stack, "Peering", {
      requester: NetworkSide.fromAttributes(existing),
      accepter,
      peerRoleArn,
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties("Custom::VpcPeeringConnectionOptions", { Side: "accepter", RoleArn: peerRoleArn });
    expect(policiesOf(template)).toEqual({ "sts:AssumeRole": [JSON.stringify(peerRoleArn)] });
    expect(peering.handOverSheet?.text).not.toContain("modify-vpc-peering-connection-options");
  });

  test("without a role is asked by the provider, which may ask for this VPC only", () => {
    const stack = stackOf();
    const requester = NetworkSide.fromAttributes({ ...existing, allowDnsResolutionFromRemoteVpc: true });
    new VpcPeering(stack, "Peering", { requester, accepter: theirs });
    const template = Template.fromStack(stack);
    template.resourceCountIs("AWS::EC2::VPCPeeringConnection", 0);
    template.hasResourceProperties("Custom::VpcPeeringConnectionRequest", {
      Region: "us-east-1",
      VpcId: "vpc-0aaaaaaaaaaaaaaaa",
      PeerVpcId: "vpc-0bbbbbbbbbbbbbbbb",
      PeerOwnerId: two,
      PeerRegion: "eu-west-1",
    });
    const policies = policiesOf(template);
    expect(policies["ec2:CreateVpcPeeringConnection"]?.some((arn) => arn.includes("vpc/vpc-0aaaaaaaaaaaaaaaa"))).toBe(
      true,
    );
    expect(policies["ec2:AcceptVpcPeeringConnection"]).toBeUndefined();
    // [PX-43] Not before they have accepted.
    template.resourceCountIs("Custom::VpcPeeringConnectionOptions", 0);
    template.hasOutput("*", { Value: { "Fn::Join": Match.anyValue() } });
  });

  test("that has asked already is accepted, and its own side left to it", () => {
    const stack = stackOf();
    const accepter = NetworkSide.fromAttributes({ ...existing, allowDnsResolutionFromRemoteVpc: true });
    new VpcPeering(stack, "Peering", { requester: theirs, accepter, vpcPeeringConnectionId: "pcx-0aaaaaaaaaaaaaaaa" });
    const template = Template.fromStack(stack);
    template.hasResourceProperties("Custom::VpcPeeringConnectionAcceptance", {
      VpcPeeringConnectionId: "pcx-0aaaaaaaaaaaaaaaa",
      VpcId: "vpc-0aaaaaaaaaaaaaaaa",
      EndOnDelete: "true",
    });
    template.hasResourceProperties("Custom::VpcPeeringConnectionOptions", { Side: "accepter" });
    template.resourcePropertiesCountIs(
      "AWS::EC2::Route",
      { RouteTableId: "rtb-0aaaaaaaaaaaaaaaa", DestinationCidrBlock: "10.2.0.0/16" },
      1,
    );
    expect(
      policiesOf(template)["ec2:AcceptVpcPeeringConnection"]?.every((arn) =>
        /pcx-0aaaaaaaaaaaaaaaa|vpc-0aaaaaaaaaaaaaaaa/.test(arn),
      ),
    ).toBe(true);
  });
});

test("a side in another Region has its routes in its own stack, after the connection's", () => {
  const app = new App();
  const stack = (id: string, region: string) =>
    new Stack(app, id, { env: { account: one, region }, crossRegionReferences: true });
  const here = new PrivateVpc(stack("Here", "us-east-1"), "Vpc", { cidrBlock: "10.1.0.0/16" });
  const thereStack = stack("There", "eu-west-1");
  const later = stack("Later", "eu-west-1");
  const there = new PrivateVpc(thereStack, "Vpc", { cidrBlock: "10.2.0.0/16" });
  const { vpcId, cidrBlocks, routeTableIds } = there.side;
  new VpcPeering(Stack.of(here), "Peering", {
    requester: here.side,
    accepter: NetworkSide.fromAttributes({
      vpcId,
      cidrBlocks,
      routeTableIds,
      region: "eu-west-1",
      scope: later,
      allowDnsResolutionFromRemoteVpc: true,
    }),
  });
  Template.fromStack(Stack.of(here)).resourceCountIs("AWS::EC2::Route", 1);
  const template = Template.fromStack(later);
  template.hasResourceProperties("AWS::EC2::Route", { DestinationCidrBlock: "10.1.0.0/16" });
  template.hasResourceProperties("Custom::VpcPeeringConnectionOptions", { Side: "accepter", Region: "eu-west-1" });
});

describe("is refused, with what to change", () => {
  test.each([
    [
      "[PX-28] blocks that overlap",
      { ...other, cidrBlocks: ["10.1.128.0/17"] },
      /vpc-0aaaaaaaaaaaaaaaa \(10\.1\.0\.0\/16\) and vpc-0bbbbbbbbbbbbbbbb \(10\.1\.128\.0\/17\) overlap: give one/,
    ],
    [
      "a block that is none",
      { ...other, cidrBlocks: ["10.2.0.0/33"] },
      /A block of vpc-0bbbbbbbbbbbbbbbb is 10\.2\.0\.0\/33, which is no CIDR block/,
    ],
    ["a block with host bits", { ...other, cidrBlocks: ["10.2.0.1/16"] }, /write 10\.2\.0\.0\/16/],
  ])("%s", (_what, accepter, message) => {
    const props = { requester: NetworkSide.fromAttributes(existing), accepter: NetworkSide.fromAttributes(accepter) };
    expect(() => new VpcPeering(stackOf(), "Peering", props)).toThrow(message);
  });

  test("a requester of another place, and groups of another Region", () => {
    const theirs = NetworkSide.fromAttributes({ ...other, region: "eu-west-1" });
    const ours = NetworkSide.fromAttributes(existing);
    expect(() => new VpcPeering(stackOf(), "Peering", { requester: theirs, accepter: ours })).toThrow(
      /its requester is in 111111111111, eu-west-1/,
    );
    const props = { requester: ours, accepter: theirs, referenceSecurityGroups: true };
    expect(() => new VpcPeering(stackOf(), "Peering", props)).toThrow(/groups of another Region cannot be referenced/);
  });
});
