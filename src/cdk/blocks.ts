/** CIDR blocks at synthesis, where some are known and some are tokens. */
import { Token } from "aws-cdk-lib";
import { canonicalCidr, cidrsOverlap } from "../ip/index.ts";
import { DesignError } from "./design-error.ts";

export const isIpv6 = (block: string): boolean => !Token.isUnresolved(block) && block.includes(":");

/** A block in a construct's id. One that only the deployment knows has its position. */
export function blockKey(block: string, among: readonly string[]): string {
  return Token.isUnresolved(block) ? `Block${among.indexOf(block) + 1}` : block.replaceAll(/[./:]/g, "-");
}

/** Refuses what is no block in AWS's spelling, whose host bits are zero. */
export function checkBlock(block: string, what: string): void {
  if (Token.isUnresolved(block)) return;
  const canonical = canonicalCidr(block);
  if (canonical === undefined) throw new DesignError(`${what} is ${block}, which is no CIDR block.`);
  if (canonical !== block) throw new DesignError(`${what} is ${block}: write ${canonical}.`);
}

export interface NamedBlocks {
  readonly name: string;
  readonly cidrBlocks: readonly string[];
}

/** Addresses are translated nowhere on the way, so blocks that are known now must be apart. [PX-28] */
export function checkApart(a: NamedBlocks, b: NamedBlocks): void {
  for (const each of [a, b]) for (const block of each.cidrBlocks) checkBlock(block, `A block of ${each.name}`);
  for (const one of a.cidrBlocks.filter(isKnown)) {
    for (const other of b.cidrBlocks.filter(isKnown)) {
      if (cidrsOverlap(one, other)) {
        throw new DesignError(`${a.name} (${one}) and ${b.name} (${other}) overlap: give one of them other addresses.`);
      }
    }
  }
}

const isKnown = (block: string): boolean => !Token.isUnresolved(block);
