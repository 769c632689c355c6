/** Whether an attachment carries packets: while it is being modified traffic flows. [TG-15] */
import type { Subnet, TransitGatewayVpcAttachment } from "../../model/index.ts";
import type { PreparedModel } from "../prepared-model.ts";

export function carriesPackets({ state }: Pick<TransitGatewayVpcAttachment, "state">): boolean {
  return state === "available" || state === "modifying";
}

/** The attachment's subnets, one for each zone, by zone id: the same zone may have two names in two accounts. [TG-20] */
export function zonesOf({ index }: PreparedModel, { subnetIds }: TransitGatewayVpcAttachment): readonly Subnet[] {
  const zones = new Map<string, Subnet>();
  for (const subnetId of subnetIds) {
    const subnet = index.subnet(subnetId);
    if (subnet !== undefined && !zones.has(subnet.availabilityZoneId)) zones.set(subnet.availabilityZoneId, subnet);
  }
  return [...zones.values()].sort((a, b) => (a.availabilityZoneId < b.availabilityZoneId ? -1 : 1));
}
