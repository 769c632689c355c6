/** A VPC at a transit gateway: the attachment, its segment, and the routes of the VPC's tables to the gateway. */
import * as ec2 from "aws-cdk-lib/aws-ec2";
import { Construct, type IDependable } from "constructs";
import { checkBlock } from "./blocks.ts";
import { DesignError } from "./design-error.ts";
import type { NetworkSide } from "./network-side.ts";
import { ec2Arn, inSameAccount, whereaboutsOf } from "./place.ts";
import { ProviderResource } from "./provider-resource.ts";
import { addRoutes } from "./routes.ts";
import type { ITransitGatewayHub } from "./transit-gateway-hub.ts";

/** Properties of a TransitGatewayVpcAttachment. */
export interface TransitGatewayVpcAttachmentProps {
  /** The gateway, in the VPC's Region. */
  readonly transitGateway: ITransitGatewayHub;

  /** The VPC: its subnets, one in each Availability Zone that is to reach the gateway, and its route tables. */
  readonly vpc: NetworkSide;

  /**
   * The segment that it is in.
   *
   * @default - none: the gateway's owner associates it
   */
  readonly segment?: string;

  /** What the VPC sends to the gateway. */
  readonly destinationCidrBlocks: string[];

  /**
   * Keeps a flow in one Availability Zone both ways, for appliances that look at both.
   *
   * @default false
   */
  readonly applianceMode?: boolean;
}

/** A VPC's attachment to a transit gateway. */
export class TransitGatewayVpcAttachment extends Construct {
  /** The attachment's id. */
  readonly transitGatewayAttachmentId: string;

  constructor(scope: Construct, id: string, props: TransitGatewayVpcAttachmentProps) {
    super(scope, id);
    const { transitGateway, vpc, segment, destinationCidrBlocks, applianceMode = false } = props;
    if (vpc.subnetIds.length === 0)
      throw new DesignError(`${this.node.path}: ${vpc.vpcId} is attached by subnets, and none is given.`);
    for (const each of destinationCidrBlocks) checkBlock(each, `${this.node.path}: a destination`);
    const attachment = new ec2.CfnTransitGatewayAttachment(this, "Resource", {
      transitGatewayId: transitGateway.transitGatewayId,
      vpcId: vpc.vpcId,
      subnetIds: vpc.subnetIds,
      options: { ApplianceModeSupport: applianceMode ? "enable" : "disable" },
      tags: [{ key: "Name", value: this.node.path }],
    });
    this.transitGatewayAttachmentId = attachment.attrId;
    if (segment !== undefined) transitGateway.join(this, attachment.attrId, segment, true);
    addRoutes(this, "Route", {
      tables: vpc._routeTables,
      destinations: destinationCidrBlocks,
      target: { transitGatewayId: transitGateway.transitGatewayId },
      after: available(this, attachment, transitGateway),
    });
  }
}

/** Another account's gateway accepts first: routes to it are refused until then. */
function available(
  scope: Construct,
  attachment: ec2.CfnTransitGatewayAttachment,
  transitGateway: ITransitGatewayHub,
): IDependable {
  if (inSameAccount(transitGateway, whereaboutsOf(scope))) return attachment;
  return new ProviderResource(scope, "Available", {
    resourceType: "Custom::TransitGatewayVpcAttachment",
    properties: {
      Region: transitGateway.region,
      TransitGatewayId: transitGateway.transitGatewayId,
      TransitGatewayAttachmentId: attachment.attrId,
      Role: "attached",
    },
    statements: [{ actions: ["ec2:DescribeTransitGatewayVpcAttachments"], resources: ["*"] }],
  });
}

/** Properties of a TransitGatewayVpcAttachmentAcceptance. */
export interface TransitGatewayVpcAttachmentAcceptanceProps {
  /** The gateway, of this stack's account and Region. */
  readonly transitGateway: ITransitGatewayHub;

  /** The attachment that another account has made. */
  readonly transitGatewayAttachmentId: string;

  /** The segment that it is taken into. */
  readonly segment: string;
}

/** Another account's VPC at a gateway that was shared with it: accepted, and taken into a segment. It is deleted with this construct. */
export class TransitGatewayVpcAttachmentAcceptance extends Construct {
  constructor(scope: Construct, id: string, props: TransitGatewayVpcAttachmentAcceptanceProps) {
    super(scope, id);
    const { transitGateway, transitGatewayAttachmentId, segment } = props;
    const acceptance = new ProviderResource(this, "Resource", {
      resourceType: "Custom::TransitGatewayVpcAttachment",
      properties: {
        Region: transitGateway.region,
        TransitGatewayId: transitGateway.transitGatewayId,
        TransitGatewayAttachmentId: transitGatewayAttachmentId,
        Role: "accepter",
        EndOnDelete: "true",
      },
      statements: [
        { actions: ["ec2:DescribeTransitGatewayVpcAttachments"], resources: ["*"] },
        {
          actions: [
            "ec2:AcceptTransitGatewayVpcAttachment",
            "ec2:RejectTransitGatewayVpcAttachment",
            "ec2:DeleteTransitGatewayVpcAttachment",
          ],
          resources: [ec2Arn(this, transitGateway, `transit-gateway-attachment/${transitGatewayAttachmentId}`)],
        },
      ],
    });
    // The answer names the attachment: whatever uses it comes after.
    transitGateway.join(this, acceptance.text("TransitGatewayAttachmentId"), segment, true);
  }
}
