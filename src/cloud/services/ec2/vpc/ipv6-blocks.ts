/**
 * The Amazon-provided IPv6 blocks of VPCs: a /56 each, not to be chosen [AD-20, AD-21]. They come from the lower half of the
 * documentation range 2001:db8::/32, where no host is, and no two VPCs of this cloud have the same one. The upper half is the
 * simulated internet's own. See docs/decisions/0002-public-addresses.md.
 */
import { AwsError } from "../../../../aws/index.ts";
import { cidrFrom, formatCidr, subnetAt } from "../../../../ip/index.ts";
import type { Transaction } from "../../../state/transaction.ts";
import type { VpcRecord } from "./record.ts";

const pool = cidrFrom("2001:db8::/33");
const blockLength = 56;
const blockCount = 2 ** (blockLength - pool.prefixLength);

/** A new association of a block that no VPC has. */
export function newIpv6Association(
  transaction: Transaction,
  region: string,
): VpcRecord["Ipv6CidrBlockAssociationSet"][number] {
  return {
    AssociationId: transaction.newId("vpc-cidr-assoc"),
    CidrBlock: newIpv6Block(transaction),
    State: "associating",
    NetworkBorderGroup: region,
  };
}

function newIpv6Block(transaction: Transaction): string {
  const [a = 0, b = 0, c = 0] = transaction.randomBytes(3);
  const start = (a * 256 + b) * 256 + c;
  for (let step = 0; step < blockCount; step += 1) {
    const block = subnetAt(pool, blockLength, (start + step) % blockCount);
    if (block === undefined) break;
    const text = formatCidr(block);
    if (transaction.by("vpc", "ipv6CidrBlock", text).length === 0) return text;
  }
  throw new AwsError("InsufficientCapacity", "No IPv6 CIDR block is left to give.", 500);
}
