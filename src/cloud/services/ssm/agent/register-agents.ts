/**
 * An agent that gets through registers its instance, which Systems Manager remembers from then on: when it gets through no more, its
 * connection is lost, where an instance that was never heard of is not there at all.
 */
import type { NetworkModel } from "../../../../model/index.ts";
import type { VersionedView } from "../../../state/state.ts";
import type { TableName } from "../../../state/tables.ts";
import type { Background } from "../../action.ts";
import { readAgents } from "./agents.ts";

/** What an agent's role and its path depend on. */
const watched: readonly TableName[] = [
  "instance",
  "instanceProfile",
  "role",
  "policy",
  "vpcEndpoint",
  "vpc",
  "subnet",
  "routeTable",
  "networkAcl",
  "securityGroup",
  "networkInterface",
  "address",
  "internetGateway",
  "natGateway",
  "managedPrefixList",
];

/** A function that registers those who have come online; called after every change, it looks only when something can be new. */
export function agentRegistry(
  view: VersionedView,
  model: () => NetworkModel,
  transact: Background["transact"],
): () => void {
  let seen = "";
  return () => {
    const versions = watched.map((table) => view.version(table)).join();
    if (versions === seen) return;
    seen = versions;
    const unknown = view
      .by("instance", "agent", "possible")
      .filter(({ InstanceId }) => view.get("managedInstance", InstanceId) === undefined);
    // Before the network is asked for: with nobody to look for, no model has to be made of it.
    if (unknown.length === 0) return;
    const agents = readAgents(view, model);
    const online = unknown.filter((instance) => agents.isOnline(instance));
    if (online.length === 0) return;
    transact((transaction) => {
      for (const { OwnerId, Region, InstanceId } of online)
        transaction.put("managedInstance", { OwnerId, Region, CreatedAt: transaction.now, InstanceId });
    });
  };
}
