/** Instances that are started, and interfaces that are let forward. */
import { indexNetworkModel } from "../../../model/index.ts";
import type { AppliedKinds } from "./applied-kinds.ts";
import { editModel } from "./edit-model.ts";
import { activateRoutes } from "./route-states.ts";

export const applyInstanceChanges: AppliedKinds<"start-instances" | "modify-network-interface-attribute"> = {
  "start-instances": (model, { instanceId }) => {
    if (indexNetworkModel(model).instance(instanceId)?.state !== "stopped") return model;
    const started = editModel(model, "instances", (each) =>
      each.instanceId === instanceId ? { ...each, state: "running" } : each,
    );
    const own = indexNetworkModel(model)
      .networkInterfacesOf(instanceId)
      .map(({ networkInterfaceId }) => networkInterfaceId as string);
    return activateRoutes(
      started,
      (target) => target.kind === "network-interface" && own.includes(target.networkInterfaceId),
    );
  },

  "modify-network-interface-attribute": (model, { networkInterfaceId, sourceDestCheck }) =>
    editModel(model, "networkInterfaces", (each) =>
      each.networkInterfaceId === networkInterfaceId ? { ...each, sourceDestCheck } : each,
    ),
};
