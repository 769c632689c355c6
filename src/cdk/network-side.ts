/** One side of a connection: a VPC that the app defines, or one that is there already and is known by its id. */

import { Stack, Token } from "aws-cdk-lib";
import type * as ec2 from "aws-cdk-lib/aws-ec2";
import type { Construct } from "constructs";
import type { Whereabouts } from "./place.ts";

/** What may be said of either kind of side. */
export interface NetworkSideOptions {
  /**
   * Security groups of this side that let the other side in.
   *
   * @default - no group is changed
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * What these groups let in.
   *
   * @default - ICMP echo requests
   */
  readonly ports?: ec2.Port[];

  /**
   * Whether hosts of the other VPC resolve this side's public DNS names to private addresses.
   *
   * @default - AWS's default: they do not
   */
  readonly allowDnsResolutionFromRemoteVpc?: boolean;

  /**
   * Where this side's routes and rules are defined: in a stack of this side's account and Region that may depend on the connection's.
   *
   * @default - beside the connection if that is in the same account and Region; otherwise the other side gets a hand-over sheet
   */
  readonly scope?: Construct;
}

/** A VPC of this app as a side. */
export interface VpcSideOptions extends NetworkSideOptions {
  /**
   * The subnets whose route tables learn the way to the other side.
   *
   * @default - all subnets of the VPC
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * What the other side can reach.
   *
   * @default - the VPC's CIDR block
   */
  readonly cidrBlocks?: string[];
}

/** An existing VPC as a side, whoever owns it. */
export interface NetworkSideAttributes extends NetworkSideOptions {
  /** The VPC's id. */
  readonly vpcId: string;

  /** What the other side can reach: the VPC's CIDR blocks, or parts of them. */
  readonly cidrBlocks: string[];

  /**
   * The route tables that learn the way to the other side.
   *
   * @default - none
   */
  readonly routeTableIds?: string[];

  /**
   * Subnets that a transit gateway is attached to, one in each Availability Zone.
   *
   * @default - none
   */
  readonly subnetIds?: string[];

  /**
   * The account.
   *
   * @default - that of the connection's stack
   */
  readonly ownerId?: string;

  /**
   * The Region.
   *
   * @default - that of the connection's stack
   */
  readonly region?: string;
}

/** One side of a connection. */
export class NetworkSide {
  /** A VPC of this app. */
  static fromVpc(vpc: ec2.IVpc, options: VpcSideOptions = {}): NetworkSide {
    const { subnets, cidrBlocks = [vpc.vpcCidrBlock], ...rest } = options;
    const selected = vpc.selectSubnets(subnets ?? { subnets: everySubnet(vpc) }).subnets;
    const { account, region } = vpc.env;
    return new NetworkSide(
      {
        vpcId: vpc.vpcId,
        cidrBlocks,
        ownerId: account,
        region,
        subnetIds: selected.map((each) => each.subnetId),
        ...rest,
      },
      tablesOf(selected),
    );
  }

  /** A VPC that is there already, of this account or another one. */
  static fromAttributes(attributes: NetworkSideAttributes): NetworkSide {
    const ids = attributes.routeTableIds ?? [];
    return new NetworkSide(
      attributes,
      ids.map((routeTableId, index) => ({
        key: Token.isUnresolved(routeTableId) ? `${index + 1}` : routeTableId,
        routeTableId,
      })),
    );
  }

  /** The VPC's id. */
  readonly vpcId: string;
  /** What the other side can reach. */
  readonly cidrBlocks: string[];
  /** The route tables that learn the way to the other side. */
  readonly routeTableIds: string[];
  /** The subnets that a transit gateway is attached to. */
  readonly subnetIds: string[];
  /** @internal */
  readonly _options: NetworkSideOptions;
  /** @internal */
  readonly _routeTables: RouteTableOfSide[];
  private readonly owner: string | undefined;
  private readonly place: string | undefined;

  private constructor(attributes: NetworkSideAttributes, routeTables: RouteTableOfSide[]) {
    this.vpcId = attributes.vpcId;
    this.cidrBlocks = attributes.cidrBlocks;
    this.routeTableIds = routeTables.map(({ routeTableId }) => routeTableId);
    this.subnetIds = attributes.subnetIds ?? [];
    this.owner = attributes.ownerId;
    this.place = attributes.region;
    this._options = attributes;
    this._routeTables = routeTables;
  }

  /**
   * The account and Region, which default to those of whoever asks.
   *
   * @internal
   */
  _whereabouts(connection: Construct): Whereabouts {
    const { account, region } = Stack.of(connection);
    return { ownerId: this.owner ?? account, region: this.place ?? region };
  }
}

/** A route table with the name that its routes' construct ids carry, which must not change when others come or go. */
export interface RouteTableOfSide {
  readonly key: string;
  readonly routeTableId: string;
}

function everySubnet(vpc: ec2.IVpc): ec2.ISubnet[] {
  return [...vpc.publicSubnets, ...vpc.privateSubnets, ...vpc.isolatedSubnets];
}

/** Subnets may share a table; it bears the name of the first. */
function tablesOf(subnets: readonly ec2.ISubnet[]): RouteTableOfSide[] {
  const tables = new Map<string, RouteTableOfSide>();
  for (const { node, routeTable } of subnets) {
    const { routeTableId } = routeTable;
    if (!tables.has(routeTableId)) tables.set(routeTableId, { key: node.id, routeTableId });
  }
  return [...tables.values()];
}
