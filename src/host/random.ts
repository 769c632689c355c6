/** Where random bytes come from: the machine, or a seed when runs must be alike. Seeded bytes are SHA-256 in counter mode. */
import { createHash, randomBytes } from "node:crypto";

/** As many random bytes as asked for. */
export type RandomSource = (length: number) => Uint8Array;

/** Unpredictable. */
export const systemRandom: RandomSource = (length) => randomBytes(length);

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
