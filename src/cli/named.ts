/** What people call a resource. */
import { findByText, indexNetworkModel, type NetworkModel } from "../model/index.ts";

/** The id with its Name tag; an interface goes by the instance that it is attached to. */
export function nameOf(model: NetworkModel, id: string): string {
  const instanceId = indexNetworkModel(model).networkInterface(id)?.attachment?.instanceId;
  const found = findByText(model, instanceId ?? id);
  const name = found.outcome === "found" ? found.resource.name : undefined;
  return name === undefined ? id : `${id} (${name})`;
}
