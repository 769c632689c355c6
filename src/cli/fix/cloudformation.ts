/**
 * A fix as resources of a CloudFormation template, one template for each account and Region. What CloudFormation has no resource for, or what is
 * a property of something that another template declares, stands as a comment with the command of the AWS CLI.
 */
import { routeTargetId } from "../../model/index.ts";
import {
  type ChangeKind,
  type ChangeOf,
  type NetworkChange,
  type Permission,
  protocolNames,
} from "../../reachability/index.ts";
import { targetMember } from "./change-calls.ts";
import { commandLines } from "./command-lines.ts";

/** A property's value: text is quoted, `Ref` is a resource of the template. */
type Value = string | number | boolean | { readonly Ref: string } | { readonly GetAtt: string } | Properties;
interface Properties {
  readonly [name: string]: Value;
}

interface Resource {
  readonly type: string;
  readonly properties: Properties;
  /** What it makes, by the change's provisional name. */
  readonly makes?: string;
}

/** Resources, or why there is none. */
type Declared = readonly Resource[] | string;

export function cloudFormation(changes: readonly NetworkChange[]): readonly string[] {
  const places = [...new Set(changes.map(placeOf))];
  return places.flatMap((place, at) => [
    ...(at === 0 ? [] : ["---"]),
    ...(places.length === 1 ? [] : [`# ${place}`]),
    ...template(
      changes.filter((change) => placeOf(change) === place),
      changes,
    ),
  ]);
}

function placeOf({ ownerId, region }: NetworkChange): string {
  return `account ${ownerId}, ${region}`;
}

interface Template {
  readonly comments: string[];
  readonly parameters: string[];
  readonly resources: string[];
  /** What is made, here or by another template, by its provisional name. */
  readonly names: Map<string, string>;
  readonly counts: Map<string, number>;
  /** What must be there before everything else. */
  readonly gates: string[];
}

function template(own: readonly NetworkChange[], all: readonly NetworkChange[]): readonly string[] {
  const made: Template = {
    comments: [],
    parameters: [],
    resources: [],
    names: new Map(),
    counts: new Map(),
    gates: [],
  };
  addParameters(made, own, all);
  for (const change of own) {
    const declared = isAcceptedByItself(change, all) ? [] : declare(change);
    if (typeof declared !== "string") for (const resource of declared) addResource(made, change, resource);
    else made.comments.push(`# ${declared}`, ...commandLines([change]).map((line) => `#   ${line}`));
  }
  const { comments, parameters, resources } = made;
  return [
    ...comments,
    ...(parameters.length === 0 ? [] : ["Parameters:", ...parameters]),
    ...(resources.length === 0 ? [] : ["Resources:", ...resources]),
  ];
}

/** A peering that the template of another account or Region makes. */
function addParameters({ names, parameters }: Template, own: readonly NetworkChange[], all: readonly NetworkChange[]) {
  for (const change of all) {
    if (change.kind !== "create-vpc-peering-connection" || own.includes(change)) continue;
    names.set(change.vpcPeeringConnectionId, "PeeringId");
    parameters.push("  PeeringId:", "    Type: String", "    Description: the peering that the other template makes");
  }
}

/** CloudFormation accepts a peering of one account when it makes it. */
function isAcceptedByItself(change: NetworkChange, all: readonly NetworkChange[]): boolean {
  return (
    change.kind === "accept-vpc-peering-connection" &&
    all.some(
      (other) =>
        other.kind === "create-vpc-peering-connection" &&
        other.vpcPeeringConnectionId === change.vpcPeeringConnectionId &&
        other.ownerId === change.ownerId,
    )
  );
}

function addResource(made: Template, { kind }: NetworkChange, { type, properties, makes }: Resource): void {
  const { resources, names, counts, gates } = made;
  const word = type.slice(type.lastIndexOf(":") + 1);
  const number = (counts.get(word) ?? 0) + 1;
  counts.set(word, number);
  const name = `Fix${word}${number === 1 ? "" : number}`;
  resources.push(`  ${name}:`, `    Type: ${type}`);
  const lines = propertyLines(properties, names);
  // What a resource names it waits for anyway.
  const waits = gates.filter((gate) => !lines.some((line) => line.endsWith(`!Ref ${gate}`)));
  if (waits.length > 0) resources.push("    DependsOn:", ...waits.map((gate) => `      - ${gate}`));
  resources.push(...lines);
  if (makes !== undefined) names.set(makes, name);
  if (kind === "create-vpc-peering-connection" || kind === "attach-internet-gateway") gates.push(name);
}

function propertyLines(properties: Properties, names: ReadonlyMap<string, string>): readonly string[] {
  const lines = linesOf(properties, "      ", names);
  return lines.length === 0 ? [] : ["    Properties:", ...lines];
}

function linesOf(properties: Properties, indent: string, names: ReadonlyMap<string, string>): readonly string[] {
  return Object.entries(properties).flatMap(([name, value]): readonly string[] => {
    if (typeof value !== "object") return [`${indent}${name}: ${scalar(value, names)}`];
    if (isGetAtt(value)) return [`${indent}${name}: !GetAtt ${names.get(value.GetAtt) ?? value.GetAtt}.AllocationId`];
    return [`${indent}${name}:`, ...linesOf(value, `${indent}  `, names)];
  });
}

function isGetAtt(value: object): value is { readonly GetAtt: string } {
  return "GetAtt" in value;
}

/** Account ids would be numbers without quotes. */
function scalar(value: string | number | boolean, names: ReadonlyMap<string, string>): string {
  if (typeof value !== "string") return String(value);
  const [provisional = value, length] = value.split("/");
  const made = names.get(provisional);
  if (made !== undefined) return length === undefined ? `!Ref ${made}` : `!Sub "\${${made}}/${length}"`;
  return /^[a-z][\w.-]*$/.test(value) ? value : `"${value}"`;
}

function declare(change: NetworkChange): Declared {
  const make: (change: never) => Declared = declarations[change.kind];
  // The table pairs each kind with its declaration; the compiler cannot follow that through the look-up.
  return make(change as never);
}

const takesOver = "CloudFormation cannot take over a route that is there: change it where it is declared, or by";
const accepts = "CloudFormation has no resource that accepts:";
const propertyOf = (what: string) => `A property of ${what}: change it where that is declared, or by`;

const declarations: { readonly [K in ChangeKind]: (change: ChangeOf<K>) => Declared } = {
  "create-route": ({ routeTableId, destination, target }) => [
    {
      type: "AWS::EC2::Route",
      properties: {
        RouteTableId: routeTableId,
        [destination.includes(":") ? "DestinationIpv6CidrBlock" : "DestinationCidrBlock"]: destination,
        [targetMember(target)]: routeTargetId(target),
      },
    },
  ],
  "replace-route": () => takesOver,
  "delete-route": () => "A route that must go: remove it where it is declared, or by",
  "create-transit-gateway-route": ({ transitGatewayRouteTableId, destination, transitGatewayAttachmentId }) => [
    {
      type: "AWS::EC2::TransitGatewayRoute",
      properties: {
        TransitGatewayRouteTableId: transitGatewayRouteTableId,
        DestinationCidrBlock: destination,
        TransitGatewayAttachmentId: transitGatewayAttachmentId,
      },
    },
  ],
  "replace-transit-gateway-route": () => takesOver,
  "associate-transit-gateway-route-table": (change) =>
    change.insteadOf === undefined
      ? [membership("AWS::EC2::TransitGatewayRouteTableAssociation", change)]
      : "The attachment must leave its present table first: change the association where it is declared, or by",
  "enable-transit-gateway-route-table-propagation": (change) => [
    membership("AWS::EC2::TransitGatewayRouteTablePropagation", change),
  ],
  "accept-transit-gateway-vpc-attachment": () => accepts,
  "accept-transit-gateway-peering-attachment": () => accepts,
  "accept-vpc-peering-connection": () =>
    "CloudFormation accepts a peering only when it makes it, in one account or with a PeerRoleArn:",
  "modify-transit-gateway-vpc-attachment": () => propertyOf("the attachment (SubnetIds, Options)"),
  "create-vpc-peering-connection": ({ vpcPeeringConnectionId, vpcId, peerVpcId, ownerId, region, ...peer }) => [
    {
      type: "AWS::EC2::VPCPeeringConnection",
      properties: {
        VpcId: vpcId,
        PeerVpcId: peerVpcId,
        ...(peer.peerOwnerId !== ownerId && { PeerOwnerId: peer.peerOwnerId }),
        ...(peer.peerRegion !== region && { PeerRegion: peer.peerRegion }),
      },
      makes: vpcPeeringConnectionId,
    },
  ],
  "authorize-security-group-ingress": (change) => [rule("AWS::EC2::SecurityGroupIngress", "Source", change)],
  "authorize-security-group-egress": (change) => [rule("AWS::EC2::SecurityGroupEgress", "Destination", change)],
  "create-network-acl-entry": ({ networkAclId, entry }) => [
    {
      type: "AWS::EC2::NetworkAclEntry",
      properties: {
        NetworkAclId: networkAclId,
        RuleNumber: entry.ruleNumber,
        Egress: entry.egress,
        RuleAction: entry.ruleAction,
        Protocol: entry.protocol,
        [entry.cidrBlock.includes(":") ? "Ipv6CidrBlock" : "CidrBlock"]: entry.cidrBlock,
        ...(entry.portRange !== undefined && { PortRange: { From: entry.portRange.from, To: entry.portRange.to } }),
        ...(entry.icmpTypeCode !== undefined && {
          Icmp: { Type: entry.icmpTypeCode.type, Code: entry.icmpTypeCode.code },
        }),
      },
    },
  ],
  "modify-network-interface-attribute": () => propertyOf("the instance or interface (SourceDestCheck)"),
  "start-instances": () => "CloudFormation does not start instances:",
  "associate-address": ({ networkInterfaceId, privateAddress, publicIp }): readonly Resource[] => [
    { type: "AWS::EC2::EIP", properties: { Domain: "vpc" }, makes: publicIp },
    {
      type: "AWS::EC2::EIPAssociation",
      properties: {
        AllocationId: { GetAtt: publicIp },
        NetworkInterfaceId: networkInterfaceId,
        PrivateIpAddress: privateAddress,
      },
    },
  ],
  "create-internet-gateway": ({ internetGatewayId }) => [
    { type: "AWS::EC2::InternetGateway", properties: {}, makes: internetGatewayId },
  ],
  "attach-internet-gateway": ({ internetGatewayId, vpcId }) => [
    { type: "AWS::EC2::VPCGatewayAttachment", properties: { VpcId: vpcId, InternetGatewayId: internetGatewayId } },
  ],
};

function membership(
  type: string,
  {
    transitGatewayRouteTableId,
    transitGatewayAttachmentId,
  }: ChangeOf<"associate-transit-gateway-route-table" | "enable-transit-gateway-route-table-propagation">,
): Resource {
  const properties = {
    TransitGatewayRouteTableId: transitGatewayRouteTableId,
    TransitGatewayAttachmentId: transitGatewayAttachmentId,
  };
  return { type, properties };
}

type RuleChange = ChangeOf<"authorize-security-group-ingress" | "authorize-security-group-egress">;

function rule(type: string, end: "Source" | "Destination", { groupId, permission, ownerId }: RuleChange): Resource {
  const { protocol, fromPort, toPort } = permission;
  const properties: Properties = {
    GroupId: groupId,
    IpProtocol: protocolNames.get(protocol) ?? String(protocol),
    ...(fromPort !== undefined && { FromPort: fromPort }),
    ...(toPort !== undefined && { ToPort: toPort }),
    ...peerProperties(permission, end, ownerId),
  };
  return { type, properties };
}

/** Only inbound rules have a property for the account of the other group. */
function peerProperties({ peer }: Permission, end: "Source" | "Destination", ownerId: string): Properties {
  switch (peer.kind) {
    case "cidr":
      return peer.cidr.includes(":") ? { CidrIpv6: peer.cidr } : { CidrIp: peer.cidr };
    case "prefix-list":
      return { [`${end}PrefixListId`]: peer.prefixListId };
    case "security-group":
      return {
        [`${end}SecurityGroupId`]: peer.groupId,
        ...(end === "Source" &&
          peer.userId !== undefined &&
          peer.userId !== ownerId && { SourceSecurityGroupOwnerId: peer.userId }),
      };
  }
}
