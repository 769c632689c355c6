/** Where random bytes come from: the machine, or a seed when runs must be alike. Seeded bytes are SHA-256 in counter mode. */
import { createHash, randomBytes } from "node:crypto";

/** As many random bytes as asked for. */
export type RandomSource = (length: number) => Uint8Array;

/** Unpredictable. Taken from the system in blocks: a system call for each id would cost more than the id's record. */
export const systemRandom: RandomSource = (length) => {
  if (length > poolSize) return randomBytes(length);
  if (used + length > pool.length) {
    pool = randomBytes(poolSize);
    used = 0;
  }
  const bytes = pool.subarray(used, used + length);
  used += length;
  return bytes;
};

const poolSize = 4096;
let pool: Buffer = Buffer.alloc(0);
let used = 0;

/** The same seed gives the same bytes in the same order, on every machine. Not for secrets. */
export function seededRandom(seed: number | string): RandomSource {
  let block = 0;
  let rest: Buffer = Buffer.alloc(0);
  return (length) => {
    while (rest.length < length) {
      rest = Buffer.concat([rest, createHash("sha256").update(`${seed}:${block++}`).digest()]);
    }
    const bytes = rest.subarray(0, length);
    rest = rest.subarray(length);
    return bytes;
  };
}
