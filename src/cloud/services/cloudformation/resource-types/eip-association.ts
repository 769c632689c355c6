/** AWS::EC2::EIPAssociation. */
import type { AssociateAddressCommandOutput } from "@aws-sdk/client-ec2";
import { resourceType } from "./resource-type.ts";

interface Properties {
  readonly AllocationId?: string;
  readonly EIP?: string;
  readonly InstanceId?: string;
  readonly NetworkInterfaceId?: string;
  readonly PrivateIpAddress?: string;
}

export const eipAssociationType = resourceType<Properties>({
  name: "AWS::EC2::EIPAssociation",
  properties: ["AllocationId", "EIP", "InstanceId", "NetworkInterfaceId", "PrivateIpAddress"],
  create({ call, properties: { EIP: PublicIp, ...properties } }) {
    return call<AssociateAddressCommandOutput>("ec2:AssociateAddress", { ...properties, PublicIp }).AssociationId ?? "";
  },
  delete: ({ call, physicalId }) => void call("ec2:DisassociateAddress", { AssociationId: physicalId }),
  attributes: ({ physicalId }) => ({ Id: physicalId }),
});
