/** The question that a person types: two ends by id, Name tag, address or `internet`, and what kind of packet. */
import { canonicalAddress } from "../../ip/index.ts";
import { findByText, indexNetworkModel, type NetworkModel } from "../../model/index.ts";
import type { Flow, FlowEnd, FlowTraffic } from "../../reachability/index.ts";
import { resourceNamed } from "../endpoints.ts";
import { UserError } from "../user-error.ts";

/** Throws a `UserError` for a word that means nothing, or several things. */
export function flowFromWords(
  model: NetworkModel,
  {
    from,
    to,
    flow,
    ipv6,
  }: { readonly from: string; readonly to: string; readonly flow: string; readonly ipv6: boolean },
): Flow {
  return {
    source: endFrom(model, from),
    destination: endFrom(model, to),
    traffic: trafficFrom(flow),
    ...(ipv6 && { family: "ipv6" }),
  };
}

function endFrom(model: NetworkModel, text: string): FlowEnd {
  if (text === "internet") return { kind: "internet" };
  const address = canonicalAddress(text);
  // An address that several hold, or nobody does, is judged as it is.
  if (address !== undefined && findByText(model, text).outcome !== "found") return { kind: "address", address };
  // A gateway, an endpoint, a load balancer that the snapshot's source named, and this version cannot follow.
  if (indexNetworkModel(model).unknownReason(text) !== undefined) return { kind: "other", id: text };
  const what = "instance, interface or address";
  const { kind, id } = resourceNamed(model, text, ["instance", "network-interface"], what);
  const index = indexNetworkModel(model);
  const networkInterface = kind === "network-interface" ? index.networkInterface(id) : undefined;
  if (networkInterface !== undefined) {
    return { kind: "network-interface", networkInterfaceId: networkInterface.networkInterfaceId };
  }
  const instance = index.instance(id);
  if (instance === undefined) throw new Error(`bug: ${id} was found, and is not there`);
  // The address that was typed counts, not the instance's first one.
  const holder = address === undefined ? undefined : index.networkInterfaceAt(instance.vpcId, address);
  if (address !== undefined && holder !== undefined) return { kind: "address", address, vpcId: holder.vpcId };
  return { kind: "instance", instanceId: instance.instanceId };
}

/** `icmp`, `icmp/8/0`, `tcp/443`, `udp/53`, or the number of a protocol. */
export function trafficFrom(text: string): FlowTraffic {
  const [protocol = "", ...numbers] = text.split("/");
  const [first, second] = numbers.map(Number);
  const whole = (value: number | undefined, least: number, most: number): value is number =>
    value !== undefined && Number.isInteger(value) && value >= least && value <= most;
  if (protocol === "icmp" && numbers.length <= 2 && numbers.every((_, at) => whole(Number(numbers[at]), 0, 255))) {
    return {
      protocol,
      ...(first !== undefined && { type: first }),
      ...(second !== undefined && { code: second }),
    };
  }
  if ((protocol === "tcp" || protocol === "udp") && numbers.length === 1 && whole(first, 1, 65_535)) {
    return { protocol, port: first };
  }
  if (/^\d+$/.test(text) && whole(Number(text), 0, 255)) return { protocol: Number(text) };
  throw new UserError(
    "FLOW",
    `'${text}' is not a flow.`,
    "Write icmp, icmp/8/0 (type and code), tcp/443, udp/53, or the number of a protocol such as 50.",
  );
}
