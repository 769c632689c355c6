/** An instance's volume: a record that clients read back; it holds no blocks. */
import type { CloudRecord } from "../../../state/record.ts";

export interface VolumeRecord extends CloudRecord {
  /** `vol-…` */
  readonly VolumeId: string;
  readonly AvailabilityZone: string;
  /** GiB */
  readonly Size: number;
  readonly VolumeType: string;
  readonly Iops?: number;
  readonly Throughput?: number;
  readonly Encrypted: boolean;
  readonly KmsKeyId?: string;
  readonly SnapshotId: string;
  /** Absent once its instance is gone and it was to stay. */
  readonly InstanceId?: string;
  readonly DeviceName: string;
  readonly DeleteOnTermination: boolean;
}
