/** Rules 13-22 of the rule list, end to end: what the API is told about transit gateways, the packets do. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountB, known, type Lab, type LabHost, type LabVpc, startLab } from "./lab.ts";
import { attach, gatewayIn, type LabGateway, requestPeering, shown } from "./transit-gateway-lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

/** Two VPCs, 10.0.0.0/16 and 10.1.0.0/16, on one gateway with the default table for everything. */
async function pair(options: Parameters<typeof gatewayIn>[1] = {}) {
  const gateway = await gatewayIn(lab, options);
  const a = await lab.vpc("10.0.0.0/16");
  const b = await lab.vpc("10.1.0.0/16");
  return { gateway, a, b, toA: await attach(gateway, a), toB: await attach(gateway, b) };
}

const pingsBothWays = async (a: LabVpc, b: LabVpc) => [
  await lab.pings(a.host, b.host.ip),
  await lab.pings(b.host, a.host.ip),
];

const staticRoute = ({ ec2, table }: LabGateway, DestinationCidrBlock: string, TransitGatewayAttachmentId?: string) =>
  ec2.createTransitGatewayRoute({
    TransitGatewayRouteTableId: table,
    DestinationCidrBlock,
    ...(TransitGatewayAttachmentId === undefined ? { Blackhole: true } : { TransitGatewayAttachmentId }),
  });

describe("rule 13 [TG-12, TG-20]: one subnet in a zone, and no way in from zones without", () => {
  test("a source in another zone is dropped though its route is active; with a subnet there it passes", async () => {
    const { a, b, toA } = await pair();
    const otherZone = await lab.subnet(a, "10.0.2.0/24", "us-east-1b");
    const far = await lab.host(a, "10.0.2.10", { subnetId: otherZone });
    const same = await lab.host(a, "10.0.1.21");
    expect(await lab.pings(same, b.host.ip)).toBe(true);
    expect(await lab.pings(far, b.host.ip)).toBe(false);
    await a.ec2.modifyTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: toA, AddSubnetIds: [otherZone] });
    expect(await lab.pings(far, b.host.ip)).toBe(true);
    await a.ec2.modifyTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: toA, RemoveSubnetIds: [otherZone] });
    expect(await lab.pings(far, b.host.ip)).toBe(false);
  });

  test("a second subnet of one zone is refused, and changes nothing", async () => {
    const { a, b, toA } = await pair();
    const zone = await zoneOf(a, a.subnetId);
    const sameZone = await lab.subnet(a, "10.0.3.0/24", zone);
    await expect(
      a.ec2.modifyTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: toA, AddSubnetIds: [sameZone] }),
    ).rejects.toMatchObject({ name: "DuplicateSubnetsInSameZone" });
    expect(await pingsBothWays(a, b)).toEqual([true, true]);
  });
});

describe("rule 14 [TG-3, TG-30, TG-31]: one association, many propagations", () => {
  test("the default table does both, unless it is switched off", async () => {
    const { a, b } = await pair();
    expect(await pingsBothWays(a, b)).toEqual([true, true]);
    const without = await pair({ DefaultRouteTableAssociation: "disable", DefaultRouteTablePropagation: "disable" });
    expect(await pingsBothWays(without.a, without.b)).toEqual([false, false]);
  });

  test("an attachment has one table, and may propagate into several", async () => {
    const { gateway, a, b, toA, toB } = await pair({
      DefaultRouteTableAssociation: "disable",
      DefaultRouteTablePropagation: "disable",
    });
    const table = async () => {
      const made = await gateway.ec2.createTransitGatewayRouteTable({ TransitGatewayId: gateway.id });
      return known(made.TransitGatewayRouteTable?.TransitGatewayRouteTableId);
    };
    const [forA, forB] = [await table(), await table()];
    const associate = (TransitGatewayRouteTableId: string, TransitGatewayAttachmentId: string) =>
      gateway.ec2.associateTransitGatewayRouteTable({ TransitGatewayRouteTableId, TransitGatewayAttachmentId });
    const propagate = (TransitGatewayRouteTableId: string, TransitGatewayAttachmentId: string) =>
      gateway.ec2.enableTransitGatewayRouteTablePropagation({ TransitGatewayRouteTableId, TransitGatewayAttachmentId });
    await associate(forA, toA);
    await associate(forB, toB);
    await expect(associate(forB, toA)).rejects.toMatchObject({ name: "Resource.AlreadyAssociated" });
    await propagate(forA, toB);
    // The way there is known, the way back is not.
    const heard = await lab.echoesHeard(b.host);
    expect(await lab.pings(a.host, b.host.ip)).toBe(false);
    expect(await lab.echoesHeard(b.host)).toBeGreaterThan(heard);
    await propagate(forB, toA);
    await propagate(forA, toA);
    expect(await pingsBothWays(a, b)).toEqual([true, true]);
    await gateway.ec2.disassociateTransitGatewayRouteTable({
      TransitGatewayRouteTableId: forA,
      TransitGatewayAttachmentId: toA,
    });
    expect(await pingsBothWays(a, b)).toEqual([false, false]);
  });
});

describe("rule 15 [TG-40, TG-41]: longest prefix, then static before propagated; only the winner is listed", () => {
  test("a static blackhole hides what is propagated, and gives it back", async () => {
    const { gateway, a, b } = await pair();
    expect(await shown(gateway, "10.1.0.0/16")).toEqual(["propagated active"]);
    await staticRoute(gateway, "10.1.0.0/16");
    expect(await shown(gateway, "10.1.0.0/16")).toEqual(["static blackhole"]);
    expect(await lab.pings(a.host, b.host.ip)).toBe(false);
    await gateway.ec2.deleteTransitGatewayRoute({
      TransitGatewayRouteTableId: gateway.table,
      DestinationCidrBlock: "10.1.0.0/16",
    });
    expect(await shown(gateway, "10.1.0.0/16")).toEqual(["propagated active"]);
    expect(await lab.pings(a.host, b.host.ip)).toBe(true);
  });

  test("a longer prefix wins over both", async () => {
    const { gateway, a, b, toB } = await pair();
    await staticRoute(gateway, "10.1.1.0/24");
    expect(await lab.pings(a.host, b.host.ip)).toBe(false);
    await staticRoute(gateway, `${b.host.ip}/32`, toB);
    expect(await lab.pings(a.host, b.host.ip)).toBe(true);
  });
});

describe("rule 16 [TG-61, TG-63]: a peering of gateways is accepted, in the accepter's Region, and routed by hand on both sides", () => {
  test.each(["eu-west-1", "us-east-1"])("to a gateway in %s", async (region) => {
    const near = await gatewayIn(lab);
    const far = await gatewayIn(lab, { AmazonSideAsn: 64513 }, region);
    const a = await lab.vpc("10.0.0.0/16");
    const b = await lab.vpc("10.1.0.0/16", { region });
    await attach(near, a);
    await attach(far, b);
    const ids = await requestPeering(near, far);
    // One id in two Regions, two ids in one. [TG-62]
    expect(ids.from === ids.to).toBe(near.region !== far.region);
    await expect(staticRoute(near, "10.1.0.0/16", ids.from)).rejects.toMatchObject({ name: "IncorrectState" });
    await expect(
      near.ec2.acceptTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId: ids.from }),
    ).rejects.toMatchObject({
      name: "InvalidParameterValue",
      message: `Cannot accept ${ids.from} as the source of the peering request.`,
    });
    await far.ec2.acceptTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId: ids.to });
    expect(await pingsBothWays(a, b)).toEqual([false, false]);
    await staticRoute(near, "10.1.0.0/16", ids.from);
    const heard = await lab.echoesHeard(b.host);
    expect(await pingsBothWays(a, b)).toEqual([false, false]);
    expect(await lab.echoesHeard(b.host)).toBeGreaterThan(heard);
    await staticRoute(far, "10.0.0.0/16", ids.to);
    expect(await pingsBothWays(a, b)).toEqual([true, true]);
    await far.ec2.disassociateTransitGatewayRouteTable({
      TransitGatewayRouteTableId: far.table,
      TransitGatewayAttachmentId: ids.to,
    });
    expect(await pingsBothWays(a, b)).toEqual([false, false]);
  });
});

describe("rule 17 [NA-20]: network ACLs and attachment subnets", () => {
  test("the same subnet: its lists stop what goes to the gateway, and nothing that comes back", async () => {
    const { a, b } = await pair();
    const acl = await aclOf(a, a.subnetId);
    const inbound = { NetworkAclId: acl, RuleNumber: 10, Protocol: "-1", CidrBlock: "10.1.0.0/16" } as const;
    await a.ec2.createNetworkAclEntry({ ...inbound, RuleAction: "deny", Egress: false });
    expect(await pingsBothWays(a, b)).toEqual([true, true]);
    await a.ec2.deleteNetworkAclEntry({ NetworkAclId: acl, RuleNumber: 10, Egress: false });
    await a.ec2.createNetworkAclEntry({ ...inbound, RuleAction: "deny", Egress: true });
    expect(await pingsBothWays(a, b)).toEqual([false, false]);
  });

  test("different subnets: the attachment subnet's ingress judges what leaves, its egress what arrives", async () => {
    const gateway = await gatewayIn(lab);
    const a = await lab.vpc("10.0.0.0/16");
    const b = await lab.vpc("10.1.0.0/16");
    const transit = await lab.subnet(a, "10.0.9.0/28", await zoneOf(a, a.subnetId));
    await attach(gateway, a, { SubnetIds: [transit] });
    await attach(gateway, b);
    const { NetworkAcl } = await a.ec2.createNetworkAcl({ VpcId: a.vpcId });
    const NetworkAclId = known(NetworkAcl?.NetworkAclId);
    await associateAcl(a, transit, NetworkAclId);
    // Denies everything, both ways.
    expect(await pingsBothWays(a, b)).toEqual([false, false]);
    const allow = (Egress: boolean, CidrBlock: string) =>
      a.ec2.createNetworkAclEntry({
        NetworkAclId,
        RuleNumber: 100,
        Protocol: "-1",
        RuleAction: "allow",
        CidrBlock,
        Egress,
      });
    // In: by the source of what leaves the VPC. Out: by the destination of what comes to it.
    await allow(false, "10.0.0.0/16");
    expect(await pingsBothWays(a, b)).toEqual([false, false]);
    await allow(true, "10.0.0.0/16");
    expect(await pingsBothWays(a, b)).toEqual([true, true]);
  });
});

describe("rule 18 [TG-14, TG-45]: of two VPCs with one block the first is propagated", () => {
  test("the second attachment is available, and nobody reaches it until the first is gone", async () => {
    const { gateway, a, b, toB } = await pair();
    const twin = await lab.vpc("10.1.0.0/16", { account: accountB });
    await expect(attach(gateway, twin)).rejects.toMatchObject({ name: "InvalidTransitGatewayID.NotFound" });
    const second = await lab.vpc("10.1.0.0/16");
    await attach(gateway, second);
    expect(await shown(gateway, "10.1.0.0/16")).toEqual(["propagated active"]);
    const heard = await lab.echoesHeard(second.host);
    expect(await lab.pings(a.host, b.host.ip)).toBe(true);
    expect(await lab.echoesHeard(second.host)).toBe(heard);
    await gateway.ec2.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: toB });
    expect(await lab.pings(a.host, second.host.ip)).toBe(true);
    expect(await lab.echoesHeard(second.host)).toBeGreaterThan(heard);
  });
});

describe("rule 19 [TG-20] 5: appliance mode keeps both directions of a flow in one zone", () => {
  test("off: the box that saw the request is not asked about the answer; on: it sees both", async () => {
    const { a, b, boxes, toInspection } = await inspectedPair();
    expect(await boxesAgree(a, b, boxes)).toBe(false);
    await a.ec2.modifyTransitGatewayVpcAttachment({
      TransitGatewayAttachmentId: toInspection,
      Options: { ApplianceModeSupport: "enable" },
    });
    expect(await boxesAgree(a, b, boxes)).toBe(true);
  });
});

test("rule 20 [TG-20, 6.10]: 8500 bytes pass, one more does not", async () => {
  const { a, b } = await pair();
  const echo = (bytes: number) => lab.run(a.host, "ping", "-c1", "-W1", "-Mdo", `-s${bytes - 28}`, b.host.ip);
  expect(await lab.pings(a.host, b.host.ip)).toBe(true);
  expect(await echo(8500)).toMatchObject({ exitCode: 0 });
  expect((await echo(8501)).exitCode).not.toBe(0);
});

describe("rule 21: quotas refuse, and what is there goes on", () => {
  test("[TG-13]: one attachment of a VPC to a gateway, five gateways", async () => {
    const { gateway, a, b } = await pair();
    await expect(attach(gateway, a)).rejects.toMatchObject({ name: "DuplicateTransitGatewayAttachment" });
    for (let more = 1; more < 5; more += 1) await attachOnly(await gatewayIn(lab), a);
    await expect(attachOnly(await gatewayIn(lab), a)).rejects.toMatchObject({ name: expect.stringMatching(/Limit/) });
    expect(await pingsBothWays(a, b)).toEqual([true, true]);
  });

  test("[TG-64]: one peering between two gateways", async () => {
    const near = await gatewayIn(lab);
    const far = await gatewayIn(lab, {}, "eu-west-1");
    await requestPeering(near, far);
    await expect(requestPeering(near, far)).rejects.toMatchObject({ name: expect.stringMatching(/Duplicate/) });
    await expect(requestPeering(far, near)).rejects.toMatchObject({ name: expect.stringMatching(/Duplicate/) });
  });
});

describe("rule 22 [TG-10, TG-15, TG-16]: the states of an attachment, and which carry packets", () => {
  test("pending, available, modifying, deleting, deleted, at AWS's pace", async () => {
    const slow = await startLab({ pace: "real" });
    try {
      const gateway = await gatewayIn(slow);
      const a = await slow.vpc("10.0.0.0/16");
      const b = await slow.vpc("10.1.0.0/16");
      const hour = 3_600_000;
      await slow.advance(hour);
      await attach(gateway, a);
      await slow.advance(hour);
      const toB = await attachOnly(gateway, b);
      await slow.route(b, "10.0.0.0/16", { TransitGatewayId: gateway.id });
      const seen: (readonly [string | undefined, boolean])[] = [];
      const look = async () => {
        const answer = await gateway.ec2.describeTransitGatewayVpcAttachments({ TransitGatewayAttachmentIds: [toB] });
        seen.push([answer.TransitGatewayVpcAttachments?.[0]?.State, await slow.pings(a.host, b.host.ip)]);
      };
      await look();
      await slow.advance(hour);
      await look();
      await b.ec2.modifyTransitGatewayVpcAttachment({
        TransitGatewayAttachmentId: toB,
        Options: { DnsSupport: "disable" },
      });
      await look();
      await slow.advance(hour);
      await look();
      await b.ec2.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: toB });
      await look();
      await slow.advance(hour);
      await look();
      expect(seen).toEqual([
        ["pending", false],
        ["available", true],
        ["modifying", true],
        ["available", true],
        ["deleting", false],
        ["deleted", false],
      ]);
    } finally {
      await slow.close();
    }
  });
});

async function attachOnly(gateway: LabGateway, vpc: LabVpc): Promise<string> {
  const { TransitGatewayVpcAttachment } = await vpc.ec2.createTransitGatewayVpcAttachment({
    TransitGatewayId: gateway.id,
    VpcId: vpc.vpcId,
    SubnetIds: [vpc.subnetId],
  });
  return known(TransitGatewayVpcAttachment?.TransitGatewayAttachmentId);
}

async function zoneOf({ ec2 }: LabVpc, subnetId: string): Promise<string> {
  const { Subnets } = await ec2.describeSubnets({ SubnetIds: [subnetId] });
  return known(Subnets?.[0]?.AvailabilityZone);
}

async function aclOf({ ec2 }: LabVpc, subnetId: string): Promise<string> {
  const { NetworkAcls } = await ec2.describeNetworkAcls({
    Filters: [{ Name: "association.subnet-id", Values: [subnetId] }],
  });
  return known(NetworkAcls?.[0]?.NetworkAclId);
}

async function associateAcl({ ec2 }: LabVpc, subnetId: string, NetworkAclId: string): Promise<void> {
  const { NetworkAcls } = await ec2.describeNetworkAcls({
    Filters: [{ Name: "association.subnet-id", Values: [subnetId] }],
  });
  const current = NetworkAcls?.[0]?.Associations?.find((each) => each.SubnetId === subnetId);
  await ec2.replaceNetworkAclAssociation({ AssociationId: current?.NetworkAclAssociationId, NetworkAclId });
}

/** A in zone a, B in zone b; all between them is led through a box in one of the inspection VPC's two zones. */
async function inspectedPair() {
  const gateway = await gatewayIn(lab, { DefaultRouteTablePropagation: "disable" });
  const a = await lab.vpc("10.0.0.0/16");
  const b = await lab.vpc("10.1.0.0/16");
  const inZone = async (vpc: LabVpc, cidr: string, zone: string): Promise<LabVpc> => {
    const subnetId = await lab.subnet(vpc, cidr, zone);
    return { ...vpc, subnetId, host: await lab.host(vpc, cidr.replace("0/24", "10"), { subnetId }) };
  };
  const [inA, inB] = [await inZone(a, "10.0.7.0/24", "us-east-1a"), await inZone(b, "10.1.7.0/24", "us-east-1b")];
  const toA = await attach(gateway, inA);
  const toB = await attach(gateway, inB);

  const inspection = await lab.vpc("10.9.0.0/16");
  const toInspection = await attach(gateway, inspection);
  const entries: string[] = [];
  const boxes: LabHost[] = [];
  for (const [index, zone] of ["us-east-1a", "us-east-1b"].entries()) {
    const subnetId = await lab.subnet(inspection, `10.9.${index + 10}.0/24`, zone);
    const box = await lab.host(inspection, `10.9.${index + 10}.10`, { subnetId });
    boxes.push(box);
    await inspection.ec2.modifyNetworkInterfaceAttribute({
      NetworkInterfaceId: box.interfaceId,
      SourceDestCheck: { Value: false },
    });
    const entry = await lab.subnet(inspection, `10.9.${index + 20}.0/28`, zone);
    const { RouteTable } = await inspection.ec2.createRouteTable({ VpcId: inspection.vpcId });
    const RouteTableId = known(RouteTable?.RouteTableId);
    await inspection.ec2.associateRouteTable({ RouteTableId, SubnetId: entry });
    await inspection.ec2.createRoute({
      RouteTableId,
      DestinationCidrBlock: "10.0.0.0/8",
      NetworkInterfaceId: box.interfaceId,
    });
    entries.push(entry);
  }
  await gateway.ec2.modifyTransitGatewayVpcAttachment({
    TransitGatewayAttachmentId: toInspection,
    AddSubnetIds: entries,
    RemoveSubnetIds: [inspection.subnetId],
  });
  await leadThrough(gateway, [toA, toB], toInspection);
  return { a: inA, b: inB, boxes, toInspection };
}

/** Spokes go to the inspection VPC with everything; what comes from there finds the spokes. */
async function leadThrough(gateway: LabGateway, spokes: readonly string[], toInspection: string): Promise<void> {
  const made = await gateway.ec2.createTransitGatewayRouteTable({ TransitGatewayId: gateway.id });
  const back = known(made.TransitGatewayRouteTable?.TransitGatewayRouteTableId);
  await gateway.ec2.disassociateTransitGatewayRouteTable({
    TransitGatewayRouteTableId: gateway.table,
    TransitGatewayAttachmentId: toInspection,
  });
  await gateway.ec2.associateTransitGatewayRouteTable({
    TransitGatewayRouteTableId: back,
    TransitGatewayAttachmentId: toInspection,
  });
  for (const TransitGatewayAttachmentId of spokes) {
    await gateway.ec2.enableTransitGatewayRouteTablePropagation({
      TransitGatewayRouteTableId: back,
      TransitGatewayAttachmentId,
    });
  }
  await staticRoute(gateway, "0.0.0.0/0", toInspection);
}

/** Whether stateful boxes, which pass only answers to what they saw, let connections of A to B through. */
async function boxesAgree(a: LabVpc, b: LabVpc, boxes: readonly LabHost[]): Promise<boolean> {
  const rules =
    "nft flush ruleset; nft add table inet guard; nft add chain inet guard forward '{ type filter hook forward priority 0; policy drop; }';" +
    "nft add rule inet guard forward ct state established accept; nft add rule inet guard forward ip saddr 10.0.0.0/16 accept";
  for (const box of boxes) {
    const set = await lab.run(box, "sh", "-c", rules);
    if (set.exitCode !== 0) throw new Error(`the box could not be set up: ${set.stderr}`);
  }
  const ports = Array.from({ length: 12 }, (_, index) => 4000 + index);
  const outcomes = new Set<string>();
  for (const port of ports) outcomes.add(await lab.probe(a.host, b.host.ip, `tcp/${port}`));
  if (outcomes.size !== 1) throw new Error(`some passed and some did not: ${[...outcomes].join(", ")}`);
  // A refusal is an answer: it came back.
  return outcomes.has("refused");
}
