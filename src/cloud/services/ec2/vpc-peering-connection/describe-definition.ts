/** Which peering connections a caller sees, and the filters on them. [PX-2, PX-3] (semantics 5.8) */
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import type { FilterTable } from "../filters.ts";
import { named } from "../required.ts";
import { visibleTo } from "./lifecycle.ts";
import type { VpcPeeringConnectionRecord } from "./record.ts";
import { cidrsShown } from "./to-api.ts";

const filters: FilterTable<VpcPeeringConnectionRecord> = {
  // What is not shown cannot be found out by a filter either.
  "accepter-vpc-info.cidr-block": (record, context) => cidrsShown(record, "Accepter", context)?.ipv4,
  "accepter-vpc-info.owner-id": ({ Accepter }) => Accepter.OwnerId,
  "accepter-vpc-info.vpc-id": ({ Accepter }) => Accepter.VpcId,
  "requester-vpc-info.cidr-block": (record, context) => cidrsShown(record, "Requester", context)?.ipv4,
  "requester-vpc-info.owner-id": ({ Requester }) => Requester.OwnerId,
  "requester-vpc-info.vpc-id": ({ Requester }) => Requester.VpcId,
  "expiration-time": ({ ExpirationTime }) =>
    ExpirationTime === undefined ? undefined : new Date(ExpirationTime).toISOString(),
  "status-code": ({ StatusCode }) => StatusCode,
  "status-message": ({ StatusMessage }) => StatusMessage,
  "vpc-peering-connection-id": ({ VpcPeeringConnectionId }) => VpcPeeringConnectionId,
};

export const vpcPeeringConnections: DescribeDefinition<"vpcPeeringConnection"> = {
  table: "vpcPeeringConnection",
  kind: "vpc-peering-connection",
  idPrefix: "pcx",
  filters,
  indexed: { "accepter-vpc-info.vpc-id": "vpc", "requester-vpc-info.vpc-id": "vpc" },
  shown: (record, { caller, now }) => visibleTo(record, caller.accountId, now),
};

/** The connection with this id, seen by the caller. */
export function peeringById(id: string | undefined, context: ActionContext): VpcPeeringConnectionRecord {
  return named(vpcPeeringConnections, "VpcPeeringConnectionId", id, context);
}
