/** Who may talk to whom at a hub, as route tables, associations and propagations; and attachments of every account. */
import { App, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import {
  NetworkSide,
  TransitGatewayHub,
  type TransitGatewaySegment,
  TransitGatewayVpcAttachment,
  TransitGatewayVpcAttachmentAcceptance,
} from "./index.ts";

const [one, two] = ["111111111111", "222222222222"] as const;

function stackOf(account: string = one): Stack {
  return new Stack(new App(), "Stack", { env: { account, region: "us-east-1" } });
}

const id = (kind: string, letter: string): string => `${kind}-0${letter.repeat(16)}`;

function sideOf(letter: string, cidrBlock: string): NetworkSide {
  return NetworkSide.fromAttributes({
    vpcId: id("vpc", letter),
    cidrBlocks: [cidrBlock],
    routeTableIds: [id("rtb", letter)],
    subnetIds: [id("subnet", letter)],
  });
}

/** Which segments' tables each attachment propagates to. */
function propagations(template: Template): readonly string[] {
  return Object.keys(template.findResources("AWS::EC2::TransitGatewayRouteTablePropagation"))
    .map((logicalId) => /^(\w+)PropagationTo([a-z]+)[0-9A-F]{8}$/.exec(logicalId)?.slice(1, 3).join(" → ") ?? logicalId)
    .toSorted();
}

function hubWith(segments: TransitGatewaySegment[]): { readonly stack: Stack; readonly hub: TransitGatewayHub } {
  const stack = stackOf();
  return { stack, hub: new TransitGatewayHub(stack, "Hub", { segments }) };
}

test("[TG-30, TG-31] an attachment is told to its own segment and to those that talk to it, whichever of the two says so", () => {
  const { stack, hub } = hubWith([
    { name: "production", talksTo: ["shared"] },
    { name: "development" },
    { name: "shared", talksTo: ["development"], isolated: true },
  ]);
  const attach = (name: string, letter: string, segment: string) =>
    new TransitGatewayVpcAttachment(stack, name, {
      transitGateway: hub,
      vpc: sideOf(letter, "10.1.0.0/16"),
      segment,
      destinationCidrBlocks: ["10.0.0.0/8"],
    });
  attach("Prod", "a", "production");
  attach("Dev", "b", "development");
  attach("Dns", "c", "shared");
  attach("Logs", "d", "shared");
  const template = Template.fromStack(stack);
  expect(propagations(template)).toEqual([
    "Dev → development",
    "Dev → shared",
    "Dns → development",
    "Dns → production",
    "Logs → development",
    "Logs → production",
    "Prod → production",
    "Prod → shared",
  ]);
  template.resourceCountIs("AWS::EC2::TransitGatewayRouteTableAssociation", 4);
  // Only segments decide.
  template.hasResourceProperties("AWS::EC2::TransitGateway", {
    DefaultRouteTableAssociation: "disable",
    DefaultRouteTablePropagation: "disable",
  });
});

test("a VPC's routes to the gateway come after its attachment: AWS refuses them before", () => {
  const { stack, hub } = hubWith([{ name: "all" }]);
  const vpc = sideOf("a", "10.1.0.0/16");
  new TransitGatewayVpcAttachment(stack, "Vpc", {
    transitGateway: hub,
    vpc,
    segment: "all",
    destinationCidrBlocks: ["10.2.0.0/16", "10.3.0.0/16"],
  });
  const template = Template.fromStack(stack);
  template.allResources("AWS::EC2::Route", { DependsOn: [Match.stringLikeRegexp("^Vpc")] });
  template.resourceCountIs("AWS::EC2::Route", 2);
});

test("[TG-81] another account's gateway: the VPC's account waits for the owner, who accepts into a segment", () => {
  const theirs = stackOf(two);
  const transitGateway = TransitGatewayHub.fromTransitGatewayAttributes(theirs, "Hub", {
    transitGatewayId: id("tgw", "a"),
    ownerId: one,
  });
  new TransitGatewayVpcAttachment(theirs, "Vpc", {
    transitGateway,
    vpc: sideOf("b", "10.1.0.0/16"),
    destinationCidrBlocks: ["10.0.0.0/8"],
  });
  const attached = Template.fromStack(theirs);
  attached.hasResourceProperties("Custom::TransitGatewayVpcAttachment", {
    Role: "attached",
    TransitGatewayId: id("tgw", "a"),
  });
  attached.hasResource("AWS::EC2::Route", { DependsOn: Match.arrayWith([Match.stringLikeRegexp("^VpcAvailable")]) });
  attached.resourceCountIs("AWS::EC2::TransitGatewayRouteTableAssociation", 0);

  const { stack, hub } = hubWith([{ name: "all" }]);
  new TransitGatewayVpcAttachmentAcceptance(stack, "Theirs", {
    transitGateway: hub,
    transitGatewayAttachmentId: id("tgw-attach", "b"),
    segment: "all",
  });
  const owner = Template.fromStack(stack);
  owner.hasResourceProperties("Custom::TransitGatewayVpcAttachment", { Role: "accepter", EndOnDelete: "true" });
  owner.hasResourceProperties("AWS::IAM::Policy", {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: Match.arrayWith(["ec2:AcceptTransitGatewayVpcAttachment"]),
          Resource: { "Fn::Join": Match.anyValue() },
        }),
      ]),
    },
  });
  // The association takes the attachment's id from the answer, so it comes after the acceptance.
  owner.hasResourceProperties("AWS::EC2::TransitGatewayRouteTableAssociation", {
    TransitGatewayAttachmentId: { "Fn::GetAtt": [Match.stringLikeRegexp("^Theirs"), "TransitGatewayAttachmentId"] },
  });
});

test("an existing gateway's tables are used by id", () => {
  const stack = stackOf();
  const transitGateway = TransitGatewayHub.fromTransitGatewayAttributes(stack, "Hub", {
    transitGatewayId: id("tgw", "a"),
    segments: [
      { name: "spokes", routeTableId: id("tgw-rtb", "a"), isolated: true, talksTo: ["shared"] },
      { name: "shared", routeTableId: id("tgw-rtb", "b") },
    ],
  });
  new TransitGatewayVpcAttachment(stack, "Vpc", {
    transitGateway,
    vpc: sideOf("b", "10.1.0.0/16"),
    segment: "spokes",
    destinationCidrBlocks: ["10.0.0.0/8"],
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties("AWS::EC2::TransitGatewayRouteTableAssociation", {
    TransitGatewayRouteTableId: id("tgw-rtb", "a"),
  });
  expect(propagations(template)).toEqual(["Vpc → shared"]);
  template.resourceCountIs("AWS::EC2::TransitGateway", 0);
});

test.each<[string, TransitGatewaySegment[], RegExp]>([
  ["a segment that talks to none of them", [{ name: "a", talksTo: ["b"] }], /segment a talks to b, which is none of a/],
  ["two segments of one name", [{ name: "a" }, { name: "a" }], /has two segments a/],
  ["a name that is no word", [{ name: "a b" }], /named by letters, digits and hyphens, not a b/],
])("%s is refused", (_what, segments, message) => {
  expect(() => hubWith(segments)).toThrow(message);
});

test("an attachment without subnets, or to a segment that is not there, is refused", () => {
  const { stack, hub } = hubWith([{ name: "all" }]);
  const props = { transitGateway: hub, segment: "all", destinationCidrBlocks: ["10.0.0.0/8"] };
  const bare = NetworkSide.fromAttributes({ vpcId: id("vpc", "a"), cidrBlocks: ["10.1.0.0/16"] });
  expect(() => new TransitGatewayVpcAttachment(stack, "Bare", { ...props, vpc: bare })).toThrow(
    /is attached by subnets, and none is given/,
  );
  const vpc = sideOf("a", "10.1.0.0/16");
  expect(() => new TransitGatewayVpcAttachment(stack, "Vpc", { ...props, vpc, segment: "some" })).toThrow(
    /has no segment some. It has: all/,
  );
  expect(
    () => new TransitGatewayVpcAttachment(stack, "Odd", { ...props, vpc, destinationCidrBlocks: ["10.0.0.0"] }),
  ).toThrow(/is 10.0.0.0, which is no CIDR block/);
});
