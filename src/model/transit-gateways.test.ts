import { describe, expect, test } from "vitest";
import { departments } from "./departments.fixture.ts";
import { findByText } from "./find-by-text.ts";
import type {
  NetworkModel,
  TransitGateway,
  TransitGatewayPeeringAttachment,
  TransitGatewayRouteTable,
  TransitGatewayVpcAttachment,
} from "./network-model.ts";
import { indexNetworkModel } from "./network-model-index.ts";
import { snapshotFromJson, snapshotToJson } from "./snapshot-json.ts";
import { validateNetworkModel } from "./validate-network-model.ts";

const near = { ownerId: "111111111111", region: "eu-central-1" } as const;
const far = { ownerId: "222222222222", region: "us-east-1" } as const;

const gateway = (name: string, place: typeof near | typeof far, amazonSideAsn: number): TransitGateway => ({
  ...place,
  transitGatewayId: `tgw-${name}`,
  name,
  state: "available",
  amazonSideAsn,
  dnsSupport: true,
  securityGroupReferencingSupport: false,
});

const attachment: TransitGatewayVpcAttachment = {
  ...near,
  transitGatewayAttachmentId: "tgw-attach-marketing",
  transitGatewayId: "tgw-near",
  vpcId: "vpc-marketing",
  subnetIds: ["subnet-web"],
  state: "available",
  applianceModeSupport: false,
  dnsSupport: true,
  ipv6Support: false,
  securityGroupReferencingSupport: true,
};

const interRegion: TransitGatewayPeeringAttachment = {
  transitGatewayAttachmentId: "tgw-attach-across",
  name: "across",
  state: "available",
  requester: { ...near, transitGatewayId: "tgw-near", transitGatewayAttachmentId: "tgw-attach-across" },
  accepter: { ...far, transitGatewayId: "tgw-far", transitGatewayAttachmentId: "tgw-attach-across" },
};

const intraRegion: TransitGatewayPeeringAttachment = {
  transitGatewayAttachmentId: "tgw-attach-here",
  state: "pendingAcceptance",
  requester: { ...near, transitGatewayId: "tgw-near", transitGatewayAttachmentId: "tgw-attach-here" },
  accepter: { ...near, transitGatewayId: "tgw-other", transitGatewayAttachmentId: "tgw-attach-there" },
};

const table: TransitGatewayRouteTable = {
  ...near,
  transitGatewayRouteTableId: "tgw-rtb-near",
  transitGatewayId: "tgw-near",
  state: "available",
  defaultAssociationRouteTable: true,
  defaultPropagationRouteTable: true,
  associations: [{ transitGatewayAttachmentId: "tgw-attach-marketing", state: "associated" }],
  propagations: [{ transitGatewayAttachmentId: "tgw-attach-marketing", state: "enabled" }],
  routes: [
    {
      destinationCidrBlock: "10.0.0.0/16",
      type: "propagated",
      state: "active",
      transitGatewayAttachmentIds: ["tgw-attach-marketing"],
    },
    { destinationCidrBlock: "10.9.0.0/16", type: "static", state: "blackhole", transitGatewayAttachmentIds: [] },
  ],
};

const model: NetworkModel = {
  ...departments,
  transitGateways: [gateway("near", near, 64512), gateway("far", far, 64513), gateway("other", near, 64514)],
  transitGatewayVpcAttachments: [attachment],
  transitGatewayPeeringAttachments: [interRegion, intraRegion],
  transitGatewayRouteTables: [table],
};

test("a network with transit gateways is sound, and comes back from JSON as it went", () => {
  expect(validateNetworkModel(model)).toEqual([]);
  expect(snapshotFromJson(snapshotToJson(model))).toEqual({ ok: true, model });
});

test("[TG-62] a peering attachment is found by the id of either side", () => {
  const index = indexNetworkModel(model);
  expect(index.transitGatewayPeeringAttachment("tgw-attach-across")).toBe(interRegion);
  expect(index.transitGatewayPeeringAttachment("tgw-attach-here")).toBe(intraRegion);
  expect(index.transitGatewayPeeringAttachment("tgw-attach-there")).toBe(intraRegion);
  expect(index.transitGatewayPeeringAttachment("tgw-attach-none")).toBeUndefined();
});

test("look-ups along the relations", () => {
  const index = indexNetworkModel(model);
  expect(index.transitGateway("tgw-far")?.amazonSideAsn).toBe(64513);
  expect(index.transitGatewayVpcAttachment("tgw-attach-marketing")).toBe(attachment);
  expect(index.transitGatewayRouteTable("tgw-rtb-near")).toBe(table);
  expect(index.transitGatewayAttachmentsOf("vpc-marketing")).toEqual([attachment]);
  expect(index.transitGatewayAttachmentsOf("vpc-finance")).toEqual([]);
  expect(index.transitGatewayRouteTablesOf("tgw-near")).toEqual([table]);
});

test.each([
  ["tgw-far", "tgw-far"],
  ["near", "tgw-near"],
  ["across", "tgw-attach-across"],
  ["tgw-attach-there", "tgw-attach-there"],
  ["tgw-rtb-near", "tgw-rtb-near"],
])("the word %s means %s", (text, id) => {
  expect(findByText(model, text)).toMatchObject({ outcome: "found", resource: { id } });
});

describe("what is missing is reported", () => {
  const problems = (changed: Partial<NetworkModel>) => validateNetworkModel({ ...model, ...changed });

  test("a subnet of an attachment must be the VPC's", () => {
    expect(problems({ transitGatewayVpcAttachments: [{ ...attachment, subnetIds: ["subnet-db"] }] })).toEqual([
      {
        path: "transitGatewayVpcAttachments[0].subnetIds[0]",
        message: "subnet-db is in vpc-finance, not in vpc-marketing",
      },
    ]);
  });

  test("of an attachment that has ended nothing is asked", () => {
    const gone = { ...attachment, vpcId: "vpc-gone", subnetIds: ["subnet-gone"], state: "deleted" } as const;
    expect(problems({ transitGatewayVpcAttachments: [gone] })).toEqual([]);
  });

  test("an id twice", () => {
    const twice = {
      ...intraRegion,
      accepter: { ...intraRegion.accepter, transitGatewayAttachmentId: "tgw-attach-across" },
    } as const;
    expect(problems({ transitGatewayPeeringAttachments: [interRegion, twice] })).toHaveLength(1);
  });
});
