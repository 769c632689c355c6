/** Peering attachments of transit gateways: either side sees one, by an id of its own within a Region. [TG-62] */
import type {
  TransitGatewayAttachmentId,
  TransitGatewayPeeringAttachment,
  TransitGatewayPeeringAttachmentSide,
} from "../model/index.ts";
import { type Item, required } from "./item.ts";
import { nameTag } from "./merge.ts";
import type { Part, Seen } from "./part.ts";
import type { Report } from "./report.ts";
import { attachmentState } from "./transit-gateway-vpc-attachment.ts";

export function readTransitGatewayPeeringAttachments(
  parts: readonly Part[],
  report: Report,
): readonly TransitGatewayPeeringAttachment[] {
  // Two gateways have at most one peering that is not over. [TG-64]
  const peerings = new Map<string, Sight[]>();
  for (const { value, unknowns } of parts.flatMap(sightsOf)) {
    for (const { id, reason } of unknowns) report.unknown(id, reason);
    if (value === undefined) continue;
    const pair = `${value.requester.transitGatewayId} ${value.accepter.transitGatewayId}`;
    peerings.set(pair, [...(peerings.get(pair) ?? []), value]);
  }
  return [...peerings.values()].flatMap(joined);
}

type Side = Omit<TransitGatewayPeeringAttachmentSide, "transitGatewayAttachmentId">;

/** A peering as one side's gateway has it. */
interface Sight {
  readonly id: TransitGatewayAttachmentId;
  /** Told to the requester only. */
  readonly accepterId: TransitGatewayAttachmentId | undefined;
  /** Undefined where both gateways are one account's, in one Region, and the answer does not tell. */
  readonly role: "requester" | "accepter" | undefined;
  readonly state: TransitGatewayPeeringAttachment["state"];
  readonly name: string | undefined;
  readonly requester: Side;
  readonly accepter: Side;
}

function sightsOf(part: Part): readonly Seen<Sight>[] {
  const id = { field: "TransitGatewayAttachmentId", prefix: "tgw-attach" } as const;
  return part.readEach("TransitGatewayPeeringAttachments", id, (item, attachmentId) => {
    const state = attachmentState(item);
    if (state === undefined) return undefined;
    const requester = readSide(item, "RequesterTgwInfo");
    const accepter = readSide(item, "AccepterTgwInfo");
    const accepterId = item.id("AccepterTransitGatewayAttachmentId", "tgw-attach");
    const role = accepterId === undefined ? roleOf(part, requester, accepter) : "requester";
    return { id: attachmentId, accepterId, role, state, name: nameTag(item), requester, accepter };
  });
}

function readSide(item: Item, name: string): Side {
  const info = required(item, name, item.item(name));
  return {
    ownerId: required(info, "OwnerId", info.text("OwnerId")),
    region: required(info, "Region", info.text("Region")),
    transitGatewayId: required(info, "TransitGatewayId", info.id("TransitGatewayId", "tgw")),
  };
}

function roleOf(part: Part, requester: Side, accepter: Side): Sight["role"] {
  const isOf = (side: Side): boolean => side.ownerId === part.account && side.region === part.region;
  if (isOf(requester) === isOf(accepter)) return undefined;
  return isOf(requester) ? "requester" : "accepter";
}

function joined(sights: readonly Sight[]): readonly TransitGatewayPeeringAttachment[] {
  const byRequester = sights.find(({ role }) => role === "requester") ?? sights.find(({ role }) => role === undefined);
  const byAccepter =
    sights.find(({ role }) => role === "accepter") ??
    sights.find((each) => each.role === undefined && each !== byRequester);
  const sight = byRequester ?? byAccepter;
  if (sight === undefined) return [];
  const { requester, accepter, state } = sight;
  // Between Regions both sides have one id. [TG-62]
  const shared = requester.region === accepter.region ? undefined : sight.id;
  const requesterId = byRequester?.id ?? shared;
  const accepterId = byRequester?.accepterId ?? byAccepter?.id ?? shared;
  const name = byRequester?.name;
  return [
    {
      transitGatewayAttachmentId: requesterId ?? sight.id,
      ...(name !== undefined && { name }),
      state,
      requester: { ...requester, ...(requesterId !== undefined && { transitGatewayAttachmentId: requesterId }) },
      accepter: { ...accepter, ...(accepterId !== undefined && { transitGatewayAttachmentId: accepterId }) },
    },
  ];
}
