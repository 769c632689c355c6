/** Random fractions that a seed repeats. */
import { seededRandom } from "../../src/host/index.ts";

/** Fractions from 0 to 1 that a seed repeats. */
export function fractions(seedText: string): () => number {
  const bytes = seededRandom(seedText);
  return () => bytes(4).reduce((sum, byte) => sum * 256 + byte, 0) / 2 ** 32;
}
