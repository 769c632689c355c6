/** A transit gateway whose attachments are in segments: who may talk to whom, as route tables, associations and propagations. */
import { Stack } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import { Construct, type IConstruct, type IDependable } from "constructs";
import { DesignError } from "./design-error.ts";
import { ProviderResource } from "./provider-resource.ts";

/** A group of attachments of a transit gateway. */
export interface TransitGatewaySegment {
  /** Its name. */
  readonly name: string;

  /**
   * The segments that this one exchanges packets with. Saying it on one side is enough: what cannot answer cannot talk.
   *
   * @default - none but itself
   */
  readonly talksTo?: string[];

  /**
   * Whether its own attachments are kept apart.
   *
   * @default false
   */
  readonly isolated?: boolean;
}

/** A segment of a transit gateway that is there already. */
export interface TransitGatewaySegmentAttributes extends TransitGatewaySegment {
  /** The transit gateway route table that its attachments are associated with. */
  readonly routeTableId: string;
}

/** A transit gateway that is there already. */
export interface TransitGatewayAttributes {
  /** The gateway's id. */
  readonly transitGatewayId: string;

  /**
   * The account.
   *
   * @default - that of the stack
   */
  readonly ownerId?: string;

  /**
   * The Region.
   *
   * @default - that of the stack
   */
  readonly region?: string;

  /**
   * Its route tables that attachments are to use.
   *
   * @default - none: its owner associates and routes
   */
  readonly segments?: TransitGatewaySegmentAttributes[];
}

/** A transit gateway, of this app or already there. */
export interface ITransitGatewayHub extends IConstruct {
  /** The gateway's id. */
  readonly transitGatewayId: string;
  /** Its account. */
  readonly ownerId: string;
  /** Its Region. */
  readonly region: string;
  /** Whether its route tables are known, so that attachments can be associated. */
  readonly hasSegments: boolean;
  /** The route table that the attachments of a segment are associated with. */
  routeTableId(segment: string): string;
  /** The route tables that lead to a segment: its own, unless it is isolated, and those of the segments that it talks to. */
  routeTableIdsLeadingTo(segment: string): string[];
  /** Takes an attachment into a segment: associates it and, if it propagates, tells the segments that talk to it. */
  join(scope: Construct, attachmentId: string, segment: string, propagates: boolean): IDependable;
}

/** Properties of a TransitGatewayHub. */
export interface TransitGatewayHubProps {
  /** The segments. */
  readonly segments: TransitGatewaySegment[];

  /**
   * The gateway's ASN. Gateways that are peered have different ones.
   *
   * @default 64512
   */
  readonly amazonSideAsn?: number;

  /**
   * The gateway's Name tag.
   *
   * @default - the construct's path
   */
  readonly name?: string;

  /**
   * Whether attachments of accounts that the gateway is shared with need no acceptance.
   *
   * @default false
   */
  readonly autoAcceptSharedAttachments?: boolean;

  /**
   * Whether groups may name groups of other attached VPCs.
   *
   * @default false
   */
  readonly securityGroupReferencing?: boolean;
}

abstract class Hub extends Construct implements ITransitGatewayHub {
  abstract readonly transitGatewayId: string;
  abstract readonly ownerId: string;
  abstract readonly region: string;
  private readonly segments: readonly TransitGatewaySegment[];

  constructor(scope: Construct, id: string, segments: readonly TransitGatewaySegment[]) {
    super(scope, id);
    checkSegments(this.node.path, segments);
    this.segments = segments;
  }

  abstract routeTableId(segment: string): string;

  get hasSegments(): boolean {
    return this.segments.length > 0;
  }

  routeTableIdsLeadingTo(segment: string): string[] {
    return this.leadingTo(segment).map(({ name }) => this.routeTableId(name));
  }

  join(scope: Construct, transitGatewayAttachmentId: string, segment: string, propagates: boolean): IDependable {
    const association = new ec2.CfnTransitGatewayRouteTableAssociation(scope, "Association", {
      transitGatewayAttachmentId,
      transitGatewayRouteTableId: this.routeTableId(segment),
    });
    for (const { name } of propagates ? this.leadingTo(segment) : []) {
      new ec2.CfnTransitGatewayRouteTablePropagation(scope, `PropagationTo${name}`, {
        transitGatewayAttachmentId,
        transitGatewayRouteTableId: this.routeTableId(name),
      });
    }
    return association;
  }

  private leadingTo(segment: string): readonly TransitGatewaySegment[] {
    const to = this.named(segment);
    return this.segments.filter((each) =>
      each === to
        ? to.isolated !== true
        : each.talksTo?.includes(segment) === true || to.talksTo?.includes(each.name) === true,
    );
  }

  protected named(segment: string): TransitGatewaySegment {
    const found = this.segments.find(({ name }) => name === segment);
    if (found !== undefined) return found;
    const names = this.segments.map(({ name }) => name).join(", ");
    throw new DesignError(`${this.node.path} has no segment ${segment}. It has: ${names || "none"}.`);
  }
}

function checkSegments(path: string, segments: readonly TransitGatewaySegment[]): void {
  const names = segments.map(({ name }) => name);
  for (const [index, { name, talksTo = [] }] of segments.entries()) {
    if (!/^[A-Za-z0-9-]+$/.test(name))
      throw new DesignError(`${path}: a segment is named by letters, digits and hyphens, not ${name}.`);
    if (names.indexOf(name) !== index) throw new DesignError(`${path} has two segments ${name}.`);
    const unknown = talksTo.find((each) => !names.includes(each));
    if (unknown !== undefined)
      throw new DesignError(`${path}: segment ${name} talks to ${unknown}, which is none of ${names.join(", ")}.`);
  }
}

/**
 * A transit gateway with a route table for each segment.
 *
 * @example
 * const hub = new TransitGatewayHub(this, "Hub", {
 *   segments: [{ name: "production", isolated: true }, { name: "shared", talksTo: ["production"] }],
 * });
 */
export class TransitGatewayHub extends Hub {
  /** A transit gateway that is there already. */
  static fromTransitGatewayAttributes(
    scope: Construct,
    id: string,
    attributes: TransitGatewayAttributes,
  ): ITransitGatewayHub {
    return new ExistingHub(scope, id, attributes);
  }

  /** The gateway's id. */
  readonly transitGatewayId: string;
  /** Its account. */
  readonly ownerId: string;
  /** Its Region. */
  readonly region: string;
  private readonly tables: ReadonlyMap<string, ec2.CfnTransitGatewayRouteTable>;

  constructor(scope: Construct, id: string, props: TransitGatewayHubProps) {
    super(scope, id, props.segments);
    const { amazonSideAsn = 64512, autoAcceptSharedAttachments = false, securityGroupReferencing = false } = props;
    const name = props.name ?? this.node.path;
    const gateway = new ec2.CfnTransitGateway(this, "Resource", {
      amazonSideAsn,
      autoAcceptSharedAttachments: autoAcceptSharedAttachments ? "enable" : "disable",
      securityGroupReferencingSupport: securityGroupReferencing ? "enable" : "disable",
      // Segments decide; an attachment that is in none of them reaches nothing.
      defaultRouteTableAssociation: "disable",
      defaultRouteTablePropagation: "disable",
      tags: [{ key: "Name", value: name }],
    });
    this.transitGatewayId = gateway.attrId;
    this.ownerId = Stack.of(this).account;
    this.region = Stack.of(this).region;
    this.tables = new Map(
      props.segments.map((segment) => [
        segment.name,
        new ec2.CfnTransitGatewayRouteTable(this, `Segment${segment.name}`, {
          transitGatewayId: gateway.attrId,
          tags: [{ key: "Name", value: `${name}/${segment.name}` }],
        }),
      ]),
    );
  }

  /** The route table that the attachments of a segment are associated with. */
  routeTableId(segment: string): string {
    this.named(segment);
    return this.tables.get(segment)?.attrTransitGatewayRouteTableId ?? "";
  }

  /**
   * The gateway is deleted after the last of its peerings. The accepter's Region learns late that a peering was deleted; call this where
   * others ask this gateway for peerings, and it will be waited for.
   */
  deleteAfterPeerings(): void {
    const { region, transitGatewayId } = this;
    new ProviderResource(this, "PeeringsEnded", {
      resourceType: "Custom::TransitGatewayPeeringsEnded",
      properties: { Region: region, TransitGatewayId: transitGatewayId },
      statements: [{ actions: ["ec2:DescribeTransitGatewayPeeringAttachments"], resources: ["*"] }],
    });
  }
}

class ExistingHub extends Hub {
  readonly transitGatewayId: string;
  readonly ownerId: string;
  readonly region: string;
  private readonly known: readonly TransitGatewaySegmentAttributes[];

  constructor(scope: Construct, id: string, attributes: TransitGatewayAttributes) {
    const { segments = [] } = attributes;
    super(scope, id, segments);
    this.known = segments;
    this.transitGatewayId = attributes.transitGatewayId;
    this.ownerId = attributes.ownerId ?? Stack.of(this).account;
    this.region = attributes.region ?? Stack.of(this).region;
  }

  routeTableId(segment: string): string {
    this.named(segment);
    return this.known.find(({ name }) => name === segment)?.routeTableId ?? "";
  }
}
