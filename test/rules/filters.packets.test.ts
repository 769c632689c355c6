/** Security groups and network ACLs end to end: what the API is told, the packets do, from the first packet after the answer. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Lab, type LabHost, type LabVpc, startLab } from "./lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

const fromBlock = (IpProtocol: string, FromPort: number, ToPort: number, CidrIp = "10.0.0.0/16") => [
  { IpProtocol, FromPort, ToPort, IpRanges: [{ CidrIp }] },
];
const everything = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];

/** A client in the first subnet; a server in a second one, with a group of its own that lets nothing in or out. */
async function clientAndServer(): Promise<{
  vpc: LabVpc;
  client: LabHost;
  server: LabHost;
  group: string;
  far: string;
}> {
  const vpc = await lab.vpc("10.0.0.0/16");
  const far = await lab.subnet(vpc, "10.0.2.0/24");
  const group = await lab.group(vpc, "server");
  await vpc.ec2.revokeSecurityGroupEgress({ GroupId: group, IpPermissions: everything });
  const server = await lab.host(vpc, "10.0.2.10", { subnetId: far, groups: [group] });
  return { vpc, client: vpc.host, server, group, far };
}

describe("security groups", () => {
  test("[SG-2, SG-3]: two gates, each by itself; answers pass both", async () => {
    const { vpc, client, server, group } = await clientAndServer();
    expect([await lab.pings(client, server.ip), await lab.pings(server, client.ip)]).toEqual([false, false]);
    await vpc.ec2.authorizeSecurityGroupIngress({ GroupId: group, IpPermissions: fromBlock("icmp", -1, -1) });
    expect([await lab.pings(client, server.ip), await lab.pings(server, client.ip)]).toEqual([true, false]);
    await vpc.ec2.authorizeSecurityGroupEgress({ GroupId: group, IpPermissions: fromBlock("icmp", -1, -1) });
    expect([await lab.pings(client, server.ip), await lab.pings(server, client.ip)]).toEqual([true, true]);
    await vpc.ec2.revokeSecurityGroupIngress({ GroupId: group, IpPermissions: fromBlock("icmp", -1, -1) });
    expect(await lab.pings(server, client.ip)).toBe(true);
    // The client's own gate closes: what it sends does not leave, though the server would let it in.
    await vpc.ec2.authorizeSecurityGroupIngress({ GroupId: group, IpPermissions: everything });
    expect(await lab.probe(client, server.ip, "tcp/80")).toBe("refused");
    await vpc.ec2.revokeSecurityGroupEgress({ GroupId: vpc.openGroup, IpPermissions: everything });
    expect(await lab.probe(client, server.ip, "tcp/80")).toBe("no-answer");
  });

  test("[SG-3]: also between two hosts of one subnet", async () => {
    const { vpc, server, group, far } = await clientAndServer();
    const near = await lab.host(vpc, "10.0.2.11", { subnetId: far });
    expect(await lab.pings(near, server.ip)).toBe(false);
    await vpc.ec2.authorizeSecurityGroupIngress({ GroupId: group, IpPermissions: fromBlock("icmp", 8, 0) });
    expect(await lab.pings(near, server.ip)).toBe(true);
  });

  test.each([
    { type: 8, code: -1, passes: true },
    { type: 8, code: 0, passes: true },
    { type: -1, code: -1, passes: true },
    { type: 0, code: -1, passes: false },
    { type: 8, code: 1, passes: false },
  ])("ICMP type $type, code $code: a ping passes: $passes", async ({ type, code, passes }) => {
    const { vpc, client, server, group } = await clientAndServer();
    await vpc.ec2.authorizeSecurityGroupIngress({ GroupId: group, IpPermissions: fromBlock("icmp", type, code) });
    expect(await lab.pings(client, server.ip)).toBe(passes);
  });

  test("[SG-10, SG-33]: without a group an instance has the default one, whose members talk; rules of other groups are not theirs", async () => {
    const { vpc, client } = await clientAndServer();
    const [one, other] = [
      await lab.host(vpc, "10.0.1.21", { groups: [] }),
      await lab.host(vpc, "10.0.1.22", { groups: [] }),
    ];
    const { NetworkInterfaces } = await vpc.ec2.describeNetworkInterfaces({ NetworkInterfaceIds: [one.interfaceId] });
    const [group] = NetworkInterfaces?.[0]?.Groups ?? [];
    expect(group?.GroupName).toBe("default");
    expect([await lab.pings(one, other.ip), await lab.pings(client, one.ip)]).toEqual([true, false]);
    // The open group lets in everything to its own members; who is referenced by it, or references it, gains no such rule.
    await vpc.ec2.authorizeSecurityGroupIngress({
      GroupId: group?.GroupId,
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: vpc.openGroup }] }],
    });
    expect(await lab.probe(client, one.ip, "tcp/80")).toBe("refused");
    expect(await lab.probe(client, one.ip, "tcp/81")).toBe("no-answer");
    expect(await lab.pings(client, one.ip)).toBe(false);
  });

  test("[SG-5, NA-8]: neither a group nor an ACL keeps an instance from its metadata", async () => {
    const { vpc, server, far } = await clientAndServer();
    const closed = await vpc.ec2.createNetworkAcl({ VpcId: vpc.vpcId });
    const { NetworkAcls } = await vpc.ec2.describeNetworkAcls({
      Filters: [{ Name: "association.subnet-id", Values: [far] }],
    });
    const association = NetworkAcls?.[0]?.Associations?.find((each) => each.SubnetId === far);
    await vpc.ec2.replaceNetworkAclAssociation({
      AssociationId: association?.NetworkAclAssociationId,
      NetworkAclId: closed.NetworkAcl?.NetworkAclId,
    });
    expect(await lab.pings(server, vpc.host.ip)).toBe(false);
    const ask = "exec 3<>/dev/tcp/169.254.169.254/80; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; head -1 <&3";
    expect((await lab.run(server, "bash", "-c", ask)).stdout).toMatch(/^HTTP\/1\.[01] \d{3}/);
  });

  test("[SG-25]: a modified rule is in force as it reads now", async () => {
    const { vpc, client, server, group } = await clientAndServer();
    const made = await vpc.ec2.authorizeSecurityGroupIngress({
      GroupId: group,
      IpPermissions: fromBlock("tcp", 80, 80),
    });
    expect(await lab.probe(client, server.ip, "tcp/80")).toBe("refused");
    expect(await lab.probe(client, server.ip, "tcp/443")).toBe("no-answer");
    await vpc.ec2.modifySecurityGroupRules({
      GroupId: group,
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: made.SecurityGroupRules?.[0]?.SecurityGroupRuleId,
          SecurityGroupRule: { IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIpv4: "10.0.1.10/32" },
        },
      ],
    });
    expect(await lab.probe(client, server.ip, "tcp/80")).toBe("no-answer");
    expect(await lab.probe(client, server.ip, "tcp/443")).toBe("refused");
  });

  test("[SG-62]: an open connection outlives its rule, a new one is not made", async () => {
    const { vpc, client, server, group } = await clientAndServer();
    const rule = { GroupId: group, IpPermissions: fromBlock("tcp", 7070, 7070) };
    await vpc.ec2.authorizeSecurityGroupIngress(rule);
    const carries = await lab.carriesOn(client, server, 7070, async () => {
      await vpc.ec2.revokeSecurityGroupIngress(rule);
    });
    expect(carries).toBe(true);
    expect(await lab.probe(client, server.ip, "tcp/7070")).toBe("no-answer");
  });

  test("[SG-60]: what an instance had tracked is nothing to another one that gets its address", async () => {
    const { vpc, client, server, group, far } = await clientAndServer();
    const rule = { GroupId: group, IpPermissions: fromBlock("icmp", -1, -1) };
    await vpc.ec2.authorizeSecurityGroupIngress(rule);
    // One flow that goes on: every echo of a ping has the same identifier.
    const pings = lab.run(client, "ping", "-i0.2", "-c20", "-W1", server.ip);
    for (let look = 0; look < 100 && (await lab.echoesHeard(server)) < 2; look += 1);
    await vpc.ec2.terminateInstances({ InstanceIds: [server.instanceId] });
    await vpc.ec2.revokeSecurityGroupIngress(rule);
    const heir = await lab.host(vpc, server.ip, { subnetId: far, groups: [group] });
    expect((await pings).stdout).toMatch(/ [1-9]\d* received/);
    expect(await lab.echoesHeard(heir)).toBe(0);
  });

  test("[SG-31]: a reference means private addresses; the members' public ones need a rule of their own", async () => {
    const { vpc, client, server, group } = await clientAndServer();
    const { InternetGateway } = await vpc.ec2.createInternetGateway({});
    const InternetGatewayId = InternetGateway?.InternetGatewayId ?? "";
    await vpc.ec2.attachInternetGateway({ InternetGatewayId, VpcId: vpc.vpcId });
    await lab.route(vpc, "0.0.0.0/0", { GatewayId: InternetGatewayId });
    const publicAddress = async (host: LabHost) => {
      const { AllocationId, PublicIp } = await vpc.ec2.allocateAddress({ Domain: "vpc" });
      await vpc.ec2.associateAddress({ AllocationId, NetworkInterfaceId: host.interfaceId });
      return PublicIp ?? "";
    };
    const [clients, servers] = [await publicAddress(client), await publicAddress(server)];
    await vpc.ec2.authorizeSecurityGroupIngress({
      GroupId: group,
      IpPermissions: [{ IpProtocol: "icmp", FromPort: -1, ToPort: -1, UserIdGroupPairs: [{ GroupId: vpc.openGroup }] }],
    });
    expect(await lab.pings(client, server.ip)).toBe(true);
    expect(await lab.pings(client, servers)).toBe(false);
    await vpc.ec2.authorizeSecurityGroupIngress({
      GroupId: group,
      IpPermissions: fromBlock("icmp", -1, -1, `${clients}/32`),
    });
    expect(await lab.pings(client, servers)).toBe(true);
  });
});

describe("network ACLs", () => {
  interface Entry {
    readonly RuleNumber: number;
    readonly Egress: boolean;
    readonly RuleAction: "allow" | "deny";
    readonly Protocol?: string;
    readonly PortRange?: { readonly From: number; readonly To: number };
    readonly IcmpTypeCode?: { readonly Type: number; readonly Code: number };
    readonly CidrBlock?: string;
  }
  /** The client's and the server's subnets; the server lets everything in; an ACL of its own, closed, serves the server's subnet. */
  async function closedSubnet() {
    const { vpc, client, server, group, far } = await clientAndServer();
    await vpc.ec2.authorizeSecurityGroupIngress({ GroupId: group, IpPermissions: everything });
    await vpc.ec2.authorizeSecurityGroupEgress({ GroupId: group, IpPermissions: everything });
    const { NetworkAcl } = await vpc.ec2.createNetworkAcl({ VpcId: vpc.vpcId });
    const NetworkAclId = NetworkAcl?.NetworkAclId ?? "";
    const serving = async () => {
      const { NetworkAcls } = await vpc.ec2.describeNetworkAcls({
        Filters: [{ Name: "association.subnet-id", Values: [far] }],
      });
      return NetworkAcls?.[0]?.Associations?.find((each) => each.SubnetId === far);
    };
    const serve = async (acl: string) =>
      vpc.ec2.replaceNetworkAclAssociation({
        AssociationId: (await serving())?.NetworkAclAssociationId,
        NetworkAclId: acl,
      });
    const put = (entry: Entry) =>
      vpc.ec2.createNetworkAclEntry({ NetworkAclId, Protocol: "-1", CidrBlock: "0.0.0.0/0", ...entry });
    const remove = (RuleNumber: number, Egress: boolean) =>
      vpc.ec2.deleteNetworkAclEntry({ NetworkAclId, RuleNumber, Egress });
    const open = (await serving())?.NetworkAclId ?? "";
    return { vpc, client, server, far, serve, put, remove, NetworkAclId, open };
  }

  test("[NA-1, NA-9]: stateless, both directions need a rule; the subnet's association decides", async () => {
    const { client, server, serve, put, remove, NetworkAclId, open } = await closedSubnet();
    expect(await lab.probe(client, server.ip, "tcp/443")).toBe("refused");
    await serve(NetworkAclId);
    expect(await lab.probe(client, server.ip, "tcp/443")).toBe("no-answer");
    const https = { From: 443, To: 443 };
    await put({ RuleNumber: 100, Egress: false, RuleAction: "allow", Protocol: "6", PortRange: https });
    expect(await lab.probe(client, server.ip, "tcp/443")).toBe("no-answer");
    await put({ RuleNumber: 100, Egress: true, RuleAction: "allow", Protocol: "6", PortRange: https });
    expect(await lab.probe(client, server.ip, "tcp/443")).toBe("no-answer");
    await remove(100, true);
    const ephemeral = { From: 1024, To: 65_535 };
    await put({ RuleNumber: 100, Egress: true, RuleAction: "allow", Protocol: "6", PortRange: ephemeral });
    expect(await lab.probe(client, server.ip, "tcp/443")).toBe("refused");
    expect(await lab.probe(client, server.ip, "tcp/80")).toBe("no-answer");
    expect(await lab.pings(client, server.ip)).toBe(false);
    await serve(open);
    expect(await lab.probe(client, server.ip, "tcp/80")).toBe("refused");
  });

  test("[NA-3]: the lowest number decides", async () => {
    const { client, server, serve, put, remove, NetworkAclId } = await closedSubnet();
    await serve(NetworkAclId);
    await put({ RuleNumber: 100, Egress: true, RuleAction: "allow" });
    await put({ RuleNumber: 200, Egress: false, RuleAction: "allow" });
    expect(await lab.pings(client, server.ip)).toBe(true);
    await put({ RuleNumber: 300, Egress: false, RuleAction: "deny" });
    expect(await lab.pings(client, server.ip)).toBe(true);
    await put({ RuleNumber: 150, Egress: false, RuleAction: "deny", CidrBlock: "10.0.1.10/32" });
    expect(await lab.pings(client, server.ip)).toBe(false);
    await put({ RuleNumber: 149, Egress: false, RuleAction: "allow", CidrBlock: "10.0.1.0/24" });
    expect(await lab.pings(client, server.ip)).toBe(true);
    await remove(149, false);
    expect(await lab.pings(client, server.ip)).toBe(false);
  });

  test("[NA-2]: not within the subnet", async () => {
    const { vpc, client, server, far, serve, NetworkAclId } = await closedSubnet();
    const near = await lab.host(vpc, "10.0.2.11", { subnetId: far });
    await serve(NetworkAclId);
    expect([await lab.pings(near, server.ip), await lab.pings(client, server.ip)]).toEqual([true, false]);
  });

  test("[NA-7]: ICMP by type, each direction its own", async () => {
    const { client, server, serve, put, NetworkAclId } = await closedSubnet();
    await serve(NetworkAclId);
    const icmp = { RuleAction: "allow", Protocol: "1" } as const;
    await put({ RuleNumber: 100, Egress: false, ...icmp, IcmpTypeCode: { Type: 8, Code: -1 } });
    expect(await lab.pings(client, server.ip)).toBe(false);
    await put({ RuleNumber: 100, Egress: true, ...icmp, IcmpTypeCode: { Type: 0, Code: 0 } });
    expect(await lab.pings(client, server.ip)).toBe(true);
    expect(await lab.pings(server, client.ip)).toBe(false);
  });

  test("[NA-3, NA-4, NA-7]: IPv6 has entries of its own", async () => {
    const vpc = await lab.vpc("10.0.0.0/16", { ipv6: true });
    const far = await lab.subnet(vpc, "10.0.2.0/24");
    const Ipv6CidrBlock = vpc.ipv6Block.replace(/00::\/56$/, "01::/64");
    await vpc.ec2.associateSubnetCidrBlock({ SubnetId: far, Ipv6CidrBlock });
    const server = await lab.host(vpc, "10.0.2.10", { subnetId: far });
    expect([await lab.pings(vpc.host, server.ip), await lab.pings(vpc.host, server.ipv6)]).toEqual([true, true]);
    const { NetworkAcls } = await vpc.ec2.describeNetworkAcls({
      Filters: [{ Name: "association.subnet-id", Values: [far] }],
    });
    const NetworkAclId = NetworkAcls?.[0]?.NetworkAclId;
    const deny = { NetworkAclId, RuleNumber: 50, Egress: false, Protocol: "58", RuleAction: "deny" } as const;
    const IcmpTypeCode = { Type: 128, Code: -1 };
    await vpc.ec2.createNetworkAclEntry({ ...deny, Ipv6CidrBlock: "::/0", IcmpTypeCode });
    expect([await lab.pings(vpc.host, server.ip), await lab.pings(vpc.host, server.ipv6)]).toEqual([true, false]);
    await vpc.ec2.replaceNetworkAclEntry({ ...deny, Ipv6CidrBlock: "2a05:d018::/32", IcmpTypeCode });
    expect(await lab.pings(vpc.host, server.ipv6)).toBe(true);
    await vpc.ec2.deleteNetworkAclEntry({ NetworkAclId, RuleNumber: 101, Egress: true });
    expect([await lab.pings(vpc.host, server.ip), await lab.pings(vpc.host, server.ipv6)]).toEqual([true, false]);
  });

  test("[NA-10, SG-62]: a new entry cuts an open connection at once", async () => {
    const { client, server, serve, put, NetworkAclId } = await closedSubnet();
    await serve(NetworkAclId);
    await put({ RuleNumber: 100, Egress: true, RuleAction: "allow" });
    await put({ RuleNumber: 100, Egress: false, RuleAction: "allow" });
    const carries = await lab.carriesOn(client, server, 7070, async () => {
      await put({ RuleNumber: 50, Egress: false, RuleAction: "deny", CidrBlock: "10.0.1.0/24" });
    });
    expect(carries).toBe(false);
  });
});
