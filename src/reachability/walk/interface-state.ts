/**
 * An interface lets a packet pass when it is attached to something that runs [IN-1, RT-12], and when the packet is from or for one of its own
 * addresses, unless the source/destination check is off [AD-53].
 */
import { type NetworkInterface, privateAddressesOf } from "../../model/index.ts";
import type { Reason, UnknownComponent } from "../explanation.ts";
import type { PreparedModel } from "../prepared-model.ts";
import type { StepHop, WalkContext } from "./position.ts";
import { unknownComponent } from "./unknown-component.ts";

/** `address` is what the check looks at: the source of a packet that leaves, the destination of one that comes. */
export function interfaceHop(
  { prepared }: WalkContext,
  networkInterface: NetworkInterface,
  direction: "egress" | "ingress",
  address: string,
): StepHop {
  const { networkInterfaceId: component, vpcId, subnetId, sourceDestCheck } = networkInterface;
  const { state, blocked, unknown } = interfaceState(prepared, networkInterface);
  const isForeign = sourceDestCheck && !privateAddressesOf(networkInterface).includes(address);
  const reason = blocked ?? (isForeign ? ({ code: "ENI_SOURCE_DEST_CHECK_RESTRICTION" } as const) : undefined);
  return {
    kind: "network-interface",
    component,
    direction,
    vpcId,
    subnetId,
    ...(state !== undefined && { decision: { by: "state", state } }),
    ...(reason !== undefined && { blocked: reason }),
    ...(unknown !== undefined && { unknown }),
  };
}

interface InterfaceState {
  readonly blocked?: Reason;
  readonly unknown?: UnknownComponent;
  readonly state?: string;
}

/** A service's interface (a load balancer's, an endpoint's) is up as long as it is attached. */
function interfaceState(prepared: PreparedModel, { networkInterfaceId, attachment }: NetworkInterface): InterfaceState {
  const natGateway = prepared.natGatewayOf(networkInterfaceId);
  if (natGateway !== undefined) return inState(natGateway.state, "available");
  if (attachment === undefined) return { blocked: { code: "UNASSOCIATED_COMPONENT" } };
  const { instanceId } = attachment;
  if (instanceId === undefined) return {};
  const instance = prepared.index.instance(instanceId);
  if (instance !== undefined) return inState(instance.state, "running");
  return { unknown: unknownComponent(prepared, instanceId, "the instance is not in the model") };
}

function inState(state: string, good: string): InterfaceState {
  return state === good ? { state } : { state, blocked: { code: "BAD_STATE", state } };
}
