/**
 * A cloud with packets for tests of AWS's rules from end to end: calls go through the SDK over HTTP, states move by a simulated
 * clock, and what arrives or does not is the kernel's answer.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EC2 } from "@aws-sdk/client-ec2";
import { createCloud, type Pace, startApiServer } from "../../src/cloud/index.ts";
import { createDataPlane, type DataPlane } from "../../src/dataplane/index.ts";
import { type CommandResult, openStore, type ProbeResult, seededRandom } from "../../src/host/index.ts";
import { startTestFabric } from "../../src/host/test-fabric.ts";

export const accountA = "111111111111";
export const accountB = "222222222222";

/** A VPC with one subnet and one instance, and where to find them. */
export interface LabVpc {
  /** The API as the VPC's owner, in its Region. */
  readonly ec2: EC2;
  readonly account: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly mainTable: string;
  /** Lets everything in and out. */
  readonly openGroup: string;
  /** The host's instance id and private addresses. */
  readonly host: LabHost;
  readonly ipv6Block: string;
}

export interface LabHost {
  readonly instanceId: string;
  readonly interfaceId: string;
  readonly ip: string;
  readonly ipv6: string;
}

export interface LabVpcOptions {
  readonly account?: string;
  readonly region?: string;
  /** Gives the VPC, its subnet and its hosts IPv6 addresses of Amazon's. */
  readonly ipv6?: boolean;
}

export interface Lab {
  ec2(account?: string, region?: string): EC2;
  /** A `/16` such as `10.4.0.0/16`; the subnet is its second `/24`, the host `.10` in it. */
  vpc(cidr: string, options?: LabVpcOptions): Promise<LabVpc>;
  /** One more instance: in another subnet, or with other groups; an empty list names none. */
  host(vpc: LabVpc, ip: string, options?: { subnetId?: string; groups?: readonly string[] }): Promise<LabHost>;
  subnet(vpc: LabVpc, cidr: string, zone?: string): Promise<string>;
  group(vpc: LabVpc, name: string): Promise<string>;
  /** A request that has reached the accepter; not accepted yet. */
  request(from: LabVpc, to: LabVpc): Promise<string>;
  accept(pcx: string, by: LabVpc): Promise<void>;
  /** Requested, accepted and active. */
  peer(from: LabVpc, to: LabVpc): Promise<string>;
  /** `peer`, with routes for the whole of each other's IPv4 block in the main tables. */
  join(from: LabVpc, to: LabVpc, cidrs: readonly [string, string]): Promise<string>;
  route(vpc: LabVpc, destination: string, target: RouteTarget): Promise<void>;
  /** Lets so many milliseconds of the cloud's time pass, and what is due on the way happen. */
  advance(ms: number): Promise<void>;
  /** `icmp`, `tcp/443` or `udp/53`; nobody listens, so `refused` says that a packet arrived. */
  probe(from: LabHost, to: string, what?: string): Promise<ProbeResult["outcome"]>;
  /** Whether a packet arrives: by ping. */
  pings(from: LabHost, to: string): Promise<boolean>;
  /** How many echo requests have reached the instance. */
  echoesHeard(host: LabHost): Promise<number>;
  /** The source that a listener in `to` sees of a TCP connection. */
  seenSource(from: LabHost, to: LabHost): Promise<string | undefined>;
  run(host: LabHost, ...argv: readonly string[]): Promise<CommandResult>;
  /** Opens a TCP connection that stays open while `change` happens; whether it still carries bytes after. */
  carriesOn(from: LabHost, to: LabHost, port: number, change: () => Promise<void>): Promise<boolean>;
  readonly dataPlane: DataPlane;
  close(): Promise<void>;
}

export type RouteTarget =
  | { readonly VpcPeeringConnectionId: string }
  | { readonly GatewayId: string }
  | { readonly TransitGatewayId: string }
  | { readonly NetworkInterfaceId: string };

/** Milliseconds until a probe counts as unanswered: all is on this machine. */
const patience = 200;

export async function startLab({ pace = "instant" }: { pace?: Pace } = {}): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), "causeway-rules-"));
  const store = openStore(folder);
  const clock = simulatedClock(Date.UTC(2026, 0, 1));
  const dataPlane = createDataPlane({ startFabric: startTestFabric, maxRestarts: 0 });
  const faults: string[] = [];
  const onFault = (message: string, error: unknown) => faults.push(`${message}: ${error}`);
  const cloud = createCloud({
    clock,
    store,
    blobs: { write: () => {}, read: () => new Uint8Array(), remove: () => {}, ids: () => [] },
    functions: { prepare: () => {}, invoke: async () => ({ kind: "throttled" }), retire: () => {} },
    pace,
    random: { bytes: seededRandom("rules") },
    settings: { userData: "ignore", endpoint: "http://127.0.0.1" },
    onFault,
    dataPlane: {
      mode: "kernel",
      reconcile: (model) => dataPlane.reconcile(model),
      run: () => Promise.reject(new Error("bug: these tests run no commands through the API")),
      startShell: () => {
        throw new Error("bug: these tests start no shells");
      },
    },
  });
  const api = await startApiServer({ port: 0, cloud: () => cloud, onFault });
  const clients = new Map<string, EC2>();

  const ec2 = (account = accountA, region = "us-east-1"): EC2 => {
    const key = `${account} ${region}`;
    const client =
      clients.get(key) ??
      new EC2({
        region,
        endpoint: `http://127.0.0.1:${api.port}`,
        credentials: { accessKeyId: account, secretAccessKey: "secret" },
        maxAttempts: 1,
      });
    clients.set(key, client);
    return client;
  };

  const fabric = () => {
    const current = dataPlane.fabric();
    if (current === undefined) throw new Error("bug: no fabric before the first instance");
    return current;
  };

  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms);
    cloud.advance();
    await cloud.settled();
  };

  const host: Lab["host"] = async (vpc, ip, { subnetId = vpc.subnetId, groups = [vpc.openGroup] } = {}) => {
    const launched = await vpc.ec2.runInstances({
      ImageId: "ami-12345678",
      InstanceType: "t3.micro",
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces: [
        {
          DeviceIndex: 0,
          SubnetId: subnetId,
          PrivateIpAddress: ip,
          ...(groups.length > 0 && { Groups: [...groups] }),
          ...(vpc.ipv6Block !== "" && { Ipv6AddressCount: 1 }),
        },
      ],
    });
    const [instance] = launched.Instances ?? [];
    const [networkInterface] = instance?.NetworkInterfaces ?? [];
    await advance(pace === "instant" ? 0 : 60_000);
    return {
      instanceId: known(instance?.InstanceId),
      interfaceId: known(networkInterface?.NetworkInterfaceId),
      ip,
      ipv6: networkInterface?.Ipv6Addresses?.[0]?.Ipv6Address ?? "",
    };
  };

  const request: Lab["request"] = async (from, to) => {
    const { VpcPeeringConnection } = await from.ec2.createVpcPeeringConnection({
      VpcId: from.vpcId,
      PeerVpcId: to.vpcId,
      PeerOwnerId: to.account,
      PeerRegion: await to.ec2.config.region(),
    });
    if (pace !== "instant") await advance(2_000);
    return known(VpcPeeringConnection?.VpcPeeringConnectionId);
  };

  const accept: Lab["accept"] = async (VpcPeeringConnectionId, by) => {
    await by.ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId });
  };

  const peer: Lab["peer"] = async (from, to) => {
    const pcx = await request(from, to);
    await accept(pcx, to);
    if (pace !== "instant") await advance(3_000);
    return pcx;
  };

  const route: Lab["route"] = async ({ ec2: client, mainTable: RouteTableId }, destination, target) => {
    const to = destination.includes(":")
      ? { DestinationIpv6CidrBlock: destination }
      : { DestinationCidrBlock: destination };
    await client.createRoute({ RouteTableId, ...to, ...target });
  };

  const probe: Lab["probe"] = async ({ instanceId: namespace }, destination, what = "icmp") => {
    const [protocol, port] = what.split("/");
    const base = { namespace, destination, timeoutMs: patience };
    const once = () =>
      protocol === "tcp" || protocol === "udp"
        ? fabric().probe({ ...base, protocol, port: Number(port) })
        : fabric().probe({ ...base, protocol: "icmp", count: 1 });
    const { outcome } = await once();
    // A new link may lose a first packet while the kernel switches its queue on.
    return outcome === "no-answer" ? (await once()).outcome : outcome;
  };

  return {
    ec2,
    dataPlane,
    host,
    request,
    accept,
    peer,
    route,
    advance,
    probe,
    pings: async (from, to) => (await probe(from, to)) === "answered",
    async vpc(cidr, { account = accountA, region = "us-east-1", ipv6 = false } = {}) {
      const client = ec2(account, region);
      const made = await client.createVpc({ CidrBlock: cidr, AmazonProvidedIpv6CidrBlock: ipv6 });
      const vpcId = known(made.Vpc?.VpcId);
      await advance(pace === "instant" ? 0 : 10_000);
      const [vpc] = (await client.describeVpcs({ VpcIds: [vpcId] })).Vpcs ?? [];
      const ipv6Block = vpc?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock ?? "";
      const net = cidr.replace(/\.0\.0\/16$/, "");
      const subnet = await client.createSubnet({
        VpcId: vpcId,
        CidrBlock: `${net}.1.0/24`,
        ...(ipv6 && { Ipv6CidrBlock: ipv6Block.replace("/56", "/64") }),
      });
      const tables = await client.describeRouteTables({ Filters: [{ Name: "vpc-id", Values: [vpcId] }] });
      const open = await client.createSecurityGroup({ VpcId: vpcId, GroupName: "open", Description: "open" });
      const everyone = { IpRanges: [{ CidrIp: "0.0.0.0/0" }], Ipv6Ranges: [{ CidrIpv6: "::/0" }] };
      await client.authorizeSecurityGroupIngress({
        GroupId: known(open.GroupId),
        IpPermissions: [{ IpProtocol: "-1", ...everyone }],
      });
      const vpcAndParts = {
        ec2: client,
        account,
        vpcId,
        subnetId: known(subnet.Subnet?.SubnetId),
        mainTable: known(tables.RouteTables?.[0]?.RouteTableId),
        openGroup: known(open.GroupId),
        ipv6Block,
      };
      const nobody: LabHost = { instanceId: "", interfaceId: "", ip: "", ipv6: "" };
      return { ...vpcAndParts, host: await host({ ...vpcAndParts, host: nobody }, `${net}.1.10`) };
    },
    async subnet({ ec2: client, vpcId: VpcId }, CidrBlock, AvailabilityZone) {
      return known((await client.createSubnet({ VpcId, CidrBlock, AvailabilityZone })).Subnet?.SubnetId);
    },
    async group({ ec2: client, vpcId: VpcId }, GroupName) {
      return known((await client.createSecurityGroup({ VpcId, GroupName, Description: GroupName })).GroupId);
    },
    async join(from, to, [fromCidr, toCidr]) {
      const VpcPeeringConnectionId = await peer(from, to);
      await route(from, toCidr, { VpcPeeringConnectionId });
      await route(to, fromCidr, { VpcPeeringConnectionId });
      return VpcPeeringConnectionId;
    },
    async echoesHeard({ instanceId: namespace }) {
      const { stdout } = await fabric().run({ namespace, argv: ["cat", "/proc/net/snmp"] });
      const [names = "", values = ""] = stdout.split("\n").filter((line) => line.startsWith("Icmp:"));
      return Number(values.split(" ")[names.split(" ").indexOf("InEchos")]);
    },
    async seenSource(from, to) {
      const port = 4000;
      const stop = await fabric().listen({
        namespace: to.instanceId,
        protocol: "tcp",
        address: "0.0.0.0",
        port,
        service: { kind: "echo" },
      });
      const result = await fabric().probe({
        namespace: from.instanceId,
        destination: to.ip,
        protocol: "tcp",
        port,
        timeoutMs: 2_000,
      });
      await stop();
      return result.outcome === "answered" ? result.seenSource : undefined;
    },
    run: (from, ...argv) => fabric().run({ namespace: from.instanceId, argv, timeoutMs: 10_000 }),
    async carriesOn(from, to, port, change) {
      const stop = await fabric().listen({
        namespace: to.instanceId,
        protocol: "tcp",
        address: "0.0.0.0",
        port,
        service: { kind: "echo" },
      });
      const script = [
        `exec 3<>/dev/tcp/${to.ip}/${port}`,
        "echo connected",
        "read -r go",
        "echo hello >&3",
        'deadline=$((SECONDS + 2)); while IFS= read -r -t 1 line <&3 || [ $SECONDS -lt $deadline ]; do case "$line" in *hello*) echo carried; exit;; esac; done',
      ].join("\n");
      let heard = "";
      let connected: () => void = () => {};
      const whenConnected = new Promise<void>((resolve) => {
        connected = resolve;
      });
      const session = fabric().runInteractive({
        namespace: from.instanceId,
        argv: ["bash", "-c", script],
        onOutput: (_stream, chunk) => {
          heard += chunk.toString();
          if (heard.includes("connected")) connected();
        },
      });
      await Promise.race([whenConnected, session.exit]);
      if (!heard.includes("connected")) throw new Error(`no connection to lose: ${heard}`);
      await change();
      session.write(Buffer.from("go\n"));
      await session.exit;
      await stop();
      return heard.includes("carried");
    },
    async close() {
      for (const client of clients.values()) client.destroy();
      cloud.stop();
      await api.close();
      await dataPlane.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
      if (faults.length > 0) throw new Error(`the cloud reported faults:\n${faults.join("\n")}`);
    },
  };
}

export function known(value: string | undefined): string {
  if (value === undefined || value === "") throw new Error("the API answered without an id");
  return value;
}

/** Time that passes only when told to. */
function simulatedClock(start: number) {
  let now = start;
  const alarms = new Set<{ readonly at: number; readonly fire: () => void }>();
  return {
    now: () => now,
    schedule(at: number, fire: () => void) {
      const alarm = { at, fire };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    advance(ms: number) {
      const end = now + ms;
      for (;;) {
        const [next] = [...alarms].filter((alarm) => alarm.at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        alarms.delete(next);
        now = Math.max(now, next.at);
        next.fire();
      }
      now = end;
    },
  };
}
