/** AWS::EC2::NetworkInterface and AWS::EC2::NetworkInterfaceAttachment. */
import type {
  AttachNetworkInterfaceCommandOutput,
  CreateNetworkInterfaceCommandOutput,
  DescribeNetworkInterfacesCommandOutput,
} from "@aws-sdk/client-ec2";
import { type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

interface Properties {
  readonly SubnetId: string;
  readonly Description?: string;
  readonly GroupSet?: readonly string[];
  readonly InterfaceType?: string;
  readonly Ipv6AddressCount?: number;
  readonly Ipv6Addresses?: readonly { readonly Ipv6Address: string }[];
  readonly PrivateIpAddress?: string;
  readonly PrivateIpAddresses?: readonly { readonly PrivateIpAddress: string; readonly Primary: boolean }[];
  readonly SecondaryPrivateIpAddressCount?: number;
  readonly SourceDestCheck?: boolean;
  readonly Tags?: readonly ResourceTag[];
}

export const networkInterfaceType = resourceType<Properties>({
  name: "AWS::EC2::NetworkInterface",
  properties: [
    "SubnetId",
    "Description",
    "GroupSet",
    "InterfaceType",
    "Ipv6AddressCount",
    "Ipv6Addresses",
    "PrivateIpAddress",
    "PrivateIpAddresses",
    "SecondaryPrivateIpAddressCount",
    "SourceDestCheck",
    "Tags",
  ],
  create(work) {
    const { GroupSet: Groups, SourceDestCheck = true, Tags: _tags, ...properties } = work.properties;
    const { NetworkInterface } = work.call<CreateNetworkInterfaceCommandOutput>("ec2:CreateNetworkInterface", {
      ...properties,
      Groups,
      TagSpecifications: tagsFor("network-interface", work),
    });
    const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId ?? "";
    work.tagAsOwn("network-interface", NetworkInterfaceId);
    if (!SourceDestCheck) modify(work, NetworkInterfaceId, { SourceDestCheck: { Value: false } });
    return NetworkInterfaceId;
  },
  created: (work) => describe(work)?.Status === "available" || describe(work)?.Status === "in-use",
  update(work, before) {
    const { Description, GroupSet, SourceDestCheck = true } = work.properties;
    const id = work.physicalId;
    if (Description !== before.Description) modify(work, id, { Description: { Value: Description ?? "" } });
    if (SourceDestCheck !== (before.SourceDestCheck ?? true))
      modify(work, id, { SourceDestCheck: { Value: SourceDestCheck } });
    if (GroupSet !== undefined && String(GroupSet) !== String(before.GroupSet)) modify(work, id, { Groups: GroupSet });
    changeTags(work);
  },
  replaces: (properties, before) =>
    addressProperties.some((name) => JSON.stringify(properties[name]) !== JSON.stringify(before[name])),
  delete: (work) => void work.call("ec2:DeleteNetworkInterface", { NetworkInterfaceId: work.physicalId }),
  attributes(work) {
    const found = describe(work);
    return {
      Id: work.physicalId,
      VpcId: found?.VpcId,
      PrimaryPrivateIpAddress: found?.PrivateIpAddress,
      SecondaryPrivateIpAddresses: found?.PrivateIpAddresses?.filter(({ Primary }) => !Primary).map(
        ({ PrivateIpAddress = "" }) => PrivateIpAddress,
      ),
    };
  },
});

/** EC2 could change these in place; here another interface takes the place. */
const addressProperties = [
  "Ipv6AddressCount",
  "Ipv6Addresses",
  "PrivateIpAddresses",
  "SecondaryPrivateIpAddressCount",
] as const;

function modify(work: ResourceWork<Properties>, NetworkInterfaceId: string, change: object): void {
  work.call("ec2:ModifyNetworkInterfaceAttribute", { NetworkInterfaceId, ...change });
}

function describe(work: Pick<ResourceWork, "call" | "physicalId">, id = work.physicalId) {
  const Filters = [{ Name: "network-interface-id", Values: [id] }];
  return work.call<DescribeNetworkInterfacesCommandOutput>("ec2:DescribeNetworkInterfaces", { Filters })
    .NetworkInterfaces?.[0];
}

interface Attachment {
  readonly InstanceId: string;
  readonly NetworkInterfaceId: string;
  readonly DeviceIndex: string;
  readonly DeleteOnTermination?: boolean;
}

export const networkInterfaceAttachmentType = resourceType<Attachment>({
  name: "AWS::EC2::NetworkInterfaceAttachment",
  properties: ["InstanceId", "NetworkInterfaceId", "DeviceIndex", "DeleteOnTermination"],
  create(work) {
    const { InstanceId, NetworkInterfaceId, DeviceIndex, DeleteOnTermination = true } = work.properties;
    const { AttachmentId = "" } = work.call<AttachNetworkInterfaceCommandOutput>("ec2:AttachNetworkInterface", {
      InstanceId,
      NetworkInterfaceId,
      DeviceIndex: Number(DeviceIndex),
    });
    setDeletion(work, AttachmentId, DeleteOnTermination);
    return AttachmentId;
  },
  created: (work) => attachmentOf(work)?.Status === "attached",
  update: (work) => setDeletion(work, work.physicalId, work.properties.DeleteOnTermination ?? true),
  delete: (work) => void work.call("ec2:DetachNetworkInterface", { AttachmentId: work.physicalId }),
  deleted: (work) => attachmentOf(work) === undefined,
  attributes: ({ physicalId }) => ({ AttachmentId: physicalId }),
});

function setDeletion(work: ResourceWork<Attachment>, AttachmentId: string, DeleteOnTermination: boolean): void {
  const { NetworkInterfaceId } = work.properties;
  work.call("ec2:ModifyNetworkInterfaceAttribute", {
    NetworkInterfaceId,
    Attachment: { AttachmentId, DeleteOnTermination },
  });
}

function attachmentOf(work: ResourceWork<Attachment>) {
  const attachment = describe(work, work.properties.NetworkInterfaceId)?.Attachment;
  const isIt = attachment?.AttachmentId === work.physicalId && attachment.Status !== "detached";
  return isIt ? attachment : undefined;
}
