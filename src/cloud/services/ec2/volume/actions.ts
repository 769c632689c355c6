/** Reading volumes back. They are made and removed with their instances. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Volume.html */
import type {
  DescribeVolumeAttributeCommandInput,
  DescribeVolumeAttributeCommandOutput,
  DescribeVolumesCommandInput,
  DescribeVolumesCommandOutput,
  DescribeVolumesModificationsCommandInput,
  DescribeVolumesModificationsCommandOutput,
  Volume,
  VolumeType,
} from "@aws-sdk/client-ec2";
import { invalidParameterValue, missingParameter } from "../../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { byIds, type DescribeDefinition, describe } from "../describe.ts";
import { tagsOf } from "../tag/tags.ts";
import type { VolumeRecord } from "./record.ts";

const attached = (r: VolumeRecord): boolean => r.InstanceId !== undefined;

const definition: DescribeDefinition<"volume"> = {
  table: "volume",
  kind: "volume",
  idPrefix: "vol",
  indexed: { "attachment.instance-id": "instance" },
  filters: {
    "attachment.attach-time": (r) => (attached(r) ? new Date(r.CreatedAt).toISOString() : undefined),
    "attachment.delete-on-termination": (r) => (attached(r) ? r.DeleteOnTermination : undefined),
    "attachment.device": (r) => (attached(r) ? r.DeviceName : undefined),
    "attachment.instance-id": (r) => r.InstanceId,
    "attachment.status": (r) => (attached(r) ? "attached" : undefined),
    "availability-zone": (r) => r.AvailabilityZone,
    "create-time": (r) => new Date(r.CreatedAt).toISOString(),
    encrypted: (r) => r.Encrypted,
    "multi-attach-enabled": () => false,
    size: (r) => r.Size,
    "snapshot-id": (r) => r.SnapshotId,
    status: (r) => (attached(r) ? "in-use" : "available"),
    "volume-id": (r) => r.VolumeId,
    "volume-type": (r) => r.VolumeType,
  },
};

export const describeVolumes: Action<DescribeVolumesCommandInput, DescribeVolumesCommandOutput> = (input, context) => {
  const { records, NextToken } = describe(definition, input.VolumeIds, input, context);
  return { Volumes: records.map((record) => toVolume(record, context)), NextToken };
};

export const describeVolumeAttribute: Action<
  DescribeVolumeAttributeCommandInput,
  DescribeVolumeAttributeCommandOutput
> = ({ VolumeId, Attribute }, context) => {
  byIds(definition, [VolumeId ?? ""], context);
  switch (Attribute) {
    case undefined:
      throw missingParameter("Attribute");
    case "autoEnableIO":
      return { VolumeId, AutoEnableIO: { Value: false } };
    case "productCodes":
      return { VolumeId, ProductCodes: [] };
    default:
      throw invalidParameterValue(`Value (${Attribute}) for parameter attribute is invalid. Unknown volume attribute`);
  }
};

/** Volumes are never modified here, so there is nothing to tell of. */
export const describeVolumesModifications: Action<
  DescribeVolumesModificationsCommandInput,
  DescribeVolumesModificationsCommandOutput
> = ({ VolumeIds }, context) => {
  byIds(definition, VolumeIds ?? [], context);
  return { VolumesModifications: [] };
};

export const volumeActions = {
  DescribeVolumes: describeVolumes,
  DescribeVolumeAttribute: describeVolumeAttribute,
  DescribeVolumesModifications: describeVolumesModifications,
} satisfies Actions;

function toVolume(record: VolumeRecord, context: ActionContext): Volume {
  const { VolumeId, InstanceId, DeviceName: Device, DeleteOnTermination, CreatedAt } = record;
  return {
    VolumeId,
    AvailabilityZone: record.AvailabilityZone,
    CreateTime: new Date(CreatedAt),
    Size: record.Size,
    // Held as the text that RunInstances was given.
    VolumeType: record.VolumeType as VolumeType,
    Iops: record.Iops,
    Throughput: record.Throughput,
    Encrypted: record.Encrypted,
    KmsKeyId: record.KmsKeyId,
    SnapshotId: record.SnapshotId,
    MultiAttachEnabled: false,
    State: InstanceId === undefined ? "available" : "in-use",
    Attachments:
      InstanceId === undefined
        ? []
        : [{ VolumeId, InstanceId, Device, State: "attached", DeleteOnTermination, AttachTime: new Date(CreatedAt) }],
    Tags: tagsOf(context, VolumeId),
    Operator: { Managed: false },
  };
}
