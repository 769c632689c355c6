/** AWS::EC2::TransitGateway. */
import type { CreateTransitGatewayCommandOutput, DescribeTransitGatewaysCommandOutput } from "@aws-sdk/client-ec2";
import { type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

interface Properties {
  readonly AmazonSideAsn?: number;
  readonly AssociationDefaultRouteTableId?: string;
  readonly AutoAcceptSharedAttachments?: string;
  readonly DefaultRouteTableAssociation?: string;
  readonly DefaultRouteTablePropagation?: string;
  readonly Description?: string;
  readonly DnsSupport?: string;
  readonly MulticastSupport?: string;
  readonly PropagationDefaultRouteTableId?: string;
  readonly SecurityGroupReferencingSupport?: string;
  readonly TransitGatewayCidrBlocks?: readonly string[];
  readonly VpnEcmpSupport?: string;
  readonly Tags?: readonly ResourceTag[];
}

const options = [
  "AutoAcceptSharedAttachments",
  "DefaultRouteTableAssociation",
  "DefaultRouteTablePropagation",
  "DnsSupport",
  "SecurityGroupReferencingSupport",
  "VpnEcmpSupport",
] as const;

export const transitGatewayType = resourceType<Properties>({
  name: "AWS::EC2::TransitGateway",
  properties: [
    ...options,
    "AmazonSideAsn",
    "AssociationDefaultRouteTableId",
    "Description",
    "MulticastSupport",
    "PropagationDefaultRouteTableId",
    "TransitGatewayCidrBlocks",
    "Tags",
  ],
  create(work) {
    const { Description, AmazonSideAsn, MulticastSupport, TransitGatewayCidrBlocks } = work.properties;
    const { TransitGateway } = work.call<CreateTransitGatewayCommandOutput>("ec2:CreateTransitGateway", {
      Description,
      Options: { ...chosen(work.properties), AmazonSideAsn, MulticastSupport, TransitGatewayCidrBlocks },
      TagSpecifications: tagsFor("transit-gateway", work),
    });
    return TransitGateway?.TransitGatewayId ?? "";
  },
  created: (work) => describe(work)?.State === "available",
  update(work, before) {
    const { Description, AmazonSideAsn, TransitGatewayCidrBlocks = [], ...properties } = work.properties;
    const past = before.TransitGatewayCidrBlocks ?? [];
    const { AssociationDefaultRouteTableId, PropagationDefaultRouteTableId } = properties;
    const AddTransitGatewayCidrBlocks = TransitGatewayCidrBlocks.filter((each) => !past.includes(each));
    const RemoveTransitGatewayCidrBlocks = past.filter((each) => !TransitGatewayCidrBlocks.includes(each));
    work.call("ec2:ModifyTransitGateway", {
      TransitGatewayId: work.physicalId,
      Description,
      Options: {
        ...chosen(properties),
        AssociationDefaultRouteTableId,
        PropagationDefaultRouteTableId,
        ...(AmazonSideAsn !== before.AmazonSideAsn && { AmazonSideAsn }),
        ...(AddTransitGatewayCidrBlocks.length > 0 && { AddTransitGatewayCidrBlocks }),
        ...(RemoveTransitGatewayCidrBlocks.length > 0 && { RemoveTransitGatewayCidrBlocks }),
      },
    });
    changeTags(work);
  },
  updated: (work) => describe(work)?.State === "available",
  delete: (work) => void work.call("ec2:DeleteTransitGateway", { TransitGatewayId: work.physicalId }),
  deleted: (work) => (describe(work)?.State ?? "deleted") === "deleted",
  attributes: (work) => ({ Id: work.physicalId, TransitGatewayArn: describe(work)?.TransitGatewayArn }),
});

function chosen(properties: Properties) {
  return Object.fromEntries(options.map((name) => [name, properties[name]]));
}

function describe(work: ResourceWork<Properties>) {
  const Filters = [{ Name: "transit-gateway-id", Values: [work.physicalId] }];
  return work.call<DescribeTransitGatewaysCommandOutput>("ec2:DescribeTransitGateways", { Filters })
    .TransitGateways?.[0];
}
