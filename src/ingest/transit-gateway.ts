/** Transit gateways. Whoever a gateway is shared with sees it too, and knows it by its owner. [TG-80] */
import type { TransitGateway } from "../model/index.ts";
import { type Item, required } from "./item.ts";
import { mergeResources, resourceFields } from "./merge.ts";
import type { Part, Seen } from "./part.ts";
import type { Report } from "./report.ts";

export function readTransitGateways(parts: readonly Part[], report: Report): readonly TransitGateway[] {
  return mergeResources(parts.flatMap(transitGatewaysOf), report);
}

const states = ["pending", "available", "modifying", "deleting", "deleted"] as const;

function transitGatewaysOf(part: Part): readonly Seen<TransitGateway>[] {
  return part.readEach("TransitGateways", { field: "TransitGatewayId", prefix: "tgw" }, (item, transitGatewayId) => {
    const state = required(item, "State", item.choice("State", states));
    if (state === "deleted") return undefined;
    const options = item.item("Options");
    return {
      ...resourceFields(item, part),
      transitGatewayId,
      state,
      amazonSideAsn: required(item, "Options.AmazonSideAsn", options?.integer("AmazonSideAsn")),
      dnsSupport: switchOf(item, "DnsSupport", transitGatewayId, true),
      securityGroupReferencingSupport: switchOf(item, "SecurityGroupReferencingSupport", transitGatewayId, false),
    };
  });
}

/** A switch of a gateway's or an attachment's options. Answers of before AWS had it do not tell it. */
export function switchOf(item: Item, name: string, id: string, usual: boolean): boolean {
  const value = item.item("Options")?.choice(name, ["enable", "disable"]);
  if (value !== undefined) return value === "enable";
  const field = `${name[0]?.toLowerCase()}${name.slice(1)}`;
  item.notes.unknown(`${id}.${field}`, `the answer does not tell it; ${usual ? "on" : "off"} is the usual one`);
  return usual;
}
