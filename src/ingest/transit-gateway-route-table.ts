/** Route tables of transit gateways, which only the gateway's owner sees: who uses them, who brings routes, and the routes. */
import type { TransitGatewayRouteTable } from "../model/index.ts";
import { type Item, required } from "./item.ts";
import { mergeResources, resourceFields } from "./merge.ts";
import type { Part, Seen } from "./part.ts";
import type { Report } from "./report.ts";
import { answersAbout, type PropagatingNetwork, readRoutes } from "./transit-gateway-route.ts";

export function readTransitGatewayRouteTables(
  parts: readonly Part[],
  network: PropagatingNetwork,
  report: Report,
): readonly TransitGatewayRouteTable[] {
  return mergeResources(
    parts.flatMap((part) => routeTablesOf(part, network)),
    report,
  );
}

const states = ["pending", "available", "deleting", "deleted"] as const;

function routeTablesOf(part: Part, network: PropagatingNetwork): readonly Seen<TransitGatewayRouteTable>[] {
  const id = { field: "TransitGatewayRouteTableId", prefix: "tgw-rtb" } as const;
  return part.readEach("TransitGatewayRouteTables", id, (item, transitGatewayRouteTableId) => {
    const state = required(item, "State", item.choice("State", states));
    if (state === "deleted") return undefined;
    const propagations = propagationsOf(part, item, transitGatewayRouteTableId);
    return {
      ...resourceFields(item, part),
      transitGatewayRouteTableId,
      transitGatewayId: required(item, "TransitGatewayId", item.id("TransitGatewayId", "tgw")),
      state,
      defaultAssociationRouteTable: item.boolean("DefaultAssociationRouteTable") ?? false,
      defaultPropagationRouteTable: item.boolean("DefaultPropagationRouteTable") ?? false,
      associations: associationsOf(part, item, transitGatewayRouteTableId),
      propagations,
      routes: readRoutes({ part, table: item, id: transitGatewayRouteTableId, propagations, network }),
    };
  });
}

type Associations = TransitGatewayRouteTable["associations"];
type Propagations = TransitGatewayRouteTable["propagations"];

const associationStates = ["associating", "associated", "disassociating", "disassociated"] as const;
const propagationStates = ["enabling", "enabled", "disabling", "disabled"] as const;

/** The table's own list, else what the attachments say of themselves. */
function associationsOf(part: Part, table: Item, id: string): Associations {
  const own = answersAbout(part, "TransitGatewayRouteTableAssociations", id);
  if (own.length > 0) {
    return own.flatMap((answer) =>
      answer.items("Associations").flatMap((each) => associationOf(each, each.choice("State", associationStates))),
    );
  }
  if (!part.has("TransitGatewayAttachments")) {
    table.notes.unknown(id, "neither its associations nor the gateway's attachments were read");
  }
  return part.items("TransitGatewayAttachments").flatMap((attachment) => {
    const association = attachment.item("Association");
    if (association?.text("TransitGatewayRouteTableId") !== id) return [];
    return associationOf(attachment, association.choice("State", associationStates));
  });
}

function associationOf(item: Item, state: Associations[number]["state"] | undefined): Associations {
  const transitGatewayAttachmentId = item.id("TransitGatewayAttachmentId", "tgw-attach");
  return transitGatewayAttachmentId === undefined || state === undefined ? [] : [{ transitGatewayAttachmentId, state }];
}

function propagationsOf(part: Part, table: Item, id: string): Propagations {
  const answers = answersAbout(part, "TransitGatewayRouteTablePropagations", id);
  if (answers.length === 0) table.notes.unknown(`${id}.propagations`, "its propagations were not read");
  return answers.flatMap((answer) =>
    answer.items("TransitGatewayRouteTablePropagations").flatMap((each) => {
      const transitGatewayAttachmentId = each.id("TransitGatewayAttachmentId", "tgw-attach");
      const state = each.choice("State", propagationStates);
      return transitGatewayAttachmentId === undefined || state === undefined
        ? []
        : [{ transitGatewayAttachmentId, state }];
    }),
  );
}
