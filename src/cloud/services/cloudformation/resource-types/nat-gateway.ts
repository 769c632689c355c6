/** AWS::EC2::NatGateway. */
import type { CreateNatGatewayCommandOutput, DescribeNatGatewaysCommandOutput } from "@aws-sdk/client-ec2";
import { ResourceFailure, type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

interface Properties {
  readonly SubnetId?: string;
  readonly AllocationId?: string;
  readonly ConnectivityType?: string;
  readonly PrivateIpAddress?: string;
  readonly Tags?: readonly ResourceTag[];
}

export const natGatewayType = resourceType<Properties>({
  name: "AWS::EC2::NatGateway",
  properties: ["SubnetId", "AllocationId", "ConnectivityType", "PrivateIpAddress", "Tags"],
  create(work) {
    const { SubnetId, AllocationId, ConnectivityType, PrivateIpAddress } = work.properties;
    const { NatGateway } = work.call<CreateNatGatewayCommandOutput>("ec2:CreateNatGateway", {
      SubnetId,
      AllocationId,
      ConnectivityType,
      PrivateIpAddress,
      TagSpecifications: tagsFor("natgateway", work),
    });
    const id = NatGateway?.NatGatewayId ?? "";
    work.tagAsOwn("natgateway", id);
    return id;
  },
  created(work) {
    const gateway = describe(work);
    if (gateway?.State === "failed")
      throw new ResourceFailure(`NatGateway ${work.physicalId} is in state failed: ${gateway.FailureMessage}`);
    return gateway?.State === "available";
  },
  update: (work) => changeTags(work),
  delete: (work) => void work.call("ec2:DeleteNatGateway", { NatGatewayId: work.physicalId }),
  deleted: (work) => (describe(work)?.State ?? "deleted") === "deleted",
  attributes: (work) => ({
    NatGatewayId: work.physicalId,
    EniId: describe(work)?.NatGatewayAddresses?.[0]?.NetworkInterfaceId,
  }),
});

function describe(work: ResourceWork<Properties>) {
  const Filter = [{ Name: "nat-gateway-id", Values: [work.physicalId] }];
  return work.call<DescribeNatGatewaysCommandOutput>("ec2:DescribeNatGateways", { Filter }).NatGateways?.[0];
}
