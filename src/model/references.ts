/**
 * Whether the ids in a model are unique and lead somewhere. What AWS itself leaves dangling (a blackhole route, a stale group
 * reference, a VPC behind a dead peering) is no problem, nor is what the source named in `unknowns`.
 */
import { cidrContains } from "../ip/index.ts";
import type {
  NetworkInterface,
  NetworkModel,
  Route,
  RouteTarget,
  SecurityGroupPeer,
  Subnet,
  TransitGatewayAttachmentState,
  VpcId,
} from "./network-model.ts";
import { indexNetworkModel, type NetworkModelIndex, peeringAttachmentIds } from "./network-model-index.ts";
import type { ModelProblem } from "./shape.ts";

/** What is wrong with the references of a model of the right shape, in the model's order. */
export function referenceProblems(model: NetworkModel): readonly ModelProblem[] {
  const problems: ModelProblem[] = [];
  checkReferences(model, (path, message) => {
    problems.push({ path, message });
  });
  return problems;
}

/** What things name that is neither in the model nor in `unknowns`: each id with the first place that names it. */
export function danglingReferences(model: NetworkModel): ReadonlyMap<string, string> {
  const dangling = new Map<string, string>();
  checkReferences(model, (path, _message, missingId) => {
    if (missingId !== undefined && !dangling.has(missingId)) dangling.set(missingId, path);
  });
  return dangling;
}

function checkReferences(
  model: NetworkModel,
  report: (path: string, message: string, missingId?: string) => void,
): void {
  const index = indexNetworkModel(model);
  const places = placesOf(model);
  const check: Check = {
    index,
    report,
    refer(path, id, vpcId) {
      if (id === undefined || index.unknownReason(id) !== undefined) return;
      const place = places.get(id);
      if (place === undefined) report(path, `${id} is not in the model: add it, or name it in unknowns`, id);
      else if (vpcId !== undefined && place.vpcId !== vpcId) {
        report(path, `${id} is in ${place.vpcId ?? "no VPC"}, not in ${vpcId}`);
      }
    },
  };

  checkRepeatedIds(model, check);
  checkVpcs(model, check);
  for (const [at, subnet] of model.subnets.entries()) checkSubnet(subnet, `subnets[${at}]`, check);
  checkRouteTables(model, check);
  checkFilters(model, check);
  for (const [at, each] of model.networkInterfaces.entries()) {
    checkNetworkInterface(each, `networkInterfaces[${at}]`, check);
  }
  checkInstances(model, check);
  checkGateways(model, check);
  checkVpcPeeringConnections(model, check);
  checkTransitGateways(model, check);
}

interface Check {
  readonly index: NetworkModelIndex;
  report(path: string, message: string): void;
  /** The thing, if any is named, must be in the model or in `unknowns`; and, when one is given, lie in that VPC. */
  refer(path: string, id: string | undefined, vpcId?: VpcId): void;
}

interface Place {
  /** E.g. `subnets[3]`. */
  readonly path: string;
  readonly vpcId?: string | undefined;
}

/** Every collection as pairs of an id and the VPC that the thing lies in. */
function identities(model: NetworkModel): Readonly<Record<string, readonly (readonly [string, string?])[]>> {
  return {
    vpcs: model.vpcs.map((each) => [each.vpcId]),
    subnets: model.subnets.map((each) => [each.subnetId, each.vpcId]),
    routeTables: model.routeTables.map((each) => [each.routeTableId, each.vpcId]),
    networkAcls: model.networkAcls.map((each) => [each.networkAclId, each.vpcId]),
    securityGroups: model.securityGroups.map((each) => [each.groupId, each.vpcId]),
    networkInterfaces: model.networkInterfaces.map((each) => [each.networkInterfaceId, each.vpcId]),
    instances: model.instances.map((each) => [each.instanceId, each.vpcId]),
    internetGateways: model.internetGateways.map((each) => [each.internetGatewayId, each.vpcId]),
    egressOnlyInternetGateways: model.egressOnlyInternetGateways.map((each) => [
      each.egressOnlyInternetGatewayId,
      each.vpcId,
    ]),
    natGateways: model.natGateways.map((each) => [each.natGatewayId, each.vpcId]),
    vpcPeeringConnections: model.vpcPeeringConnections.map((each) => [each.vpcPeeringConnectionId]),
    transitGateways: model.transitGateways.map((each) => [each.transitGatewayId]),
    transitGatewayVpcAttachments: model.transitGatewayVpcAttachments.map((each) => [
      each.transitGatewayAttachmentId,
      each.vpcId,
    ]),
    transitGatewayPeeringAttachments: model.transitGatewayPeeringAttachments.flatMap((each) =>
      [...peeringAttachmentIds(each)].map((id): readonly [string] => [id]),
    ),
    transitGatewayRouteTables: model.transitGatewayRouteTables.map((each) => [each.transitGatewayRouteTableId]),
    prefixLists: model.prefixLists.map((each) => [each.prefixListId]),
  };
}

function placesOf(model: NetworkModel): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const [collection, things] of Object.entries(identities(model))) {
    for (const [at, [id, vpcId]] of things.entries()) {
      if (!places.has(id)) places.set(id, { path: `${collection}[${at}]`, vpcId });
    }
  }
  return places;
}

function checkRepeatedIds(model: NetworkModel, { report }: Check): void {
  const first = placesOf(model);
  for (const [collection, things] of Object.entries(identities(model))) {
    for (const [at, [id]] of things.entries()) {
      const path = `${collection}[${at}]`;
      const before = first.get(id)?.path;
      if (before !== undefined && before !== path) report(path, `${id} is already at ${before}`);
    }
  }
}

function checkVpcs(model: NetworkModel, { index, report }: Check): void {
  for (const [at, { vpcId }] of model.vpcs.entries()) {
    const mains = index.routeTablesOf(vpcId).filter((table) => table.main).length;
    if (mains !== 1 && index.unknownReason(vpcId) === undefined) {
      report(`vpcs[${at}]`, `${vpcId} has ${mains} main route tables: a VPC has exactly one`);
    }
  }
}

function checkSubnet(subnet: Subnet, path: string, { index, report, refer }: Check): void {
  refer(`${path}.vpcId`, subnet.vpcId);
  refer(`${path}.networkAclId`, subnet.networkAclId, subnet.vpcId);
  refer(`${path}.routeTableId`, subnet.routeTableId, subnet.vpcId);
  const blocks = index.vpc(subnet.vpcId)?.cidrBlocks;
  if (blocks !== undefined && !blocks.some((block) => cidrContains(block, subnet.cidrBlock))) {
    report(`${path}.cidrBlock`, `${subnet.cidrBlock} is in no block of ${subnet.vpcId} (${blocks.join(", ")})`);
  }
}

function checkRouteTables(model: NetworkModel, check: Check): void {
  for (const [at, table] of model.routeTables.entries()) {
    check.refer(`routeTables[${at}].vpcId`, table.vpcId);
    for (const [routeAt, route] of table.routes.entries()) {
      checkRoute(route, `routeTables[${at}].routes[${routeAt}]`, table.vpcId, check);
    }
  }
}

function checkRoute(route: Route, path: string, vpcId: VpcId, { refer }: Check): void {
  if (route.destination.kind === "prefix-list") {
    refer(`${path}.destination.prefixListId`, route.destination.prefixListId);
  }
  // The target of a blackhole route is usually gone. [RT-30]
  if (route.state === "blackhole") return;
  const target = targetReference(route.target);
  // Peering connections and transit gateways lie in no single VPC.
  const joins = route.target.kind === "vpc-peering-connection" || route.target.kind === "transit-gateway";
  const inVpc = joins ? undefined : vpcId;
  if (target !== undefined) refer(`${path}.target.${target.field}`, target.id, inVpc);
}

function targetReference(target: RouteTarget): { readonly field: string; readonly id: string } | undefined {
  switch (target.kind) {
    case "internet-gateway":
      return { field: "internetGatewayId", id: target.internetGatewayId };
    case "egress-only-internet-gateway":
      return { field: "egressOnlyInternetGatewayId", id: target.egressOnlyInternetGatewayId };
    case "nat-gateway":
      return { field: "natGatewayId", id: target.natGatewayId };
    case "network-interface":
      return { field: "networkInterfaceId", id: target.networkInterfaceId };
    case "vpc-peering-connection":
      return { field: "vpcPeeringConnectionId", id: target.vpcPeeringConnectionId };
    case "transit-gateway":
      return { field: "transitGatewayId", id: target.transitGatewayId };
    case "local":
    case "other":
      return undefined;
  }
}

function checkFilters(model: NetworkModel, check: Check): void {
  for (const [at, acl] of model.networkAcls.entries()) check.refer(`networkAcls[${at}].vpcId`, acl.vpcId);
  for (const [at, group] of model.securityGroups.entries()) {
    check.refer(`securityGroups[${at}].vpcId`, group.vpcId);
    for (const [ruleAt, rule] of group.rules.entries()) {
      checkPeer(rule.peer, `securityGroups[${at}].rules[${ruleAt}].peer`, check);
    }
  }
}

function checkPeer(peer: SecurityGroupPeer, path: string, { refer }: Check): void {
  if (peer.kind === "prefix-list") refer(`${path}.prefixListId`, peer.prefixListId);
  // Across a peering the group may be gone, or in an account that was not read: the rule stays and matches nothing. [SG-50]
  if (peer.kind === "security-group" && peer.vpcPeeringConnectionId === undefined) {
    refer(`${path}.groupId`, peer.groupId);
  }
}

function checkNetworkInterface(each: NetworkInterface, path: string, { index, report, refer }: Check): void {
  refer(`${path}.vpcId`, each.vpcId);
  refer(`${path}.subnetId`, each.subnetId, each.vpcId);
  refer(`${path}.attachment.instanceId`, each.attachment?.instanceId);
  for (const [at, groupId] of each.securityGroupIds.entries()) {
    refer(`${path}.securityGroupIds[${at}]`, groupId, each.vpcId);
  }
  const primaries = each.privateAddresses.filter(({ primary }) => primary).length;
  // None at all in an IPv6-only subnet. [AD-50]
  if (each.privateAddresses.length > 0 && primaries !== 1) {
    report(`${path}.privateAddresses`, `${primaries} are primary: exactly one must be`);
  }
  const subnet = index.subnet(each.subnetId);
  if (subnet === undefined) return;
  for (const [at, { address }] of each.privateAddresses.entries()) {
    if (!cidrContains(subnet.cidrBlock, address)) {
      report(`${path}.privateAddresses[${at}].address`, `${address} is not in ${subnet.cidrBlock}`);
    }
  }
}

function checkInstances(model: NetworkModel, { refer }: Check): void {
  for (const [at, instance] of model.instances.entries()) {
    // A terminated instance stays on show for a while; what it lived in may be deleted.
    if (instance.state === "terminated") continue;
    refer(`instances[${at}].vpcId`, instance.vpcId);
    refer(`instances[${at}].subnetId`, instance.subnetId, instance.vpcId);
  }
}

function checkGateways(model: NetworkModel, { refer }: Check): void {
  for (const [at, { vpcId }] of model.internetGateways.entries()) refer(`internetGateways[${at}].vpcId`, vpcId);
  for (const [at, { vpcId }] of model.egressOnlyInternetGateways.entries()) {
    refer(`egressOnlyInternetGateways[${at}].vpcId`, vpcId);
  }
  for (const [at, gateway] of model.natGateways.entries()) {
    // A deleted or failed one is shown for a while without its interface.
    if (gateway.state === "deleted" || gateway.state === "failed") continue;
    refer(`natGateways[${at}].vpcId`, gateway.vpcId);
    refer(`natGateways[${at}].subnetId`, gateway.subnetId, gateway.vpcId);
    refer(`natGateways[${at}].networkInterfaceId`, gateway.networkInterfaceId, gateway.vpcId);
  }
}

function checkVpcPeeringConnections(model: NetworkModel, { refer }: Check): void {
  for (const [at, { statusCode, requester, accepter }] of model.vpcPeeringConnections.entries()) {
    // The VPCs behind a dead or half-made connection may be gone, or never have been there. [PX-2]
    if (statusCode !== "active") continue;
    refer(`vpcPeeringConnections[${at}].requester.vpcId`, requester.vpcId);
    refer(`vpcPeeringConnections[${at}].accepter.vpcId`, accepter.vpcId);
  }
}

const ended: ReadonlySet<TransitGatewayAttachmentState> = new Set([
  "deleted",
  "deleting",
  "failed",
  "failing",
  "rejected",
]);

/** The gateway of an attachment may be another account's that was not read; what an attachment needs of its own VPC must be there. */
function checkTransitGateways(model: NetworkModel, { refer }: Check): void {
  for (const [at, attachment] of model.transitGatewayVpcAttachments.entries()) {
    if (ended.has(attachment.state)) continue;
    const path = `transitGatewayVpcAttachments[${at}]`;
    refer(`${path}.vpcId`, attachment.vpcId);
    for (const [subnetAt, subnetId] of attachment.subnetIds.entries()) {
      refer(`${path}.subnetIds[${subnetAt}]`, subnetId, attachment.vpcId);
    }
  }
  for (const [at, table] of model.transitGatewayRouteTables.entries()) {
    if (table.state === "deleted") continue;
    refer(`transitGatewayRouteTables[${at}].transitGatewayId`, table.transitGatewayId);
  }
}
