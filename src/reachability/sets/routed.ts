/**
 * Where a route table sends the columns, without asking any filter. What the compiled rows do not follow (appliances, translations that
 * matter, unknown parts) is `walked`: there the engine's own walk is asked, which is exact because the members of a class share their walk.
 * Columns in no segment are surely blocked, with nothing unknown on the way before the blocker.
 */
import { isPrivateAddress } from "../../ip/index.ts";
import type { NatGateway, RouteTable } from "../../model/index.ts";
import type { ChosenRoute, CompiledRouteTable } from "../compiled-route-table.ts";
import { type BlockRange, paint, type Segment } from "./address-order.ts";
import type { Plane } from "./plane.ts";

export type Outcome =
  /** Delivered to whoever has the address in the table's own VPC. */
  | { readonly kind: "local" }
  | { readonly kind: "peering"; readonly vpcPeeringConnectionId: string }
  | { readonly kind: "transit"; readonly transitGatewayId: string }
  | { readonly kind: "walked" };

export type Routed = readonly Segment<Outcome>[];

export const walked: Outcome = { kind: "walked" };
const local: Outcome = { kind: "local" };

export function routedBy(plane: Plane, table: RouteTable, vpcId: string): Routed {
  const compiled = plane.prepared.routeTable(table);
  const segments = routesOf(plane, compiled).flatMap((each) => settle(plane, each, vpcId));
  return compiled.unknownLists.length === 0 ? segments : withUnknownLists(plane, compiled, segments);
}

export function clip<T>(segments: readonly Segment<T>[], from: number, to: number): readonly Segment<T>[] {
  return segments.flatMap((each) => {
    const clipped = { from: Math.max(from, each.from), to: Math.min(to, each.to), value: each.value };
    return clipped.from < clipped.to ? [clipped] : [];
  });
}

function routesOf(plane: Plane, { chosen }: CompiledRouteTable): readonly Segment<ChosenRoute>[] {
  const blocks = chosen.map((value): BlockRange<ChosenRoute> => {
    const [from, to] = plane.classes.range(value.destination);
    return { from, to, value, prefixLength: Number(value.destination.slice(value.destination.indexOf("/") + 1)) };
  });
  return paint(blocks);
}

function settle(plane: Plane, { from, to, value }: Segment<ChosenRoute>, vpcId: string): Routed {
  const { index } = plane.prepared;
  const { target, state } = value.route;
  if (state === "blackhole") return [];
  switch (target.kind) {
    case "local":
      return [{ from, to, value: local }];
    case "vpc-peering-connection":
      return [{ from, to, value: { kind: "peering", vpcPeeringConnectionId: target.vpcPeeringConnectionId } }];
    case "transit-gateway":
      return [{ from, to, value: { kind: "transit", transitGatewayId: target.transitGatewayId } }];
    case "internet-gateway":
      return index.internetGateway(target.internetGatewayId) === undefined
        ? [{ from, to, value: walked }]
        : clip(outside(plane), from, to);
    case "egress-only-internet-gateway": {
      const isRefused =
        plane.classes.family === "ipv4" && index.egressOnlyInternetGateway(target.egressOnlyInternetGatewayId);
      return isRefused ? [] : [{ from, to, value: walked }];
    }
    case "nat-gateway": {
      const natGateway = index.natGateway(target.natGatewayId);
      return natGateway === undefined ? [{ from, to, value: walked }] : behindNat(plane, natGateway, vpcId, from, to);
    }
    case "network-interface":
    case "other":
      return [{ from, to, value: walked }];
  }
}

/** Of what an internet gateway gets: it surely refuses the private ranges. [IG-3] */
function outside(plane: Plane): Routed {
  return plane.classes.family === "ipv4" ? plane.beyondInternetGateways : [{ from: 0, to: plane.size, value: walked }];
}

/** A NAT gateway's subnet routes what it sends, mostly to an internet gateway, which refuses private destinations. [NG-4] */
function behindNat(plane: Plane, { networkInterfaceId }: NatGateway, vpcId: string, from: number, to: number): Routed {
  const { index } = plane.prepared;
  const all: Routed = [{ from, to, value: walked }];
  const networkInterface = index.networkInterface(networkInterfaceId);
  if (networkInterface === undefined) return all;
  const { privateAddresses, ipv6Addresses } = networkInterface;
  const addresses = plane.classes.family === "ipv4" ? privateAddresses : ipv6Addresses;
  if (networkInterface.vpcId !== vpcId || addresses.length === 0) return [];
  const subnet = index.subnet(networkInterface.subnetId);
  const table = subnet === undefined ? undefined : index.effectiveRouteTable(subnet.subnetId);
  if (subnet === undefined || table === undefined) return all;
  const compiled = plane.prepared.routeTable(table);
  if (compiled.unknownLists.length > 0) return all;
  const own = plane.classes.range(subnet.cidrBlock);
  return routesOf(plane, compiled)
    .flatMap((each): Routed => {
      const { target, state } = each.value.route;
      const isOut = target.kind === "internet-gateway" && index.internetGateway(target.internetGatewayId) !== undefined;
      if (state === "blackhole") return [];
      return isOut ? clip(outside(plane), each.from, each.to) : [{ from: each.from, to: each.to, value: walked }];
    })
    .concat({ from: own[0], to: own[1], value: walked })
    .flatMap((each) => clip([each], from, to));
}

/** A list that was not read may hold any address but the local ones; see `hiddenList` of the walk. */
function withUnknownLists(plane: Plane, { unknownLists }: CompiledRouteTable, segments: Routed): Routed {
  const areServices = unknownLists.every(({ target }) => target.kind === "other");
  const outcomes: (Outcome | undefined)[] = Array.from({ length: plane.size });
  for (const { from, to, value } of segments) outcomes.fill(value, from, to);
  return outcomes.flatMap((outcome, column): Routed => {
    const address = plane.addresses[column];
    const isHidden = outcome?.kind !== "local" && !(areServices && address !== undefined && isPrivateAddress(address));
    const value = isHidden ? walked : outcome;
    return value === undefined ? [] : [{ from: column, to: column + 1, value }];
  });
}
