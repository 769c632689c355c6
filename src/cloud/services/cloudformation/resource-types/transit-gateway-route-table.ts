/** AWS::EC2::TransitGatewayRouteTable. */
import type {
  CreateTransitGatewayRouteTableCommandOutput,
  DescribeTransitGatewayRouteTablesCommandOutput,
} from "@aws-sdk/client-ec2";
import { type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { tagsFor } from "./tags.ts";

interface Properties {
  readonly TransitGatewayId: string;
  readonly Tags?: readonly ResourceTag[];
}

export const transitGatewayRouteTableType = resourceType<Properties>({
  name: "AWS::EC2::TransitGatewayRouteTable",
  properties: ["TransitGatewayId", "Tags"],
  create(work) {
    const answer = work.call<CreateTransitGatewayRouteTableCommandOutput>("ec2:CreateTransitGatewayRouteTable", {
      TransitGatewayId: work.properties.TransitGatewayId,
      TagSpecifications: tagsFor("transit-gateway-route-table", work),
    });
    return answer.TransitGatewayRouteTable?.TransitGatewayRouteTableId ?? "";
  },
  created: (work) => stateOf(work) === "available",
  delete({ call, physicalId }) {
    call("ec2:DeleteTransitGatewayRouteTable", { TransitGatewayRouteTableId: physicalId });
  },
  deleted: (work) => (stateOf(work) ?? "deleted") === "deleted",
  attributes: ({ physicalId }) => ({ TransitGatewayRouteTableId: physicalId }),
});

function stateOf(work: ResourceWork<Properties>): string | undefined {
  const Filters = [{ Name: "transit-gateway-route-table-id", Values: [work.physicalId] }];
  return work.call<DescribeTransitGatewayRouteTablesCommandOutput>("ec2:DescribeTransitGatewayRouteTables", { Filters })
    .TransitGatewayRouteTables?.[0]?.State;
}
