/** Where the agent's packets start: the primary interface of its instance. */
import type { NetworkInterface, NetworkModelIndex } from "../../../../model/index.ts";

export interface AgentSource {
  readonly instanceId: string;
  readonly networkInterface: NetworkInterface;
  /** Its primary private address. */
  readonly address: string;
  readonly publicIp: string | undefined;
}

/** undefined while the instance has no interface attached. */
export function agentSource(network: NetworkModelIndex, instanceId: string): AgentSource | undefined {
  const instance = network.instance(instanceId);
  const networkInterface = instance && network.networkInterfacesOf(instance.instanceId)[0];
  const primary = networkInterface?.privateAddresses.find((each) => each.primary);
  if (networkInterface === undefined || primary === undefined) return undefined;
  return { instanceId, networkInterface, address: primary.address, publicIp: primary.publicIp };
}
