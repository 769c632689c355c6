/** Takes the global network away in the order that AWS wants, each thing until it says that it is gone. */

import { elements, text } from "../api/xml.ts";
import { attachmentState, managedPolicy, roleName, type SiteIds } from "./global-build.ts";
import { instanceState } from "./servers.ts";
import type { Scene } from "./stage.ts";

/** Ends with nothing left: no gateway, endpoint, instance, VPC or role. */
export async function takeAway(scene: Scene, sites: readonly SiteIds[], peeringId: string): Promise<void> {
  const [first] = sites;
  if (first?.gateway === undefined) throw new Error("bug: there is nothing to take away");
  const there = scene.in(first.site.region);
  await there.refused("DeleteTransitGateway", { TransitGatewayId: first.gateway.transitGatewayId }, "IncorrectState");

  for (const { site, gateway } of sites) {
    const other = sites.find((each) => each.site !== site);
    if (gateway === undefined || other === undefined) continue;
    await scene.in(site.region).aws("DeleteTransitGatewayRoute", {
      DestinationCidrBlock: other.site.cidr,
      TransitGatewayRouteTableId: gateway.transitGatewayRouteTableId,
    });
  }
  const ended = await there.aws("DeleteTransitGatewayPeeringAttachment", { TransitGatewayAttachmentId: peeringId });
  const endedState = text(ended, "transitGatewayPeeringAttachment", "state");
  await there.states(peeringId, endedState, () => attachmentState(there, peeringId), "deleted");

  for (const [index, ids] of sites.entries()) {
    const here = scene.in(ids.site.region);
    await takeSiteAway(index === 0 ? here : { ...here, aws: here.repeat, states: here.repeatStates }, ids);
    if (index === 0) scene.changed("The other Region likewise.");
  }
  await takeRoleAway({ ...scene, aws: scene.repeat });
  for (const { site, vpcId } of sites) await requireNothing(scene.in(site.region), vpcId);
  scene.changed("Nothing is left in either Region: no gateway, no endpoint, no instance, no VPC, no role.");
}

async function takeSiteAway(scene: Scene, ids: SiteIds): Promise<void> {
  const { vpcId, subnetId, groupIds, instanceId, endpointIds, gateway } = ids;
  const ending = await scene.aws("TerminateInstances", { InstanceIds: [instanceId] });
  const state = text(ending, "instancesSet", "item", "currentState", "name");
  await scene.states(instanceId, state, () => instanceState(scene, instanceId), "terminated");
  await scene.aws("DeleteVpcEndpoints", { VpcEndpointIds: endpointIds });
  await scene.awaitState(endpointIds.join(", "), () => endpointsLeft(scene, vpcId), "0");
  if (gateway !== undefined) await takeGatewayAway(scene, gateway);
  for (const GroupId of groupIds) await scene.aws("DeleteSecurityGroup", { GroupId });
  await scene.aws("DeleteSubnet", { SubnetId: subnetId });
  await scene.aws("DeleteVpc", { VpcId: vpcId });
}

async function takeGatewayAway(scene: Scene, gateway: NonNullable<SiteIds["gateway"]>): Promise<void> {
  const { transitGatewayId, attachmentId } = gateway;
  const detached = await scene.aws("DeleteTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: attachmentId });
  const state = text(detached, "transitGatewayVpcAttachment", "state");
  await scene.states(attachmentId, state, () => attachmentState(scene, attachmentId), "deleted");
  const deleted = await scene.aws("DeleteTransitGateway", { TransitGatewayId: transitGatewayId });
  await scene.states(
    transitGatewayId,
    text(deleted, "transitGateway", "state"),
    async () => {
      const answer = await scene.look("DescribeTransitGateways", { TransitGatewayIds: [transitGatewayId] });
      return text(answer, "transitGatewaySet", "item", "state");
    },
    "deleted",
  );
}

async function takeRoleAway(scene: Scene): Promise<void> {
  await scene.aws("iam:RemoveRoleFromInstanceProfile", { InstanceProfileName: roleName, RoleName: roleName });
  await scene.aws("iam:DeleteInstanceProfile", { InstanceProfileName: roleName });
  await scene.aws("iam:DetachRolePolicy", { RoleName: roleName, PolicyArn: managedPolicy });
  await scene.aws("iam:DeleteRole", { RoleName: roleName });
}

async function endpointsLeft(scene: Scene, vpcId: string): Promise<string> {
  const answer = await scene.look("DescribeVpcEndpoints", { Filters: [{ Name: "vpc-id", Values: [vpcId] }] });
  return String(elements(answer, "vpcEndpointSet", "item").length);
}

async function requireNothing(scene: Scene, vpcId: string): Promise<void> {
  const gateways = await scene.look("DescribeTransitGateways", {
    Filters: [{ Name: "state", Values: ["pending", "available", "modifying", "deleting"] }],
  });
  scene.require(elements(gateways, "transitGatewaySet", "item").length === 0, "A transit gateway is left.");
  const vpcs = await scene.look("DescribeVpcs", { Filters: [{ Name: "vpc-id", Values: [vpcId] }] });
  scene.require(elements(vpcs, "vpcSet", "item").length === 0, `${vpcId} is left.`);
}
