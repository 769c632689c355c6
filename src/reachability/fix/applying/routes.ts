/** Routes of VPCs, made, replaced and deleted. */
import { type Cidr, indexNetworkModel, type NetworkModel, type Route } from "../../../model/index.ts";
import type { ChangeOf } from "../network-change.ts";
import type { AppliedKinds } from "./applied-kinds.ts";
import { editModel } from "./edit-model.ts";
import { stateOfNewRoute } from "./route-states.ts";

export const applyRouteChanges: AppliedKinds<"create-route" | "replace-route" | "delete-route"> = {
  "create-route": setRoute,
  "replace-route": setRoute,
  "delete-route": (model, { routeTableId, destination }) =>
    editModel(model, "routeTables", (table) =>
      table.routeTableId === routeTableId ? { ...table, routes: table.routes.filter(isOther(destination)) } : table,
    ),
};

function setRoute(
  model: NetworkModel,
  { routeTableId, destination, target }: ChangeOf<"create-route" | "replace-route">,
): NetworkModel {
  const table = indexNetworkModel(model).routeTable(routeTableId);
  const state = table === undefined ? undefined : stateOfNewRoute(model, table.vpcId, target);
  if (state === undefined) return model;
  return editModel(model, "routeTables", (each) => {
    if (each.routeTableId !== routeTableId) return each;
    const others = each.routes.filter(isOther(destination));
    const route = { destination: { kind: "cidr", cidr: destination }, target, state, origin: "CreateRoute" } as const;
    return { ...each, routes: [...others, route] };
  });
}

/** A propagated route for the same destination stays beside the static one, which wins. [RT-26] */
function isOther(destination: Cidr) {
  return ({ destination: to, origin }: Route) =>
    to.kind !== "cidr" ||
    to.cidr !== destination ||
    origin === "EnableVgwRoutePropagation" ||
    origin === "Advertisement";
}
