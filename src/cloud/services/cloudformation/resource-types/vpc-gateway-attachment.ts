/** AWS::EC2::VPCGatewayAttachment: of an internet gateway; virtual private gateways are not modelled. */
import type { DescribeInternetGatewaysCommandOutput } from "@aws-sdk/client-ec2";
import { ResourceFailure, resourceType } from "./resource-type.ts";

interface Properties {
  readonly VpcId: string;
  readonly InternetGatewayId?: string;
}

export const vpcGatewayAttachmentType = resourceType<Properties>({
  name: "AWS::EC2::VPCGatewayAttachment",
  properties: ["VpcId", "InternetGatewayId"],
  create(work) {
    const { VpcId, InternetGatewayId } = work.properties;
    if (InternetGatewayId === undefined) throw new ResourceFailure("InternetGatewayId must be specified.");
    work.call("ec2:AttachInternetGateway", { VpcId, InternetGatewayId });
    return `IGW|${VpcId}`;
  },
  created({ call, properties: { VpcId, InternetGatewayId } }) {
    const { InternetGateways = [] } = call<DescribeInternetGatewaysCommandOutput>("ec2:DescribeInternetGateways", {
      InternetGatewayIds: [InternetGatewayId],
    });
    return InternetGateways.some(({ Attachments = [] }) => Attachments.some((each) => each.VpcId === VpcId));
  },
  replaces: (properties, before) => properties.InternetGatewayId !== before.InternetGatewayId,
  delete({ call, properties: { VpcId, InternetGatewayId } }) {
    call("ec2:DetachInternetGateway", { VpcId, InternetGatewayId });
  },
  attributes: () => ({ AttachmentType: "IGW" }),
});
