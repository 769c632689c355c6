/**
 * Public addresses of this cloud: from RFC 2544's range, which no host on the internet has, so that a packet that ever got out
 * could reach nobody. The upper half is left alone: AWS treats 198.19.0.0/16 as its own [AD-9]. See docs/decisions/0002-public-addresses.md.
 */
import { AwsError } from "../../../../aws/index.ts";
import { addressAt, cidrFrom, formatAddress } from "../../../../ip/index.ts";
import type { Transaction } from "../../../state/transaction.ts";

const pool = cidrFrom("198.18.0.0/16");

/** Offsets that are not given out: the simulated internet's own hosts live below, and x.x.255.255 looks like a broadcast. */
const firstOffset = 256;
const lastOffset = 65_534;

/** A public address that nothing in this cloud has. Random, so that reuse is rare; the same under the same seed. */
export function newPublicIp(transaction: Pick<Transaction, "by" | "randomBytes">): string {
  const count = lastOffset - firstOffset + 1;
  const [high = 0, low = 0] = transaction.randomBytes(2);
  const start = high * 256 + low;
  for (let step = 0; step < count; step += 1) {
    const address = addressAt(pool, firstOffset + ((start + step) % count));
    if (address === undefined) break;
    const text = formatAddress(address);
    if (isFree(transaction, text)) return text;
  }
  throw new AwsError("InsufficientAddressCapacity", "Not enough available addresses to satisfy the request.", 500);
}

function isFree(transaction: Pick<Transaction, "by">, publicIp: string): boolean {
  return (
    transaction.by("address", "publicIp", publicIp).length === 0 &&
    transaction.by("networkInterface", "publicIp", publicIp).length === 0
  );
}
