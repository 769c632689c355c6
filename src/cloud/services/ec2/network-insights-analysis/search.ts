/**
 * Looks for a packet among those that a path asks about that gets through. What the path leaves open is tried where the rules on the way
 * begin and end: between two such places they all say the same.
 */
import { indexNetworkModel, type NetworkModel } from "../../../../model/index.ts";
import { type Explanation, explain, type FlowEnd, type FlowTraffic } from "../../../../reachability/index.ts";
import type { AskedFlows, PortRange } from "./asked-flows.ts";

/** Rule sets of ordinary networks have far fewer places; beyond, the answer is of those that were tried. */
const mostTries = 2_000;

/** The first explanation that passes, or else the one that the least stands against. */
export function search(
  model: NetworkModel,
  protocol: "tcp" | "udp",
  asked: AskedFlows,
  passes: (explanation: Explanation) => boolean,
): Explanation {
  let best: Explanation | undefined;
  let tries = 0;
  const isFound = (source: FlowEnd, destination: FlowEnd, port: number): boolean => {
    if (tries >= mostTries) return false;
    tries += 1;
    const explanation = explain(model, { source, destination, traffic: trafficOf(protocol, port, asked) });
    if (passes(explanation)) {
      best = explanation;
      return true;
    }
    if (best === undefined || obstacles(explanation) < obstacles(best)) best = explanation;
    return false;
  };
  const port = firstPort(asked.ports);
  const ends = asked.sources.flatMap((source) => asked.destinations.map((destination) => ({ source, destination })));
  if (!ends.some(({ source, destination }) => isFound(source, destination, port))) {
    const rules = best === undefined ? noRules : rulesMet(model, best);
    const ports = [port, ...rules.ports.filter((each) => each >= asked.ports.from && each <= asked.ports.to)];
    const hosts = asked.anyHost ? rules.addresses : [];
    const all = [...ends, ...hosts.flatMap((host) => ends.map((each) => withHost(each, host)))];
    all.some(({ source, destination }) => ports.some((each) => isFound(source, destination, each)));
  }
  if (best === undefined) throw new Error("bug: a path without any flow");
  return best;
}

interface Ends {
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
}

/** The internet gateway stands for this host. */
function withHost({ source, destination }: Ends, address: string): Ends {
  const as = (end: FlowEnd): FlowEnd =>
    end.kind === "component" && end.id.startsWith("igw-") ? { ...end, address } : end;
  return { source: as(source), destination: as(destination) };
}

function trafficOf(protocol: "tcp" | "udp", port: number, { sourcePorts }: AskedFlows): FlowTraffic {
  return { protocol, port, ...(sourcePorts !== undefined && { sourcePorts }) };
}

/** HTTPS is as good as any where a path names none. */
function firstPort({ from, to }: PortRange): number {
  return from <= 443 && to >= 443 ? 443 : from;
}

function obstacles({ blockers, unknowns }: Explanation): number {
  return blockers.length + unknowns.length;
}

interface RulesMet {
  readonly ports: readonly number[];
  readonly addresses: readonly string[];
}

const noRules: RulesMet = { ports: [], addresses: [] };

/** Where the rules of the groups and ACLs that were met begin, and what comes right after they end. */
function rulesMet(model: NetworkModel, { forward, return: back }: Explanation): RulesMet {
  const index = indexNetworkModel(model);
  const ports = new Set<number>();
  const addresses = new Set<string>();
  for (const { kind, component, groupIds = [] } of [...forward, ...back]) {
    for (const { fromPort, toPort, peer } of groupIds.flatMap((id) => index.securityGroup(id)?.rules ?? [])) {
      if (fromPort !== undefined) ports.add(Math.max(fromPort, 0)).add((toPort ?? fromPort) + 1);
      if (peer.kind === "cidr") addresses.add(firstAddress(peer.cidr));
    }
    for (const { portRange, cidrBlock } of (kind === "network-acl" && index.networkAcl(component)?.entries) || []) {
      if (portRange !== undefined) ports.add(portRange.from).add(portRange.to + 1);
      addresses.add(firstAddress(cidrBlock));
    }
  }
  return {
    ports: [...ports].filter((port) => port <= 65_535),
    addresses: [...addresses].filter((each) => !each.includes(":") && each !== "0.0.0.0"),
  };
}

function firstAddress(cidr: string): string {
  return cidr.split("/")[0] ?? cidr;
}
