/** Transit gateways as the API shows them, and how they are found. [TG-5] */
import type { TransitGateway } from "@aws-sdk/client-ec2";
import { ec2Arn } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import { tagsOf } from "../tag/tags.ts";
import type { TransitGatewayRecord } from "./record.ts";

export const transitGatewayDescription: DescribeDefinition<"transitGateway"> = {
  table: "transitGateway",
  kind: "transit-gateway",
  idPrefix: "tgw",
  filters: {
    "options.amazon-side-asn": ({ Options }) => Options.AmazonSideAsn,
    "options.association-default-route-table-id": ({ Options }) => Options.AssociationDefaultRouteTableId,
    "options.auto-accept-shared-attachments": ({ Options }) => Options.AutoAcceptSharedAttachments,
    "options.default-route-table-association": ({ Options }) => Options.DefaultRouteTableAssociation,
    "options.default-route-table-propagation": ({ Options }) => Options.DefaultRouteTablePropagation,
    "options.dns-support": ({ Options }) => Options.DnsSupport,
    "options.propagation-default-route-table-id": ({ Options }) => Options.PropagationDefaultRouteTableId,
    "options.vpn-ecmp-support": ({ Options }) => Options.VpnEcmpSupport,
    "owner-id": ({ OwnerId }) => OwnerId,
    state: ({ State }) => State,
    "transit-gateway-id": ({ TransitGatewayId }) => TransitGatewayId,
  },
};

export function toTransitGateway(record: TransitGatewayRecord, context: ActionContext): TransitGateway {
  const { TransitGatewayId, OwnerId, Region, State, Description, CreatedAt, Options } = record;
  const { TransitGatewayCidrBlocks, ...options } = Options;
  return {
    TransitGatewayId,
    TransitGatewayArn: ec2Arn(Region, OwnerId, "transit-gateway", TransitGatewayId),
    State,
    OwnerId,
    Description,
    CreationTime: new Date(CreatedAt),
    Options: {
      ...options,
      ...(TransitGatewayCidrBlocks.length > 0 && { TransitGatewayCidrBlocks: [...TransitGatewayCidrBlocks] }),
      MulticastSupport: "disable",
    },
    Tags: tagsOf(context, TransitGatewayId),
  };
}
