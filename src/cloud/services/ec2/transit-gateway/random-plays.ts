/** What random calls about transit gateways may be, valid or not as the ids and the time have it. */
import type { TestCaller } from "../../../test-cloud.ts";

/** What a play may use. */
export interface Draw {
  /** Something of this kind that the caller was told of; now and then anybody's, or nobody's. */
  readonly pick: (kind: string) => string;
  /** Something that the other one was told of. */
  readonly theirs: (kind: string) => string;
  readonly block: string;
  readonly flag: boolean;
  readonly stray: number;
  readonly other: TestCaller;
  readonly caller: TestCaller;
}

type Play = (draw: Draw) => readonly [operation: string, input: object, service?: "ram"];

const onOff = (flag: boolean) => (flag ? "enable" : "disable");
const table = ({ pick }: Draw) => ({ TransitGatewayRouteTableId: pick("tgw-rtb") });
const attachment = ({ pick }: Draw) => ({ TransitGatewayAttachmentId: pick("tgw-attach") });
const vpcAttachment = ({ pick }: Draw) => ({ TransitGatewayAttachmentId: pick("vpc-attachment") });
/** A table and an attachment of one gateway. */
const inTable = ({ pick }: Draw) => {
  const gateway = pick("tgw");
  return {
    TransitGatewayRouteTableId: pick(`tgw-rtb of ${gateway}`),
    TransitGatewayAttachmentId: pick(`tgw-attach of ${gateway}`),
  };
};
const toTarget = (draw: Draw) => {
  const { TransitGatewayAttachmentId, ...of } = inTable(draw);
  return { ...of, ...(draw.flag ? { Blackhole: true } : { TransitGatewayAttachmentId }) };
};

/** What others build on, and what needs luck to work, more often than the rest. */
export const plays: readonly Play[] = [
  ({ flag }) => [
    "CreateTransitGateway",
    { Options: { DefaultRouteTableAssociation: onOff(flag), AutoAcceptSharedAttachments: onOff(flag) } },
  ],
  ({ pick, flag, block }) => [
    "ModifyTransitGateway",
    {
      TransitGatewayId: pick("tgw"),
      Options: {
        SecurityGroupReferencingSupport: onOff(flag),
        DefaultRouteTablePropagation: onOff(flag),
        ...(flag && { PropagationDefaultRouteTableId: pick("tgw-rtb"), AddTransitGatewayCidrBlocks: [block] }),
      },
    },
  ],
  ({ pick }) => ["DeleteTransitGateway", { TransitGatewayId: pick("tgw") }],
  ({ caller, other, pick }) => share({ caller, other, id: pick("tgw") }),
  () => ["GetResourceShareInvitations", {}, "ram"],
  ({ pick }) => ["AcceptResourceShareInvitation", { resourceShareInvitationArn: pick("invitation") }, "ram"],
  ({ block }) => ["CreateVpc", { CidrBlock: block, AmazonProvidedIpv6CidrBlock: block.startsWith("10.1.") }],
  ({ pick, block }) => ["AssociateVpcCidrBlock", { VpcId: pick("vpc"), CidrBlock: block }],
  ({ pick }) => ["DisassociateVpcCidrBlock", { AssociationId: pick("vpc-cidr-assoc") }],
  ({ pick, block, caller, flag }) => [
    "CreateSubnet",
    {
      VpcId: pick("vpc"),
      CidrBlock: block.replace(/0.0\/\d+$/, "9.0/26"),
      AvailabilityZone: `${caller.region}${flag ? "a" : "b"}`,
    },
  ],
  ({ pick }) => ["DeleteSubnet", { SubnetId: pick("subnet") }],
  ({ pick }) => ["DeleteVpc", { VpcId: pick("vpc") }],
  ...often(5, ({ pick, theirs, flag, stray }) => [
    "CreateTransitGatewayVpcAttachment",
    {
      TransitGatewayId: flag || stray > 2 ? pick("tgw") : theirs("tgw"),
      ...vpcAndSubnet(pick("place")),
      Options: { Ipv6Support: onOff(flag), ApplianceModeSupport: onOff(flag) },
    },
  ]),
  ...often(2, ({ pick }) => ["AcceptTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: pick("request") }]),
  ({ pick }) => ["RejectTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: pick("request") }],
  ...often(3, (draw) => [
    "ModifyTransitGatewayVpcAttachment",
    {
      ...vpcAttachment(draw),
      [draw.flag ? "AddSubnetIds" : "RemoveSubnetIds"]: [draw.pick("subnet")],
      Options: { Ipv6Support: onOff(draw.flag) },
    },
  ]),
  (draw) => [
    "ModifyTransitGatewayVpcAttachment",
    { ...vpcAttachment(draw), Options: { Ipv6Support: onOff(draw.flag) } },
  ],
  (draw) => ["DeleteTransitGatewayVpcAttachment", vpcAttachment(draw)],
  ...often(3, ({ pick, theirs, other }) => [
    "CreateTransitGatewayPeeringAttachment",
    {
      TransitGatewayId: pick("tgw"),
      PeerTransitGatewayId: theirs("tgw"),
      PeerAccountId: other.account,
      PeerRegion: other.region,
    },
  ]),
  ...often(3, ({ pick }) => [
    "AcceptTransitGatewayPeeringAttachment",
    { TransitGatewayAttachmentId: pick("peering-request") },
  ]),
  (draw) => ["AcceptTransitGatewayPeeringAttachment", attachment(draw)],
  ({ pick }) => ["RejectTransitGatewayPeeringAttachment", { TransitGatewayAttachmentId: pick("peering-request") }],
  (draw) => ["DeleteTransitGatewayPeeringAttachment", attachment(draw)],
  ({ pick }) => ["CreateTransitGatewayRouteTable", { TransitGatewayId: pick("tgw") }],
  (draw) => ["DeleteTransitGatewayRouteTable", table(draw)],
  ...often(3, (draw) => ["AssociateTransitGatewayRouteTable", inTable(draw)]),
  ...often(2, (draw) => ["DisassociateTransitGatewayRouteTable", inTable(draw)]),
  ...often(3, (draw) => ["EnableTransitGatewayRouteTablePropagation", inTable(draw)]),
  ...often(2, (draw) => ["DisableTransitGatewayRouteTablePropagation", inTable(draw)]),
  ...often(4, (draw) => ["CreateTransitGatewayRoute", { ...toTarget(draw), DestinationCidrBlock: draw.block }]),
  (draw) => ["ReplaceTransitGatewayRoute", { ...toTarget(draw), DestinationCidrBlock: draw.block }],
  ...often(3, (draw) => ["DeleteTransitGatewayRoute", { ...table(draw), DestinationCidrBlock: draw.block }]),
  ({ block }) => [
    "CreateManagedPrefixList",
    { PrefixListName: "list", AddressFamily: "IPv4", MaxEntries: 5, Entries: [{ Cidr: block }] },
  ],
  ({ pick, block }) => [
    "ModifyManagedPrefixList",
    { PrefixListId: pick("pl"), CurrentVersion: 1, AddEntries: [{ Cidr: block }] },
  ],
  ({ pick }) => ["DeleteManagedPrefixList", { PrefixListId: pick("pl") }],
  ...often(3, (draw) => [
    "CreateTransitGatewayPrefixListReference",
    { ...toTarget(draw), PrefixListId: draw.pick("pl") },
  ]),
  ...often(2, (draw) => [
    "ModifyTransitGatewayPrefixListReference",
    { ...toTarget(draw), PrefixListId: draw.pick("pl") },
  ]),
  ...often(2, (draw) => ["DeleteTransitGatewayPrefixListReference", { ...table(draw), PrefixListId: draw.pick("pl") }]),
  ({ pick, block }) => [
    "CreateRoute",
    { RouteTableId: pick("rtb"), DestinationCidrBlock: block, TransitGatewayId: pick("tgw") },
  ],
  ({ pick, block }) => ["DeleteRoute", { RouteTableId: pick("rtb"), DestinationCidrBlock: block }],
  ({ pick }) => [
    "AuthorizeSecurityGroupIngress",
    {
      GroupId: pick("sg"),
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: pick("sg") }] }],
    },
  ],
  (draw) => ["CreateTags", { Resources: [draw.pick("tgw-attach")], Tags: [{ Key: "Name", Value: draw.block }] }],
];

/** A share of the gateway with the other one's account. */
export function share({
  caller,
  other,
  id,
}: {
  readonly caller: TestCaller;
  readonly other: TestCaller;
  readonly id: string;
}) {
  const resourceArns = [`arn:aws:ec2:${caller.region}:${caller.account}:transit-gateway/${id}`];
  return ["CreateResourceShare", { name: "share", principals: [other.account], resourceArns }, "ram"] as const;
}

/** The parameters that name a VPC and one subnet of it. */
export function vpcAndSubnet(text: string): { readonly VpcId: string; readonly SubnetIds: readonly string[] } {
  const [VpcId = "", SubnetId = "subnet-00000000000000000"] = text.split(" ");
  return { VpcId, SubnetIds: [SubnetId] };
}

function often(times: number, play: Play): readonly Play[] {
  return Array.from({ length: times }, () => play);
}
