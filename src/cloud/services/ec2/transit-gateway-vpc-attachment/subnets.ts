/** Which subnets an attachment may have: of its VPC, and at most one in each zone. [TG-12] */
import { AwsError, ec2Errors, isWellFormedId } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import type { SubnetRecord } from "../subnet/record.ts";
import type { TransitGatewayVpcAttachmentRecord } from "./record.ts";

/** The ids, if the attachment may have these subnets together. */
export function checkedSubnets(ids: readonly string[], vpcId: string, context: ActionContext): readonly string[] {
  const zones = new Set<string>();
  for (const id of ids) {
    const { AvailabilityZoneId } = subnetOf(id, vpcId, context);
    if (zones.has(AvailabilityZoneId)) {
      throw new AwsError("DuplicateSubnetsInSameZone", "Duplicate Subnets for same AZ");
    }
    zones.add(AvailabilityZoneId);
  }
  return ids;
}

/** The attachment's subnets after a change; removals come first, so that a zone's subnet can be exchanged. [TG-15] */
export function changedSubnets(
  { SubnetIds, VpcId }: TransitGatewayVpcAttachmentRecord,
  added: readonly string[],
  removed: readonly string[],
  context: ActionContext,
): readonly string[] {
  for (const id of removed) {
    if (!SubnetIds.includes(id)) {
      throw new AwsError("InvalidSubnetID.NotFound", `${id} is not attached but supplied in RemoveSubnets`);
    }
  }
  const after = [...SubnetIds.filter((id) => !removed.includes(id)), ...added];
  if (after.length === 0) throw new AwsError("InsufficientSubnetsException", "Insufficient Subnets");
  return checkedSubnets(after, VpcId, context);
}

/** A subnet of another VPC is told like one that is not there. */
function subnetOf(id: string, vpcId: string, context: ActionContext): SubnetRecord {
  if (!isWellFormedId("subnet", id)) throw ec2Errors.malformed("subnet", id);
  const subnet = context.visible("subnet", id, context.caller.accountId, context.caller.region);
  if (subnet?.VpcId === vpcId) return subnet;
  throw new AwsError("InvalidSubnetID.NotFound", `Subnet ${id} was deleted or does not exist.`);
}
