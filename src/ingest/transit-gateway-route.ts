/**
 * The routes of a transit gateway's route table, as SearchTransitGatewayRoutes lists them. Where only the static ones were searched
 * for, those that VPC attachments bring are added as AWS's rule says [TG-32]; what other attachments bring cannot be known.
 */
import { compareCidrText } from "../ip/index.ts";
import type {
  TransitGatewayRoute,
  TransitGatewayRouteTable,
  TransitGatewayVpcAttachment,
  Vpc,
} from "../model/index.ts";
import type { Item } from "./item.ts";
import type { Part } from "./part.ts";

/** What routes come from by propagation. */
export interface PropagatingNetwork {
  readonly vpcs: ReadonlyMap<string, Vpc>;
  readonly vpcAttachments: ReadonlyMap<string, TransitGatewayVpcAttachment>;
  /** Of attachments that are no VPC's: of a peering nothing comes. */
  readonly peeringAttachmentIds: ReadonlySet<string>;
}

export interface TableSight {
  readonly part: Part;
  readonly table: Item;
  readonly id: string;
  readonly propagations: TransitGatewayRouteTable["propagations"];
  readonly network: PropagatingNetwork;
}

export function readRoutes(sight: TableSight): readonly TransitGatewayRoute[] {
  const { part, table, id } = sight;
  const all = answersAbout(part, "TransitGatewayRoutes", id);
  const answers = all.length > 0 ? all : answersAbout(part, "TransitGatewayStaticRoutes", id);
  if (answers.length === 0) {
    table.notes.unknown(id, "its routes were not read (SearchTransitGatewayRoutes)");
    return [];
  }
  if (answers.some((answer) => answer.boolean("AdditionalRoutesAvailable") === true)) {
    table.notes.unknown(id, "it has more routes than the answer holds");
  }
  const read = answers.flatMap((answer) => answer.items("Routes").flatMap((route) => readRoute(route, id)));
  const added = all.length > 0 ? [] : propagatedRoutes(sight, new Set(read.map((each) => each.destinationCidrBlock)));
  return [...read, ...added].sort((a, b) => compareCidrText(a.destinationCidrBlock, b.destinationCidrBlock));
}

/** Routes that are coming or going carry nothing. [TG-35] */
function readRoute(item: Item, tableId: string): readonly TransitGatewayRoute[] {
  const state = item.text("State");
  if (state !== "active" && state !== "blackhole") return [];
  const destinationCidrBlock = item.cidr("DestinationCidrBlock");
  const type = item.choice("Type", ["static", "propagated"]);
  if (destinationCidrBlock === undefined || type === undefined) {
    item.notes.unknown(tableId, `a route of it (${item.file}, ${item.path}) cannot be read`);
    return [];
  }
  const prefixListId = item.id("PrefixListId", "pl");
  return [
    {
      destinationCidrBlock,
      ...(prefixListId !== undefined && { prefixListId }),
      type,
      state,
      transitGatewayAttachmentIds:
        state === "blackhole"
          ? []
          : item
              .items("TransitGatewayAttachments")
              .flatMap((each) => each.id("TransitGatewayAttachmentId", "tgw-attach") ?? []),
    },
  ];
}

/** A static route hides a propagated one to the same block. [TG-41] */
function propagatedRoutes(sight: TableSight, hidden: ReadonlySet<string>): readonly TransitGatewayRoute[] {
  const { table, id, propagations, network } = sight;
  const routes = new Map<string, TransitGatewayRoute>();
  for (const { transitGatewayAttachmentId, state } of propagations) {
    if (state !== "enabled" || network.peeringAttachmentIds.has(transitGatewayAttachmentId)) continue;
    const blocks = blocksOf(network, transitGatewayAttachmentId);
    if (blocks === undefined) table.notes.unknown(id, `what ${transitGatewayAttachmentId} brings into it was not read`);
    for (const destinationCidrBlock of blocks ?? []) {
      // Of equal blocks the first to come wins, and which that was is not told. [TG-45]
      if (routes.has(destinationCidrBlock)) table.notes.unknown(id, `two attachments bring ${destinationCidrBlock}`);
      const transitGatewayAttachmentIds = [transitGatewayAttachmentId];
      routes.set(destinationCidrBlock, {
        destinationCidrBlock,
        type: "propagated",
        state: "active",
        transitGatewayAttachmentIds,
      });
    }
  }
  return [...routes.values()].filter(({ destinationCidrBlock }) => !hidden.has(destinationCidrBlock));
}

/** The blocks that an attachment brings: those of its VPC, and none while it carries nothing. [TG-32] */
function blocksOf(network: PropagatingNetwork, attachmentId: string): readonly string[] | undefined {
  const attachment = network.vpcAttachments.get(attachmentId);
  const vpc = attachment && network.vpcs.get(attachment.vpcId);
  if (attachment === undefined || vpc === undefined) return undefined;
  if (attachment.state !== "available" && attachment.state !== "modifying") return [];
  return attachment.ipv6Support ? [...vpc.cidrBlocks, ...vpc.ipv6CidrBlocks] : vpc.cidrBlocks;
}

type AboutTables =
  | "TransitGatewayRouteTableAssociations"
  | "TransitGatewayRouteTablePropagations"
  | "TransitGatewayRoutes"
  | "TransitGatewayStaticRoutes";

/** The answers that were asked about this table. */
export function answersAbout(part: Part, key: AboutTables, id: string): readonly Item[] {
  return part.items(key).filter((answer) => answer.text("TransitGatewayRouteTableId") === id);
}
