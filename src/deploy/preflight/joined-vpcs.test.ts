/** Which VPCs templates join, through references, exports and CDK's ways across Regions; and whose blocks overlap. */
import { describe, expect, test } from "vitest";
import type { Template } from "../stacks.ts";
import { testStack } from "../test-stack.ts";
import { overlapsAmong } from "./cidr-blocks.ts";
import { joinsOf } from "./joined-vpcs.ts";

const vpc = (CidrBlock: unknown) => ({ Type: "AWS::EC2::VPC", Properties: { CidrBlock } });
const stack = (artifactId: string, template: Template, region = "us-east-1") =>
  testStack({ artifactId, template, region });
const peering = (VpcId: unknown, PeerVpcId: unknown) => ({
  Type: "AWS::EC2::VPCPeeringConnection",
  Properties: { VpcId, PeerVpcId },
});

describe("a peering joins", () => {
  test("two VPCs of one template, with all their blocks", () => {
    const further = { Type: "AWS::EC2::VPCCidrBlock", Properties: { VpcId: { Ref: "A" }, CidrBlock: "10.9.0.0/16" } };
    const Resources = {
      A: vpc("10.0.0.0/16"),
      B: vpc({ Ref: "Block" }),
      More: further,
      P: peering({ Ref: "A" }, { "Fn::GetAtt": ["B", "VpcId"] }),
    };
    expect(joinsOf([stack("s", { Resources })])).toEqual([
      {
        by: { kind: "peering", name: "s/P" },
        vpcs: [
          { kind: "made", name: "s/A", blocks: ["10.0.0.0/16", "10.9.0.0/16"] },
          { kind: "made", name: "s/B", blocks: undefined },
        ],
      },
    ]);
  });

  test("one of another stack, by its export, and one that is there already", () => {
    const exporter = stack("a", {
      Resources: { A: vpc("10.0.0.0/16") },
      Outputs: { Out: { Value: { Ref: "A" }, Export: { Name: "a:A" } } },
    });
    const importer = stack("b", { Resources: { P: peering({ "Fn::ImportValue": "a:A" }, "vpc-0123456789abcdef0") } });
    expect(joinsOf([exporter, importer])[0]?.vpcs).toMatchObject([
      { kind: "made", name: "a/A" },
      { kind: "id", id: "vpc-0123456789abcdef0" },
    ]);
  });

  test("one of another stack, by the output's name", () => {
    const Outputs = { Out: { Value: { Ref: "A" } } };
    const asking = (asked: object) =>
      stack("b", { Resources: { B: vpc("10.1.0.0/16"), P: peering({ "Fn::GetStackOutput": asked }, { Ref: "B" }) } });
    const named = (asked: object) => {
      const stacks = [stack("a", { Resources: { A: vpc("10.0.0.0/16") }, Outputs }, "eu-west-1"), asking(asked)];
      return joinsOf(stacks).flatMap(({ vpcs }) => vpcs);
    };
    expect(named({ StackName: "a", OutputName: "Out", Region: "eu-west-1" })[0]).toMatchObject({ name: "a/A" });
    expect(named({ StackName: "a", OutputName: "Out" })).toEqual([]);
    expect(named({ StackName: "a", OutputName: "Other", Region: "eu-west-1" })).toEqual([]);
  });

  test("nothing where a reference cannot be followed", () => {
    expect(
      joinsOf([stack("s", { Resources: { A: vpc("10.0.0.0/16"), P: peering({ Ref: "A" }, { Ref: "Given" }) } })]),
    ).toEqual([]);
  });
});

test("gateways that are peered across Regions join the VPCs of both", () => {
  const site = (artifactId: string, region: string, block: string, more: Template["Resources"] = {}) =>
    stack(
      artifactId,
      {
        Resources: {
          Vpc: vpc(block),
          Gateway: { Type: "AWS::EC2::TransitGateway" },
          Attachment: {
            Type: "AWS::EC2::TransitGatewayAttachment",
            Properties: { TransitGatewayId: { "Fn::GetAtt": ["Gateway", "Id"] }, VpcId: { Ref: "Vpc" } },
          },
          ...more,
        },
      },
      region,
    );
  const east = site("east", "us-east-1", "172.16.0.0/24", {
    Writer: {
      Type: "Custom::CrossRegionExportWriter",
      Properties: { WriterProps: { exports: { "/cdk/exports/west/id": { "Fn::GetAtt": ["Gateway", "Id"] } } } },
    },
  });
  const west = site("west", "eu-west-1", "172.16.0.0/16", {
    Reader: { Type: "Custom::CrossRegionExportReader" },
    Peering: {
      Type: "AWS::EC2::TransitGatewayPeeringAttachment",
      Properties: {
        TransitGatewayId: { "Fn::GetAtt": ["Gateway", "Id"] },
        PeerTransitGatewayId: { "Fn::GetAtt": ["Reader", "/cdk/exports/west/id"] },
      },
    },
  });
  const joins = joinsOf([east, west]);
  expect(joins).toHaveLength(1);
  expect(joins[0]?.vpcs.map((each) => (each.kind === "made" ? each.name : each.id))).toEqual(["east/Vpc", "west/Vpc"]);
});

test("every pair whose blocks overlap is named once, by the blocks that do", () => {
  const overlaps = overlapsAmong([
    { name: "a", blocks: ["10.0.0.0/16", "10.1.0.0/16"] },
    { name: "b", blocks: ["10.1.128.0/17"] },
    { name: "c", blocks: ["10.2.0.0/16", "fd00::/8"] },
  ]);
  expect(overlaps).toEqual([{ one: "a", block: "10.1.0.0/16", other: "b", otherBlock: "10.1.128.0/17" }]);
});
