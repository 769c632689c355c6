/** Internet gateways, and the public addresses that need one. */
import { indexNetworkModel } from "../../../model/index.ts";
import type { AppliedKinds } from "./applied-kinds.ts";
import { editModel } from "./edit-model.ts";
import { activateRoutes } from "./route-states.ts";

export const applyGatewayChanges: AppliedKinds<
  "create-internet-gateway" | "attach-internet-gateway" | "associate-address"
> = {
  "create-internet-gateway": (model, { ownerId, region, internetGatewayId }) => ({
    ...model,
    internetGateways: [...model.internetGateways, { ownerId, region, internetGatewayId }],
  }),

  "attach-internet-gateway": (model, { internetGatewayId, vpcId }) => {
    const index = indexNetworkModel(model);
    // One to each, both ways. [IG-1]
    if (index.internetGateway(internetGatewayId)?.vpcId !== undefined || index.internetGatewayOf(vpcId) !== undefined)
      return model;
    const attached = editModel(model, "internetGateways", (each) =>
      each.internetGatewayId === internetGatewayId ? { ...each, vpcId } : each,
    );
    return activateRoutes(
      attached,
      (target, at) =>
        target.kind === "internet-gateway" && target.internetGatewayId === internetGatewayId && at === vpcId,
    );
  },

  "associate-address": (model, { networkInterfaceId, privateAddress, publicIp }) => {
    const index = indexNetworkModel(model);
    const networkInterface = index.networkInterface(networkInterfaceId);
    // Refused in a VPC without an internet gateway. [EI-1]
    if (networkInterface === undefined || index.internetGatewayOf(networkInterface.vpcId) === undefined) return model;
    return editModel(model, "networkInterfaces", (each) =>
      each === networkInterface
        ? {
            ...each,
            privateAddresses: each.privateAddresses.map((own) =>
              own.address === privateAddress ? { ...own, publicIp } : own,
            ),
          }
        : each,
    );
  },
};
