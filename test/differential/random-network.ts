/**
 * Random networks as plain choices, where 0 and the empty list are always the simplest: fast-check shrinks a disagreement to the few choices
 * that matter. Links are laid out as people do it, with routes at both ends, and then partly broken.
 */
import fc from "fast-check";
import type { NetworkAclId, SecurityGroupId, SubnetId, TransitGatewayId, VpcId } from "../../src/model/index.ts";
import { type TestNetwork, testNetwork } from "../../src/testing/index.ts";

export interface RandomNetwork {
  readonly vpcs: readonly RandomVpc[];
  readonly peerings: readonly RandomPeering[];
  readonly gateways: readonly RandomGateway[];
  readonly gatewayPeering: { readonly state: number; readonly staticRoutes: number };
  readonly routes: readonly RandomRoute[];
}

interface RandomVpc {
  /** The block of the VPC before it, when 7. */
  readonly block: number;
  readonly ipv6: boolean;
  readonly farRegion: boolean;
  readonly subnets: readonly RandomSubnet[];
  /** What it has: nothing, internet gateway, NAT gateway as well, egress-only gateway; and whether the routes are there. */
  readonly outside: number;
  readonly entries: readonly RandomEntry[];
  readonly rules: readonly RandomRule[];
}

interface RandomSubnet {
  readonly zone: number;
  readonly ownTable: boolean;
  readonly ownAcl: boolean;
  readonly hosts: readonly RandomHost[];
}

interface RandomHost {
  readonly group: number;
  readonly publicIp: boolean;
  readonly forwards: boolean;
  readonly stopped: boolean;
}

interface RandomEntry {
  readonly direction: number;
  readonly action: number;
  readonly traffic: number;
  readonly far: number;
}

interface RandomRule {
  readonly direction: number;
  readonly traffic: number;
  readonly far: number;
}

interface RandomPeering {
  readonly ends: readonly [number, number];
  readonly state: number;
  readonly routes: readonly [number, number];
}

interface RandomGateway {
  readonly referencing: boolean;
  readonly attachments: readonly RandomAttachment[];
}

interface RandomAttachment {
  readonly vpc: number;
  readonly zones: number;
  readonly associated: number;
  readonly propagates: number;
  readonly route: number;
  readonly appliance: boolean;
  readonly ipv6: boolean;
  readonly state: number;
}

interface RandomRoute {
  readonly vpc: number;
  readonly table: number;
  readonly destination: number;
  readonly target: number;
}

/** True so rarely that most of a network works. */
const rarely = (odds: number) => fc.integer({ min: 0, max: odds - 1 }).map((drawn) => drawn === odds - 1);
const choice = (max: number) => fc.integer({ min: 0, max });

const host = fc.record({ group: choice(3), publicIp: rarely(3), forwards: rarely(4), stopped: rarely(16) });
const subnet = fc.record({
  zone: choice(1),
  ownTable: fc.boolean(),
  ownAcl: rarely(3),
  hosts: fc.array(host, { minLength: 1, maxLength: 2 }),
});
const entry = fc.record({ direction: choice(1), action: choice(2), traffic: choice(9), far: choice(6) });
const rule = fc.record({ direction: choice(1), traffic: choice(9), far: choice(12) });
const vpc = fc.record({
  block: choice(7),
  ipv6: rarely(2),
  farRegion: rarely(6),
  subnets: fc.array(subnet, { minLength: 1, maxLength: 3 }),
  outside: choice(6),
  entries: fc.array(entry, { maxLength: 4 }),
  rules: fc.array(rule, { maxLength: 5 }),
});
const peering = fc.record({
  ends: fc.tuple(choice(3), choice(3)),
  state: choice(9),
  routes: fc.tuple(choice(5), choice(5)),
});
const attachment = fc.record({
  vpc: choice(3),
  zones: choice(4),
  associated: choice(9),
  propagates: choice(7),
  route: choice(5),
  appliance: rarely(4),
  ipv6: fc.boolean(),
  state: choice(11),
});
const gateway = fc.record({ referencing: fc.boolean(), attachments: fc.array(attachment, { maxLength: 4 }) });
const route = fc.record({ vpc: choice(3), table: choice(3), destination: choice(15), target: choice(15) });

export const randomNetwork: fc.Arbitrary<RandomNetwork> = fc.record({
  vpcs: fc.array(vpc, { minLength: 1, maxLength: 4 }),
  peerings: fc.array(peering, { maxLength: 3 }),
  gateways: fc.array(gateway, { maxLength: 2 }),
  gatewayPeering: fc.record({ state: choice(5), staticRoutes: choice(3) }),
  routes: fc.array(route, { maxLength: 4 }),
});

/** What was built, for those who ask questions about it. */
export interface BuiltNetwork {
  readonly network: TestNetwork;
  /** Addresses that packets may be sent to, whether something has them or not. */
  readonly addresses: readonly string[];
}

/** A VPC as built. */
interface Built {
  readonly vpcId: VpcId;
  readonly name: string;
  readonly octet: number;
  readonly ipv6?: string;
  readonly index: number;
  readonly subnets: SubnetId[];
  readonly tables: `rtb-${string}`[];
  /** What routes of this VPC may name. */
  readonly targets: string[];
  /** The whole network's. */
  readonly addresses: string[];
}

export function buildNetwork(random: RandomNetwork): BuiltNetwork {
  const network = testNetwork();
  network.prefixList("mixed", "10.0.1.0/24", "10.1.0.0/16", "203.0.113.64/26");
  const addresses: string[] = ["203.0.113.77", "2001:db8:ffff::77", "172.16.0.9"];
  const built: Built[] = [];
  for (const [index, each] of random.vpcs.entries()) built.push(buildVpc(network, index, each, built, addresses));
  for (const [index, each] of random.vpcs.entries()) setRules(network, built, index, each);
  for (const each of random.peerings) addPeering(network, built, each);
  const gateways = random.gateways.map((each, index) => addGateway(network, built, index, each));
  addGatewayPeering(network, gateways, random.gatewayPeering);
  for (const each of random.routes) addRoute(network, built, each);
  return { network, addresses: [...new Set(addresses)] };
}

function buildVpc(
  network: TestNetwork,
  index: number,
  random: RandomVpc,
  before: readonly Built[],
  addresses: string[],
): Built {
  const name = "abcd"[index] ?? "x";
  const octet = random.block === 7 ? (before.at(-1)?.octet ?? index) : index;
  const ipv6 = random.ipv6 ? `2001:db8:0:${index + 1}` : undefined;
  const region = random.farRegion ? "us-east-1" : "eu-west-1";
  const vpcId = network.vpc(name, `10.${octet}.0.0/16`, { region, ...(ipv6 && { ipv6: `${ipv6}00::/56` }) });
  const acl = network.acl(
    `${name}-own`,
    vpcId,
    ...random.entries.map(entryText),
    "in 900 allow all 0.0.0.0/0",
    "out 900 allow all 0.0.0.0/0",
    "in 901 allow all ::/0",
    "out 901 allow all ::/0",
  );
  network.group(`${name}-one`, vpcId);
  network.group(`${name}-two`, vpcId);
  const built: Built = {
    vpcId,
    name,
    octet,
    index,
    ...(ipv6 && { ipv6 }),
    subnets: [],
    tables: [`rtb-${name}`],
    targets: ["blackhole"],
    addresses,
  };
  for (const [at, each] of random.subnets.entries()) addSubnet(network, built, at, each, acl);
  addresses.push(`10.${octet}.0.99`);
  addOutside(network, built, random.outside);
  return built;
}

function addSubnet(
  network: TestNetwork,
  vpc: Built,
  at: number,
  { zone, ownTable, ownAcl, hosts }: RandomSubnet,
  acl: NetworkAclId,
): void {
  const { vpcId, name, octet, ipv6 } = vpc;
  const routeTable = ownTable ? network.routeTable(`${name}${at}`, vpcId) : undefined;
  if (routeTable !== undefined) vpc.tables.push(routeTable);
  const options = {
    zone: zone + 1,
    ...(routeTable && { routeTable }),
    ...(ownAcl && { acl }),
    ...(ipv6 && { ipv6: `${ipv6}0${at}::/64` }),
  };
  vpc.subnets.push(network.subnet(vpcId, `10.${octet}.${at}.0/24`, options));
  for (const [number, each] of hosts.entries()) addHost(network, vpc, at, number, each);
}

/** Of two hosts in a subnet only the first has an IPv6 address. */
function addHost(network: TestNetwork, vpc: Built, at: number, number: number, random: RandomHost): void {
  const { vpcId, name, octet, ipv6, index, addresses } = vpc;
  const hostName = `${name}${at}${number}`;
  const address = `10.${octet}.${at}.${10 + number}`;
  const publicIp = random.publicIp ? `198.18.${index + 1}.${10 * at + number + 1}` : undefined;
  const own6 = ipv6 === undefined || number === 1 ? undefined : `${ipv6}0${at}::${10 + number}`;
  const choices: readonly (readonly SecurityGroupId[])[] = [
    [`sg-${name}-open`],
    [`sg-${name}-one`],
    [`sg-${name}-two`],
    [`sg-${name}-one`, `sg-${name}-two`],
  ];
  const id = network.instance(hostName, vpcId, address, {
    groups: choices[random.group] ?? [],
    sourceDestCheck: !random.forwards,
    ...(publicIp && { publicIp }),
    ...(own6 && { ipv6: own6 }),
  });
  if (random.stopped) network.stop(id);
  vpc.targets.push(`eni-${hostName}`);
  addresses.push(...[address, publicIp, own6].filter((each) => each !== undefined));
}

function addOutside(network: TestNetwork, vpc: Built, outside: number): void {
  const { vpcId, tables, targets, subnets, octet, name, index, addresses } = vpc;
  const [first, ...others] = tables;
  if (first === undefined || outside === 0) return;
  if (outside === 5) {
    const egressOnly = network.egressOnlyInternetGateway(vpcId);
    for (const table of tables) network.route(table, "::/0", egressOnly);
    return;
  }
  const gateway = network.internetGateway(vpcId);
  targets.push(gateway);
  if (outside === 1) return;
  network.route(first, "0.0.0.0/0", gateway);
  network.route(first, "::/0", gateway);
  if (outside === 2 || subnets[0] === undefined) return;
  const address = `10.${octet}.0.200`;
  const nat = network.natGateway(name, subnets[0], address, `198.18.${index + 1}.250`);
  addresses.push(address, `198.18.${index + 1}.250`);
  targets.push(nat);
  for (const table of others) network.route(table, "0.0.0.0/0", outside === 6 ? gateway : nat);
}

const traffics = [
  "all",
  "icmp",
  "tcp/443",
  "tcp/1024-65535",
  "udp/53",
  "udp/1024-65535",
  "icmp/8/-1",
  "icmp/0/0",
  "tcp",
  "icmp6",
] as const;
/** The far ends of rules, by number. */
export const fars = [
  "0.0.0.0/0",
  "10.0.0.0/16",
  "10.1.0.0/16",
  "10.0.0.0/24",
  "203.0.113.0/24",
  "10.1.0.10/32",
  "::/0",
] as const;

function entryText({ direction, action, traffic, far }: RandomEntry, index: number): string {
  return `${direction === 0 ? "in" : "out"} ${100 + index} ${action === 0 ? "allow" : "deny"} ${traffics[traffic]} ${fars[far]}`;
}

/** Groups of both directions; every second VPC's let everything out. */
function setRules(network: TestNetwork, built: readonly Built[], index: number, { rules }: RandomVpc): void {
  const own = built[index];
  if (own === undefined) return;
  const texts = rules.map(({ direction, traffic, far }) => {
    const named = [
      "pl-mixed",
      `sg-${own.name}-one`,
      `sg-${own.name}-two`,
      `sg-${built[(index + 1) % built.length]?.name}-open`,
      `sg-${built[0]?.name}-one`,
      `sg-${built.at(-1)?.name}-two`,
    ];
    return `${direction === 0 ? "in" : "out"} ${traffics[traffic]} ${[...fars, ...named][far]}`;
  });
  const unique = [...new Set(texts)];
  network.setRules(
    `sg-${own.name}-one`,
    "out all 0.0.0.0/0",
    "out all ::/0",
    ...unique.filter((text) => text.startsWith("in")),
  );
  network.setRules(`sg-${own.name}-two`, ...unique);
}

function addPeering(network: TestNetwork, built: readonly Built[], { ends, state, routes }: RandomPeering): void {
  const near = built[ends[0]];
  const far = built[ends[1]];
  if (near === undefined || far === undefined || near.octet === far.octet) return;
  const status = state === 9 ? "pending-acceptance" : state === 8 ? "deleted" : "active";
  const [low, high] = ends[0] < ends[1] ? [near, far] : [far, near];
  if (
    network
      .model()
      .vpcPeeringConnections.some(
        ({ requester, accepter }) => requester.vpcId === low.vpcId && accepter.vpcId === high.vpcId,
      )
  )
    return;
  const pcx = network.peer(low.vpcId, high.vpcId, status);
  for (const [vpc, other, kind] of [
    [low, high, routes[0]],
    [high, low, routes[1]],
  ] as const) {
    vpc.targets.push(pcx);
    if (kind === 5) continue;
    const destination =
      kind === 4 ? `10.${other.octet}.0.0/24` : kind === 3 ? "10.0.0.0/8" : `10.${other.octet}.0.0/16`;
    for (const table of vpc.tables) {
      network.route(table, destination, pcx);
      if (other.ipv6 !== undefined) network.route(table, `${other.ipv6}00::/56`, pcx);
    }
  }
}

interface BuiltGateway {
  readonly id: TransitGatewayId;
  readonly table: `tgw-rtb-${string}`;
  readonly octets: readonly number[];
}

function addGateway(network: TestNetwork, built: readonly Built[], index: number, random: RandomGateway): BuiltGateway {
  const name = `t${index}`;
  // A group's member is known by its address: with two equal blocks on one gateway it may be taken for another (docs/not-modelled.md, SG-40).
  const attached = random.attachments.flatMap(({ vpc }) => built[vpc]?.octet ?? []);
  const hasTwins = new Set(attached).size < new Set(random.attachments.map(({ vpc }) => vpc)).size;
  const id = network.transitGateway(name, { securityGroupReferencingSupport: random.referencing && !hasTwins });
  const octets: number[] = [];
  const seen = new Set<VpcId>();
  for (const each of random.attachments) {
    const vpc = built[each.vpc];
    if (vpc === undefined || seen.has(vpc.vpcId)) continue;
    seen.add(vpc.vpcId);
    octets.push(vpc.octet);
    attach(network, vpc, id, each);
  }
  return { id, table: `tgw-rtb-${name}`, octets };
}

function attach(network: TestNetwork, vpc: Built, id: TransitGatewayId, random: RandomAttachment): void {
  const zones = firstOfEachZone(network, vpc.vpcId);
  const subnetIds = random.zones === 4 ? zones.slice(0, 1) : random.zones === 3 ? zones.slice(-1) : zones;
  network.attach(id, vpc.vpcId, {
    subnetIds,
    ipv6Support: random.ipv6,
    // Which zone a flow's hash picks is the kernel's secret.
    applianceModeSupport: random.appliance && subnetIds.length === 1,
    state: random.state === 11 ? "pendingAcceptance" : random.state === 10 ? "modifying" : "available",
    ...(random.associated === 9 && { table: "none" }),
    ...(random.propagates === 7 && { into: "none" }),
  });
  vpc.targets.push(id);
  if (random.route === 5) return;
  for (const table of vpc.tables) {
    network.route(table, random.route === 4 ? "0.0.0.0/0" : random.route === 3 ? "10.1.0.0/16" : "10.0.0.0/8", id);
    if (random.ipv6) network.route(table, "2001:db8::/48", id);
  }
}

function firstOfEachZone(network: TestNetwork, vpcId: VpcId): readonly SubnetId[] {
  const zones = new Map(
    network
      .model()
      .subnets.filter((each) => each.vpcId === vpcId)
      .reverse()
      .map((each) => [each.availabilityZoneId, each.subnetId]),
  );
  return [...zones.values()].reverse();
}

function addGatewayPeering(
  network: TestNetwork,
  [near, far]: readonly BuiltGateway[],
  { state, staticRoutes }: RandomNetwork["gatewayPeering"],
): void {
  if (near === undefined || far === undefined || state === 0) return;
  const [nearId, farId] = network.peerTransitGateways(near.id, far.id);
  if (state === 5) network.setTransitGatewayPeering(nearId, "pendingAcceptance");
  const add = (from: BuiltGateway, to: BuiltGateway, id: string) => {
    for (const octet of to.octets) {
      if (!from.octets.includes(octet)) network.transitGatewayRoute(from.table, `10.${octet}.0.0/16`, id);
    }
  };
  if (staticRoutes !== 1) add(near, far, nearId);
  if (staticRoutes !== 2) add(far, near, farId);
  if (staticRoutes === 3)
    for (const [gateway, id] of [
      [near, nearId],
      [far, farId],
    ] as const)
      network.transitGatewayRoute(gateway.table, "0.0.0.0/0", id);
}

/** Anywhere to anything, more specific than local as well. [RT-23] */
function addRoute(
  network: TestNetwork,
  built: readonly Built[],
  { vpc: index, table, destination, target }: RandomRoute,
): void {
  const vpc = built[index % built.length];
  if (vpc === undefined) return;
  const other = built[destination % built.length] ?? vpc;
  const destinations = [
    `10.${other.octet}.0.0/16`,
    `10.${other.octet}.0.0/24`,
    `10.${other.octet}.1.0/24`,
    `10.${other.octet}.0.10/32`,
    "0.0.0.0/0",
    "203.0.113.0/24",
    "pl-mixed",
    "::/0",
  ] as const;
  const to = destinations[Math.floor(destination / 2)] ?? "0.0.0.0/0";
  const at = vpc.tables[table % vpc.tables.length];
  const named = vpc.targets[target % vpc.targets.length];
  if (at === undefined || named === undefined) return;
  const isLocal = to === `10.${vpc.octet}.0.0/16`;
  if (isLocal || (to.includes(":") && named.startsWith("nat-"))) return;
  network.route(at, to, named);
}
