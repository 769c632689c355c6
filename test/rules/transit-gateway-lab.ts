/** Transit gateways for tests of AWS's rules: gateways with their default table, attachments, peerings, all through the SDK. */
import type {
  CreateTransitGatewayVpcAttachmentRequestOptions,
  EC2,
  TransitGatewayRequestOptions,
} from "@aws-sdk/client-ec2";
import { accountA, known, type Lab, type LabVpc } from "./lab.ts";

export interface LabGateway {
  /** The API as the gateway's owner, in its Region. */
  readonly ec2: EC2;
  readonly id: string;
  readonly region: string;
  /** The default table; empty when the gateway was made without one. */
  readonly table: string;
}

export async function gatewayIn(
  lab: Lab,
  Options: TransitGatewayRequestOptions = {},
  region = "us-east-1",
): Promise<LabGateway> {
  const ec2 = lab.ec2(accountA, region);
  const { TransitGateway } = await ec2.createTransitGateway({ Options });
  return {
    ec2,
    id: known(TransitGateway?.TransitGatewayId),
    region,
    table: TransitGateway?.Options?.AssociationDefaultRouteTableId ?? "",
  };
}

/** Attaches the VPC by its own subnet, or by the ones given, and sends it everything of 10.0.0.0/8 from the main table. */
export async function attach(
  gateway: LabGateway,
  vpc: LabVpc,
  {
    SubnetIds = [vpc.subnetId],
    Options,
  }: { readonly SubnetIds?: string[]; readonly Options?: CreateTransitGatewayVpcAttachmentRequestOptions } = {},
): Promise<string> {
  const { TransitGatewayVpcAttachment } = await vpc.ec2.createTransitGatewayVpcAttachment({
    TransitGatewayId: gateway.id,
    VpcId: vpc.vpcId,
    SubnetIds,
    Options,
  });
  const { mainTable: RouteTableId } = vpc;
  await vpc.ec2.createRoute({ RouteTableId, DestinationCidrBlock: "10.0.0.0/8", TransitGatewayId: gateway.id });
  return known(TransitGatewayVpcAttachment?.TransitGatewayAttachmentId);
}

/** Asked for by `from`; the ids by which each side knows it. Not accepted yet. */
export async function requestPeering(from: LabGateway, to: LabGateway): Promise<{ from: string; to: string }> {
  const { TransitGatewayPeeringAttachment: made } = await from.ec2.createTransitGatewayPeeringAttachment({
    TransitGatewayId: from.id,
    PeerTransitGatewayId: to.id,
    PeerAccountId: accountA,
    PeerRegion: to.region,
  });
  const id = known(made?.TransitGatewayAttachmentId);
  return { from: id, to: made?.AccepterTransitGatewayAttachmentId ?? id };
}

/** The routes that the table shows for exactly this destination: `static active`, `propagated blackhole`. */
export async function shown({ ec2, table }: LabGateway, cidr: string): Promise<readonly string[]> {
  const { Routes } = await ec2.searchTransitGatewayRoutes({
    TransitGatewayRouteTableId: table,
    Filters: [{ Name: "route-search.exact-match", Values: [cidr] }],
  });
  return (Routes ?? []).map(({ Type, State }) => `${Type} ${State}`);
}
