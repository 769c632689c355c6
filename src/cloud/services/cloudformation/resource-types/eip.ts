/** AWS::EC2::EIP. Its Ref is the address itself. */
import type { AllocateAddressCommandOutput, DescribeAddressesCommandOutput } from "@aws-sdk/client-ec2";
import { type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

interface Properties {
  readonly Domain?: string;
  readonly InstanceId?: string;
  readonly NetworkBorderGroup?: string;
  readonly Tags?: readonly ResourceTag[];
}

export const eipType = resourceType<Properties>({
  name: "AWS::EC2::EIP",
  properties: ["Domain", "InstanceId", "NetworkBorderGroup", "Tags"],
  create(work) {
    const { Domain, NetworkBorderGroup, InstanceId } = work.properties;
    const { PublicIp = "", AllocationId = "" } = work.call<AllocateAddressCommandOutput>("ec2:AllocateAddress", {
      Domain,
      NetworkBorderGroup,
      TagSpecifications: tagsFor("elastic-ip", work),
    });
    work.tagAsOwn("elastic-ip", AllocationId);
    if (InstanceId !== undefined) work.call("ec2:AssociateAddress", { AllocationId, InstanceId });
    return PublicIp;
  },
  update(work, before) {
    const { AllocationId = "", AssociationId } = describe(work) ?? {};
    const { InstanceId } = work.properties;
    if (InstanceId !== before.InstanceId) {
      if (AssociationId !== undefined) work.call("ec2:DisassociateAddress", { AssociationId });
      if (InstanceId !== undefined) work.call("ec2:AssociateAddress", { AllocationId, InstanceId });
    }
    changeTags(work, AllocationId);
  },
  delete(work) {
    const { AllocationId, AssociationId } = describe(work) ?? {};
    if (work.properties.InstanceId !== undefined && AssociationId !== undefined)
      work.call("ec2:DisassociateAddress", { AssociationId });
    work.call("ec2:ReleaseAddress", { AllocationId });
  },
  attributes: (work) => ({ PublicIp: work.physicalId, AllocationId: describe(work)?.AllocationId }),
});

function describe(work: ResourceWork<Properties>) {
  const input = { PublicIps: [work.physicalId] };
  return work.call<DescribeAddressesCommandOutput>("ec2:DescribeAddresses", input).Addresses?.[0];
}
