/**
 * The Availability Zones that an account is shown in a Region. Names map to physical zones per account [AD-34]: here by a
 * rotation that follows from the account's digits, so that it never changes and differs between many pairs of accounts.
 */
import type { Scope } from "../../../state/record.ts";
import { type RegionFacts, regionFacts } from "./regions.ts";

export interface AvailabilityZone {
  readonly zoneName: string;
  readonly zoneId: string;
}

/** In the order of their names; empty for a Region that AWS does not have. */
export function availabilityZones({ accountId, region }: Scope): readonly AvailabilityZone[] {
  const facts = regionFacts(region);
  return facts === undefined ? [] : zonesOf(facts, rotation(accountId));
}

function zonesOf(facts: RegionFacts, shift: number): readonly AvailabilityZone[] {
  return [...facts.zoneLetters].map((letter, index) => {
    const number = facts.zoneNumbers[(index + shift) % facts.zoneNumbers.length];
    return { zoneName: `${facts.name}${letter}`, zoneId: `${facts.zoneIdPrefix}-az${number}` };
  });
}

function rotation(accountId: string): number {
  return [...accountId].reduce((sum, digit) => sum + Number(digit), 0);
}
