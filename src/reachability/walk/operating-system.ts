/** By which of its interfaces an instance sends, as Amazon Linux sets itself up. What another system does is not in any model. */
import { contains, familyOf } from "../../ip/index.ts";
import type { Address, InstanceId, NetworkInterface } from "../../model/index.ts";
import { privateAddressesOf } from "../../model/index.ts";
import type { PreparedModel } from "../prepared-model.ts";

/**
 * A packet of its own goes out by the secondary interface that holds its source; everything else by the interface in whose subnet the
 * destination lies, or else by the primary one.
 */
export function leavingInterface(
  prepared: PreparedModel,
  instanceId: InstanceId,
  destination: Address,
  source?: Address,
): NetworkInterface | undefined {
  const [primary, ...others] = prepared.index.networkInterfacesOf(instanceId);
  if (primary === undefined || others.length === 0) return primary;
  const holder = source === undefined ? undefined : others.find((each) => privateAddressesOf(each).includes(source));
  return holder ?? others.find((each) => isConnected(prepared, each, primary, destination)) ?? primary;
}

/** Whether the interface has been given the address, or another interface of the same instance. */
export function holdsAddress(prepared: PreparedModel, networkInterface: NetworkInterface, address: Address): boolean {
  const holder = prepared.interfaceAt(networkInterface.vpcId, address);
  if (holder === networkInterface) return true;
  const instanceId = networkInterface.attachment?.instanceId;
  return instanceId !== undefined && holder?.attachment?.instanceId === instanceId;
}

function isConnected(
  { index, block, address }: PreparedModel,
  { subnetId }: NetworkInterface,
  primary: NetworkInterface,
  destination: Address,
): boolean {
  if (subnetId === primary.subnetId || familyOf(destination) === "ipv6") return false;
  const subnet = index.subnet(subnetId);
  return subnet !== undefined && contains(block(subnet.cidrBlock), address(destination));
}
