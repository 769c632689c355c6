/** The default subnet of a zone: a /20 of the default VPC, whose instances get public addresses. (semantics 1.4) */
import type { CreateDefaultSubnetCommandInput, CreateDefaultSubnetCommandOutput } from "@aws-sdk/client-ec2";
import { AwsError } from "../../../../aws/index.ts";
import { cidrFrom, cidrsOverlap, formatCidr, subnetAt } from "../../../../ip/index.ts";
import type { Transaction } from "../../../state/transaction.ts";
import type { Action } from "../../action.ts";
import type { AvailabilityZone } from "../region/availability-zones.ts";
import { required } from "../required.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import type { VpcRecord } from "../vpc/record.ts";
import { checkedZone, createSubnetRecord } from "./create-subnet.ts";
import { subnetToApi } from "./describe.ts";
import type { SubnetRecord } from "./record.ts";

const prefixLength = 20;

export const createDefaultSubnet: Action<CreateDefaultSubnetCommandInput, CreateDefaultSubnetCommandOutput> = (
  input,
  context,
) => {
  refuseUnmodelled("CreateDefaultSubnet", { Ipv6Native: input.Ipv6Native });
  const { accountId, region } = context.caller;
  const vpc = context.inScope("vpc", accountId, region).find(({ IsDefault }) => IsDefault);
  if (vpc === undefined) {
    throw new AwsError("DefaultVpcDoesNotExist", "No default VPC exists for this account in this region.");
  }
  if (input.AvailabilityZoneId === undefined) required("AvailabilityZone", input.AvailabilityZone);
  const zone = checkedZone(vpc, { name: input.AvailabilityZone, id: input.AvailabilityZoneId });
  const existing = context
    .by("subnet", "vpc", vpc.VpcId)
    .find((subnet) => subnet.DefaultForAz && subnet.AvailabilityZone === zone.zoneName);
  if (existing !== undefined) {
    throw new AwsError(
      "DefaultSubnetAlreadyExistsInAvailabilityZone",
      `'${existing.SubnetId}' is already the default subnet in ${zone.zoneName}.`,
    );
  }
  return { Subnet: subnetToApi(createDefaultSubnetRecord(context, vpc, zone), context) };
};

/** The first /20 of the default VPC that no subnet uses. */
export function createDefaultSubnetRecord(
  transaction: Transaction,
  vpc: VpcRecord,
  zone: AvailabilityZone,
): SubnetRecord {
  const taken = transaction.by("subnet", "vpc", vpc.VpcId).map(({ CidrBlock }) => CidrBlock);
  for (let index = 0; ; index += 1) {
    const block = subnetAt(cidrFrom(vpc.CidrBlock), prefixLength, index);
    if (block === undefined) {
      throw new AwsError("InvalidSubnet.Conflict", `No /${prefixLength} block is left in ${vpc.VpcId}.`);
    }
    const cidrBlock = formatCidr(block);
    if (!taken.some((each) => cidrsOverlap(each, cidrBlock))) {
      return createSubnetRecord(transaction, vpc, { cidrBlock, zone, isDefault: true });
    }
  }
}
