/** An intent as a question for the engine: what a stack has made is known by its physical id now. */
import type { Flow, FlowEnd, FlowTraffic, Intent, IntentEnd } from "../../reachability/index.ts";
import type { StackKey } from "../stacks.ts";

/** The physical id of what a stack of the app has made; undefined when it is not there. */
export type PhysicalIdOf = (artifactId: StackKey, logicalId: string) => string | undefined;

export type IntentFlow =
  | { readonly kind: "flow"; readonly flow: Flow }
  /** Why it cannot be asked. */
  | { readonly kind: "unclear"; readonly reason: string };

export function flowOf({ from, to, traffic, family }: Intent, physicalIdOf: PhysicalIdOf): IntentFlow {
  const source = endOf(from, physicalIdOf);
  const destination = endOf(to, physicalIdOf);
  if (typeof source === "string") return { kind: "unclear", reason: source };
  if (typeof destination === "string") return { kind: "unclear", reason: destination };
  return { kind: "flow", flow: { source, destination, traffic, ...(family !== undefined && { family }) } };
}

/** The end; or, as text, why there is none. */
function endOf(end: IntentEnd, physicalIdOf: PhysicalIdOf): FlowEnd | string {
  switch (end.kind) {
    case "internet":
      return { kind: "internet" };
    case "address":
      return addressEnd(end.address, end.vpcId);
    case "id":
      return byId(end.id);
    case "resource": {
      const id = physicalIdOf(end.artifactId, end.logicalId);
      return id === undefined ? `${end.logicalId} of ${end.artifactId} is not there` : byId(id);
    }
  }
}

function byId(id: string): FlowEnd | string {
  if (begins(id, "i-")) return { kind: "instance", instanceId: id };
  if (begins(id, "eni-")) return { kind: "network-interface", networkInterfaceId: id };
  return `${id} is neither an instance nor a network interface: packets have no end there`;
}

function addressEnd(address: string, vpcId: string | undefined): FlowEnd | string {
  if (vpcId === undefined) return { kind: "address", address };
  return begins(vpcId, "vpc-") ? { kind: "address", address, vpcId } : `${vpcId} is no id of a VPC`;
}

function begins<Prefix extends string>(id: string, prefix: Prefix): id is `${Prefix}${string}` {
  return id.startsWith(prefix);
}

/** `icmp`, `icmp/3/4`, `tcp/443`, `50`: as a person types it for `causeway explain`. */
export function trafficText(traffic: FlowTraffic): string {
  if (traffic.protocol === "icmp") {
    const { type, code } = traffic;
    return ["icmp", ...(type === undefined ? [] : [type, ...(code === undefined ? [] : [code])])].join("/");
  }
  return "port" in traffic ? `${traffic.protocol}/${traffic.port}` : String(traffic.protocol);
}
