/** The hand-over sheet of a VPC peering: acceptance, routes, group rules and DNS option of the side that is not ours. */
import { Stack } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import type { Construct } from "constructs";
import { isIpv6 } from "./blocks.ts";
import type { HandOverSheetProps } from "./hand-over-sheet.ts";
import type { NetworkSide } from "./network-side.ts";
import type { Whereabouts } from "./place.ts";
import { inText, sheetText, templateWord, type Value, word } from "./sheet.ts";

export interface VpcPeeringHandOver {
  /** The side that is not ours. */
  readonly side: NetworkSide;
  readonly role: "requester" | "accepter";
  readonly place: Whereabouts;
  readonly other: NetworkSide;
  readonly connectionId: string;
  /** Whether the connection has to be accepted yet. */
  readonly accepts: boolean;
  /** Whether it has to set its DNS option itself. */
  readonly setsOption: boolean;
}

export function vpcPeeringHandOver(scope: Construct, told: VpcPeeringHandOver): HandOverSheetProps {
  const { side, place, other, connectionId, accepts, role } = told;
  const aws = `aws ec2 --region ${inText(place.region, '"$AWS_REGION"')}`;
  const from = `output VpcPeeringConnectionId of ${scope.node.path}, stack ${Stack.of(scope).stackName}`;
  const peering: Value = { value: connectionId, name: "PeeringId", from };
  const option = `${aws} modify-vpc-peering-connection-options --vpc-peering-connection-id ${word(peering)}`;
  const routes = routesOf(side, other);
  const rules = rulesOf(side, other);
  const accept = `${aws} accept-vpc-peering-connection --vpc-peering-connection-id`;
  const text = sheetText({
    title: `Peering: the part of ${inText(side.vpcId, "the other VPC")}`,
    introduction: [
      `For the owner of ${inText(side.vpcId, "the other VPC")} (account ${inText(place.ownerId, "of yours")}, Region`,
      `${inText(place.region, "of yours")}), which is peered with ${inText(other.vpcId, "ours")}. Until this is done no packet arrives.`,
    ].join(" "),
    values: [peering, ...tablesOf(side), ...blocksOf(other)],
    commands: [
      ...(accepts ? [`${accept} ${word(peering)}`] : []),
      ...routes.map((each) => `${aws} create-route ${routeWords(each)} --vpc-peering-connection-id ${word(peering)}`),
      ...rules.map((each) => `${aws} authorize-security-group-ingress ${ruleWords(each)}`),
      ...(told.setsOption && side._options.allowDnsResolutionFromRemoteVpc === true
        ? [`${option} --${role}-peering-connection-options AllowDnsResolutionFromRemoteVpc=true`]
        : []),
    ],
    resources: Object.fromEntries([
      ...routes.map((each, index) => [`Route${index + 1}`, routeLines(each, peering)] as const),
      ...rules.map((each, index) => [`Rule${index + 1}`, ruleLines(each)] as const),
    ]),
    undo: [
      ...rules.map((each) => `${aws} revoke-security-group-ingress ${ruleWords(each)}`),
      ...routes.map((each) => `${aws} delete-route ${routeWords(each)}`),
    ],
  });
  const look = `${aws} describe-vpc-peering-connections --vpc-peering-connection-ids`;
  return { text, firstCommand: `${accepts ? accept : look} ${connectionId}` };
}

interface Route {
  readonly table: Value;
  readonly block: Value;
}

function blocksOf({ cidrBlocks }: NetworkSide): readonly Value[] {
  return cidrBlocks.map((value, index) => ({
    value,
    name: `Block${index + 1}`,
    from: "an address block of the other VPC",
  }));
}

/** Tables that nobody told us are left to their owner, who must not forget one. */
function tablesOf({ routeTableIds }: NetworkSide): readonly Value[] {
  const ids = routeTableIds.length > 0 ? routeTableIds : [undefined];
  const from = "a route table of subnets that are to answer (each of them needs the route)";
  return ids.map((value, index) => ({ value, name: `RouteTable${index + 1}`, from }));
}

function routesOf(side: NetworkSide, other: NetworkSide): readonly Route[] {
  return tablesOf(side).flatMap((table) => blocksOf(other).map((block) => ({ table, block })));
}

const routeWords = ({ table, block }: Route): string =>
  `--route-table-id ${word(table)} --destination-${isIpv6(block.value ?? "") ? "ipv6-" : ""}cidr-block ${word(block)}`;

const routeLines = ({ table, block }: Route, peering: Value): readonly string[] => [
  "Type: AWS::EC2::Route",
  "Properties:",
  `  RouteTableId: ${templateWord(table)}`,
  `  Destination${isIpv6(block.value ?? "") ? "Ipv6" : ""}CidrBlock: ${templateWord(block)}`,
  `  VpcPeeringConnectionId: ${templateWord(peering)}`,
];

interface Rule {
  readonly group: string;
  readonly port: ec2.Port;
  readonly block: Value;
}

function rulesOf(side: NetworkSide, other: NetworkSide): readonly Rule[] {
  const { securityGroups = [], ports = [ec2.Port.icmpPing()] } = side._options;
  return securityGroups.flatMap(({ securityGroupId: group }) =>
    ports.flatMap((port) => blocksOf(other).map((block) => ({ group, port, block }))),
  );
}

function ruleWords({ group, port, block }: Rule): string {
  const { ipProtocol, fromPort, toPort } = port.toRuleJson();
  const ports = fromPort === undefined ? "" : `,FromPort=${fromPort},ToPort=${toPort}`;
  // Inside the quotes of the whole word, which some shells need for its brackets.
  const source = word(block).replaceAll('"', "");
  const range = isIpv6(block.value ?? "") ? `Ipv6Ranges=[{CidrIpv6=${source}}]` : `IpRanges=[{CidrIp=${source}}]`;
  return `--group-id ${group} --ip-permissions "IpProtocol=${ipProtocol}${ports},${range}"`;
}

function ruleLines({ group, port, block }: Rule): readonly string[] {
  const { ipProtocol, fromPort, toPort } = port.toRuleJson();
  return [
    "Type: AWS::EC2::SecurityGroupIngress",
    "Properties:",
    `  GroupId: ${group}`,
    `  IpProtocol: "${ipProtocol}"`,
    ...(fromPort === undefined ? [] : [`  FromPort: ${fromPort}`, `  ToPort: ${toPort}`]),
    `  ${isIpv6(block.value ?? "") ? "CidrIpv6" : "CidrIp"}: ${templateWord(block)}`,
  ];
}
