/**
 * The flows that a path asks about. What it leaves open (a port, who on the internet, which host behind a peering) may be anything: the path
 * is there when one of these gets through. What its ends cannot have by the path's own filters is explained at once.
 */
import type { Explanation as ApiExplanation, FilterPortRange } from "@aws-sdk/client-ec2";
import {
  indexNetworkModel,
  type NetworkInterface,
  type NetworkModel,
  type NetworkModelIndex,
  type VpcId,
} from "../../../../model/index.ts";
import { type FlowEnd, internetHost } from "../../../../reachability/index.ts";
import type { NetworkInsightsPathRecord } from "../network-insights-path/record.ts";

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export interface AskedFlows {
  readonly sources: readonly FlowEnd[];
  readonly destinations: readonly FlowEnd[];
  readonly ports: PortRange;
  readonly sourcePorts?: PortRange;
  /** The internet gateway at either end stands for every host on the internet. */
  readonly anyHost: boolean;
}

interface Refusal {
  readonly code: string;
  readonly end: string;
  readonly address?: string;
}

export type Asked = AskedFlows | { readonly refusal: ApiExplanation };

export type InterfacesOf = (vpcEndpointId: string) => readonly string[];

export function askedFlows(path: NetworkInsightsPathRecord, model: NetworkModel, interfacesOf: InterfacesOf): Asked {
  const index = indexNetworkModel(model);
  const { FilterAtSource: near = {}, FilterAtDestination: far = {} } = path;
  const isGateway = path.Source.startsWith("igw-");
  const fixedSource = near.SourceAddress ?? path.SourceIp ?? (isGateway ? far.SourceAddress : undefined);
  const fixedDestination = near.DestinationAddress ?? path.DestinationIp;
  const sources = sourceEnds(path, fixedSource, index, interfacesOf);
  if (!Array.isArray(sources)) return refused(sources);
  const destinations = destinationEnds(path, fixedDestination, index, interfacesOf);
  if (!Array.isArray(destinations)) return refused(destinations);
  const ports = common(portsOf(path, near.DestinationPortRange), rangeOf(far.DestinationPortRange));
  if (ports === undefined) return refused({ code: "FILTER_AT_DESTINATION_DESTINATION_PORT_RANGE", end: endOf(path) });
  const sourcePorts = rangeOf(near.SourcePortRange) ?? rangeOf(far.SourcePortRange);
  const anyHost = isGateway ? fixedSource === undefined : fixedDestination === undefined;
  return { sources, destinations, ports, ...(sourcePorts !== undefined && { sourcePorts }), anyHost };
}

function endOf({ Source, Destination }: NetworkInsightsPathRecord): string {
  return Destination ?? Source;
}

function refused({ code, end, address }: Refusal): Asked {
  return {
    refusal: { ExplanationCode: code, Component: { Id: end }, ...(address !== undefined && { Address: address }) },
  };
}

function sourceEnds(
  { Source, Destination }: NetworkInsightsPathRecord,
  address: string | undefined,
  index: NetworkModelIndex,
  interfacesOf: InterfacesOf,
): FlowEnd[] | Refusal {
  // A service behind an endpoint only answers.
  if (Source.startsWith("vpce-")) return [{ kind: "other", id: Source }];
  const interfaces = interfacesAt(Source, index, interfacesOf);
  if (interfaces === undefined) return componentEnds(Source, address, index, vpcOf(Destination, index));
  if (address === undefined) return [whole(Source)];
  const holder = interfaces.find((each) => each.privateAddresses.some((own) => own.address === address));
  if (holder === undefined) return { code: "FILTER_AT_SOURCE_SOURCE_ADDRESS", end: Source, address };
  return [{ kind: "address", address, vpcId: holder.vpcId }];
}

function destinationEnds(
  path: NetworkInsightsPathRecord,
  address: string | undefined,
  index: NetworkModelIndex,
  interfacesOf: InterfacesOf,
): FlowEnd[] | Refusal {
  const { Source, Destination, FilterAtSource, FilterAtDestination } = path;
  if (Destination === undefined) return [{ kind: "address", address: FilterAtSource?.DestinationAddress ?? "" }];
  const interfaces = interfacesAt(Destination, index, interfacesOf);
  if (interfaces === undefined) return componentEnds(Destination, address, index, vpcOf(Source, index));
  const isInside = (wanted: string) => (each: NetworkInterface) =>
    each.privateAddresses.some((own) => own.address === wanted);
  if (address === undefined) {
    const arriving = FilterAtDestination?.DestinationAddress;
    const holder = arriving === undefined ? undefined : interfaces.find(isInside(arriving));
    const isOutside = Source.startsWith("igw-");
    if (arriving !== undefined && holder !== undefined && !isOutside) {
      return [{ kind: "address", address: arriving, vpcId: holder.vpcId }];
    }
    if (Destination.startsWith("vpce-")) return interfaces.map(({ networkInterfaceId }) => whole(networkInterfaceId));
    return [whole(Destination)];
  }
  const holder = interfaces.find(isInside(address));
  if (holder !== undefined) {
    if (!Source.startsWith("igw-")) return [{ kind: "address", address, vpcId: holder.vpcId }];
    if (FilterAtSource?.DestinationAddress === undefined) return [whole(holder.networkInterfaceId)];
    return { code: "IGW_EXPECTS_PUBLIC_ADDRESS", end: Source, address };
  }
  const isPublic = interfaces.some((each) => each.privateAddresses.some((own) => own.publicIp === address));
  if (isPublic) return [{ kind: "address", address }];
  return { code: "FILTER_AT_SOURCE_DESTINATION_ADDRESS", end: Destination, address };
}

/** Of an instance, an interface, or an endpoint; undefined for what has none. */
function interfacesAt(
  id: string,
  index: NetworkModelIndex,
  interfacesOf: InterfacesOf,
): readonly NetworkInterface[] | undefined {
  if (id.startsWith("i-")) return index.networkInterfacesOf(`i-${id.slice(2)}`);
  const ids = id.startsWith("eni-") ? [id] : id.startsWith("vpce-") ? interfacesOf(id) : undefined;
  return ids?.flatMap((each) => index.networkInterface(each) ?? []);
}

function whole(id: string): FlowEnd {
  return id.startsWith("i-")
    ? { kind: "instance", instanceId: `i-${id.slice(2)}` }
    : { kind: "network-interface", networkInterfaceId: `eni-${id.slice(4)}` };
}

/** A gateway, a peering or an attachment, by one of the hosts behind it. */
function componentEnds(
  id: string,
  address: string | undefined,
  index: NetworkModelIndex,
  otherVpcId: VpcId | undefined,
): FlowEnd[] {
  const addresses = address === undefined ? addressesBehind(id, index, otherVpcId) : [address];
  if (addresses.length === 0) return [{ kind: "other", id }];
  return addresses.map((each) => ({ kind: "component", id, address: each }));
}

/** One address in each VPC behind it: of an interface where there is one. */
function addressesBehind(id: string, index: NetworkModelIndex, otherVpcId: VpcId | undefined): readonly string[] {
  if (id.startsWith("igw-")) return [internetHost.ipv4];
  return vpcsBehind(id, index)
    .filter((each) => each !== otherVpcId)
    .flatMap((each) => {
      const [first] = index.networkInterfacesInVpc(each).flatMap(({ privateAddresses }) => privateAddresses);
      const [block] = index.vpc(each)?.cidrBlocks ?? [];
      return first?.address ?? block?.split("/")[0] ?? [];
    });
}

function vpcsBehind(id: string, index: NetworkModelIndex): readonly VpcId[] {
  const peering = index.vpcPeeringConnection(id);
  if (peering !== undefined) return [peering.requester.vpcId, peering.accepter.vpcId];
  return index.model.transitGatewayVpcAttachments
    .filter((each) => each.transitGatewayAttachmentId === id || each.transitGatewayId === id)
    .map(({ vpcId }) => vpcId);
}

function vpcOf(id: string | undefined, index: NetworkModelIndex): VpcId | undefined {
  if (id === undefined) return undefined;
  return (index.networkInterface(id) ?? index.instance(id))?.vpcId;
}

function portsOf({ DestinationPort: port }: NetworkInsightsPathRecord, filter: FilterPortRange | undefined): PortRange {
  if (port !== undefined) return { from: port, to: port };
  return rangeOf(filter) ?? { from: 0, to: 65_535 };
}

function rangeOf(range: FilterPortRange | undefined): PortRange | undefined {
  return range && { from: range.FromPort ?? 0, to: range.ToPort ?? 65_535 };
}

function common(a: PortRange, b: PortRange | undefined): PortRange | undefined {
  if (b === undefined) return a;
  const both = { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
  return both.from <= both.to ? both : undefined;
}
