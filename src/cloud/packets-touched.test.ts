/** Which changes around transit gateways the data plane is told of: those that packets of some sender can meet. */
import { beforeEach, describe, expect, it } from "vitest";
import { touchesPackets } from "./packets-touched.ts";
import { type AttachedVpc, type Hub, hubOf } from "./services/ec2/transit-gateway/test-hub.ts";
import type { CommittedChange } from "./state/state.ts";
import type { TableName, Tables } from "./state/tables.ts";
import { type TestCloud, testCloud } from "./test-cloud.ts";

let cloud: TestCloud;
let hub: Hub;
let gateway: string;
let near: AttachedVpc;
let far: AttachedVpc;

/** Two VPCs on two peered gateways. */
beforeEach(() => {
  cloud = testCloud();
  hub = hubOf(cloud);
  gateway = hub.gateway();
  const peer = hub.gateway();
  near = hub.attach(gateway, "10.0.0.0/16");
  far = hub.attach(peer, "10.1.0.0/16");
  const { AccepterTransitGatewayAttachmentId: id } = hub.peer(gateway, peer);
  cloud.call("AcceptTransitGatewayPeeringAttachment", { TransitGatewayAttachmentId: id });
  cloud.call("CreateTransitGatewayRoute", {
    TransitGatewayRouteTableId: hub.read(gateway)?.Options?.AssociationDefaultRouteTableId,
    DestinationCidrBlock: "10.1.0.0/16",
    Blackhole: true,
  });
});

/** Whether the making of the first record of a table that fits would have touched packets. */
function touches<K extends TableName>(table: K, fits: (record: Tables[K]) => boolean = () => true): boolean {
  const after = [...cloud.cloud.view.all(table)].find(fits);
  if (after === undefined) throw new Error(`bug: no ${table}`);
  // The record comes from the table that is named beside it.
  const change = { table, id: "", before: undefined, after } as unknown as CommittedChange;
  return touchesPackets([change], cloud.cloud.view);
}

const kinds = [
  "transitGateway",
  "transitGatewayVpcAttachment",
  "transitGatewayPeeringAttachment",
  "transitGatewayRouteTable",
  "transitGatewayAssociation",
  "transitGatewayPropagation",
  "transitGatewayRoute",
] as const;

describe("a change of a transit gateway", () => {
  it("is nothing to packets while no attached VPC has anything that sends", () => {
    for (const kind of kinds) expect([kind, touches(kind)]).toEqual([kind, false]);
    expect(touches("networkInterface")).toBe(false);
    expect(touches("vpc", ({ VpcId }) => VpcId === near.VpcId)).toBe(false);
  });

  it.each([
    ["one", () => near],
    ["one behind a peering", () => far],
  ])("matters when %s has", (_, where) => {
    cloud.call("CreateNetworkInterface", { SubnetId: where().SubnetId });
    for (const kind of kinds) expect([kind, touches(kind)]).toEqual([kind, true]);
    // Its routes may lead through a VPC in which nothing sends.
    expect(touches("routeTable", ({ VpcId }) => VpcId === near.VpcId)).toBe(true);
    expect(touches("vpc", ({ IsDefault }) => IsDefault)).toBe(false);
  });
});
