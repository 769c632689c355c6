/** AWS::EC2::VPCPeeringConnection, which CloudFormation accepts where it may; and what our provider does about connections. */
import type { VpcPeeringConnection, VpcPeeringConnectionId } from "../../../../model/index.ts";
import { isUnknownValue } from "../../template/index.ts";
import { type Given, NotTold, needed } from "../given.ts";
import { change, type NetworkDraft, nameOf, place } from "../network-draft.ts";
import type { StackResource } from "../read-stacks.ts";
import { deployingAccount } from "../template-stack.ts";
import type { NetworkType } from "./network-type.ts";

export const vpcPeeringConnectionType: NetworkType = {
  name: "AWS::EC2::VPCPeeringConnection",
  prefix: "pcx",
  idAttributes: ["Id"],
  build(resource, draft) {
    const { accountId } = resource.stack;
    if (
      ownerOf(resource.properties(), accountId) !== accountId &&
      resource.properties().raw("PeerRoleArn") === undefined
    )
      throw new NotTold("it waits for another account, whose acceptance needs PeerRoleArn: its stack would fail");
    addConnection(resource, draft, "active");
  },
};

/** Asked for without a role in the other account: who owns the other VPC has to accept. */
export const vpcPeeringConnectionRequestType: NetworkType = {
  name: "Custom::VpcPeeringConnectionRequest",
  prefix: "pcx",
  idAttributes: ["VpcPeeringConnectionId"],
  build: (resource, draft) => addConnection(resource, draft, "pending-acceptance"),
};

export const vpcPeeringConnectionAcceptanceType: NetworkType = {
  name: "Custom::VpcPeeringConnectionAcceptance",
  ref: (resource) => resource.properties().raw("VpcPeeringConnectionId"),
  attribute: (resource, name) =>
    name === "VpcPeeringConnectionId" ? resource.properties().raw("VpcPeeringConnectionId") : undefined,
  touches: connectionOf,
  build(resource, draft) {
    for (const id of connectionOf(resource)) {
      change<VpcPeeringConnection>(draft.vpcPeeringConnections, id, (connection) => ({
        ...connection,
        statusCode: "active",
      }));
    }
  },
};

/** What names resolve to is nothing that packets are judged by. */
export const vpcPeeringConnectionOptionsType: NetworkType = {
  name: "Custom::VpcPeeringConnectionOptions",
  build(resource, draft) {
    const given = resource.properties();
    const side = given.text("Side") === "accepter" ? "accepter" : "requester";
    const allowDnsResolutionFromRemoteVpc = given.boolean("AllowDnsResolutionFromRemoteVpc") ?? false;
    for (const id of connectionOf(resource)) {
      change<VpcPeeringConnection>(draft.vpcPeeringConnections, id, (connection) => ({
        ...connection,
        [side]: { ...connection[side], allowDnsResolutionFromRemoteVpc },
      }));
    }
  },
};

function connectionOf(resource: StackResource): readonly VpcPeeringConnectionId[] {
  const id = resource.properties().id("VpcPeeringConnectionId", "pcx");
  return id === undefined ? [] : [id];
}

function addConnection(
  resource: StackResource,
  draft: NetworkDraft,
  statusCode: VpcPeeringConnection["statusCode"],
): void {
  const given = resource.properties();
  const { accountId, region } = resource.stack;
  const vpcId = needed("VpcId", given.id("VpcId", "vpc"));
  const peerVpcId = needed("PeerVpcId", given.id("PeerVpcId", "vpc"));
  const id = resource.id("pcx");
  const side = { allowDnsResolutionFromRemoteVpc: false };
  draft.vpcPeeringConnections.set(id, {
    vpcPeeringConnectionId: id,
    name: nameOf(resource),
    statusCode,
    requester: { ...side, ownerId: accountId, region, vpcId },
    accepter: {
      ...side,
      ownerId: ownerOf(given, accountId),
      region: regionOr(given, region),
      vpcId: peerVpcId,
    },
  });
  place(draft, id, resource);
}

function ownerOf(given: Given, own: string): string {
  const raw = given.raw("PeerOwnerId");
  return isUnknownValue(raw) ? deployingAccount : (given.text("PeerOwnerId") ?? own);
}

function regionOr(given: Given, own: string): string {
  const raw = given.raw("PeerRegion");
  return isUnknownValue(raw) ? own : (given.text("PeerRegion") ?? own);
}
