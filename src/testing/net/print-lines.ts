/** Routes, rules, entries and interfaces as lines of a `.net` text. */
import type {
  NatGateway,
  NetworkAclEntry,
  NetworkInterface,
  NetworkModel,
  Route,
  SecurityGroupRule,
  Vpc,
} from "../../model/index.ts";
import { routeTargetId } from "../../model/index.ts";
import { nameOf, words } from "./written.ts";

/** None for a local route as it is from the start. */
export function routeLine(ids: ReadonlySet<string>, vpc: Vpc, route: Route): readonly string[] {
  const { destination, target, state, origin } = route;
  const to = destination.kind === "cidr" ? destination.cidr : destination.prefixListId;
  const isLocal = [...vpc.cidrBlocks, ...vpc.ipv6CidrBlocks].includes(to) && origin === "CreateRouteTable";
  if (target.kind === "local" && isLocal) return [];
  const id = routeTargetId(target);
  const isHere =
    (target.kind === "local" || target.kind === "other" || ids.has(id)) && (destination.kind === "cidr" || ids.has(to));
  return [
    words(
      "route",
      to,
      "->",
      id,
      state === "blackhole" && id !== "blackhole" ? "blackhole" : "",
      origin === "EnableVgwRoutePropagation" || origin === "Advertisement" ? "propagated" : "",
      isLocal ? "replaces-local" : "",
      isHere ? "" : "deleted",
    ),
  ];
}

export function ruleLine(
  ids: ReadonlySet<string>,
  { isEgress, protocol, fromPort, toPort, peer }: SecurityGroupRule,
): string {
  const far = peer.kind === "cidr" ? peer.cidr : peer.kind === "prefix-list" ? peer.prefixListId : peer.groupId;
  return words(
    isEgress ? "out" : "in",
    protocolText(protocol, fromPort, toPort),
    far,
    peer.kind === "cidr" || ids.has(far) ? "" : "deleted",
  );
}

export function entryLine(entry: NetworkAclEntry): string {
  const { egress, ruleNumber, ruleAction, protocol, portRange, icmpTypeCode, cidrBlock } = entry;
  const [from, to] =
    icmpTypeCode === undefined ? [portRange?.from, portRange?.to] : [icmpTypeCode.type, icmpTypeCode.code];
  return words(egress ? "out" : "in", `${ruleNumber}`, ruleAction, protocolText(protocol, from, to), cidrBlock);
}

const protocolNames: Readonly<Record<number, string>> = { [-1]: "all", 1: "icmp", 6: "tcp", 17: "udp", 58: "icmp6" };

function protocolText(protocol: number, from: number | undefined, to: number | undefined): string {
  const name = protocolNames[protocol] ?? `${protocol}`;
  if (from === undefined || protocol === -1) return name;
  if (protocol === 1 || protocol === 58) return `${name}/${from}/${to ?? -1}`;
  return to === undefined || to === from ? `${name}/${from}` : `${name}/${from}-${to}`;
}

export function interfaceLine(model: NetworkModel, each: NetworkInterface, openGroup: string | undefined): string {
  const { networkInterfaceId, privateAddresses, ipv6Addresses, attachment, interfaceType, sourceDestCheck } = each;
  const ipv4 = [...privateAddresses].sort((a, b) => Number(b.primary) - Number(a.primary));
  const publicIp = ipv4[0]?.publicIp;
  const instance = model.instances.find(({ instanceId }) => instanceId === attachment?.instanceId);
  const own = nameOf(networkInterfaceId);
  const isPrimary = instance !== undefined && attachment?.deviceIndex === 0;
  const name = isPrimary ? nameOf(instance.instanceId) : own;
  const groups = each.securityGroupIds.map(nameOf).join(",");
  return words(
    isPrimary ? "instance" : "interface",
    name,
    ...ipv4.map(({ address }) => address),
    ...ipv6Addresses,
    isPrimary && name !== own ? `eni ${own}` : "",
    !isPrimary && instance !== undefined ? `of ${nameOf(instance.instanceId)}` : "",
    publicIp === undefined ? "" : `public ${publicIp}`,
    each.securityGroupIds.length === 1 && each.securityGroupIds[0] === openGroup ? "" : `groups ${groups || "none"}`,
    sourceDestCheck ? "" : "no-source-dest-check",
    interfaceType === "interface" ? "" : `type ${interfaceType}`,
    isPrimary && instance.state !== "running" ? `state ${instance.state}` : "",
  );
}

export function natGatewayLine(model: NetworkModel, { natGatewayId, networkInterfaceId, state }: NatGateway): string {
  const own = model.networkInterfaces.find((each) => each.networkInterfaceId === networkInterfaceId);
  const [{ address = "", publicIp = undefined } = {}] = own?.privateAddresses ?? [];
  return words(
    "nat-gateway",
    nameOf(natGatewayId),
    address,
    publicIp === undefined ? "" : `public ${publicIp}`,
    state === "available" ? "" : `state ${state}`,
  );
}
