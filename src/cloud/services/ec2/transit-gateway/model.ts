/** A transit gateway as the network model sees it. A deleted one is only shown for a while. */
import type { TransitGateway, TransitGatewayId } from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import type { TransitGatewayRecord } from "./record.ts";

export function projectTransitGateway(record: TransitGatewayRecord, view: StateView): TransitGateway | undefined {
  if (record.State === "deleted") return undefined;
  const { AmazonSideAsn, DnsSupport, SecurityGroupReferencingSupport } = record.Options;
  return {
    ownerId: record.OwnerId,
    region: record.Region,
    name: ownName(record, record.TransitGatewayId, view),
    // Ids of records were made with their prefixes.
    transitGatewayId: record.TransitGatewayId as TransitGatewayId,
    state: record.State,
    amazonSideAsn: AmazonSideAsn,
    dnsSupport: DnsSupport === "enable",
    securityGroupReferencingSupport: SecurityGroupReferencingSupport === "enable",
  };
}
