/**
 * Values by CIDR block with longest-prefix match, both families in one map. One hash table per prefix length that occurs,
 * asked longest first: a route table uses few lengths, so a look-up is a few probes, for IPv6 as for IPv4.
 */
import type { IpAddress, IpFamily } from "./address.ts";
import { blockOf, type CidrBlock } from "./cidr.ts";

export interface PrefixMatch<T> {
  readonly cidr: CidrBlock;
  readonly value: T;
}

export interface PrefixMap<T> {
  readonly size: number;
  /** Adds the value, or replaces the one at exactly this block. */
  set(cidr: CidrBlock, value: T): void;
  /** The value at exactly this block. */
  get(cidr: CidrBlock): T | undefined;
  has(cidr: CidrBlock): boolean;
  /** Whether there was one to remove. */
  delete(cidr: CidrBlock): boolean;
  /** The most specific block that holds the address. */
  longestMatch(address: IpAddress): PrefixMatch<T> | undefined;
  /** Every block that holds the address, the most specific first. */
  matches(address: IpAddress): readonly PrefixMatch<T>[];
}

/** One prefix length: its blocks by first address. */
interface Level<T> {
  readonly prefixLength: number;
  readonly byNetwork: Map<number | bigint, PrefixMatch<T>>;
}

/** A map that starts with these entries; of two at the same block the later one counts. */
export function prefixMap<T>(entries: Iterable<readonly [CidrBlock, T]> = []): PrefixMap<T> {
  /** Longest prefix first. */
  const levels: Record<IpFamily, Level<T>[]> = { ipv4: [], ipv6: [] };
  let size = 0;

  const levelOf = (cidr: CidrBlock) => levels[cidr.family].find((level) => level.prefixLength === cidr.prefixLength);

  const map: PrefixMap<T> = {
    get size() {
      return size;
    },
    set(cidr, value) {
      let level = levelOf(cidr);
      if (level === undefined) {
        level = { prefixLength: cidr.prefixLength, byNetwork: new Map() };
        levels[cidr.family].push(level);
        levels[cidr.family].sort((a, b) => b.prefixLength - a.prefixLength);
      }
      if (!level.byNetwork.has(cidr.network)) size += 1;
      level.byNetwork.set(cidr.network, { cidr, value });
    },
    get: (cidr) => levelOf(cidr)?.byNetwork.get(cidr.network)?.value,
    has: (cidr) => levelOf(cidr)?.byNetwork.has(cidr.network) ?? false,
    delete(cidr) {
      const level = levelOf(cidr);
      if (!level?.byNetwork.delete(cidr.network)) return false;
      size -= 1;
      if (level.byNetwork.size === 0) {
        levels[cidr.family] = levels[cidr.family].filter((other) => other !== level);
      }
      return true;
    },
    longestMatch(address) {
      for (const level of levels[address.family]) {
        const match = matchAt(level, address);
        if (match !== undefined) return match;
      }
      return undefined;
    },
    matches: (address) =>
      levels[address.family].map((level) => matchAt(level, address)).filter((match) => match !== undefined),
  };
  for (const [cidr, value] of entries) map.set(cidr, value);
  return map;
}

function matchAt<T>(level: Level<T>, address: IpAddress): PrefixMatch<T> | undefined {
  return level.byNetwork.get(blockOf(address, level.prefixLength).network);
}
