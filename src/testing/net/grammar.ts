/**
 * The `.net` language as data: which statements there are, below what they stand, what they take, and which ids they declare. The parser
 * follows the table and docs/reference/net-language.md lists it, so that the three cannot differ.
 */
import { cidrContains, familyOf, parseAddress, parseCidr } from "../../ip/index.ts";
import type { Statement } from "./statement.ts";

/** Below what a statement stands. */
export type Place = "case" | "vpc" | "subnet" | "table" | "group" | "acl" | "transit-gateway" | "transit-gateway table";

export interface Kind {
  /** For people: `a CIDR block such as 10.0.0.0/16`. */
  readonly says: string;
  readonly is: (text: string) => boolean;
  /** Names of things: what makes an id of one. */
  readonly prefixes?: readonly string[];
  /** The id is written in full, as there are several kinds. */
  readonly full?: true;
  /** May be several, with commas between. */
  readonly list?: true;
  /** Words that are no names. */
  readonly words?: readonly string[];
}

export interface Argument {
  readonly name: string;
  readonly kind: Kind;
  readonly many?: true;
  readonly optional?: true;
}

export interface StatementGrammar {
  readonly args: readonly Argument[];
  /** A word that stands alone, or what it is followed by. */
  readonly options: Readonly<Record<string, Kind | "flag">>;
  /** What may be indented below. */
  readonly inside?: Place;
  readonly declares?: (statement: Statement, parent: Statement | undefined) => readonly string[];
  /** Ids that are there by themselves, and may be given other contents. */
  readonly implies?: (statement: Statement) => readonly string[];
  /** What the words say together that cannot be. */
  readonly check?: (statement: Statement, parent: Statement | undefined) => string | undefined;
  readonly says: string;
}

const name: Kind = { says: "a name: letters, digits, - . _", is: (text) => /^[A-Za-z0-9][\w.-]*$/.test(text) };
const cidr: Kind = {
  says: "a CIDR block such as 10.0.0.0/16 or 2001:db8::/56",
  is: (text) => parseCidr(text) !== undefined,
};
const address: Kind = {
  says: "an address such as 10.0.1.10 or 2001:db8::10",
  is: (text) => parseAddress(text) !== undefined,
};
const account: Kind = { says: "twelve digits", is: (text) => /^\d{12}$/.test(text) };
const region: Kind = { says: "a Region such as us-east-1", is: (text) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(text) };
const zone: Kind = { says: "the number of a zone, 1 to 6", is: (text) => /^[1-6]$/.test(text) };
const number: Kind = {
  says: "a rule number, 1 to 32766",
  is: (text) => /^\d+$/.test(text) && +text >= 1 && +text <= 32766,
};
const protocol: Kind = {
  says: "all, tcp, tcp/443, udp/53-60, icmp, icmp/8/-1, icmp6/128/0, or a protocol's number",
  is: (text) => /^(all|icmp6?(\/-?\d+(\/-?\d+)?)?|(tcp|udp)(\/\d+(-\d+)?)?|\d+)$/.test(text),
};

function oneOf(...words: readonly string[]): Kind {
  return { says: words.join(", "), is: (text) => words.includes(text) };
}

/** The name of something that is declared elsewhere in the text. */
function named(prefix: string, thing: string, ...words: readonly string[]): Kind {
  const says = [`the name of ${thing}`, ...words].join(", or ");
  return { says, is: (text) => name.is(text), prefixes: [prefix], words };
}

function listOf(kind: Kind): Kind {
  const says = `${kind.says}; several with commas between`;
  return { ...kind, says, is: (text) => text.split(",").every((each) => kind.is(each)), list: true };
}

const vpcName = named("vpc-", "a VPC");
const tableName = named("rtb-", "a route table");
const gatewayTable = named("tgw-rtb-", "a table of a transit gateway", "none");
const arrow: Kind = oneOf("->");
const destination: Kind = {
  says: "a CIDR block, or a prefix list such as pl-offices",
  is: (text) => cidr.is(text) || /^pl-./.test(text),
  prefixes: ["pl-"],
  full: true,
};
const far: Kind = {
  says: "a CIDR block, a group such as sg-web, or a prefix list such as pl-offices",
  is: (text) => cidr.is(text) || /^(sg|pl)-./.test(text),
  prefixes: ["sg-", "pl-"],
  full: true,
};
const target: Kind = {
  says: "local, blackhole, or an id such as pcx-a-b, tgw-hub, igw-a, eigw-a, nat-out, eni-box, vgw-1",
  is: (text) => /^(local|blackhole|[a-z]+-.+)$/.test(text),
  prefixes: ["pcx-", "tgw-", "igw-", "eigw-", "nat-", "eni-"],
  full: true,
};
const attachment: Kind = {
  says: "blackhole, or an attachment such as tgw-attach-hub-a",
  is: (text) => /^(blackhole|tgw-attach-.+)$/.test(text),
  prefixes: ["tgw-attach-"],
  full: true,
};
const edge: Kind = {
  says: "an internet gateway such as igw-a",
  is: (text) => /^igw-./.test(text),
  prefixes: ["igw-"],
  full: true,
};
const groups = listOf(named("sg-", "a security group", "none"));
const peeringStatus = oneOf(
  "active",
  "initiating-request",
  "pending-acceptance",
  "provisioning",
  "failed",
  "expired",
  "rejected",
  "deleting",
  "deleted",
);
const attachmentState = oneOf(
  "available",
  "initiating",
  "initiatingRequest",
  "pendingAcceptance",
  "rollingBack",
  "pending",
  "modifying",
  "deleting",
  "deleted",
  "failed",
  "rejected",
  "rejecting",
  "failing",
);
const gatewayState = oneOf("available", "pending", "modifying", "deleting", "deleted");
const natState = oneOf("available", "pending", "failed", "deleting", "deleted");
const instanceState = oneOf("running", "pending", "shutting-down", "terminated", "stopping", "stopped");
const interfaceOptions = { public: address, groups, "no-source-dest-check": "flag" } as const;
const routeOptions = { blackhole: "flag", propagated: "flag", "replaces-local": "flag", deleted: "flag" } as const;
const place = { account, region } as const;

const of = (prefix: string, argument: string) => (statement: Statement) => [`${prefix}${statement.arg(argument)}`];
const gatewayOfVpc = (prefix: string) => (statement: Statement, parent: Statement | undefined) => [
  `${prefix}${statement.arg("name") ?? parent?.arg("name")}`,
];

export const grammar: Readonly<Record<Place, Readonly<Record<string, StatementGrammar>>>> = {
  case: {
    vpc: {
      args: [
        { name: "name", kind: name },
        { name: "blocks", kind: cidr, many: true },
      ],
      options: { ...place, "without-defaults": "flag" },
      inside: "vpc",
      declares: of("vpc-", "name"),
      implies: (statement) => {
        const own = statement.arg("name");
        return statement.has("without-defaults") ? [] : [`rtb-${own}`, `acl-${own}`, `sg-${own}-open`];
      },
      check: (statement) => checkFamilies(statement.args("blocks"), true),
      says: "A VPC with its main route table `rtb-NAME`, a network ACL `acl-NAME` that allows all, and a group `sg-NAME-open` that allows all.",
    },
    "prefix-list": {
      args: [
        { name: "name", kind: name },
        { name: "blocks", kind: cidr, many: true, optional: true },
      ],
      options: place,
      declares: of("pl-", "name"),
      says: "A prefix list `pl-NAME`.",
    },
    peering: {
      args: [
        { name: "requester", kind: vpcName },
        { name: "accepter", kind: vpcName },
        { name: "status", kind: peeringStatus, optional: true },
      ],
      options: { as: name },
      declares: (statement) => [
        `pcx-${statement.option("as") ?? `${statement.arg("requester")}-${statement.arg("accepter")}`}`,
      ],
      says: "A VPC peering connection `pcx-REQUESTER-ACCEPTER`, active unless a status is given.",
    },
    "transit-gateway": {
      args: [{ name: "name", kind: name }],
      options: { ...place, "group-references": "flag", state: gatewayState, "without-default-table": "flag" },
      inside: "transit-gateway",
      declares: of("tgw-", "name"),
      implies: (statement) => (statement.has("without-default-table") ? [] : [`tgw-rtb-${statement.arg("name")}`]),
      says: "A transit gateway `tgw-NAME` with a default route table `tgw-rtb-NAME`.",
    },
    "transit-gateway-peering": {
      args: [
        { name: "requester", kind: named("tgw-", "a transit gateway") },
        { name: "accepter", kind: named("tgw-", "a transit gateway") },
        { name: "state", kind: attachmentState, optional: true },
      ],
      options: { as: name, "accepter-as": name, table: gatewayTable, "accepter-table": gatewayTable },
      declares: (statement) => {
        const [near, far] = [statement.arg("requester"), statement.arg("accepter")];
        const given = [statement.option("as"), statement.option("accepter-as")].filter((each) => each !== undefined);
        return (given.length > 0 ? given : [`${near}-${far}`, `${far}-${near}`]).map((each) => `tgw-attach-${each}`);
      },
      says: "A peering of two transit gateways, associated with the default table of each: `tgw-attach-REQUESTER-ACCEPTER` at both sides, or, in one Region, `tgw-attach-ACCEPTER-REQUESTER` at the accepter's.",
    },
  },
  vpc: {
    subnet: {
      args: [
        { name: "name", kind: name },
        { name: "blocks", kind: cidr, many: true },
      ],
      options: { zone, table: tableName, acl: named("acl-", "a network ACL") },
      inside: "subnet",
      declares: of("subnet-", "name"),
      check: (statement, parent) =>
        checkFamilies(statement.args("blocks"), false) ?? checkWithin(statement, "blocks", parent),
      says: "A subnet in the Region's first zone, with the VPC's main route table and default network ACL unless others are named.",
    },
    route: {
      args: [
        { name: "destination", kind: destination },
        { name: "arrow", kind: arrow },
        { name: "target", kind: target },
      ],
      options: routeOptions,
      says: "A route of the VPC's main table. `replaces-local` gives the local route of the block another target; `deleted` says that the target is gone.",
    },
    table: {
      args: [{ name: "name", kind: name }],
      options: { main: "flag", edge: listOf(edge) },
      inside: "table",
      declares: of("rtb-", "name"),
      says: "A route table `rtb-NAME`; with `edge`, of what comes in by an internet gateway.",
    },
    acl: {
      args: [{ name: "name", kind: name }],
      options: { default: "flag" },
      inside: "acl",
      declares: of("acl-", "name"),
      says: "A network ACL `acl-NAME`. Without entries it denies everything.",
    },
    group: {
      args: [{ name: "name", kind: name }],
      options: {},
      inside: "group",
      declares: of("sg-", "name"),
      says: "A security group `sg-NAME`. Without rules it allows nothing.",
    },
    "internet-gateway": {
      args: [{ name: "name", kind: name, optional: true }],
      options: {},
      declares: gatewayOfVpc("igw-"),
      says: "An internet gateway, `igw-VPC` unless it has a name.",
    },
    "egress-only-internet-gateway": {
      args: [{ name: "name", kind: name, optional: true }],
      options: {},
      declares: gatewayOfVpc("eigw-"),
      says: "An egress-only internet gateway, `eigw-VPC` unless it has a name.",
    },
  },
  subnet: {
    instance: {
      args: [
        { name: "name", kind: name },
        { name: "addresses", kind: address, many: true },
      ],
      options: { ...interfaceOptions, state: instanceState, eni: name },
      declares: (statement) => [
        `i-${statement.arg("name")}`,
        `eni-${statement.option("eni") ?? statement.arg("name")}`,
      ],
      check: checkAddresses,
      says: "An instance `i-NAME` with the interface `eni-NAME`; its first IPv4 address is the primary one. It has the group `sg-VPC-open` unless others are named.",
    },
    interface: {
      args: [
        { name: "name", kind: name },
        { name: "addresses", kind: address, many: true },
      ],
      options: { ...interfaceOptions, of: named("i-", "an instance"), type: name },
      declares: of("eni-", "name"),
      check: checkAddresses,
      says: "A further interface of an instance, or one that is attached to nothing.",
    },
    "nat-gateway": {
      args: [
        { name: "name", kind: name },
        { name: "address", kind: address },
      ],
      options: { public: address, state: natState },
      declares: (statement) => [`nat-${statement.arg("name")}`, `eni-nat${statement.arg("name")}`],
      check: (statement, parent) => checkWithin(statement, "address", parent),
      says: "A NAT gateway `nat-NAME`: public with a public address, private without.",
    },
  },
  table: {
    route: {
      args: [
        { name: "destination", kind: destination },
        { name: "arrow", kind: arrow },
        { name: "target", kind: target },
      ],
      options: routeOptions,
      says: "A route of the table.",
    },
  },
  group: {
    in: {
      args: [
        { name: "protocol", kind: protocol },
        { name: "far", kind: far },
      ],
      options: { deleted: "flag" },
      says: "An inbound rule: who may send what. `deleted` says that the group or list is gone.",
    },
    out: {
      args: [
        { name: "protocol", kind: protocol },
        { name: "far", kind: far },
      ],
      options: { deleted: "flag" },
      says: "An outbound rule.",
    },
  },
  acl: {
    in: aclEntry(
      "An inbound entry: number, action, protocol with the packet's destination port, and the packet's source.",
    ),
    out: aclEntry("An outbound entry, with the packet's destination."),
  },
  "transit-gateway": {
    attach: {
      args: [{ name: "vpc", kind: vpcName }],
      options: {
        subnets: listOf(named("subnet-", "a subnet")),
        table: gatewayTable,
        propagates: listOf(gatewayTable),
        "appliance-mode": "flag",
        ipv6: "flag",
        "no-group-references": "flag",
        state: attachmentState,
        as: name,
      },
      declares: (statement, parent) => [
        `tgw-attach-${statement.option("as") ?? `${parent?.arg("name")}-${statement.arg("vpc")}`}`,
      ],
      says: "An attachment `tgw-attach-GATEWAY-VPC` in the first subnet of each zone, associated with the default table and propagating into it unless others are named.",
    },
    table: {
      args: [{ name: "name", kind: name }],
      options: {},
      inside: "transit-gateway table",
      declares: of("tgw-rtb-", "name"),
      says: "A route table `tgw-rtb-NAME` of the gateway.",
    },
    route: {
      args: [
        { name: "destination", kind: cidr },
        { name: "arrow", kind: arrow },
        { name: "target", kind: attachment },
      ],
      options: { blackhole: "flag", deleted: "flag" },
      says: "A static route of the gateway's default table.",
    },
  },
  "transit-gateway table": {
    route: {
      args: [
        { name: "destination", kind: cidr },
        { name: "arrow", kind: arrow },
        { name: "target", kind: attachment },
      ],
      options: { blackhole: "flag", deleted: "flag" },
      says: "A static route of the table.",
    },
  },
};

function aclEntry(says: string): StatementGrammar {
  const args = [
    { name: "number", kind: number },
    { name: "action", kind: oneOf("allow", "deny") },
    { name: "protocol", kind: protocol },
    { name: "cidr", kind: cidr },
  ];
  return { args, options: {}, says };
}

/** At least one of IPv4, and at most one of IPv6. */
function checkFamilies(texts: readonly string[], severalIpv4: boolean): string | undefined {
  const ipv6 = texts.filter((each) => familyOf(each) === "ipv6").length;
  if (texts.length === ipv6) return "something of IPv4 is missing";
  if (ipv6 > 1 || (!severalIpv4 && texts.length - ipv6 > 1)) return "there is one too many";
  return undefined;
}

function checkWithin(statement: Statement, argument: string, parent: Statement | undefined): string | undefined {
  const blocks = parent?.args("blocks") ?? [];
  const outside = statement.args(argument).find((each) => !blocks.some((block) => cidrContains(block, each)));
  return outside === undefined ? undefined : `${outside} is not in ${blocks.join(" or ")}`;
}

function checkAddresses(statement: Statement, parent: Statement | undefined): string | undefined {
  return checkFamilies(statement.args("addresses"), true) ?? checkWithin(statement, "addresses", parent);
}
