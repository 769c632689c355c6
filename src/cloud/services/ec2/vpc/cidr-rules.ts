/**
 * Which IPv4 blocks a VPC may have [AD-1 .. AD-4], and which may join the ones it has [AD-9, AD-10].
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions
 */
import { type AwsError, invalidParameterValue } from "../../../../aws/index.ts";
import { type CidrBlock, cidrFrom, contains, formatCidr, overlaps, parseCidr } from "../../../../ip/index.ts";

const ten = cidrFrom("10.0.0.0/8");
const tenZeroAndOne = cidrFrom("10.0.0.0/15");
const tenZero = cidrFrom("10.0.0.0/16");
const oneSevenTwo = cidrFrom("172.16.0.0/12");
const oneSevenTwoThirtyOne = cidrFrom("172.31.0.0/16");
const oneNineTwo = cidrFrom("192.168.0.0/16");
const oneNineEightNineteen = cidrFrom("198.19.0.0/16");

/** No network at all: "this host", loopback, link-local, multicast and beyond. */
const never = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map(cidrFrom);

/** For the range that an existing block comes from, the ranges that may not join it; the first row that fits counts. [AD-9] */
const restrictions: readonly { readonly existing: CidrBlock; readonly refused: readonly CidrBlock[] }[] = [
  { existing: tenZeroAndOne, refused: [tenZero, oneSevenTwo, oneNineTwo, oneNineEightNineteen] },
  { existing: ten, refused: [oneSevenTwo, oneNineTwo, oneNineEightNineteen] },
  { existing: oneSevenTwo, refused: [ten, oneNineTwo, oneSevenTwoThirtyOne, oneNineEightNineteen] },
  { existing: oneNineTwo, refused: [ten, oneSevenTwo, oneNineEightNineteen] },
  { existing: oneNineEightNineteen, refused: [ten, oneSevenTwo, oneNineTwo] },
  { existing: cidrFrom("0.0.0.0/0"), refused: [ten, oneSevenTwo, oneNineTwo, oneNineEightNineteen] },
];

/** The block in canonical form, if it can be a VPC's. Throws `InvalidParameterValue` for what is no block, `InvalidVpc.Range` for its size or place. */
export function checkedVpcBlock(text: string): CidrBlock {
  const block = checkedBlock(text, "cidrBlock");
  if (block.family !== "ipv4") {
    throw invalidParameterValue(`Value (${text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
  }
  if (block.prefixLength < 16 || block.prefixLength > 28 || never.some((range) => overlaps(range, block))) {
    throw invalidRange(formatCidr(block));
  }
  return block;
}

/** Throws `InvalidVpc.Range` when the block may not join the existing ones, by range [AD-9] or for an overlap [AD-10]. */
export function checkMayJoin(block: CidrBlock, existing: readonly CidrBlock[]): void {
  if (existing.some((each) => overlaps(each, block))) throw invalidRange(formatCidr(block));
  for (const each of existing) {
    const refused = restrictions.find((row) => contains(row.existing, each))?.refused ?? [];
    if (refused.some((range) => overlaps(range, block))) {
      throw invalidParameterValue(
        `The CIDR '${formatCidr(block)}' is restricted. Use a CIDR from the same private address range as the current VPC CIDR, or use a publicly-routable CIDR. For additional restrictions, see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html`,
        "InvalidVpc.Range",
      );
    }
  }
}

/** A CIDR block that a client wrote, host bits cleared [AD-3]. Throws `InvalidParameterValue`. [AD-2] */
export function checkedBlock(text: string, parameter: string): CidrBlock {
  const block = parseCidr(text);
  if (block === undefined) {
    throw invalidParameterValue(
      `Value (${text}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
    );
  }
  return block;
}

function invalidRange(cidr: string): AwsError {
  return invalidParameterValue(`The CIDR '${cidr}' is invalid.`, "InvalidVpc.Range");
}
