/** Whether an interface sends and receives at all: it must be attached, and what it belongs to must run. [IN-1, RT-12] */
import type { NetworkInterface, Unknown } from "../../model/index.ts";
import type { Reason } from "../explanation.ts";
import type { PreparedModel } from "../prepared-model.ts";

export interface InterfaceState {
  readonly blocked?: Reason;
  readonly unknown?: Unknown;
  readonly state?: string;
}

/** A service's interface (a load balancer's, an endpoint's) is up as long as it is attached. */
export function interfaceState(
  { index, natGatewayOf }: PreparedModel,
  networkInterface: NetworkInterface,
): InterfaceState {
  const natGateway = natGatewayOf(networkInterface.networkInterfaceId);
  if (natGateway !== undefined) return inState(natGateway.state, "available");
  const { attachment } = networkInterface;
  if (attachment === undefined) return { blocked: { code: "UNASSOCIATED_COMPONENT" } };
  if (attachment.instanceId === undefined) return {};
  const instance = index.instance(attachment.instanceId);
  if (instance === undefined) {
    const id = attachment.instanceId;
    return { unknown: { id, reason: index.unknownReason(id) ?? "the instance is not in the model" } };
  }
  return inState(instance.state, "running");
}

function inState(state: string, good: string): InterfaceState {
  return state === good ? { state } : { state, blocked: { code: "BAD_STATE", state } };
}
