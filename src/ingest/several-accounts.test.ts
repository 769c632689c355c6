/** What two accounts, or two Regions, see of one thing is one thing. */
import { describe, expect, test } from "vitest";
import type { AnswerFile } from "./answer-files.ts";
import { ingestDescribeAnswers } from "./index.ts";

const a = "111111111111";
const b = "222222222222";

function answers(path: string, lists: Readonly<Record<string, readonly object[]>>): readonly AnswerFile[] {
  const text = JSON.stringify({ Regions: [], ...lists });
  return [{ path: `${path}/answers.json`, text }];
}

describe("a VPC peering connection", () => {
  const info = (OwnerId: string, VpcId: string, options?: boolean) => ({
    OwnerId,
    VpcId,
    Region: "eu-west-1",
    ...(options !== undefined && { PeeringOptions: { AllowDnsResolutionFromRemoteVpc: options } }),
  });
  const sight = (requester: object, accepter: object, name: string, Code = "active") => ({
    VpcPeeringConnections: [
      {
        VpcPeeringConnectionId: "pcx-1",
        RequesterVpcInfo: requester,
        AccepterVpcInfo: accepter,
        Status: { Code },
        Tags: [{ Key: "Name", Value: name }],
      },
    ],
  });
  const ofA = answers(`${a}/eu-west-1`, sight(info(a, "vpc-a", true), info(b, "vpc-b"), "asked"));
  const ofB = answers(`${b}/eu-west-1`, sight(info(a, "vpc-a"), info(b, "vpc-b", true), "accepted"));

  test.each([
    { order: "requester first", files: [...ofA, ...ofB] },
    { order: "accepter first", files: [...ofB, ...ofA] },
  ])("[PX-10] is told by both sides together: $order", ({ files }) => {
    const { model } = ingestDescribeAnswers(files);
    const side = { region: "eu-west-1", allowDnsResolutionFromRemoteVpc: true };
    expect(model.vpcPeeringConnections).toEqual([
      {
        vpcPeeringConnectionId: "pcx-1",
        name: "asked",
        statusCode: "active",
        requester: { ownerId: a, vpcId: "vpc-a", ...side },
        accepter: { ownerId: b, vpcId: "vpc-b", ...side },
      },
    ]);
    expect(model.unknowns.some(({ id }) => id.startsWith("pcx-1."))).toBe(false);
  });

  test("[PX-10] told by one side leaves the other's option and VPC unknown", () => {
    const { model } = ingestDescribeAnswers(ofB);
    const ids = model.unknowns.map(({ id }) => id);
    expect(model.vpcPeeringConnections[0]?.name).toBeUndefined();
    expect(ids).toContain("pcx-1.requester.allowDnsResolutionFromRemoteVpc");
    expect(ids).toContain("vpc-a");
  });

  test("[PX-43] has no options before it is active, so none is unknown", () => {
    const pending = sight(info(a, "vpc-a", false), info(b, "vpc-b"), "asked", "pending-acceptance");
    const { model } = ingestDescribeAnswers(answers(`${a}/eu-west-1`, pending));
    expect(model.unknowns.filter(({ id }) => id.startsWith("pcx-1."))).toEqual([]);
  });
});

describe("[TG-62] a peering of transit gateways", () => {
  const side = (OwnerId: string, Region: string, TransitGatewayId: string) => ({ OwnerId, Region, TransitGatewayId });
  const row = (id: string, from: object, to: object, more: object = {}) => ({
    TransitGatewayAttachmentId: id,
    RequesterTgwInfo: from,
    AccepterTgwInfo: to,
    State: "available",
    ...more,
  });
  const read = (...parts: readonly (readonly [string, readonly object[]])[]) =>
    ingestDescribeAnswers(
      parts.flatMap(([path, rows]) => answers(path, { TransitGatewayPeeringAttachments: rows })),
    ).model.transitGatewayPeeringAttachments.map(({ transitGatewayAttachmentId, requester, accepter }) => [
      transitGatewayAttachmentId,
      requester.transitGatewayAttachmentId,
      accepter.transitGatewayAttachmentId,
    ]);

  const west = side(a, "eu-west-1", "tgw-1");
  const east = side(a, "us-east-1", "tgw-2");
  const second = side(a, "eu-west-1", "tgw-3");
  const foreign = side(b, "eu-west-1", "tgw-4");
  const here = `${a}/eu-west-1`;

  test.each([
    {
      name: "between Regions, seen from both",
      seen: read([here, [row("tgw-attach-1", west, east)]], [`${a}/us-east-1`, [row("tgw-attach-1", west, east)]]),
      ids: ["tgw-attach-1", "tgw-attach-1", "tgw-attach-1"],
    },
    {
      name: "between Regions, seen by the accepter alone",
      seen: read([`${a}/us-east-1`, [row("tgw-attach-1", west, east)]]),
      ids: ["tgw-attach-1", "tgw-attach-1", "tgw-attach-1"],
    },
    {
      name: "within a Region of one account: two rows",
      seen: read([
        here,
        [
          row("tgw-attach-2", west, second),
          row("tgw-attach-1", west, second, { AccepterTransitGatewayAttachmentId: "tgw-attach-2" }),
        ],
      ]),
      ids: ["tgw-attach-1", "tgw-attach-1", "tgw-attach-2"],
    },
    {
      name: "within a Region of two accounts, seen from both",
      seen: read(
        [here, [row("tgw-attach-1", west, foreign)]],
        [`${b}/eu-west-1`, [row("tgw-attach-2", west, foreign)]],
      ),
      ids: ["tgw-attach-1", "tgw-attach-1", "tgw-attach-2"],
    },
    {
      name: "within a Region of two accounts, seen by the accepter alone",
      seen: read([`${b}/eu-west-1`, [row("tgw-attach-2", west, foreign)]]),
      ids: ["tgw-attach-2", undefined, "tgw-attach-2"],
    },
  ])("$name", ({ seen, ids }) => {
    expect(seen).toEqual([ids]);
  });
});

test("[TG-80] a shared gateway is its owner's, with its owner's name", () => {
  const gateway = (name: string) => ({
    TransitGateways: [
      {
        TransitGatewayId: "tgw-1",
        OwnerId: a,
        State: "available",
        Options: { AmazonSideAsn: 64512, DnsSupport: "enable", SecurityGroupReferencingSupport: "disable" },
        Tags: [{ Key: "Name", Value: name }],
      },
    ],
  });
  const files = [...answers(`${b}/eu-west-1`, gateway("theirs")), ...answers(`${a}/eu-west-1`, gateway("hub"))];
  expect(ingestDescribeAnswers(files).model.transitGateways).toEqual([
    {
      ownerId: a,
      region: "eu-west-1",
      name: "hub",
      transitGatewayId: "tgw-1",
      state: "available",
      amazonSideAsn: 64512,
      dnsSupport: true,
      securityGroupReferencingSupport: false,
    },
  ]);
});

describe("a table of a transit gateway", () => {
  const table = { TransitGatewayRouteTableId: "tgw-rtb-1", TransitGatewayId: "tgw-1", State: "available" };
  const tables = answers(`${a}/eu-west-1`, { TransitGatewayRouteTables: [table], TransitGatewayAttachments: [] });
  const about = (name: string, answer: object): AnswerFile => ({
    path: `${a}/eu-west-1/${name}-tgw-rtb-1.json`,
    text: JSON.stringify(answer),
  });
  const attachment = { TransitGatewayAttachmentId: "tgw-attach-1", ResourceId: "vpc-1", ResourceType: "vpc" };

  test("[TG-50] is told by the answers whose files have its id in their names, as the AWS CLI prints them", () => {
    const { model, problems } = ingestDescribeAnswers([
      ...tables,
      about("search-transit-gateway-routes", {
        Routes: [
          {
            DestinationCidrBlock: "10.1.0.0/16",
            TransitGatewayAttachments: [attachment],
            Type: "static",
            State: "active",
          },
          { DestinationCidrBlock: "10.0.0.0/8", Type: "static", State: "blackhole" },
          { DestinationCidrBlock: "10.2.0.0/16", Type: "static", State: "deleting" },
        ],
        AdditionalRoutesAvailable: false,
      }),
      about("associations", { Associations: [{ ...attachment, State: "associated" }] }),
      about("propagations", { TransitGatewayRouteTablePropagations: [{ ...attachment, State: "enabled" }] }),
    ]);
    const [read] = model.transitGatewayRouteTables;
    expect(problems).toEqual([]);
    expect(read?.routes.map((each) => `${each.destinationCidrBlock} ${each.state}`)).toEqual([
      "10.0.0.0/8 blackhole",
      "10.1.0.0/16 active",
    ]);
    expect(read?.associations).toEqual([{ transitGatewayAttachmentId: "tgw-attach-1", state: "associated" }]);
    expect(read?.propagations).toEqual([{ transitGatewayAttachmentId: "tgw-attach-1", state: "enabled" }]);
  });

  test.each([
    { name: "no search", files: [], reason: "its routes were not read (SearchTransitGatewayRoutes)" },
    {
      name: "a search that was cut off",
      files: [about("routes", { Routes: [], AdditionalRoutesAvailable: true })],
      reason: "it has more routes than the answer holds",
    },
  ])("with $name is unknown", ({ files, reason }) => {
    const { model } = ingestDescribeAnswers([...tables, ...files]);
    expect(model.unknowns).toContainEqual({ id: "tgw-rtb-1", reason });
  });
});
