/** Rules 1-10 of the rule list, end to end: what the API is told, the packets do. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountA, accountB, type Lab, type LabVpc, startLab } from "./lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

const day = 86_400_000;
const allowIcmpFrom = (GroupId: string, UserId?: string) => ({
  IpProtocol: "icmp",
  FromPort: -1,
  ToPort: -1,
  UserIdGroupPairs: [{ GroupId, ...(UserId && { UserId }) }],
});

async function statusOf(vpc: LabVpc, pcx: string) {
  const { VpcPeeringConnections } = await vpc.ec2.describeVpcPeeringConnections({ VpcPeeringConnectionIds: [pcx] });
  return VpcPeeringConnections?.[0]?.Status?.Code;
}

async function routeState(vpc: LabVpc, destination: string) {
  const { RouteTables } = await vpc.ec2.describeRouteTables({ RouteTableIds: [vpc.mainTable] });
  return RouteTables?.[0]?.Routes?.find((each) => each.DestinationCidrBlock === destination)?.State;
}

describe("rule 1 [PX-1]: only an active peering carries packets", () => {
  test.each([
    { where: "one account", to: {} },
    { where: "two accounts", to: { account: accountB } },
    { where: "two Regions", to: { region: "eu-west-1" } },
    { where: "two accounts and two Regions", to: { account: accountB, region: "eu-west-1" } },
  ])("through every state of its life, in $where, seen by both sides", async ({ to }) => {
    const slow = await startLab({ pace: "real" });
    try {
      const a = await slow.vpc("10.0.0.0/16");
      const b = await slow.vpc("10.1.0.0/16", to);
      const created = await a.ec2.createVpcPeeringConnection({
        VpcId: a.vpcId,
        PeerVpcId: b.vpcId,
        PeerOwnerId: b.account,
        PeerRegion: await b.ec2.config.region(),
      });
      const pcx = created.VpcPeeringConnection?.VpcPeeringConnectionId ?? "";
      await slow.route(a, "10.1.0.0/16", { VpcPeeringConnectionId: pcx });
      expect(await statusOf(a, pcx)).toBe("initiating-request");
      await slow.advance(2_000);
      await slow.route(b, "10.0.0.0/16", { VpcPeeringConnectionId: pcx });
      const seen: [string | undefined, string | undefined, boolean][] = [];
      const look = async () => {
        seen.push([await statusOf(a, pcx), await statusOf(b, pcx), await slow.pings(a.host, b.host.ip)]);
        // A packet moves both ways or none: the other side's own ping agrees.
        expect(await slow.pings(b.host, a.host.ip)).toBe(seen.at(-1)?.[2]);
      };
      await look();
      await slow.accept(pcx, b);
      await look();
      await slow.advance(3_000);
      await look();
      await b.ec2.deleteVpcPeeringConnection({ VpcPeeringConnectionId: pcx });
      await look();
      await slow.advance(20_000);
      await look();
      const between = "region" in to ? "deleting" : "deleted";
      expect(seen).toEqual([
        ["pending-acceptance", "pending-acceptance", false],
        ["provisioning", "provisioning", false],
        ["active", "active", true],
        [between, between, false],
        ["deleted", "deleted", false],
      ]);
    } finally {
      await slow.close();
    }
  });

  test("rejected and expired requests carry nothing; an expired one cannot be accepted any more", async () => {
    const a = await lab.vpc("10.0.0.0/16");
    const b = await lab.vpc("10.1.0.0/16", { account: accountB });
    const refused = await lab.request(a, b);
    await lab.route(a, "10.1.0.0/16", { VpcPeeringConnectionId: refused });
    await b.ec2.rejectVpcPeeringConnection({ VpcPeeringConnectionId: refused });
    expect(await statusOf(a, refused)).toBe("rejected");
    expect(await lab.pings(a.host, b.host.ip)).toBe(false);

    const late = await lab.request(a, b);
    await lab.advance(7 * day - 1_000);
    expect(await statusOf(b, late)).toBe("pending-acceptance");
    await lab.advance(1_000);
    expect([await statusOf(a, late), await statusOf(b, late)]).toEqual(["expired", "expired"]);
    await expect(lab.accept(late, b)).rejects.toMatchObject({ name: "InvalidStateTransition" });
    await a.ec2.replaceRoute({
      RouteTableId: a.mainTable,
      DestinationCidrBlock: "10.1.0.0/16",
      VpcPeeringConnectionId: await lab.peer(a, b),
    });
    await lab.route(b, "10.0.0.0/16", { VpcPeeringConnectionId: await lab.request(a, b) });
    expect(await lab.pings(a.host, b.host.ip)).toBe(true);
  });
});

test("rule 2 [RT-30]: a route to a pending peering is a blackhole, and hides the way that there was", async () => {
  const a = await lab.vpc("10.0.0.0/16");
  const b = await lab.vpc("10.1.0.0/16");
  const joined = await lab.join(a, b, ["10.0.0.0/16", "10.1.0.0/16"]);
  expect(await lab.pings(a.host, b.host.ip)).toBe(true);
  const c = await lab.vpc("10.2.0.0/16");
  const pending = await lab.request(a, c);
  await lab.route(a, "10.1.1.0/24", { VpcPeeringConnectionId: pending });
  expect(await routeState(a, "10.1.1.0/24")).toBe("blackhole");
  expect(await lab.pings(a.host, b.host.ip)).toBe(false);
  await a.ec2.deleteRoute({ RouteTableId: a.mainTable, DestinationCidrBlock: "10.1.1.0/24" });
  expect(await lab.pings(a.host, b.host.ip)).toBe(true);

  await lab.route(a, "10.2.0.0/16", { VpcPeeringConnectionId: pending });
  await lab.route(c, "10.0.0.0/16", { VpcPeeringConnectionId: pending });
  expect([await routeState(a, "10.2.0.0/16"), await lab.pings(a.host, c.host.ip)]).toEqual(["blackhole", false]);
  await lab.accept(pending, c);
  expect([await routeState(a, "10.2.0.0/16"), await lab.pings(a.host, c.host.ip)]).toEqual(["active", true]);
  // [PX-50]: each direction needs its own route.
  await b.ec2.deleteRoute({ RouteTableId: b.mainTable, DestinationCidrBlock: "10.0.0.0/16" });
  expect(await lab.pings(a.host, b.host.ip)).toBe(false);
  expect(await statusOf(a, joined)).toBe("active");
});

describe("rule 3: one peering for a pair, not transitive, no edge-to-edge", () => {
  test("[PX-52]: A-B and B-C: A reaches B, B reaches C, A does not reach C", async () => {
    const a = await lab.vpc("10.0.0.0/16");
    const b = await lab.vpc("10.1.0.0/16");
    const c = await lab.vpc("10.2.0.0/16");
    const ab = await lab.join(a, b, ["10.0.0.0/16", "10.1.0.0/16"]);
    const bc = await lab.join(b, c, ["10.1.0.0/16", "10.2.0.0/16"]);
    await lab.route(a, "10.2.0.0/16", { VpcPeeringConnectionId: ab });
    await lab.route(c, "10.0.0.0/16", { VpcPeeringConnectionId: bc });
    expect(await lab.pings(a.host, b.host.ip)).toBe(true);
    expect(await lab.pings(b.host, c.host.ip)).toBe(true);
    expect(await lab.pings(a.host, c.host.ip)).toBe(false);
    expect(await lab.pings(c.host, a.host.ip)).toBe(false);
  });

  test("[PX-23, PX-24]: a second request is the first one; a reversed one is not accepted while the first is active", async () => {
    const a = await lab.vpc("10.0.0.0/16");
    const b = await lab.vpc("10.1.0.0/16", { account: accountB });
    const pcx = await lab.join(a, b, ["10.0.0.0/16", "10.1.0.0/16"]);
    expect(await lab.request(a, b)).toBe(pcx);
    const reversed = await lab.request(b, a);
    expect(reversed).not.toBe(pcx);
    await expect(lab.accept(reversed, a)).rejects.toMatchObject({ name: "VpcPeeringConnectionAlreadyExists" });
    expect(await lab.pings(a.host, b.host.ip)).toBe(true);
  });

  test("[PX-52]: the peer's internet gateway is the peer's alone", async () => {
    const a = await lab.vpc("10.0.0.0/16");
    const b = await lab.vpc("10.1.0.0/16");
    const pcx = await lab.join(a, b, ["10.0.0.0/16", "10.1.0.0/16"]);
    await lab.route(a, "0.0.0.0/0", { VpcPeeringConnectionId: pcx });
    const { InternetGateway } = await b.ec2.createInternetGateway({});
    const InternetGatewayId = InternetGateway?.InternetGatewayId ?? "";
    await b.ec2.attachInternetGateway({ InternetGatewayId, VpcId: b.vpcId });
    await lab.route(b, "0.0.0.0/0", { GatewayId: InternetGatewayId });
    const { AllocationId } = await b.ec2.allocateAddress({ Domain: "vpc" });
    await b.ec2.associateAddress({ AllocationId, NetworkInterfaceId: b.host.interfaceId });
    expect(await lab.pings(b.host, "1.1.1.1")).toBe(true);
    expect(await lab.pings(a.host, "1.1.1.1")).toBe(false);
    expect(await lab.pings(a.host, b.host.ip)).toBe(true);
  });
});

describe("rule 4 [PX-28, PX-51]: overlapping blocks are never joined, and a peering carries the blocks of its two VPCs only", () => {
  test.each([
    { what: "the same block", cidr: "10.0.0.0/16", second: undefined },
    { what: "a second block within the other's first", cidr: "10.9.0.0/16", second: "10.0.128.0/20" },
  ])("$what: the request fails", async ({ cidr, second }) => {
    const a = await lab.vpc("10.0.0.0/16");
    const b = await lab.vpc(cidr, { account: accountB });
    if (second) await b.ec2.associateVpcCidrBlock({ VpcId: b.vpcId, CidrBlock: second });
    const pcx = await lab.request(a, b);
    expect(await statusOf(a, pcx)).toBe("failed");
    await expect(statusOf(b, pcx)).rejects.toMatchObject({ name: "InvalidVpcPeeringConnectionID.NotFound" });
  });

  test("no translation: the peer sees the true source", async () => {
    const a = await lab.vpc("10.0.0.0/16");
    const b = await lab.vpc("10.1.0.0/16", { account: accountB, region: "eu-west-1" });
    await lab.join(a, b, ["10.0.0.0/16", "10.1.0.0/16"]);
    expect(await lab.seenSource(a.host, b.host)).toContain(a.host.ip);
  });
});

test("rule 5 [PX-54]: two peers with equal blocks: the answer follows the answerer's table, even to the wrong one", async () => {
  const a = await lab.vpc("10.0.0.0/16");
  const b = await lab.vpc("10.1.0.0/16");
  const c = await lab.vpc("10.1.0.0/16");
  const ab = await lab.peer(a, b);
  const ac = await lab.peer(a, c);
  await lab.route(b, "10.0.0.0/16", { VpcPeeringConnectionId: ab });
  await lab.route(c, "10.0.0.0/16", { VpcPeeringConnectionId: ac });
  await lab.route(a, "10.1.0.0/16", { VpcPeeringConnectionId: ab });
  // Nobody has C's address in B, so what goes astray is not answered by chance.
  const stray = await lab.host(c, "10.1.1.20");
  expect(await lab.pings(b.host, a.host.ip)).toBe(true);
  expect(await lab.pings(stray, a.host.ip)).toBe(false);
  await a.ec2.replaceRoute({
    RouteTableId: a.mainTable,
    DestinationCidrBlock: "10.1.0.0/16",
    VpcPeeringConnectionId: ac,
  });
  expect(await lab.pings(stray, a.host.ip)).toBe(true);
  await lab.route(a, "10.1.1.10/32", { VpcPeeringConnectionId: ab });
  expect(await lab.pings(b.host, a.host.ip)).toBe(true);
  expect(await lab.pings(stray, a.host.ip)).toBe(true);
});

describe("rule 6 [SG-30]: a reference to the peer's group", () => {
  test.each([{ account: accountA }, { account: accountB }])(
    "account $account: the members pass, others of the peer do not; a member who leaves is out at once",
    async ({ account }) => {
      const a = await lab.vpc("10.0.0.0/16", { account });
      const b = await lab.vpc("10.1.0.0/16");
      const pcx = await lab.request(a, b);
      const members = await lab.group(a, "members");
      const guarded = await lab.group(b, "guarded");
      const other = await lab.host(a, "10.0.1.20");
      const server = await lab.host(b, "10.1.1.20", { groups: [guarded] });
      await a.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: a.host.interfaceId, Groups: [members] });
      const rule = { GroupId: guarded, IpPermissions: [allowIcmpFrom(members, account)] };
      // [SG-35]: not before the peering is active.
      await expect(b.ec2.authorizeSecurityGroupIngress(rule)).rejects.toMatchObject({ name: "InvalidGroup.NotFound" });
      await lab.accept(pcx, b);
      await lab.route(a, "10.1.0.0/16", { VpcPeeringConnectionId: pcx });
      await lab.route(b, "10.0.0.0/16", { VpcPeeringConnectionId: pcx });
      expect(await lab.pings(a.host, server.ip)).toBe(false);
      await b.ec2.authorizeSecurityGroupIngress(rule);
      expect(await lab.pings(a.host, server.ip)).toBe(true);
      expect(await lab.pings(other, server.ip)).toBe(false);
      const { SecurityGroupReferenceSet } = await a.ec2.describeSecurityGroupReferences({ GroupId: [members] });
      expect(SecurityGroupReferenceSet).toEqual([
        { GroupId: members, ReferencingVpcId: b.vpcId, VpcPeeringConnectionId: pcx },
      ]);
      await a.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: a.host.interfaceId, Groups: [a.openGroup] });
      await a.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: other.interfaceId, Groups: [members] });
      expect(await lab.pings(other, server.ip)).toBe(true);
      expect(await lab.probe(a.host, server.ip, "tcp/22")).toBe("no-answer");
    },
  );

  test("[SG-31]: the members' IPv6 addresses as well, over the peering", async () => {
    const a = await lab.vpc("10.0.0.0/16", { ipv6: true, account: accountB });
    const b = await lab.vpc("10.1.0.0/16", { ipv6: true });
    const VpcPeeringConnectionId = await lab.peer(a, b);
    await lab.route(a, b.ipv6Block, { VpcPeeringConnectionId });
    await lab.route(b, a.ipv6Block, { VpcPeeringConnectionId });
    const guarded = await lab.group(b, "guarded");
    const server = await lab.host(b, "10.1.1.20", { groups: [guarded] });
    const ping6 = { IpProtocol: "icmpv6", FromPort: 128, ToPort: 0 };
    const to = { GroupId: a.openGroup, UserId: accountB };
    expect(await lab.pings(a.host, server.ipv6)).toBe(false);
    await b.ec2.authorizeSecurityGroupIngress({
      GroupId: guarded,
      IpPermissions: [{ IpProtocol: "icmp", FromPort: -1, ToPort: -1, UserIdGroupPairs: [to] }],
    });
    expect(await lab.pings(a.host, server.ipv6)).toBe(false);
    await b.ec2.authorizeSecurityGroupIngress({
      GroupId: guarded,
      IpPermissions: [{ ...ping6, UserIdGroupPairs: [to] }],
    });
    expect(await lab.pings(a.host, server.ipv6)).toBe(true);
    expect(await lab.pings(b.host, server.ipv6)).toBe(false);
  });

  test("across Regions it cannot be made; the block can", async () => {
    const a = await lab.vpc("10.0.0.0/16", { region: "eu-west-1" });
    const b = await lab.vpc("10.1.0.0/16");
    await lab.join(a, b, ["10.0.0.0/16", "10.1.0.0/16"]);
    const members = await lab.group(a, "members");
    const guarded = await lab.group(b, "guarded");
    const server = await lab.host(b, "10.1.1.20", { groups: [guarded] });
    await expect(
      b.ec2.authorizeSecurityGroupIngress({ GroupId: guarded, IpPermissions: [allowIcmpFrom(members, a.account)] }),
    ).rejects.toMatchObject({ name: "InvalidGroup.NotFound" });
    expect(await lab.pings(a.host, server.ip)).toBe(false);
    await b.ec2.authorizeSecurityGroupIngress({
      GroupId: guarded,
      IpPermissions: [{ IpProtocol: "icmp", FromPort: 8, ToPort: 0, IpRanges: [{ CidrIp: "10.0.0.0/16" }] }],
    });
    expect(await lab.pings(a.host, server.ip)).toBe(true);
  });
});

test("rule 7 [PX-42, PX-43]: the DNS option is each side's own, and needs an active peering and hostnames in both VPCs", async () => {
  const a = await lab.vpc("10.0.0.0/16");
  const b = await lab.vpc("10.1.0.0/16", { account: accountB, region: "eu-west-1" });
  const VpcPeeringConnectionId = await lab.request(a, b);
  const RequesterPeeringConnectionOptions = { AllowDnsResolutionFromRemoteVpc: true };
  const ours = () =>
    a.ec2.modifyVpcPeeringConnectionOptions({ VpcPeeringConnectionId, RequesterPeeringConnectionOptions });
  await expect(ours()).rejects.toMatchObject({ name: "OperationNotPermitted" });
  await lab.accept(VpcPeeringConnectionId, b);
  await expect(ours()).rejects.toMatchObject({ name: "InvalidVpcPeeringConnectionState.DnsHostnamesDisabled" });
  await a.ec2.modifyVpcAttribute({ VpcId: a.vpcId, EnableDnsHostnames: { Value: true } });
  await expect(ours()).rejects.toMatchObject({ name: "InvalidVpcPeeringConnectionState.DnsHostnamesDisabled" });
  await b.ec2.modifyVpcAttribute({ VpcId: b.vpcId, EnableDnsHostnames: { Value: true } });
  await ours();
  await expect(
    b.ec2.modifyVpcPeeringConnectionOptions({ VpcPeeringConnectionId, RequesterPeeringConnectionOptions }),
  ).rejects.toMatchObject({ name: "OperationNotPermitted" });
  const sideOf = async ({ ec2 }: LabVpc) =>
    (await ec2.describeVpcPeeringConnections({ VpcPeeringConnectionIds: [VpcPeeringConnectionId] }))
      .VpcPeeringConnections?.[0]?.RequesterVpcInfo?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc;
  expect([await sideOf(a), await sideOf(b)]).toEqual([true, undefined]);
});

test.each([
  { region: "us-east-1", limit: 9001 },
  { region: "eu-west-1", limit: 8500 },
])("rule 8 [PX-56]: peer in $region: $limit bytes pass, one more does not", async ({ region, limit }) => {
  const a = await lab.vpc("10.0.0.0/16");
  const b = await lab.vpc("10.1.0.0/16", { region });
  await lab.join(a, b, ["10.0.0.0/16", "10.1.0.0/16"]);
  const echo = (bytes: number) => lab.run(a.host, "ping", "-c1", "-W1", "-Mdo", `-s${bytes - 28}`, b.host.ip);
  expect(await lab.pings(a.host, b.host.ip)).toBe(true);
  expect(await echo(limit)).toMatchObject({ exitCode: 0 });
  expect((await echo(limit + 1)).exitCode).not.toBe(0);
});

describe("rule 9 [PX-30]: deleting", () => {
  test.each([{ who: "requester" }, { who: "accepter" }])("the $who may, and both lose the way", async ({ who }) => {
    const a = await lab.vpc("10.0.0.0/16");
    const b = await lab.vpc("10.1.0.0/16", { account: accountB });
    const pcx = await lab.join(a, b, ["10.0.0.0/16", "10.1.0.0/16"]);
    expect(await lab.pings(a.host, b.host.ip)).toBe(true);
    await (who === "requester" ? a : b).ec2.deleteVpcPeeringConnection({ VpcPeeringConnectionId: pcx });
    expect([await statusOf(a, pcx), await statusOf(b, pcx)]).toEqual(["deleted", "deleted"]);
    expect([await lab.pings(a.host, b.host.ip), await lab.pings(b.host, a.host.ip)]).toEqual([false, false]);
  });

  test("a VPC with another account's request waits for its rejection; tags stay with who made them [PX-6]", async () => {
    const a = await lab.vpc("10.0.0.0/16");
    const ec2 = lab.ec2(accountB);
    const VpcId = (await ec2.createVpc({ CidrBlock: "10.1.0.0/16" })).Vpc?.VpcId ?? "";
    const asked = await a.ec2.createVpcPeeringConnection({
      VpcId: a.vpcId,
      PeerVpcId: VpcId,
      PeerOwnerId: accountB,
      TagSpecifications: [{ ResourceType: "vpc-peering-connection", Tags: [{ Key: "Name", Value: "ours" }] }],
    });
    const pcx = asked.VpcPeeringConnection?.VpcPeeringConnectionId ?? "";
    await expect(ec2.deleteVpc({ VpcId })).rejects.toMatchObject({ name: "DependencyViolation" });
    const theirs = await ec2.describeVpcPeeringConnections({ VpcPeeringConnectionIds: [pcx] });
    expect(theirs.VpcPeeringConnections?.[0]?.Tags).toEqual([]);
    await ec2.rejectVpcPeeringConnection({ VpcPeeringConnectionId: pcx });
    await ec2.deleteVpc({ VpcId });
    const ours = await a.ec2.describeVpcPeeringConnections({ VpcPeeringConnectionIds: [pcx] });
    expect(ours.VpcPeeringConnections?.[0]).toMatchObject({
      Status: { Code: "rejected" },
      Tags: [{ Key: "Name", Value: "ours" }],
    });
  });
});

test("rule 10 [SG-50, SG-51, SG-52, PX-31]: after deletion rules are stale and routes blackholes; a new peering revives the rules, not the routes", async () => {
  const a = await lab.vpc("10.0.0.0/16", { account: accountB });
  const b = await lab.vpc("10.1.0.0/16");
  const pcx = await lab.join(a, b, ["10.0.0.0/16", "10.1.0.0/16"]);
  const members = await lab.group(a, "members");
  const guarded = await lab.group(b, "guarded");
  await a.ec2.authorizeSecurityGroupIngress({
    GroupId: members,
    IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
  });
  await a.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: a.host.interfaceId, Groups: [members] });
  const server = await lab.host(b, "10.1.1.20", { groups: [guarded] });
  await b.ec2.authorizeSecurityGroupIngress({ GroupId: guarded, IpPermissions: [allowIcmpFrom(members, accountB)] });
  expect(await lab.pings(a.host, server.ip)).toBe(true);

  await a.ec2.deleteVpcPeeringConnection({ VpcPeeringConnectionId: pcx });
  expect([await routeState(a, "10.1.0.0/16"), await routeState(b, "10.0.0.0/16")]).toEqual(["blackhole", "blackhole"]);
  const staleGroups = async () =>
    (await b.ec2.describeStaleSecurityGroups({ VpcId: b.vpcId })).StaleSecurityGroupSet?.map((each) => each.GroupId);
  expect(await staleGroups()).toEqual([guarded]);
  expect(await lab.pings(a.host, server.ip)).toBe(false);

  const again = await lab.peer(b, a);
  expect(await staleGroups()).toEqual([]);
  expect(await routeState(a, "10.1.0.0/16")).toBe("blackhole");
  expect(await lab.pings(a.host, server.ip)).toBe(false);
  for (const [vpc, DestinationCidrBlock] of [
    [a, "10.1.0.0/16"],
    [b, "10.0.0.0/16"],
  ] as const) {
    await vpc.ec2.replaceRoute({
      RouteTableId: vpc.mainTable,
      DestinationCidrBlock,
      VpcPeeringConnectionId: again,
    });
  }
  expect(await lab.pings(a.host, server.ip)).toBe(true);
  expect(await lab.pings(b.host, server.ip)).toBe(false);
});

test("[PX-56]: IPv6 crosses where both have blocks and routes, also between accounts and Regions", async () => {
  const a = await lab.vpc("10.0.0.0/16", { ipv6: true });
  const b = await lab.vpc("10.1.0.0/16", { ipv6: true, account: accountB, region: "eu-west-1" });
  const VpcPeeringConnectionId = await lab.peer(a, b);
  expect(await lab.pings(a.host, b.host.ipv6)).toBe(false);
  await lab.route(a, b.ipv6Block, { VpcPeeringConnectionId });
  expect(await lab.pings(a.host, b.host.ipv6)).toBe(false);
  await lab.route(b, a.ipv6Block, { VpcPeeringConnectionId });
  expect(await lab.pings(a.host, b.host.ipv6)).toBe(true);
  expect(await lab.pings(a.host, b.host.ip)).toBe(false);
});

test("[PX-57]: the zones do not matter", async () => {
  const a = await lab.vpc("10.0.0.0/16");
  const b = await lab.vpc("10.1.0.0/16");
  await lab.join(a, b, ["10.0.0.0/16", "10.1.0.0/16"]);
  for (const [index, zone] of ["us-east-1a", "us-east-1b", "us-east-1f"].entries()) {
    const subnetId = await lab.subnet(b, `10.1.${10 + index}.0/24`, zone);
    const there = await lab.host(b, `10.1.${10 + index}.10`, { subnetId });
    expect(await lab.pings(a.host, there.ip)).toBe(true);
  }
});

test("[AD-12]: a block that a VPC gets later crosses its peering as well", async () => {
  const a = await lab.vpc("10.0.0.0/16");
  const b = await lab.vpc("10.1.0.0/16", { account: accountB });
  const pcx = await lab.join(a, b, ["10.0.0.0/16", "10.1.0.0/16"]);
  await b.ec2.associateVpcCidrBlock({ VpcId: b.vpcId, CidrBlock: "10.5.0.0/16" });
  const late = await lab.host(b, "10.5.1.10", { subnetId: await lab.subnet(b, "10.5.1.0/24") });
  expect(await lab.pings(a.host, late.ip)).toBe(false);
  await lab.route(a, "10.5.0.0/16", { VpcPeeringConnectionId: pcx });
  expect(await lab.pings(a.host, late.ip)).toBe(true);
});
