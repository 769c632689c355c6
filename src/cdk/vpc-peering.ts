/** A VPC peering connection with all that makes it carry packets: acceptance, routes, group rules and DNS options on both sides. */
import { CfnOutput, Stack } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import { Construct, type IDependable } from "constructs";
import { checkApart } from "./blocks.ts";
import { DesignError } from "./design-error.ts";
import { HandOverSheet } from "./hand-over-sheet.ts";
import type { NetworkSide } from "./network-side.ts";
import { ec2Arn, inSameAccount, inSamePlace, type Whereabouts, whereaboutsOf } from "./place.ts";
import { ProviderResource } from "./provider-resource.ts";
import { addRoutes } from "./routes.ts";
import { addSideRules } from "./side-rules.ts";
import { vpcPeeringHandOver } from "./vpc-peering-hand-over.ts";

/** Properties of a VpcPeering. */
export interface VpcPeeringProps {
  /** The side that asks. It is in this stack's account and Region, unless its request is there already. */
  readonly requester: NetworkSide;

  /** The side that is asked. */
  readonly accepter: NetworkSide;

  /**
   * The Name tag of the connection.
   *
   * @default - the construct's path
   */
  readonly name?: string;

  /**
   * A role of the accepter's account that may accept (`ec2:AcceptVpcPeeringConnection`): CloudFormation assumes it. So does the provider, where
   * the accepter has a DNS option (`ec2:ModifyVpcPeeringConnectionOptions` and `ec2:DescribeVpcPeeringConnections`).
   *
   * @default - an accepter of another account gets a hand-over sheet, and accepts by itself
   */
  readonly peerRoleArn?: string;

  /**
   * A request that the other side has made already: it is accepted, and no other one is made.
   *
   * @default - the connection is made here
   */
  readonly vpcPeeringConnectionId?: string;

  /**
   * Whether such a connection ends with this construct. If the other side's stack deletes it, it need not.
   *
   * @default true
   */
  readonly endOnDelete?: boolean;

  /**
   * Whether groups name the other side's groups instead of its addresses. AWS allows that within one Region.
   *
   * @default false
   */
  readonly referenceSecurityGroups?: boolean;

  /**
   * Whether a side that is not ours gets a hand-over sheet.
   *
   * @default true
   */
  readonly handOver?: boolean;
}

/**
 * A VPC peering connection.
 *
 * @example
 * new VpcPeering(this, "MarketingToFinance", {
 *   requester: NetworkSide.fromVpc(marketing),
 *   accepter: NetworkSide.fromVpc(finance, { securityGroups: [servers] }),
 * });
 */
export class VpcPeering extends Construct {
  /** The connection's id. */
  readonly vpcPeeringConnectionId: string;

  /**
   * What the other side has to do, where it is not ours.
   *
   * @default - undefined where both sides are
   */
  readonly handOverSheet?: HandOverSheet;

  constructor(scope: Construct, id: string, props: VpcPeeringProps) {
    super(scope, id);
    const { requester, accepter } = props;
    checkApart({ name: requester.vpcId, ...requester }, { name: accepter.vpcId, ...accepter });
    const places: Places = {
      here: whereaboutsOf(this),
      requester: requester._whereabouts(this),
      accepter: accepter._whereabouts(this),
    };
    checkPlaces(this.node.path, props, places);
    const connection = connect(this, props, places);
    this.vpcPeeringConnectionId = connection.id;
    for (const each of ["requester", "accepter"] as const) furnish(this, each, props, places, connection);
    new CfnOutput(this, "VpcPeeringConnectionId", { value: connection.id });
    const foreign = (["requester", "accepter"] as const).find(
      (each) => ownScope(this, props[each], places[each]) === undefined,
    );
    if (foreign !== undefined && props.handOver !== false) {
      const { id: connectionId, pending: accepts } = connection;
      const setsOption = optionRole(foreign, props, places) === undefined;
      const told = {
        side: props[foreign],
        other: props[otherThan(foreign)],
        role: foreign,
        place: places[foreign],
        setsOption,
      };
      this.handOverSheet = new HandOverSheet(
        this,
        "HandOver",
        vpcPeeringHandOver(this, { ...told, connectionId, accepts }),
      );
    }
  }
}

export type Role = "requester" | "accepter";

export interface Places extends Readonly<Record<Role, Whereabouts>> {
  readonly here: Whereabouts;
}

interface Connection {
  readonly id: string;
  /** What is active when this has been deployed. */
  readonly made: IDependable;
  /** True when the other side has to accept yet. */
  readonly pending: boolean;
}

function checkPlaces(
  path: string,
  { vpcPeeringConnectionId, referenceSecurityGroups }: VpcPeeringProps,
  places: Places,
): void {
  const own: Role = vpcPeeringConnectionId === undefined ? "requester" : "accepter";
  if (!inSamePlace(places[own], places.here)) {
    const { ownerId, region } = places[own];
    throw new DesignError(
      `${path}: its ${own} is in ${ownerId}, ${region}: define it in a stack of that account and Region.`,
    );
  }
  if (referenceSecurityGroups === true && places.requester.region !== places.accepter.region) {
    throw new DesignError(
      `${path}: groups of another Region cannot be referenced. Leave referenceSecurityGroups away.`,
    );
  }
}

function connect(scope: VpcPeering, props: VpcPeeringProps, places: Places): Connection {
  const { requester, accepter, peerRoleArn, vpcPeeringConnectionId, name = scope.node.path } = props;
  const arn = (resource: string): string => ec2Arn(scope, places.here, resource);
  if (vpcPeeringConnectionId !== undefined) {
    const resource = new ProviderResource(scope, "Acceptance", {
      resourceType: "Custom::VpcPeeringConnectionAcceptance",
      properties: {
        Region: places.accepter.region,
        VpcPeeringConnectionId: vpcPeeringConnectionId,
        VpcId: accepter.vpcId,
        EndOnDelete: String(props.endOnDelete ?? true),
      },
      statements: [
        describeConnections,
        {
          actions: [
            "ec2:AcceptVpcPeeringConnection",
            "ec2:RejectVpcPeeringConnection",
            "ec2:DeleteVpcPeeringConnection",
          ],
          resources: [arn(`vpc-peering-connection/${vpcPeeringConnectionId}`), arn(`vpc/${accepter.vpcId}`)],
        },
      ],
    });
    return { id: resource.text("VpcPeeringConnectionId"), made: resource, pending: false };
  }
  if (inSameAccount(places.accepter, places.here) || peerRoleArn !== undefined) {
    const connection = new ec2.CfnVPCPeeringConnection(scope, "Resource", {
      vpcId: requester.vpcId,
      peerVpcId: accepter.vpcId,
      peerOwnerId: places.accepter.ownerId,
      peerRegion: places.accepter.region,
      ...(peerRoleArn !== undefined && { peerRoleArn }),
      tags: [{ key: "Name", value: name }],
    });
    return { id: connection.attrId, made: connection, pending: false };
  }
  const resource = new ProviderResource(scope, "Request", {
    resourceType: "Custom::VpcPeeringConnectionRequest",
    properties: {
      Region: places.requester.region,
      VpcId: requester.vpcId,
      PeerVpcId: accepter.vpcId,
      PeerOwnerId: places.accepter.ownerId,
      PeerRegion: places.accepter.region,
      Name: name,
    },
    statements: [
      describeConnections,
      {
        actions: ["ec2:CreateVpcPeeringConnection"],
        resources: [arn(`vpc/${requester.vpcId}`), arn("vpc-peering-connection/*")],
      },
      {
        // Which connection it will be, is not known before; which VPC's, is.
        actions: ["ec2:DeleteVpcPeeringConnection"],
        resources: [arn("vpc-peering-connection/*")],
        conditions: { ArnEquals: { "ec2:RequesterVpc": arn(`vpc/${requester.vpcId}`) } },
      },
      { actions: ["ec2:CreateTags"], resources: [arn("vpc-peering-connection/*")], conditions: whenCreating },
    ],
  });
  return { id: resource.text("VpcPeeringConnectionId"), made: resource, pending: true };
}

const describeConnections = { actions: ["ec2:DescribeVpcPeeringConnections"], resources: ["*"] };
const whenCreating = { StringEquals: { "ec2:CreateAction": "CreateVpcPeeringConnection" } };

/** Where a side's own things are defined; undefined where the side is not ours. */
function ownScope(connection: Construct, side: NetworkSide, place: Whereabouts): Construct | undefined {
  const { scope } = side._options;
  if (scope !== undefined) {
    if (inSamePlace(whereaboutsOf(scope), place)) return scope;
    throw new DesignError(`${scope.node.path}: not in ${place.ownerId}, ${place.region}, where ${side.vpcId} is.`);
  }
  return inSamePlace(whereaboutsOf(connection), place) ? connection : undefined;
}

function furnish(
  peering: VpcPeering,
  role: Role,
  props: VpcPeeringProps,
  places: Places,
  connection: Connection,
): void {
  const otherRole = otherThan(role);
  const [side, other] = [props[role], props[otherRole]];
  const prefix = role === "requester" ? "Requester" : "Accepter";
  const scope = ownScope(peering, side, places[role]);
  if (scope === undefined) {
    // Nothing of ours is there, but an option can be set from here: in another Region of the account, or by the role. [PX-42]
    const by = optionRole(role, props, places);
    if (by !== undefined) addDnsOption(peering, prefix, side, { place: places[role], connection, role, ...by });
    return;
  }
  const inside = scope === peering ? peering : new Construct(scope, `${peering.node.id}${prefix}`);
  addRoutes(inside, `${prefix}Route`, {
    tables: side._routeTables,
    destinations: other.cidrBlocks,
    target: { vpcPeeringConnectionId: connection.id },
  });
  const otherOwnerId = places[otherRole].ownerId;
  const byGroup = props.referenceSecurityGroups ?? false;
  // A group of another VPC is known while the connection is active. In another stack the routes' reference to it comes first.
  const after = byGroup && Stack.of(inside) === Stack.of(peering) ? connection.made : undefined;
  addSideRules(inside, `${prefix}Rule`, { side, other, otherOwnerId, byGroup, after });
  addDnsOption(inside, prefix, side, { place: places[role], connection, role });
}

/** As whom the provider sets a side's option from the connection's stack; undefined where it may not. */
function optionRole(
  role: Role,
  { peerRoleArn }: VpcPeeringProps,
  places: Places,
): { readonly roleArn?: string } | undefined {
  if (inSameAccount(places[role], places.here)) return {};
  return role === "accepter" && peerRoleArn !== undefined ? { roleArn: peerRoleArn } : undefined;
}

interface DnsOption {
  readonly roleArn?: string;
  readonly place: Whereabouts;
  readonly connection: Connection;
  readonly role: Role;
}

/** Only of an active connection, each side's by its account and in its Region. [PX-42, PX-43] */
function addDnsOption(
  scope: Construct,
  prefix: string,
  side: NetworkSide,
  { place, connection, role, roleArn }: DnsOption,
): void {
  const { allowDnsResolutionFromRemoteVpc: allow } = side._options;
  if (allow === undefined || connection.pending) return;
  new ProviderResource(scope, `${prefix}Options`, {
    resourceType: "Custom::VpcPeeringConnectionOptions",
    properties: {
      Region: place.region,
      VpcPeeringConnectionId: connection.id,
      Side: role,
      AllowDnsResolutionFromRemoteVpc: String(allow),
      ...(roleArn !== undefined && { RoleArn: roleArn }),
    },
    statements:
      roleArn === undefined
        ? [
            describeConnections,
            {
              actions: ["ec2:ModifyVpcPeeringConnectionOptions"],
              resources: [ec2Arn(scope, place, `vpc-peering-connection/${connection.id}`)],
            },
          ]
        : [{ actions: ["sts:AssumeRole"], resources: [roleArn] }],
  });
}

const otherThan = (role: Role): Role => (role === "requester" ? "accepter" : "requester");
