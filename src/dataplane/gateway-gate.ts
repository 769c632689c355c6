/**
 * What a VPC's gateways let pass: the internet gateway's stateless 1:1 translation [IG-2..4], the egress-only gateway, and
 * peerings, which carry the two VPCs' own addresses only [PX-51]. No other translation anywhere.
 */
import {
  accept,
  ct,
  drop,
  equals,
  match,
  type NftElement,
  type NftSet,
  type NftStatement,
  not,
  verdict,
  writeFromMap,
} from "../host/index.ts";
import { familyOf } from "../ip/index.ts";
import type { Cidr, Vpc } from "../model/index.ts";
import { byLink, gate, linkMap } from "./gate.ts";
import { type FirewallChain, type FirewallRule, type FirewallSection, firewallSet } from "./kernel-state.ts";
import type { AttachmentLink } from "./live-transit-gateways.ts";
import type { LiveInterface, LivePeering, VpcScope } from "./vpc-scope.ts";
import { egressOnlyLink, internetLink, transitGatewayMtu } from "./wiring.ts";

/** Addresses that never cross an internet gateway, in either direction. [IG-3] */
const notOnTheInternet = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"] as const;

/** Never forwarded by a VPC router: link-local, the services' own ranges [RT-25], multicast, broadcast. */
const neverForwarded = [
  "169.254.0.0/16",
  "224.0.0.0/4",
  "255.255.255.255",
  "fe80::/10",
  "fd00:ec2::/32",
  "ff00::/8",
] as const;

const toTransitGateway = "transit-gateway-leave";

/** A gateway takes any source [TG-44], and makes TCP segments fit its largest packet (docs/decisions/0006-transit-gateway-mtu.md). */
const smallerSegments: readonly FirewallRule[] = [
  { statements: [match.ipv4(), match.tcpSyn(), { kind: "maxseg", size: transitGatewayMtu - 40 }] },
  { statements: [match.ipv6(), match.tcpSyn(), { kind: "maxseg", size: transitGatewayMtu - 60 }] },
];

/** The gate for packets that leave by a gateway, and what is never forwarded at all. */
export function gatewayGates(scope: VpcScope, attachmentLinks: readonly AttachmentLink[]): FirewallSection {
  const leave: [string, ReturnType<typeof verdict.goto>][] = [];
  const chains: FirewallChain[] = [];
  for (const peering of scope.peerings) {
    const name = `${peering.link}-leave`;
    leave.push([peering.link, verdict.goto(name)]);
    chains.push({ name, rules: peeringRules(scope.vpc, peering) });
  }
  if (scope.internetGateway !== undefined) {
    leave.push([internetLink, verdict.goto("internet-leave")]);
    chains.push({ name: "internet-leave", rules: [{ statements: [match.ipv4(), accept] }, ...ownIpv6(scope.vpc)] });
  }
  const onlyReplies: FirewallRule[] = [];
  if (scope.egressOnlyInternetGateway !== undefined) {
    leave.push([egressOnlyLink, verdict.goto("egress-only-leave")]);
    const initiatedOutside: FirewallRule = { statements: [ct.direction("reply"), drop] };
    chains.push({ name: "egress-only-leave", rules: [initiatedOutside, ...ownIpv6(scope.vpc)] });
    onlyReplies.push({ statements: [match.iifname(egressOnlyLink), ct.direction("original"), drop] });
  }
  for (const { link } of attachmentLinks) leave.push([link, verdict.goto(toTransitGateway)]);
  if (attachmentLinks.length > 0) chains.push({ name: toTransitGateway, rules: smallerSegments });
  const forbidden = neverForwarded.map(
    (range): FirewallRule => ({
      statements: [equals(familyOf(range) === "ipv4" ? "ip daddr" : "ip6 daddr", range), drop],
    }),
  );
  return {
    sets: [linkMap("leaving-by-gateway", leave)],
    chains: [
      gate("forwardable", "accept", [...forbidden, ...neverFrom(), ...onlyReplies]),
      gate("gateway", "accept", [byLink("out", "leaving-by-gateway")]),
      ...chains,
      ...routerItself(),
    ],
  };
}

/**
 * The internet gateway rewrites addresses before connection tracking on the way in and after it on the way out, so that
 * groups and ACLs see private addresses inside, and the two directions need no state.
 */
export function internetGatewayTranslation(interfaces: readonly LiveInterface[]): FirewallSection {
  const pairs = interfaces.flatMap(({ networkInterface }) =>
    networkInterface.privateAddresses.flatMap(({ address, publicIp }) =>
      publicIp === undefined ? [] : [[address, publicIp] as const],
    ),
  );
  const map = (name: string): NftSet => ({ name, key: ["ipv4_addr"], data: "ipv4_addr" });
  const toPrivate = pairs.map(([address, publicIp]): NftElement => ({ key: [publicIp], data: address }));
  const toPublic = pairs.map(([address, publicIp]): NftElement => ({ key: [address], data: publicIp }));
  const refuse = (field: "ip saddr" | "ip daddr") =>
    notOnTheInternet.map((range): FirewallRule => ({ statements: [equals(field, range), drop] }));
  const other = (statement: NftStatement): FirewallRule => ({ statements: [statement, accept] });
  return {
    sets: [firewallSet(map("private-of-public"), toPrivate), firewallSet(map("public-of-private"), toPublic)],
    chains: [
      {
        name: "from-internet",
        base: { type: "filter", hook: "prerouting", priority: -300, policy: "accept" },
        rules: [
          other(not(match.iifname(internetLink))),
          other(match.ipv6()),
          ...refuse("ip saddr"),
          { statements: [writeFromMap("ip daddr", ["ip daddr"], "private-of-public"), accept] },
          { statements: [drop] },
        ],
      },
      {
        name: "to-internet",
        base: { type: "filter", hook: "postrouting", priority: 300, policy: "accept" },
        rules: [
          other(not(match.oifname(internetLink))),
          other(match.ipv6()),
          ...refuse("ip daddr"),
          { statements: [writeFromMap("ip saddr", ["ip saddr"], "public-of-private"), accept] },
          { statements: [drop] },
        ],
      },
    ],
  };
}

/** Each of our blocks to each of the peer's; nothing else crosses a peering. */
function peeringRules(vpc: Vpc, peering: LivePeering): readonly FirewallRule[] {
  const rules: FirewallRule[] = [];
  const pairs = (
    from: readonly Cidr[],
    to: readonly Cidr[],
    saddr: "ip saddr" | "ip6 saddr",
    daddr: "ip daddr" | "ip6 daddr",
  ) => {
    for (const source of from) {
      for (const destination of to)
        rules.push({ statements: [equals(saddr, source), equals(daddr, destination), accept] });
    }
  };
  pairs(vpc.cidrBlocks, peering.peerVpc.cidrBlocks, "ip saddr", "ip daddr");
  pairs(vpc.ipv6CidrBlocks, peering.peerVpc.ipv6CidrBlocks, "ip6 saddr", "ip6 daddr");
  return [...rules, { statements: [drop] }];
}

/** A gateway takes only sources of its VPC. [AD-54] */
function ownIpv6(vpc: Vpc): readonly FirewallRule[] {
  return [
    ...vpc.ipv6CidrBlocks.map((block): FirewallRule => ({ statements: [equals("ip6 saddr", block), accept] })),
    { statements: [drop] },
  ];
}

function neverFrom(): readonly FirewallRule[] {
  return [
    { statements: [equals("ip saddr", "169.254.0.0/16"), drop] },
    { statements: [equals("ip6 saddr", "fe80::/10"), drop] },
  ];
}

/** The router answers nothing, and says nothing but that a packet is too big: a ping that finds no way hangs. */
function routerItself(): readonly FirewallChain[] {
  return [
    { name: "to-router", base: { type: "filter", hook: "input", priority: 0, policy: "drop" }, rules: [] },
    {
      name: "from-router",
      base: { type: "filter", hook: "output", priority: 0, policy: "drop" },
      rules: [
        { statements: [match.icmpType(3), match.icmpCode(4), accept] },
        { statements: [match.icmpv6Type(2), accept] },
      ],
    },
  ];
}
