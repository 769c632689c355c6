/** What a transit gateway's route table holds: associations, propagations and static routes. */
import type {
  GetTransitGatewayRouteTableAssociationsCommandOutput,
  GetTransitGatewayRouteTablePropagationsCommandOutput,
  SearchTransitGatewayRoutesCommandOutput,
} from "@aws-sdk/client-ec2";
import { type ResourceWork, resourceType } from "./resource-type.ts";

interface Membership {
  readonly TransitGatewayAttachmentId: string;
  readonly TransitGatewayRouteTableId: string;
}

const memberProperties = ["TransitGatewayAttachmentId", "TransitGatewayRouteTableId"] as const;

export const transitGatewayRouteTableAssociationType = resourceType<Membership>({
  name: "AWS::EC2::TransitGatewayRouteTableAssociation",
  properties: memberProperties,
  create({ call, properties }) {
    call("ec2:AssociateTransitGatewayRouteTable", properties);
    return `${properties.TransitGatewayRouteTableId}_${properties.TransitGatewayAttachmentId}`;
  },
  created: (work) => associationState(work) === "associated",
  delete: ({ call, properties }) => void call("ec2:DisassociateTransitGatewayRouteTable", properties),
  deleted: (work) => associationState(work) === undefined,
});

function associationState({ call, properties }: ResourceWork<Membership>): string | undefined {
  const answer = call<GetTransitGatewayRouteTableAssociationsCommandOutput>(
    "ec2:GetTransitGatewayRouteTableAssociations",
    ofAttachment(properties),
  );
  return answer.Associations?.[0]?.State;
}

export const transitGatewayRouteTablePropagationType = resourceType<Membership>({
  name: "AWS::EC2::TransitGatewayRouteTablePropagation",
  properties: memberProperties,
  create({ call, properties }) {
    call("ec2:EnableTransitGatewayRouteTablePropagation", properties);
    return `${properties.TransitGatewayRouteTableId}_${properties.TransitGatewayAttachmentId}`;
  },
  created: (work) => propagationState(work) === "enabled",
  delete: ({ call, properties }) => void call("ec2:DisableTransitGatewayRouteTablePropagation", properties),
  deleted: (work) => propagationState(work) === undefined,
});

function propagationState({ call, properties }: ResourceWork<Membership>): string | undefined {
  const answer = call<GetTransitGatewayRouteTablePropagationsCommandOutput>(
    "ec2:GetTransitGatewayRouteTablePropagations",
    ofAttachment(properties),
  );
  return answer.TransitGatewayRouteTablePropagations?.[0]?.State;
}

function ofAttachment({ TransitGatewayRouteTableId, TransitGatewayAttachmentId }: Membership) {
  return {
    TransitGatewayRouteTableId,
    Filters: [{ Name: "transit-gateway-attachment-id", Values: [TransitGatewayAttachmentId] }],
  };
}

interface Route {
  readonly TransitGatewayRouteTableId: string;
  readonly DestinationCidrBlock: string;
  readonly TransitGatewayAttachmentId?: string;
  readonly Blackhole?: boolean;
}

export const transitGatewayRouteType = resourceType<Route>({
  name: "AWS::EC2::TransitGatewayRoute",
  properties: ["TransitGatewayRouteTableId", "DestinationCidrBlock", "TransitGatewayAttachmentId", "Blackhole"],
  create({ call, properties }) {
    call("ec2:CreateTransitGatewayRoute", properties);
    return `${properties.TransitGatewayRouteTableId}_${properties.DestinationCidrBlock}`;
  },
  created(work) {
    const state = routeState(work);
    return state === "active" || state === "blackhole";
  },
  delete({ call, properties: { TransitGatewayRouteTableId, DestinationCidrBlock } }) {
    call("ec2:DeleteTransitGatewayRoute", { TransitGatewayRouteTableId, DestinationCidrBlock });
  },
  deleted: (work) => routeState(work) === undefined,
});

function routeState({ call, properties }: ResourceWork<Route>): string | undefined {
  const { Routes = [] } = call<SearchTransitGatewayRoutesCommandOutput>("ec2:SearchTransitGatewayRoutes", {
    TransitGatewayRouteTableId: properties.TransitGatewayRouteTableId,
    Filters: [
      { Name: "route-search.exact-match", Values: [properties.DestinationCidrBlock] },
      { Name: "type", Values: ["static"] },
    ],
  });
  return Routes[0]?.State;
}
