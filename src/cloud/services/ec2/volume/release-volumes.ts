/** What becomes of an instance's volumes at its end. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html */
import type { Transaction } from "../../../state/transaction.ts";
import { forgetTags } from "../tag/tags.ts";

/** At an instance's end: volumes to be deleted go, others stay behind unattached. */
export function releaseVolumes(transaction: Transaction, instanceId: string): void {
  for (const volume of transaction.by("volume", "instance", instanceId)) {
    if (volume.DeleteOnTermination) {
      transaction.delete("volume", volume.VolumeId);
      forgetTags(transaction, volume.VolumeId);
    } else {
      const { InstanceId: _, ...free } = volume;
      transaction.put("volume", free);
    }
  }
}
