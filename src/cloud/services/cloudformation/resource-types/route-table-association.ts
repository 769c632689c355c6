/** AWS::EC2::SubnetRouteTableAssociation and AWS::EC2::GatewayRouteTableAssociation. */
import type { AssociateRouteTableCommandOutput } from "@aws-sdk/client-ec2";
import { resourceType } from "./resource-type.ts";

interface SubnetAssociation {
  readonly SubnetId: string;
  readonly RouteTableId: string;
}

export const subnetRouteTableAssociationType = resourceType<SubnetAssociation>({
  name: "AWS::EC2::SubnetRouteTableAssociation",
  properties: ["SubnetId", "RouteTableId"],
  create({ call, properties: { SubnetId, RouteTableId } }) {
    return (
      call<AssociateRouteTableCommandOutput>("ec2:AssociateRouteTable", { SubnetId, RouteTableId }).AssociationId ?? ""
    );
  },
  delete: ({ call, physicalId }) => void call("ec2:DisassociateRouteTable", { AssociationId: physicalId }),
  attributes: ({ physicalId }) => ({ Id: physicalId }),
});

interface GatewayAssociation {
  readonly GatewayId: string;
  readonly RouteTableId: string;
}

export const gatewayRouteTableAssociationType = resourceType<GatewayAssociation>({
  name: "AWS::EC2::GatewayRouteTableAssociation",
  properties: ["GatewayId", "RouteTableId"],
  create({ call, properties: { GatewayId, RouteTableId } }) {
    return (
      call<AssociateRouteTableCommandOutput>("ec2:AssociateRouteTable", { GatewayId, RouteTableId }).AssociationId ?? ""
    );
  },
  delete: ({ call, physicalId }) => void call("ec2:DisassociateRouteTable", { AssociationId: physicalId }),
  attributes: ({ physicalId }) => ({ AssociationId: physicalId }),
});
