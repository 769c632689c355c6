/** VPC peerings, asked for and accepted. */
import { indexNetworkModel } from "../../../model/index.ts";
import type { AppliedKinds } from "./applied-kinds.ts";
import { editModel } from "./edit-model.ts";
import { activateRoutes } from "./route-states.ts";

export const applyPeeringChanges: AppliedKinds<"create-vpc-peering-connection" | "accept-vpc-peering-connection"> = {
  "create-vpc-peering-connection": (model, change) => {
    const { vpcPeeringConnectionId, ownerId, region, vpcId, peerOwnerId, peerRegion, peerVpcId } = change;
    const option = { allowDnsResolutionFromRemoteVpc: false };
    const peering = {
      vpcPeeringConnectionId,
      statusCode: "pending-acceptance",
      requester: { ownerId, region, vpcId, ...option },
      accepter: { ownerId: peerOwnerId, region: peerRegion, vpcId: peerVpcId, ...option },
    } as const;
    return { ...model, vpcPeeringConnections: [...model.vpcPeeringConnections, peering] };
  },

  "accept-vpc-peering-connection": (model, { vpcPeeringConnectionId: id }) => {
    if (indexNetworkModel(model).vpcPeeringConnection(id)?.statusCode !== "pending-acceptance") return model;
    const accepted = editModel(model, "vpcPeeringConnections", (each) =>
      each.vpcPeeringConnectionId === id ? { ...each, statusCode: "active" } : each,
    );
    return activateRoutes(
      accepted,
      (target) => target.kind === "vpc-peering-connection" && target.vpcPeeringConnectionId === id,
    );
  },
};
