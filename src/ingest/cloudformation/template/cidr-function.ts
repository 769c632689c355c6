/** Fn::Cidr: blocks of equal size, one after the other, from the start of a block. */
import { addressBits, formatCidr, parseCidr, subnetAt } from "../../../ip/index.ts";
import { TemplateError } from "./template-error.ts";

/** At most this many blocks in one call. */
const maxCount = 256;

/** `[block, count]`, or with the number of bits that a block's own addresses have. */
export function cidrBlocksOf([text = "", countText = "", bitsText = "8"]: readonly string[]): readonly string[] {
  const block = parseCidr(text);
  if (block === undefined) throw new TemplateError(`Template error: Fn::Cidr: ${text} is not a CIDR block`);
  const count = Number(countText);
  const bits = Number(bitsText);
  if (!Number.isInteger(count) || count < 1 || count > maxCount)
    throw new TemplateError(`Template error: Fn::Cidr count has to be between 1 and ${maxCount}`);
  const prefixLength = addressBits(block.family) - bits;
  return Array.from({ length: count }, (_, index) => {
    const subnet = subnetAt(block, prefixLength, index);
    if (subnet === undefined)
      throw new TemplateError(
        `Template error: Fn::Cidr: ${text} has no ${count} blocks of ${bitsText} bits; the ${index + 1}. is outside`,
      );
    return formatCidr(subnet);
  });
}
