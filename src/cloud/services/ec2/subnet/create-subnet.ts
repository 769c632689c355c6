/** Making a subnet: where its blocks may lie, and what it has from the start. [AD-30] */
import { invalidParameterValue } from "../../../../aws/index.ts";
import { cidrFrom, cidrsOverlap, contains, formatCidr } from "../../../../ip/index.ts";
import type { Transaction } from "../../../state/transaction.ts";
import { type AvailabilityZone, availabilityZones } from "../region/availability-zones.ts";
import { blocksInForce } from "../vpc/block-states.ts";
import { checkedBlock } from "../vpc/cidr-rules.ts";
import type { CidrBlockAssociation, VpcRecord } from "../vpc/record.ts";
import type { SubnetRecord } from "./record.ts";

/** Addresses of a subnet's own blocks end at these lengths. */
const ipv4Lengths = { min: 16, max: 28 };
/** From a /44 to a /64 in steps of four. [AD-20] */
const ipv6Lengths = { min: 44, max: 64, step: 4 };

export interface SubnetSpecification {
  readonly cidrBlock: string;
  readonly ipv6CidrBlock?: string | undefined;
  readonly zone: AvailabilityZone;
  readonly isDefault: boolean;
}

export function createSubnetRecord(
  transaction: Transaction,
  vpc: VpcRecord,
  { cidrBlock, ipv6CidrBlock, zone, isDefault }: SubnetSpecification,
): SubnetRecord {
  const acl = transaction.by("networkAcl", "vpc", vpc.VpcId).find(({ IsDefault }) => IsDefault);
  if (acl === undefined) throw new Error(`bug: ${vpc.VpcId} has no default network ACL`);
  const subnet: SubnetRecord = {
    OwnerId: vpc.OwnerId,
    Region: vpc.Region,
    CreatedAt: transaction.now,
    SubnetId: transaction.newId("subnet"),
    VpcId: vpc.VpcId,
    State: "pending",
    CidrBlock: cidrBlock,
    Ipv6CidrBlockAssociationSet: ipv6CidrBlock === undefined ? [] : [newSubnetAssociation(transaction, ipv6CidrBlock)],
    AvailabilityZone: zone.zoneName,
    AvailabilityZoneId: zone.zoneId,
    DefaultForAz: isDefault,
    MapPublicIpOnLaunch: isDefault,
    AssignIpv6AddressOnCreation: false,
    EnableDns64: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: "ip-name",
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    NetworkAclId: acl.NetworkAclId,
    NetworkAclAssociationId: transaction.newId("aclassoc"),
  };
  transaction.put("subnet", subnet);
  return subnet;
}

export function newSubnetAssociation(transaction: Transaction, block: string): CidrBlockAssociation {
  return { AssociationId: transaction.newId("subnet-cidr-assoc"), CidrBlock: block, State: "associating" };
}

/** The canonical block, if a new subnet of this VPC may have it. Throws `InvalidSubnet.Range` or `InvalidSubnet.Conflict`. */
export function checkedSubnetBlock(transaction: Transaction, vpc: VpcRecord, text: string): string {
  const block = checkedBlock(text, "cidrBlock");
  const cidr = formatCidr(block);
  const { prefixLength } = block;
  const inside = blocksInForce(vpc.CidrBlockAssociationSet).some((each) => contains(cidrFrom(each), block));
  if (prefixLength < ipv4Lengths.min || prefixLength > ipv4Lengths.max || !inside) throw invalidRange(cidr);
  refuseConflict(
    cidr,
    transaction.by("subnet", "vpc", vpc.VpcId).map((sibling) => sibling.CidrBlock),
  );
  return cidr;
}

/** The same for an IPv6 block. */
export function checkedSubnetIpv6Block(transaction: Transaction, vpc: VpcRecord, text: string): string {
  const block = checkedBlock(text, "ipv6CidrBlock");
  const cidr = formatCidr(block);
  const { min, max, step } = ipv6Lengths;
  const { prefixLength } = block;
  const inside = blocksInForce(vpc.Ipv6CidrBlockAssociationSet).some((each) => contains(cidrFrom(each), block));
  if (prefixLength < min || prefixLength > max || prefixLength % step !== 0 || !inside) throw invalidRange(cidr);
  refuseConflict(
    cidr,
    transaction.by("subnet", "vpc", vpc.VpcId).flatMap((sibling) => blocksInForce(sibling.Ipv6CidrBlockAssociationSet)),
  );
  return cidr;
}

/** The zone asked for by name or id, or the first one. */
export function checkedZone(
  { OwnerId, Region }: Pick<VpcRecord, "OwnerId" | "Region">,
  wanted: { readonly name?: string | undefined; readonly id?: string | undefined },
): AvailabilityZone {
  const zones = availabilityZones({ accountId: OwnerId, region: Region });
  const found = zones.find(
    ({ zoneName, zoneId }) =>
      (wanted.name === undefined || wanted.name === zoneName) && (wanted.id === undefined || wanted.id === zoneId),
  );
  if (found !== undefined) return found;
  const [given, parameter, valid] =
    wanted.name === undefined
      ? [wanted.id, "availabilityZoneId", zones.map(({ zoneId }) => zoneId)]
      : [wanted.name, "availabilityZone", zones.map(({ zoneName }) => zoneName)];
  throw invalidParameterValue(
    `Value (${given}) for parameter ${parameter} is invalid. Subnets can currently only be created in the following availability zones: ${valid.join(", ")}.`,
  );
}

function refuseConflict(cidr: string, siblings: readonly string[]): void {
  if (siblings.some((sibling) => cidrsOverlap(sibling, cidr))) {
    throw invalidParameterValue(`The CIDR '${cidr}' conflicts with another subnet`, "InvalidSubnet.Conflict");
  }
}

function invalidRange(cidr: string) {
  return invalidParameterValue(`The CIDR '${cidr}' is invalid.`, "InvalidSubnet.Range");
}
