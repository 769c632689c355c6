/** The stacks of a global network: what each holds, and that none waits for one that waits for it. */
import { App, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import type { CloudAssembly } from "aws-cdk-lib/cx-api";
import { describe, expect, test } from "vitest";
import { GlobalNetwork, type GlobalNetworkProps, type GlobalNetworkRegion } from "./index.ts";

const virginia: GlobalNetworkRegion = { region: "us-east-1", cidrBlock: "172.16.0.0/24" };
const ireland: GlobalNetworkRegion = { region: "eu-west-1", cidrBlock: "172.16.1.0/24" };
const sydney: GlobalNetworkRegion = { region: "ap-southeast-2", cidrBlock: "172.16.2.0/24" };

function network(regions: GlobalNetworkRegion[], options: Partial<GlobalNetworkProps> = {}) {
  return new GlobalNetwork(new App(), "Global", { regions, ...options });
}

function assemblyOf(made: GlobalNetwork): CloudAssembly {
  const { root } = made.node;
  if (!App.isApp(root)) throw new Error("not in an app");
  return root.synth();
}

test("references across Regions are strong, which CDK need not warn of, unless the app says otherwise", () => {
  const made = network([virginia, ireland]);
  const { stacks } = assemblyOf(made);
  expect(stacks.flatMap(({ messages }) => messages.map(({ entry }) => entry.data))).toEqual([]);
  const typesOf = (each: Readonly<{ template: { Resources: Record<string, { Type: string }> } }>) =>
    Object.values(each.template.Resources).map(({ Type }) => Type);
  expect(stacks.flatMap(typesOf)).toContain("Custom::CrossRegionExportWriter");

  const context = { "@aws-cdk/core:defaultCrossStackReferences": "weak" };
  const weak = new GlobalNetwork(new App({ context }), "Global", { regions: [virginia, ireland] });
  expect(assemblyOf(weak).stacks.flatMap(typesOf)).not.toContain("Custom::CrossRegionExportWriter");
});

describe("two Regions", () => {
  const made = network([virginia, ireland], { probeInstances: true, sessionManagerEndpoints: true });
  const [us, eu] = made.sites.map(({ networkStack, workloadStack }) => ({ networkStack, workloadStack }));
  const templateOf = (stack: Stack | undefined) => Template.fromStack(stack ?? new Stack());

  test("are four stacks, each deployed after what it needs", () => {
    const names = (stacks: readonly Stack[] | undefined) => stacks?.map(({ stackName }) => stackName).toSorted();
    expect(us?.networkStack.stackName).toBe("Global-us-east-1-network");
    // The references across Regions are dependencies when the app is synthesized.
    const { stacks } = assemblyOf(made);
    const order = stacks.map(({ stackName }) => stackName);
    expect(order).toEqual([
      "Global-us-east-1-network",
      "Global-eu-west-1-network",
      "Global-us-east-1-workload",
      "Global-eu-west-1-workload",
    ]);
    expect(names(eu?.workloadStack.dependencies)).toEqual([
      "Global-eu-west-1-network",
      "Global-us-east-1-network",
      "Global-us-east-1-workload",
    ]);
    expect(names(eu?.networkStack.dependencies)).toEqual(["Global-us-east-1-network"]);
  });

  test.each([
    ["us-east-1", () => us?.networkStack, "172.16.0.0/24", "172.16.1.0/24", 64512],
    ["eu-west-1", () => eu?.networkStack, "172.16.1.0/24", "172.16.0.0/24", 64513],
  ] as const)(
    "%s has its VPC, endpoints and gateway, and a route to the other's block after the attachment",
    (region, stack, own, other, asn) => {
      const template = templateOf(stack());
      template.hasResourceProperties("AWS::EC2::VPC", { CidrBlock: own, EnableDnsHostnames: true });
      template.hasResourceProperties("AWS::EC2::TransitGateway", { AmazonSideAsn: asn });
      template.hasResource("AWS::EC2::Route", {
        Properties: { DestinationCidrBlock: other },
        DependsOn: [Match.stringLikeRegexp("^Attachment")],
      });
      for (const service of ["ssm", "ssmmessages", "ec2messages"]) {
        template.hasResourceProperties("AWS::EC2::VPCEndpoint", {
          ServiceName: `com.amazonaws.${region}.${service}`,
          PrivateDnsEnabled: true,
        });
      }
    },
  );

  test("[TG-61] the later Region asks, in its network stack; the earlier one waits for its peerings' end", () => {
    const requester = templateOf(eu?.networkStack);
    requester.hasResourceProperties("AWS::EC2::TransitGatewayPeeringAttachment", {
      PeerRegion: "us-east-1",
      PeerAccountId: Match.anyValue(),
    });
    requester.resourceCountIs("Custom::TransitGatewayPeeringsEnded", 0);
    const accepter = templateOf(us?.networkStack);
    accepter.resourceCountIs("AWS::EC2::TransitGatewayPeeringAttachment", 0);
    accepter.resourceCountIs("Custom::TransitGatewayPeeringsEnded", 1);
  });

  test.each([
    ["accepts", () => us?.workloadStack, "accepter", "172.16.1.0/24"],
    ["waits", () => eu?.workloadStack, "requester", "172.16.0.0/24"],
  ] as const)(
    "[TG-63, TG-68] one workload %s, associates the peering, and only then routes to it",
    (_what, stack, role, block) => {
      const template = templateOf(stack());
      template.hasResourceProperties("Custom::TransitGatewayPeering", { Role: role, EndOnDelete: "false" });
      const answered = { "Fn::GetAtt": [Match.stringLikeRegexp("^Peering"), "TransitGatewayAttachmentId"] };
      template.hasResourceProperties("AWS::EC2::TransitGatewayRouteTableAssociation", {
        TransitGatewayAttachmentId: answered,
      });
      template.hasResourceProperties("AWS::EC2::TransitGatewayRoute", {
        DestinationCidrBlock: block,
        TransitGatewayAttachmentId: answered,
      });
    },
  );

  test("the accepter may accept this attachment alone, the requester only look", () => {
    const allowed = (stack: Stack | undefined) =>
      Object.values(templateOf(stack).findResources("AWS::IAM::Policy"))
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
        .map(
          ({ Action, Resource }: { Action: string; Resource: unknown }) => [Action, JSON.stringify(Resource)] as const,
        );
    expect(allowed(us?.workloadStack).map(([action]) => action)).toEqual([
      "ec2:DescribeTransitGatewayPeeringAttachments",
      "ec2:AcceptTransitGatewayPeeringAttachment",
    ]);
    expect(allowed(us?.workloadStack)[1]?.[1]).toMatch(/transit-gateway-attachment\/.*TransitGatewayAttachmentId/);
    expect(allowed(eu?.workloadStack)).toEqual([["ec2:DescribeTransitGatewayPeeringAttachments", '"*"']]);
  });

  test("an instance answers pings of the other Region's block and of no wider one", () => {
    const template = templateOf(us?.workloadStack);
    template.hasResourceProperties("AWS::EC2::SecurityGroup", {
      SecurityGroupIngress: [Match.objectLike({ IpProtocol: "icmp", CidrIp: "172.16.1.0/24" })],
    });
    template.hasResourceProperties("AWS::EC2::Instance", { IamInstanceProfile: Match.anyValue() });
  });
});

test("three Regions are a full mesh, in an order that no stack breaks", () => {
  const made = network([virginia, ireland, sydney]);
  const { sites } = made;
  const order = assemblyOf(made).stacks.map(({ stackName }) => stackName);
  expect(order.slice(0, 3)).toEqual([
    "Global-us-east-1-network",
    "Global-eu-west-1-network",
    "Global-ap-southeast-2-network",
  ]);
  const ends = sites.map(({ workloadStack }) =>
    Object.values(Template.fromStack(workloadStack).findResources("Custom::TransitGatewayPeering")),
  );
  expect(
    ends.map((each) => each.map(({ Properties }) => `${Properties.Role} ${Properties.PeerRegion}`).toSorted()),
  ).toEqual([
    ["accepter ap-southeast-2", "accepter eu-west-1"],
    ["accepter ap-southeast-2", "requester us-east-1"],
    ["requester eu-west-1", "requester us-east-1"],
  ]);
});

test("several zones: a subnet and a table in each, all attached and all routed", () => {
  const [site] = network([{ ...virginia, availabilityZones: 3 }, ireland]).sites;
  const template = Template.fromStack(site?.networkStack ?? new Stack());
  const subnets = Object.values(template.findResources("AWS::EC2::Subnet")).map(({ Properties }) => [
    Properties.CidrBlock,
    Properties.AvailabilityZone["Fn::Select"][0],
  ]);
  expect(subnets).toEqual([
    ["172.16.0.0/26", 0],
    ["172.16.0.64/26", 1],
    ["172.16.0.128/26", 2],
  ]);
  template.resourceCountIs("AWS::EC2::Route", 3);
  template.hasResourceProperties("AWS::EC2::TransitGatewayAttachment", {
    SubnetIds: [Match.anyValue(), Match.anyValue(), Match.anyValue()],
  });
});

test("what is there already is used by its id, and nothing like it is made", () => {
  const existingVpc = {
    vpcId: "vpc-0123456789abcdef0",
    cidrBlocks: ["172.16.0.0/24", "10.9.0.0/16"],
    subnetIds: ["subnet-0123456789abcdef0"],
    routeTableIds: ["rtb-0123456789abcdef0"],
  };
  const existingTransitGateway = {
    transitGatewayId: "tgw-0123456789abcdef0",
    segments: [{ name: "all", routeTableId: "tgw-rtb-0123456789abcdef0" }],
  };
  const [site, other] = network([{ ...virginia, existingVpc, existingTransitGateway }, ireland], {
    probeInstances: true,
  }).sites;
  // All of its blocks are reached.
  const blocks = Object.values(Template.fromStack(other?.networkStack ?? new Stack()).findResources("AWS::EC2::Route"));
  expect(blocks.map(({ Properties }) => Properties.DestinationCidrBlock)).toEqual(existingVpc.cidrBlocks);
  const template = Template.fromStack(site?.networkStack ?? new Stack());
  for (const type of [
    "AWS::EC2::VPC",
    "AWS::EC2::Subnet",
    "AWS::EC2::TransitGateway",
    "AWS::EC2::TransitGatewayRouteTable",
  ])
    template.resourceCountIs(type, 0);
  template.hasResourceProperties("AWS::EC2::TransitGatewayAttachment", {
    TransitGatewayId: "tgw-0123456789abcdef0",
    VpcId: existingVpc.vpcId,
  });
  template.hasResourceProperties("AWS::EC2::Route", {
    RouteTableId: "rtb-0123456789abcdef0",
    DestinationCidrBlock: "172.16.1.0/24",
  });
  const workload = Template.fromStack(site?.workloadStack ?? new Stack());
  workload.hasResourceProperties("AWS::EC2::TransitGatewayRoute", {
    TransitGatewayRouteTableId: "tgw-rtb-0123456789abcdef0",
  });
});

test.each<[string, GlobalNetworkRegion[], RegExp]>([
  [
    "blocks that overlap",
    [virginia, { ...ireland, cidrBlock: "172.16.0.128/25" }],
    /eu-west-1 \(172.16.0.128\/25\) and us-east-1 \(172.16.0.0\/24\) overlap/,
  ],
  ["a Region twice", [virginia, { ...virginia, cidrBlock: "172.16.9.0/24" }], /two entries for us-east-1/],
  [
    "a block too small for its zones",
    [{ ...virginia, cidrBlock: "172.16.0.0/28", availabilityZones: 2 }, ireland],
    /cannot be split for 2 zones/,
  ],
  ["a block that is no IPv4", [{ ...virginia, cidrBlock: "fd00::/56" }, ireland], /give an IPv4 block/],
])("%s is refused", (_what, regions, message) => {
  expect(() => network(regions)).toThrow(message);
});
