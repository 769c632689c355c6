/** What every record of the cloud's state has in common. Members are the API's own words; records are immutable and replaced on change. */

/** An account and a Region: what a caller is in, and where a regional resource lives. */
export interface Scope {
  readonly accountId: string;
  readonly region: string;
}

export interface CloudRecord {
  readonly OwnerId: string;
  readonly Region: string;
  /** Milliseconds since the epoch. */
  readonly CreatedAt: number;
  /** What the clock will do to this row next, and when (milliseconds since the epoch). Written by the state, not by actions. */
  readonly Due?: { readonly at: number; readonly what: "elapse" | "vanish" };
}

export function scopeKey(accountId: string, region: string): string {
  return `${accountId}/${region}`;
}
