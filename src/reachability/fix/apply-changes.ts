/**
 * The model as AWS would show it after changes: each with what follows from it (an accepted peering makes its routes active, an enabled
 * propagation brings routes). What AWS would refuse, because a change before it is missing, changes nothing.
 */
import type { NetworkModel } from "../../model/index.ts";
import type { AppliedKinds } from "./applying/applied-kinds.ts";
import { applyGatewayChanges } from "./applying/gateways.ts";
import { applyInstanceChanges } from "./applying/instances.ts";
import { applyPeeringChanges } from "./applying/peerings.ts";
import { applyRouteChanges } from "./applying/routes.ts";
import { applyRuleChanges } from "./applying/rules.ts";
import { applyTransitGatewayChanges } from "./applying/transit-gateways.ts";
import type { ChangeKind, NetworkChange } from "./network-change.ts";

/** A new kind of change does not compile until it can be applied. */
const applications: AppliedKinds<ChangeKind> = {
  ...applyInstanceChanges,
  ...applyPeeringChanges,
  ...applyGatewayChanges,
  ...applyTransitGatewayChanges,
  ...applyRouteChanges,
  ...applyRuleChanges,
};

/** Pure: the model that is given stays as it is. */
export function applyChanges(model: NetworkModel, changes: readonly NetworkChange[]): NetworkModel {
  return changes.reduce(applyOne, model);
}

function applyOne(model: NetworkModel, change: NetworkChange): NetworkModel {
  const application: (model: NetworkModel, change: never) => NetworkModel = applications[change.kind];
  // The table pairs each kind with its application; the compiler cannot follow that through the look-up.
  return application(model, change as never);
}
