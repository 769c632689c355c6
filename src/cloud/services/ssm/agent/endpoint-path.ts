/** The agent's way to an interface endpoint of its VPC. [PL-23, PL-24] */
import { type NetworkInterface, type NetworkModelIndex, routeTargetId, type Vpc } from "../../../../model/index.ts";
import { borderProblems, groupsAllow, linuxPorts } from "./gates.ts";
import type { Missing } from "./missing.ts";
import { routeTo } from "./route-look-up.ts";
import type { AgentSource } from "./source.ts";

export interface EndpointFacts {
  readonly vpcEndpointId: string;
  readonly serviceName: string;
  readonly state: string;
  readonly privateDnsEnabled: boolean;
  readonly networkInterfaceIds: readonly string[];
}

/** Why the service's name does not lead to the endpoint; nothing when it does. [PL-26] */
export function nameProblems({ vpcEndpointId, state, privateDnsEnabled }: EndpointFacts, vpc: Vpc): readonly Missing[] {
  if (state !== "available") return [{ what: "available-endpoint", vpcEndpointId, state }];
  if (!privateDnsEnabled) return [{ what: "private-dns", vpcEndpointId }];
  return vpc.enableDnsHostnames ? [] : [{ what: "dns-hostnames", vpcEndpointId, vpcId: vpc.vpcId }];
}

/** What is missing on the way to an endpoint whose name is found: to the nearest of its interfaces, as the agent tries them all. */
export function endpointProblems(
  network: NetworkModelIndex,
  source: AgentSource,
  endpoint: EndpointFacts,
): readonly Missing[] {
  const ways = endpoint.networkInterfaceIds
    .flatMap((id) => network.networkInterface(id) ?? [])
    .map((target) => problemsTo(network, source, target, endpoint.vpcEndpointId))
    .sort((a, b) => a.length - b.length);
  return ways[0] ?? [{ what: "endpoint-subnet", vpcEndpointId: endpoint.vpcEndpointId }];
}

function problemsTo(
  network: NetworkModelIndex,
  source: AgentSource,
  target: NetworkInterface,
  vpcEndpointId: string,
): readonly Missing[] {
  const { instanceId, networkInterface: own, address: from } = source;
  const to = target.privateAddresses[0]?.address ?? "";
  const problems: Missing[] = [];
  if (!groupsAllow(network, own, "egress", { address: to, groupIds: target.securityGroupIds }))
    problems.push({ what: "egress-rule", instanceId, groupIds: own.securityGroupIds, to });
  problems.push(...diversion(network, own, to));
  const here = { subnetId: own.subnetId, address: from };
  problems.push(...borderProblems(network, here, { subnetId: target.subnetId, address: to }, linuxPorts));
  if (!groupsAllow(network, target, "ingress", { address: from, groupIds: own.securityGroupIds }))
    problems.push({ what: "endpoint-rule", vpcEndpointId, groupIds: target.securityGroupIds, from });
  return problems;
}

/** A route narrower than the VPC's own takes packets to a middlebox, which is not followed. [RT-23] */
function diversion(network: NetworkModelIndex, { subnetId }: NetworkInterface, to: string): readonly Missing[] {
  const chosen = routeTo(network, subnetId, to);
  if (chosen === undefined || chosen.route.target.kind === "local") return [];
  const routeTableId = network.effectiveRouteTable(subnetId)?.routeTableId ?? "";
  return [
    {
      what: "followed-route",
      routeTableId,
      destination: chosen.destination,
      target: routeTargetId(chosen.route.target),
    },
  ];
}
