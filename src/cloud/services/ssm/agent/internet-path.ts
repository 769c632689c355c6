/** The agent's way to AWS's public addresses: out through an internet gateway, or through a public NAT gateway that is routed to one. */
import { type NatGatewayId, type NetworkModelIndex, routeTargetId } from "../../../../model/index.ts";
import { borderProblems, groupsAllow, linuxPorts, natGatewayPorts } from "./gates.ts";
import type { Missing } from "./missing.ts";
import { routeTo } from "./route-look-up.ts";
import type { AgentSource } from "./source.ts";

/** Stands for the public addresses of AWS's services: one that nobody is ever given (docs/decisions/0002-public-addresses.md). */
const publicAddress = "198.18.0.1";

/** What is missing on the way; nothing when it leads there. */
export function internetProblems(network: NetworkModelIndex, source: AgentSource): readonly Missing[] {
  const { subnetId, vpcId } = source.networkInterface;
  const routeTableId = network.effectiveRouteTable(subnetId)?.routeTableId ?? "";
  const chosen = routeTo(network, subnetId, publicAddress);
  if (chosen === undefined || chosen.route.state === "blackhole")
    return [{ what: "route", subnetId, routeTableId, vpcId }];
  const { target } = chosen.route;
  switch (target.kind) {
    case "internet-gateway":
      return [
        ...(source.publicIp === undefined ? [noPublicAddress(source, target.internetGatewayId)] : []),
        ...groupProblems(network, source),
        ...borderProblems(network, { subnetId, address: source.address }, { address: publicAddress }, linuxPorts),
      ];
    case "nat-gateway":
      return [...groupProblems(network, source), ...natProblems(network, source, target.natGatewayId)];
    default:
      return [{ what: "followed-route", routeTableId, destination: chosen.destination, target: routeTargetId(target) }];
  }
}

function noPublicAddress({ networkInterface }: AgentSource, internetGatewayId: string): Missing {
  return { what: "public-address", networkInterfaceId: networkInterface.networkInterfaceId, internetGatewayId };
}

function groupProblems(network: NetworkModelIndex, source: AgentSource): readonly Missing[] {
  const { networkInterface, instanceId } = source;
  if (groupsAllow(network, networkInterface, "egress", { address: publicAddress, groupIds: [] })) return [];
  return [{ what: "egress-rule", instanceId, groupIds: networkInterface.securityGroupIds, to: "the internet" }];
}

/** Its own subnet has to be routed to an internet gateway. [NG-4] */
function natProblems(network: NetworkModelIndex, source: AgentSource, natGatewayId: NatGatewayId): readonly Missing[] {
  const gateway = network.natGateway(natGatewayId);
  const problem = (because: string): readonly Missing[] => [{ what: "public-nat-gateway", natGatewayId, because }];
  if (gateway?.state !== "available") return problem(`it is ${gateway?.state ?? "gone"}`);
  if (gateway.connectivityType === "private") return problem("it is a private one");
  const onward = routeTo(network, gateway.subnetId, publicAddress)?.route;
  if (onward?.state !== "active" || onward.target.kind !== "internet-gateway")
    return problem(`its subnet ${gateway.subnetId} has no route to an internet gateway`);
  const own = network.networkInterface(gateway.networkInterfaceId)?.privateAddresses[0]?.address ?? publicAddress;
  const here = { subnetId: source.networkInterface.subnetId, address: source.address };
  const there = { subnetId: gateway.subnetId, address: publicAddress };
  return [
    ...borderProblems(network, here, there, linuxPorts),
    ...borderProblems(network, { ...there, address: own }, { address: publicAddress }, natGatewayPorts),
  ];
}
