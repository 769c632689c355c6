/** A peering between two transit gateways: the request, and each end with acceptance, association and static routes. */
import { CfnOutput } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { blockKey, checkBlock } from "./blocks.ts";
import { DesignError } from "./design-error.ts";
import { HandOverSheet } from "./hand-over-sheet.ts";
import { ec2Arn, inSameAccount, inSamePlace, whereaboutsOf } from "./place.ts";
import { ProviderResource, type Statement } from "./provider-resource.ts";
import type { ITransitGatewayHub } from "./transit-gateway-hub.ts";
import { transitGatewayPeeringHandOver } from "./transit-gateway-peering-hand-over.ts";

/** Properties of a TransitGatewayPeering. */
export interface TransitGatewayPeeringProps {
  /** The gateway that asks, of this stack's account and Region. */
  readonly requester: ITransitGatewayHub;

  /** The gateway that is asked. Its ASN is another one. */
  readonly accepter: ITransitGatewayHub;

  /**
   * What the accepter's side has to route back to the requester's. It is told to an accepter of another account.
   *
   * @default - none
   */
  readonly requesterCidrBlocks?: string[];

  /**
   * Whether an accepter of another account gets a hand-over sheet.
   *
   * @default true
   */
  readonly handOver?: boolean;
}

/**
 * A request for a peering of transit gateways. It carries packets when both ends are there.
 *
 * @example
 * const peering = new TransitGatewayPeering(ireland, "Peering", { requester: irish, accepter: virginian });
 * peering.accepterEnd(virginia, "Peering", { segment: "all", destinationCidrBlocks: ["172.16.1.0/24"] });
 * peering.requesterEnd(irelandLater, "Peering", { segment: "all", destinationCidrBlocks: ["172.16.0.0/24"] });
 */
export class TransitGatewayPeering extends Construct {
  /** The requester's attachment. Across Regions it is the accepter's too; within one Region the accepter's end has another one. */
  readonly transitGatewayAttachmentId: string;

  /**
   * What the accepter has to do, where it is another account's.
   *
   * @default - undefined where it is ours
   */
  readonly handOverSheet?: HandOverSheet;
  private readonly requester: ITransitGatewayHub;
  private readonly accepter: ITransitGatewayHub;

  constructor(scope: Construct, id: string, props: TransitGatewayPeeringProps) {
    super(scope, id);
    const { requester, accepter, requesterCidrBlocks = [], handOver = true } = props;
    if (!inSamePlace(requester, whereaboutsOf(this))) {
      throw new DesignError(`${this.node.path}: define the peering in a stack of the requester's account and Region.`);
    }
    const attachment = new ec2.CfnTransitGatewayPeeringAttachment(this, "Resource", {
      transitGatewayId: requester.transitGatewayId,
      peerTransitGatewayId: accepter.transitGatewayId,
      peerAccountId: accepter.ownerId,
      peerRegion: accepter.region,
      tags: [{ key: "Name", value: this.node.path }],
    });
    this.requester = requester;
    this.accepter = accepter;
    this.transitGatewayAttachmentId = attachment.attrTransitGatewayAttachmentId;
    new CfnOutput(this, "TransitGatewayAttachmentId", { value: this.transitGatewayAttachmentId });
    if (handOver && !inSameAccount(accepter, requester)) {
      const told = { requester, accepter, requesterCidrBlocks, attachmentId: this.transitGatewayAttachmentId };
      this.handOverSheet = new HandOverSheet(this, "HandOver", transitGatewayPeeringHandOver(this, told));
    }
  }

  /** The accepter's end, in a stack of its account and Region that is deployed after the request. */
  accepterEnd(scope: Construct, id: string, options: TransitGatewayPeeringEndOptions): TransitGatewayPeeringEnd {
    const { accepter: transitGateway, requester: peer, transitGatewayAttachmentId } = this;
    return new TransitGatewayPeeringEnd(scope, id, {
      transitGateway,
      peer,
      transitGatewayAttachmentId,
      accepts: true,
      ...options,
    });
  }

  /** The requester's end, in a stack of its account and Region that is deployed after the accepter's end. */
  requesterEnd(scope: Construct, id: string, options: TransitGatewayPeeringEndOptions): TransitGatewayPeeringEnd {
    const { requester: transitGateway, accepter: peer, transitGatewayAttachmentId } = this;
    return new TransitGatewayPeeringEnd(scope, id, {
      transitGateway,
      peer,
      transitGatewayAttachmentId,
      accepts: false,
      ...options,
    });
  }
}

/** What becomes of packets at one end of a peering. */
export interface TransitGatewayPeeringEndOptions {
  /** The segment that the other gateway is in, seen from here: who may talk to it. */
  readonly segment: string;

  /** What lies behind the peering. Nothing is propagated over it, so each block is a static route. */
  readonly destinationCidrBlocks: string[];

  /**
   * Whether the peering ends with this construct. It must not where this app made the request, which ends it.
   *
   * @default false
   */
  readonly endOnDelete?: boolean;
}

/** Properties of a TransitGatewayPeeringEnd. */
export interface TransitGatewayPeeringEndProps extends TransitGatewayPeeringEndOptions {
  /** The gateway of this end, of this stack's account and Region. */
  readonly transitGateway: ITransitGatewayHub;

  /** The gateway of the other end. */
  readonly peer: ITransitGatewayHub;

  /** The request's attachment: the requester's id. */
  readonly transitGatewayAttachmentId: string;

  /** Whether this end was asked, and accepts. The other end waits until it has been accepted. */
  readonly accepts: boolean;
}

/** One end of a peering of transit gateways: accepted or waited for until it is available, associated, and routed to. */
export class TransitGatewayPeeringEnd extends Construct {
  /** This end's attachment. */
  readonly transitGatewayAttachmentId: string;

  constructor(scope: Construct, id: string, props: TransitGatewayPeeringEndProps) {
    super(scope, id);
    const { transitGateway, segment, destinationCidrBlocks } = props;
    if (!inSamePlace(transitGateway, whereaboutsOf(this))) {
      const { ownerId, region } = transitGateway;
      throw new DesignError(
        `${this.node.path}: its gateway is in ${ownerId}, ${region}: define it in a stack of that account and Region.`,
      );
    }
    const peering = new ProviderResource(this, "Resource", {
      resourceType: "Custom::TransitGatewayPeering",
      properties: propertiesOf(props),
      statements: statementsOf(this, props),
    });
    // The answer names the attachment: whatever uses it comes after.
    this.transitGatewayAttachmentId = peering.text("TransitGatewayAttachmentId");
    transitGateway.join(this, this.transitGatewayAttachmentId, segment, false);
    for (const [index, transitGatewayRouteTableId] of transitGateway.routeTableIdsLeadingTo(segment).entries()) {
      for (const destinationCidrBlock of destinationCidrBlocks) {
        checkBlock(destinationCidrBlock, `${this.node.path}: a destination`);
        new ec2.CfnTransitGatewayRoute(
          this,
          `Route${index + 1}To${blockKey(destinationCidrBlock, destinationCidrBlocks)}`,
          {
            destinationCidrBlock,
            transitGatewayAttachmentId: this.transitGatewayAttachmentId,
            transitGatewayRouteTableId,
          },
        );
      }
    }
  }
}

function propertiesOf(props: TransitGatewayPeeringEndProps): Readonly<Record<string, string>> {
  const { transitGateway, peer, transitGatewayAttachmentId, accepts, endOnDelete = false } = props;
  return {
    Region: transitGateway.region,
    PeerRegion: peer.region,
    Role: accepts ? "accepter" : "requester",
    TransitGatewayAttachmentId: transitGatewayAttachmentId,
    TransitGatewayId: transitGateway.transitGatewayId,
    PeerTransitGatewayId: peer.transitGatewayId,
    EndOnDelete: String(endOnDelete),
  };
}

function statementsOf(scope: Construct, props: TransitGatewayPeeringEndProps): readonly Statement[] {
  const { transitGateway, peer, transitGatewayAttachmentId, accepts, endOnDelete = false } = props;
  const actions = [
    ...(accepts ? ["ec2:AcceptTransitGatewayPeeringAttachment"] : []),
    ...(endOnDelete ? ["ec2:RejectTransitGatewayPeeringAttachment", "ec2:DeleteTransitGatewayPeeringAttachment"] : []),
  ];
  // Within one Region the accepter's attachment has an id of its own, which is not known before. [TG-62]
  const id = accepts && peer.region === transitGateway.region ? "*" : transitGatewayAttachmentId;
  const attachments = [ec2Arn(scope, transitGateway, `transit-gateway-attachment/${id}`)];
  return [
    { actions: ["ec2:DescribeTransitGatewayPeeringAttachments"], resources: ["*"] },
    ...(actions.length === 0 ? [] : [{ actions, resources: attachments }]),
  ];
}
