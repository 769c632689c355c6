/** The routes of a side to the other side's blocks: one in each of its tables for each block. */
import * as ec2 from "aws-cdk-lib/aws-ec2";
import type { Construct, IDependable } from "constructs";
import { blockKey, isIpv6 } from "./blocks.ts";
import type { RouteTableOfSide } from "./network-side.ts";

export type RouteTarget = { readonly vpcPeeringConnectionId: string } | { readonly transitGatewayId: string };

export interface RoutesProps {
  readonly tables: readonly RouteTableOfSide[];
  readonly destinations: readonly string[];
  readonly target: RouteTarget;
  /** What has to be there before, when the target's id does not say so. */
  readonly after?: IDependable;
}

export function addRoutes(
  scope: Construct,
  prefix: string,
  { tables, destinations, target, after }: RoutesProps,
): void {
  for (const { key, routeTableId } of tables) {
    for (const destination of destinations) {
      const route = new ec2.CfnRoute(scope, `${prefix}${key}To${blockKey(destination, destinations)}`, {
        routeTableId,
        ...(isIpv6(destination) ? { destinationIpv6CidrBlock: destination } : { destinationCidrBlock: destination }),
        ...target,
      });
      if (after !== undefined) route.node.addDependency(after);
    }
  }
}
