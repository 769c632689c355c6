/** DeleteVpc: what stands in its way, and what goes with it. [AD-37, PX-30] */
import type { DeleteVpcCommandInput, DeleteVpcCommandOutput } from "@aws-sdk/client-ec2";
import { dependencyViolation } from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { named } from "../required.ts";
import { mainRouteTable } from "../route-table/local-routes.ts";
import { forgetTags } from "../tag/tags.ts";
import { hasEnded } from "../transit-gateway-attachment/states.ts";
import { blockingPeering, endPeeringsOf } from "../vpc-peering-connection/vpc-deletion.ts";
import { vpcDescription } from "./describe.ts";
import type { VpcRecord } from "./record.ts";

export const deleteVpc: Action<DeleteVpcCommandInput, DeleteVpcCommandOutput> = (input, context) => {
  const vpc = named(vpcDescription, "VpcId", input.VpcId, context);
  if (hasDependencies(context, vpc)) {
    throw dependencyViolation(`The vpc '${vpc.VpcId}' has dependencies and cannot be deleted.`);
  }
  endPeeringsOf(context, vpc.VpcId);
  const { RouteTableId } = mainRouteTable(context, vpc.VpcId);
  context.delete("routeTable", RouteTableId);
  forgetTags(context, RouteTableId);
  // Only the default ones are left.
  for (const { NetworkAclId } of context.by("networkAcl", "vpc", vpc.VpcId)) {
    context.delete("networkAcl", NetworkAclId);
    forgetTags(context, NetworkAclId);
  }
  for (const group of context.by("securityGroup", "vpc", vpc.VpcId)) {
    context.delete("securityGroup", group.GroupId);
    for (const id of [group.GroupId, ...group.Rules.map((rule) => rule.SecurityGroupRuleId)]) forgetTags(context, id);
  }
  context.delete("vpc", vpc.VpcId);
  forgetTags(context, vpc.VpcId);
  return {};
};

function hasDependencies(context: ActionContext, { VpcId }: VpcRecord): boolean {
  return (
    context.by("subnet", "vpc", VpcId).length > 0 ||
    context.by("internetGateway", "vpc", VpcId).length > 0 ||
    context.by("egressOnlyInternetGateway", "vpc", VpcId).length > 0 ||
    context.by("natGateway", "vpc", VpcId).some(({ State }) => State !== "deleted" && State !== "failed") ||
    context.by("networkInterface", "vpc", VpcId).length > 0 ||
    context.by("vpcEndpoint", "vpc", VpcId).some(({ State }) => State !== "deleted") ||
    // One that waits for its acceptance has no interface yet.
    context.by("transitGatewayVpcAttachment", "vpc", VpcId).some((attachment) => !hasEnded(attachment)) ||
    context.by("securityGroup", "vpc", VpcId).some(({ GroupName }) => GroupName !== "default") ||
    context.by("routeTable", "vpc", VpcId).length > 1 ||
    context.by("networkAcl", "vpc", VpcId).some(({ IsDefault }) => !IsDefault) ||
    blockingPeering(context, VpcId) !== undefined
  );
}
