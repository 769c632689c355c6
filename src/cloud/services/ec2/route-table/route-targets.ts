/**
 * The targets that a route can have: which parameter names each, how it is looked up for a VPC, and whether it works now.
 * A new kind of target is one row here. Sources: semantics 2.2 "Where each target appears", [RT-10 .. RT-13], [RT-30], 2.8.
 */
import { AwsError, ec2Errors, invalidParameterValue, isWellFormedId } from "../../../../aws/index.ts";
import type { Scope } from "../../../state/record.ts";
import type { StateView } from "../../../state/state.ts";
import { carriesPackets, hasEnded } from "../transit-gateway-attachment/states.ts";
import type { RouteRecord } from "./record.ts";

/** The members of a route that name its target. */
export type RouteTargetMembers = Pick<
  RouteRecord,
  | "GatewayId"
  | "NatGatewayId"
  | "EgressOnlyInternetGatewayId"
  | "NetworkInterfaceId"
  | "InstanceId"
  | "VpcPeeringConnectionId"
  | "TransitGatewayId"
>;

/** Every target that CreateRoute and ReplaceRoute can be given. */
export interface RouteTargetParameters extends Partial<RouteTargetMembers> {
  readonly VpcEndpointId?: string | undefined;
  readonly LocalGatewayId?: string | undefined;
  readonly CarrierGatewayId?: string | undefined;
  readonly CoreNetworkArn?: string | undefined;
  readonly OdbNetworkArn?: string | undefined;
}

/** Where a route is being made, and by whom. */
export interface RouteSite extends Scope {
  readonly vpcId: string;
  readonly routeTableId: string;
  readonly ipv6: boolean;
}

type Resolve = (id: string, site: RouteSite, view: StateView) => RouteTargetMembers;

/** By request parameter. */
export const targetParameters: { readonly [P in keyof Required<RouteTargetParameters>]: Resolve } = {
  GatewayId: gateway,
  NatGatewayId: natGateway,
  EgressOnlyInternetGatewayId: egressOnlyInternetGateway,
  NetworkInterfaceId: networkInterface,
  InstanceId: instance,
  VpcPeeringConnectionId: vpcPeeringConnection,
  TransitGatewayId: transitGateway,
  VpcEndpointId: vpcEndpoint,
  LocalGatewayId: (id) => {
    throw new AwsError("InvalidLocalGatewayID.NotFound", `The localGateway ID '${id}' does not exist`);
  },
  CarrierGatewayId: (id) => {
    throw new AwsError("InvalidCarrierGatewayID.NotFound", `The carrierGateway ID '${id}' does not exist`);
  },
  CoreNetworkArn: (arn) => {
    throw new AwsError("InvalidCoreNetworkArn.NotFound", `The core network '${arn}' does not exist`);
  },
  OdbNetworkArn: (arn) => {
    throw new AwsError("InvalidOdbNetworkArn.NotFound", `The ODB network '${arn}' does not exist`);
  },
};

/** Whether packets get anywhere by this target now. A route whose target does not work stays, and drops. [RT-30] */
export function targetWorks(route: RouteRecord, vpcId: string, view: StateView): boolean {
  if (isEndpointRoute(route)) return view.get("vpcEndpoint", route.GatewayId)?.State === "available";
  if (route.GatewayId !== undefined) {
    return route.GatewayId === "local" || view.get("internetGateway", route.GatewayId)?.VpcId === vpcId;
  }
  if (route.NatGatewayId !== undefined) {
    const gateway = view.get("natGateway", route.NatGatewayId);
    // One on its way counts once it has its interface; one that is going to fail never gets it.
    return gateway?.State === "available" || (gateway?.State === "pending" && gateway.NetworkInterfaceId !== undefined);
  }
  if (route.EgressOnlyInternetGatewayId !== undefined) {
    return view.get("egressOnlyInternetGateway", route.EgressOnlyInternetGatewayId) !== undefined;
  }
  if (route.NetworkInterfaceId !== undefined) return interfaceForwards(route.NetworkInterfaceId, view);
  if (route.VpcPeeringConnectionId !== undefined) {
    return view.get("vpcPeeringConnection", route.VpcPeeringConnectionId)?.StatusCode === "active";
  }
  if (route.TransitGatewayId !== undefined) {
    return attachmentsTo(route.TransitGatewayId, vpcId, view).some(carriesPackets);
  }
  return false;
}

/** To a gateway endpoint, which made it. [PL-50] */
export function isEndpointRoute(route: RouteRecord): route is RouteRecord & { readonly GatewayId: string } {
  return route.GatewayId?.startsWith("vpce-") ?? false;
}

/** Only while attached, and to a running instance if to any. [RT-12] */
function interfaceForwards(networkInterfaceId: string, view: StateView): boolean {
  const record = view.get("networkInterface", networkInterfaceId);
  if (record?.Attachment === undefined || record.Status !== "in-use") return false;
  const { InstanceId } = record.Attachment;
  return InstanceId === undefined || view.get("instance", InstanceId)?.State === "running";
}

/** `GatewayId` is forgiving: ids of other gateways are taken for what they are. [RT-10] */
function gateway(id: string, site: RouteSite, view: StateView): RouteTargetMembers {
  if (id.startsWith("nat-")) return natGateway(id, site, view);
  if (id.startsWith("eigw-")) return egressOnlyInternetGateway(id, site, view);
  if (id.startsWith("vpce-")) return vpcEndpoint(id, site, view);
  const record = view.visible("internetGateway", id, site.accountId, site.region);
  if (record === undefined) throw ec2Errors.notFound("gateway", id);
  if (record.VpcId !== site.vpcId) throw differentNetworks(site, `network gateway ${id}`);
  return { GatewayId: id };
}

/** A gateway endpoint makes its own routes; interface endpoints are no targets. */
function vpcEndpoint(id: string, site: RouteSite, view: StateView): never {
  const record = view.visible("vpcEndpoint", id, site.accountId, site.region);
  if (record === undefined || record.State === "deleted") throw ec2Errors.notFound("vpc-endpoint", id);
  throw new AwsError(
    "RouteNotSupported",
    `Route table contains unsupported route target: ${id}. VPC Endpoints of this type cannot be used as route targets.`,
  );
}

function natGateway(id: string, site: RouteSite, view: StateView): RouteTargetMembers {
  const record = view.visible("natGateway", id, site.accountId, site.region);
  if (record === undefined || record.State === "deleted") {
    throw new AwsError("InvalidNatGatewayID.NotFound", `The natGateway ID '${id}' does not exist`);
  }
  if (record.VpcId !== site.vpcId) throw differentNetworks(site, `NAT gateway ${id}`);
  return { NatGatewayId: id };
}

function egressOnlyInternetGateway(id: string, site: RouteSite, view: StateView): RouteTargetMembers {
  const record = view.visible("egressOnlyInternetGateway", id, site.accountId, site.region);
  if (record === undefined) throw ec2Errors.notFound("egress-only-internet-gateway", id);
  if (record.VpcId !== site.vpcId) throw differentNetworks(site, `egress-only internet gateway ${id}`);
  if (!site.ipv6) {
    throw invalidParameterValue(`The egress-only internet gateway ${id} can only be the target of an IPv6 route.`);
  }
  return { EgressOnlyInternetGatewayId: id };
}

function networkInterface(id: string, site: RouteSite, view: StateView): RouteTargetMembers {
  if (!isWellFormedId("eni", id)) throw ec2Errors.malformed("network-interface", id);
  const record = view.visible("networkInterface", id, site.accountId, site.region);
  if (record === undefined) throw ec2Errors.notFound("network-interface", id);
  if (record.VpcId !== site.vpcId) throw differentNetworks(site, `interface ${id}`);
  return { NetworkInterfaceId: id };
}

/** An instance stands for its only interface. [RT-11] */
function instance(id: string, site: RouteSite, view: StateView): RouteTargetMembers {
  if (!isWellFormedId("i", id)) throw ec2Errors.malformed("instance", id);
  const record = view.visible("instance", id, site.accountId, site.region);
  if (record === undefined || record.State === "terminated") throw ec2Errors.notFound("instance", id);
  const [only, ...others] = view.by("networkInterface", "instance", id);
  if (others.length > 0) {
    throw new AwsError(
      "InvalidInstanceID",
      `There are multiple interfaces attached to instance '${id}'. Please specify an interface ID for the operation instead.`,
    );
  }
  if (only === undefined) {
    throw new AwsError("InvalidInstanceID", `There is no interface attached to instance '${id}'.`);
  }
  if (only.VpcId !== site.vpcId) throw differentNetworks(site, `interface ${only.NetworkInterfaceId}`);
  return { InstanceId: id, NetworkInterfaceId: only.NetworkInterfaceId };
}

/** A request that nobody has accepted yet may be a target already: the route is then a blackhole until it is. [RT-30] */
function vpcPeeringConnection(id: string, site: RouteSite, view: StateView): RouteTargetMembers {
  if (!isWellFormedId("pcx", id)) throw ec2Errors.malformed("vpc-peering-connection", id);
  const record = view.visible("vpcPeeringConnection", id, site.accountId, site.region);
  if (record === undefined) throw ec2Errors.notFound("vpc-peering-connection", id);
  if (record.Requester.VpcId !== site.vpcId && record.Accepter.VpcId !== site.vpcId) {
    throw differentNetworks(site, `vpc peering connection ${id}`);
  }
  return { VpcPeeringConnectionId: id };
}

/** One with an attachment to the VPC, in whatever state before its end; another account's is told like one that is not there. [RT-13] */
function transitGateway(id: string, { vpcId }: RouteSite, view: StateView): RouteTargetMembers {
  if (!isWellFormedId("tgw", id)) throw ec2Errors.malformed("transit-gateway", id);
  if (attachmentsTo(id, vpcId, view).every(hasEnded)) {
    throw new AwsError("InvalidTransitGatewayID.NotFound", `The transitGateway ID '${id}' does not exist`);
  }
  return { TransitGatewayId: id };
}

function attachmentsTo(transitGatewayId: string, vpcId: string, view: StateView) {
  return view
    .by("transitGatewayVpcAttachment", "vpc", vpcId)
    .filter((attachment) => attachment.TransitGatewayId === transitGatewayId);
}

function differentNetworks({ routeTableId }: RouteSite, other: string): AwsError {
  return invalidParameterValue(`route table ${routeTableId} and ${other} belong to different networks`);
}
