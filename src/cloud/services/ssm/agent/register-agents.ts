/**
 * An agent that gets through registers its instance, which Systems Manager remembers from then on: when it gets through no more, its
 * connection is lost, where an instance that was never heard of is not there at all.
 */
import type { NetworkModel } from "../../../../model/index.ts";
import type { VersionedView } from "../../../state/state.ts";
import type { TableName } from "../../../state/tables.ts";
import type { Background } from "../../action.ts";
import { readAgents } from "./agents.ts";

/** What an agent depends on besides the network. */
const watched: readonly TableName[] = ["instance", "instanceProfile", "role", "policy", "vpcEndpoint"];

/** A function that registers those who have come online; called after every change, it looks only when something can be new. */
export function agentRegistry(
  view: VersionedView,
  model: () => NetworkModel,
  transact: Background["transact"],
): () => void {
  let seen = "";
  let seenModel: NetworkModel | undefined;
  return () => {
    const versions = watched.map((table) => view.version(table)).join();
    const network = model();
    if (versions === seen && network === seenModel) return;
    seen = versions;
    seenModel = network;
    const unknown = view
      .by("instance", "agent", "possible")
      .filter(({ InstanceId }) => view.get("managedInstance", InstanceId) === undefined);
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
