/** Rule 11, end to end: which route counts. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Lab, startLab } from "./lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

test("rule 11 [RT-26a]: the longest prefix counts, whatever the order of making", async () => {
  const a = await lab.vpc("10.0.0.0/16");
  const b = await lab.vpc("10.1.0.0/16");
  const c = await lab.vpc("10.1.0.0/16");
  const [ab, ac] = [await lab.peer(a, b), await lab.peer(a, c)];
  const onlyB = await lab.host(b, "10.1.1.20");
  await lab.route(b, "10.0.0.0/16", { VpcPeeringConnectionId: ab });
  await lab.route(c, "10.0.0.0/16", { VpcPeeringConnectionId: ac });
  await lab.route(a, "10.1.0.0/16", { VpcPeeringConnectionId: ab });
  expect(await lab.pings(a.host, onlyB.ip)).toBe(true);
  await lab.route(a, "10.1.1.0/24", { VpcPeeringConnectionId: ac });
  expect(await lab.pings(a.host, onlyB.ip)).toBe(false);
  await lab.route(a, "10.1.1.20/32", { VpcPeeringConnectionId: ab });
  expect(await lab.pings(a.host, onlyB.ip)).toBe(true);
  await lab.route(a, "0.0.0.0/0", { VpcPeeringConnectionId: ac });
  expect(await lab.pings(a.host, onlyB.ip)).toBe(true);
});

test("rule 11 [RT-2]: without an association the main table counts, with one that table only", async () => {
  const a = await lab.vpc("10.0.0.0/16");
  const b = await lab.vpc("10.1.0.0/16");
  await lab.join(a, b, ["10.0.0.0/16", "10.1.0.0/16"]);
  expect(await lab.pings(a.host, b.host.ip)).toBe(true);
  const made = await a.ec2.createRouteTable({ VpcId: a.vpcId });
  const RouteTableId = made.RouteTable?.RouteTableId ?? "";
  const { AssociationId } = await a.ec2.associateRouteTable({ RouteTableId, SubnetId: a.subnetId });
  expect(await lab.pings(a.host, b.host.ip)).toBe(false);
  await a.ec2.disassociateRouteTable({ AssociationId });
  expect(await lab.pings(a.host, b.host.ip)).toBe(true);
  // Another main table counts for every subnet without an association of its own.
  const [main] =
    (await a.ec2.describeRouteTables({ RouteTableIds: [a.mainTable] })).RouteTables?.[0]?.Associations?.filter(
      (each) => each.Main,
    ) ?? [];
  await a.ec2.replaceRouteTableAssociation({ AssociationId: main?.RouteTableAssociationId, RouteTableId });
  expect(await lab.pings(a.host, b.host.ip)).toBe(false);
});

test("rule 11 [RT-22, RT-23]: a subnet's block may lead to an appliance, and the local route counts for the rest", async () => {
  const a = await lab.vpc("10.0.0.0/16");
  const detour = await lab.subnet(a, "10.0.2.0/24");
  const other = await lab.subnet(a, "10.0.3.0/24");
  const target = await lab.host(a, "10.0.2.10", { subnetId: detour });
  const straight = await lab.host(a, "10.0.3.10", { subnetId: other });
  const middle = await lab.host(a, "10.0.3.20", { subnetId: other });
  expect(await lab.pings(a.host, target.ip)).toBe(true);
  // The client's subnet alone: the appliance's own table must not lead back to it.
  const made = await a.ec2.createRouteTable({ VpcId: a.vpcId });
  const RouteTableId = made.RouteTable?.RouteTableId;
  await a.ec2.associateRouteTable({ RouteTableId, SubnetId: a.subnetId });
  await a.ec2.createRoute({
    RouteTableId,
    DestinationCidrBlock: "10.0.2.0/24",
    NetworkInterfaceId: middle.interfaceId,
  });
  expect([await lab.pings(a.host, target.ip), await lab.pings(a.host, straight.ip)]).toEqual([false, true]);
  await a.ec2.modifyNetworkInterfaceAttribute({
    NetworkInterfaceId: middle.interfaceId,
    SourceDestCheck: { Value: false },
  });
  expect(await lab.pings(a.host, target.ip)).toBe(true);
  await a.ec2.stopInstances({ InstanceIds: [middle.instanceId] });
  expect(await lab.pings(a.host, target.ip)).toBe(false);
});
