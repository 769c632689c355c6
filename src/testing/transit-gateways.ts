/** The transit gateways of a test's network: what `network.ts` is for everything else. */
import type {
  Cidr,
  NetworkModel,
  SubnetId,
  TransitGateway,
  TransitGatewayAttachmentId,
  TransitGatewayAttachmentState,
  TransitGatewayId,
  TransitGatewayPeeringAttachment,
  TransitGatewayRoute,
  TransitGatewayRouteTable,
  TransitGatewayRouteTableId,
  TransitGatewayVpcAttachment,
  VpcId,
} from "../model/index.ts";
import { change, one } from "./records.ts";

/** `none`: no association, no propagation. */
type TableChoice = TransitGatewayRouteTableId | "none";

export interface AttachOptions extends Partial<TransitGatewayVpcAttachment> {
  /** All of the VPC's subnets, the first of each zone, when left out. */
  readonly subnetIds?: readonly SubnetId[];
  /** The table that it is associated with; the gateway's default one when left out. */
  readonly table?: TableChoice;
  /** The table that it propagates into; the gateway's default one when left out. */
  readonly into?: TableChoice;
}

export interface TestTransitGateways {
  /** A gateway `tgw-NAME` with a default route table `tgw-rtb-NAME`, which attachments of its own use unless they say otherwise. */
  transitGateway(
    name: string,
    options?: Partial<TransitGateway>,
    tables?: "default table" | "no table",
  ): TransitGatewayId;
  changeTransitGateway(id: TransitGatewayId, change: Partial<TransitGateway>): void;
  transitGatewayTable(name: string, gateway: TransitGatewayId): TransitGatewayRouteTableId;
  /** `tgw-attach-GATEWAY-VPC`, available, associated and propagating. */
  attach(gateway: TransitGatewayId, vpc: VpcId, options?: AttachOptions): TransitGatewayAttachmentId;
  changeAttachment(id: TransitGatewayAttachmentId, change: Partial<TransitGatewayVpcAttachment>): void;
  detach(id: TransitGatewayAttachmentId): void;
  /** Moves the association; `none` takes it away. */
  associate(id: TransitGatewayAttachmentId, table: TableChoice): void;
  /** The same at one side of a peering, whose id may be that of both. */
  associatePeering(id: TransitGatewayAttachmentId, gateway: TransitGatewayId, table: TableChoice): void;
  /** Routes to the attachment for all blocks of its VPC that the table has no route for yet. [TG-41, TG-45] */
  propagate(id: TransitGatewayAttachmentId, table: TransitGatewayRouteTableId): void;
  /** A static route; to `blackhole`, or to an attachment. */
  transitGatewayRoute(table: TransitGatewayRouteTableId, cidr: Cidr, target: string): void;
  changeTransitGatewayRoute(table: TransitGatewayRouteTableId, cidr: Cidr, change: Partial<TransitGatewayRoute>): void;
  /** After a static route the propagated one that it hid is back. [TG-41] */
  removeTransitGatewayRoute(table: TransitGatewayRouteTableId, cidr: Cidr): void;
  /** One id in two Regions, two in one [TG-62]; each side's, associated with its gateway's default table. */
  peerTransitGateways(
    requester: TransitGatewayId,
    accepter: TransitGatewayId,
    ids?: readonly [TransitGatewayAttachmentId, TransitGatewayAttachmentId],
  ): readonly [TransitGatewayAttachmentId, TransitGatewayAttachmentId];
  setTransitGatewayPeering(id: TransitGatewayAttachmentId, state: TransitGatewayAttachmentState): void;
}

type Collections = Pick<NetworkModel, "vpcs" | "subnets"> & {
  readonly transitGateways: TransitGateway[];
  readonly transitGatewayVpcAttachments: TransitGatewayVpcAttachment[];
  readonly transitGatewayPeeringAttachments: TransitGatewayPeeringAttachment[];
  readonly transitGatewayRouteTables: TransitGatewayRouteTable[];
};

/** Over the collections of the test's network. */
export function testTransitGateways(
  all: Collections,
  place: { readonly ownerId: string; readonly region: string },
): TestTransitGateways {
  const gatewayOf = (id: TransitGatewayId) => one(all.transitGateways, (each) => each.transitGatewayId === id);
  const defaultTable = (id: TransitGatewayId): TransitGatewayRouteTableId => `tgw-rtb-${id.slice(4)}`;
  const changeTable = (
    id: TransitGatewayRouteTableId,
    make: (table: TransitGatewayRouteTable) => Partial<TransitGatewayRouteTable>,
  ) =>
    change(
      all.transitGatewayRouteTables,
      (each) => each.transitGatewayRouteTableId === id,
      (table) => ({ ...table, ...make(table) }),
    );
  const setRoute = (id: TransitGatewayRouteTableId, route: TransitGatewayRoute) =>
    changeTable(id, ({ routes }) => ({ routes: [...without(routes, route.destinationCidrBlock), route] }));
  const idsOfPeering = (requester: TransitGatewayId, accepter: TransitGatewayId) => {
    const [near, far] = [requester.slice(4), accepter.slice(4)];
    const sameRegion = gatewayOf(requester).region === gatewayOf(accepter).region;
    const requesterId: TransitGatewayAttachmentId = `tgw-attach-${near}-${far}`;
    const accepterId: TransitGatewayAttachmentId = sameRegion ? `tgw-attach-${far}-${near}` : requesterId;
    return [requesterId, accepterId] as const;
  };
  const firstOfEachZone = (vpcId: VpcId): readonly SubnetId[] => {
    const zones = new Map<string, SubnetId>();
    for (const { availabilityZoneId: zone, subnetId, vpcId: owner } of all.subnets) {
      if (owner === vpcId && !zones.has(zone)) zones.set(zone, subnetId);
    }
    return [...zones.values()];
  };

  const gateways: TestTransitGateways = {
    transitGateway: (name, options = {}, tables = "default table") => {
      const transitGatewayId: TransitGatewayId = `tgw-${name}`;
      all.transitGateways.push({
        ...place,
        name,
        transitGatewayId,
        state: "available",
        amazonSideAsn: 64512,
        dnsSupport: true,
        securityGroupReferencingSupport: false,
        ...options,
      });
      if (tables === "default table") gateways.transitGatewayTable(name, transitGatewayId);
      return transitGatewayId;
    },
    changeTransitGateway: (id, patch) =>
      change(
        all.transitGateways,
        (each) => each.transitGatewayId === id,
        (gateway) => ({ ...gateway, ...patch }),
      ),
    transitGatewayTable: (name, transitGatewayId) => {
      const transitGatewayRouteTableId: TransitGatewayRouteTableId = `tgw-rtb-${name}`;
      const isDefault = transitGatewayRouteTableId === defaultTable(transitGatewayId);
      all.transitGatewayRouteTables.push({
        ownerId: gatewayOf(transitGatewayId).ownerId,
        region: gatewayOf(transitGatewayId).region,
        transitGatewayRouteTableId,
        transitGatewayId,
        state: "available",
        defaultAssociationRouteTable: isDefault,
        defaultPropagationRouteTable: isDefault,
        associations: [],
        propagations: [],
        routes: [],
      });
      return transitGatewayRouteTableId;
    },
    attach: (transitGatewayId, vpcId, { table, into, ...options } = {}) => {
      const id: TransitGatewayAttachmentId =
        options.transitGatewayAttachmentId ?? `tgw-attach-${transitGatewayId.slice(4)}-${vpcId.slice(4)}`;
      all.transitGatewayVpcAttachments.push({
        ownerId: one(all.vpcs, (vpc) => vpc.vpcId === vpcId).ownerId,
        region: gatewayOf(transitGatewayId).region,
        transitGatewayAttachmentId: id,
        transitGatewayId,
        vpcId,
        subnetIds: firstOfEachZone(vpcId),
        state: "available",
        applianceModeSupport: false,
        dnsSupport: true,
        ipv6Support: false,
        securityGroupReferencingSupport: true,
        ...options,
      });
      gateways.associate(id, table ?? defaultTable(transitGatewayId));
      if (into !== "none") gateways.propagate(id, into ?? defaultTable(transitGatewayId));
      return id;
    },
    changeAttachment: (id, patch) =>
      change(
        all.transitGatewayVpcAttachments,
        (each) => each.transitGatewayAttachmentId === id,
        (attachment) => ({ ...attachment, ...patch }),
      ),
    detach: (id) => {
      gateways.changeAttachment(id, { state: "deleted" });
      gateways.associate(id, "none");
    },
    associate: (id, tableId) => {
      for (const { transitGatewayRouteTableId, associations } of [...all.transitGatewayRouteTables]) {
        const others = associations.filter((each) => each.transitGatewayAttachmentId !== id);
        const associated = { transitGatewayAttachmentId: id, state: "associated" } as const;
        if (transitGatewayRouteTableId === tableId || others.length < associations.length) {
          const after = transitGatewayRouteTableId === tableId ? [...others, associated] : others;
          changeTable(transitGatewayRouteTableId, () => ({ associations: after }));
        }
      }
    },
    associatePeering: (id, gateway, tableId) => {
      for (const { transitGatewayRouteTableId: each, transitGatewayId } of [...all.transitGatewayRouteTables]) {
        if (transitGatewayId !== gateway) continue;
        changeTable(each, ({ associations }) => {
          const others = associations.filter((association) => association.transitGatewayAttachmentId !== id);
          const associated = { transitGatewayAttachmentId: id, state: "associated" } as const;
          return { associations: each === tableId ? [...others, associated] : others };
        });
      }
    },
    propagate: (id, tableId) => {
      const { vpcId, ipv6Support } = one(
        all.transitGatewayVpcAttachments,
        (each) => each.transitGatewayAttachmentId === id,
      );
      const { cidrBlocks, ipv6CidrBlocks } = one(all.vpcs, (vpc) => vpc.vpcId === vpcId);
      changeTable(tableId, ({ propagations, routes }) => {
        const known = new Set(routes.map(({ destinationCidrBlock }) => destinationCidrBlock));
        const blocks = ipv6Support ? [...cidrBlocks, ...ipv6CidrBlocks] : cidrBlocks;
        const propagated = blocks
          .filter((destinationCidrBlock) => !known.has(destinationCidrBlock))
          .map((destinationCidrBlock) => ({
            destinationCidrBlock,
            type: "propagated" as const,
            state: "active" as const,
            transitGatewayAttachmentIds: [id],
          }));
        const others = propagations.filter((each) => each.transitGatewayAttachmentId !== id);
        const enabled = { transitGatewayAttachmentId: id, state: "enabled" } as const;
        return { propagations: [...others, enabled], routes: [...routes, ...propagated] };
      });
    },
    transitGatewayRoute: (tableId, cidr, target) => {
      const state = target === "blackhole" ? "blackhole" : "active";
      const ids: TransitGatewayAttachmentId[] =
        state === "blackhole" ? [] : [`tgw-attach-${target.slice("tgw-attach-".length)}`];
      const route = { destinationCidrBlock: cidr, state, transitGatewayAttachmentIds: ids } as const;
      setRoute(tableId, { ...route, type: "static" });
    },
    changeTransitGatewayRoute: (tableId, cidr, patch) =>
      changeTable(tableId, ({ routes }) => ({
        routes: routes.map((route) => (route.destinationCidrBlock === cidr ? { ...route, ...patch } : route)),
      })),
    removeTransitGatewayRoute: (tableId, cidr) => {
      const table = one(all.transitGatewayRouteTables, (each) => each.transitGatewayRouteTableId === tableId);
      const removed = table.routes.find(({ destinationCidrBlock }) => destinationCidrBlock === cidr);
      changeTable(tableId, ({ routes }) => ({ routes: without(routes, cidr) }));
      if (removed?.type !== "static") return;
      for (const { transitGatewayAttachmentId } of table.propagations)
        gateways.propagate(transitGatewayAttachmentId, tableId);
    },
    peerTransitGateways: (requester, accepter, ids = idsOfPeering(requester, accepter)) => {
      const [requesterId, accepterId] = ids;
      const side = (transitGatewayId: TransitGatewayId, transitGatewayAttachmentId: TransitGatewayAttachmentId) => ({
        ownerId: gatewayOf(transitGatewayId).ownerId,
        region: gatewayOf(transitGatewayId).region,
        transitGatewayId,
        transitGatewayAttachmentId,
      });
      all.transitGatewayPeeringAttachments.push({
        transitGatewayAttachmentId: requesterId,
        state: "available",
        requester: side(requester, requesterId),
        accepter: side(accepter, accepterId),
      });
      for (const [gateway, id] of [
        [requester, requesterId],
        [accepter, accepterId],
      ] as const) {
        if (!all.transitGatewayRouteTables.some((each) => each.transitGatewayRouteTableId === defaultTable(gateway)))
          continue;
        changeTable(defaultTable(gateway), ({ associations }) => ({
          associations: [...associations, { transitGatewayAttachmentId: id, state: "associated" }],
        }));
      }
      return [requesterId, accepterId];
    },
    setTransitGatewayPeering: (id, state) =>
      change(
        all.transitGatewayPeeringAttachments,
        (each) => each.transitGatewayAttachmentId === id,
        (peering) => ({ ...peering, state }),
      ),
  };
  return gateways;
}

function without(routes: readonly TransitGatewayRoute[], cidr: Cidr): readonly TransitGatewayRoute[] {
  return routes.filter(({ destinationCidrBlock }) => destinationCidrBlock !== cidr);
}
