/** The volumes that a launch makes. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EbsBlockDevice.html */
import type { BlockDeviceMapping } from "@aws-sdk/client-ec2";
import { invalidParameterValue } from "../../../../aws/index.ts";
import type { Transaction } from "../../../state/transaction.ts";
import type { ImageDescription } from "../image/images.ts";
import type { InstanceRecord } from "../instance/record.ts";
import type { VolumeRecord } from "./record.ts";

type LaunchedInstance = Pick<InstanceRecord, "InstanceId" | "OwnerId" | "Region" | "AvailabilityZone">;

/** Makes the root volume and any others that the mappings ask for. Returns them, the root volume first. */
export function createLaunchVolumes(
  transaction: Transaction,
  instance: LaunchedInstance,
  image: Pick<ImageDescription, "rootDeviceName" | "rootVolumeSize" | "snapshotId">,
  mappings: readonly BlockDeviceMapping[] | undefined,
): readonly VolumeRecord[] {
  const root = mappings?.find((mapping) => mapping.DeviceName === image.rootDeviceName);
  const others = (mappings ?? []).filter(
    (mapping) => mapping !== root && mapping.NoDevice === undefined && mapping.VirtualName === undefined,
  );
  const devices = [{ ...root, DeviceName: image.rootDeviceName }, ...others];
  return devices.map((mapping, index) => {
    const fromImage = index === 0 ? { Size: image.rootVolumeSize, SnapshotId: image.snapshotId } : undefined;
    const volume = volumeOf(transaction, instance, mapping, fromImage);
    transaction.put("volume", volume);
    return volume;
  });
}

const gp3 = { iops: 3000, throughput: 125 };

function volumeOf(
  transaction: Transaction,
  instance: LaunchedInstance,
  { DeviceName, Ebs = {} }: BlockDeviceMapping,
  fromImage: { readonly Size: number; readonly SnapshotId: string } | undefined,
): VolumeRecord {
  if (!DeviceName)
    throw invalidParameterValue("A block device mapping needs a deviceName.", "InvalidBlockDeviceMapping");
  const VolumeType = Ebs.VolumeType ?? "gp3";
  const Size = Ebs.VolumeSize ?? fromImage?.Size;
  if (Size === undefined) {
    throw invalidParameterValue(
      `The mapping of ${DeviceName} needs a volume size or a snapshot.`,
      "InvalidBlockDeviceMapping",
    );
  }
  if (fromImage !== undefined && Size < fromImage.Size) {
    throw invalidParameterValue(
      `Volume of size ${Size}GB is smaller than snapshot '${fromImage.SnapshotId}', expect size >= ${fromImage.Size}GB`,
      "InvalidBlockDeviceMapping",
    );
  }
  const Iops =
    Ebs.Iops ??
    (VolumeType === "gp3" ? gp3.iops : VolumeType === "gp2" ? Math.min(16_000, Math.max(100, Size * 3)) : undefined);
  const Throughput = Ebs.Throughput ?? (VolumeType === "gp3" ? gp3.throughput : undefined);
  const Encrypted = Ebs.Encrypted ?? Ebs.KmsKeyId !== undefined;
  return {
    OwnerId: instance.OwnerId,
    Region: instance.Region,
    CreatedAt: transaction.now,
    VolumeId: transaction.newId("vol"),
    AvailabilityZone: instance.AvailabilityZone,
    Size,
    VolumeType,
    ...(Iops === undefined ? {} : { Iops }),
    ...(Throughput === undefined ? {} : { Throughput }),
    Encrypted,
    ...(Ebs.KmsKeyId === undefined ? {} : { KmsKeyId: Ebs.KmsKeyId }),
    SnapshotId: Ebs.SnapshotId ?? fromImage?.SnapshotId ?? "",
    InstanceId: instance.InstanceId,
    DeviceName,
    DeleteOnTermination: Ebs.DeleteOnTermination ?? fromImage !== undefined,
  };
}
