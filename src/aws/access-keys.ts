/**
 * Which account an access key belongs to. Three rules, first match wins:
 * a key of exactly 12 digits is the account; a key minted here (`LSIA…` temporary, `LKIA…` long-term) carries its account;
 * any other key belongs to the default account. Keys of the real AWS are never decoded: somebody's own key must not pick
 * an account here by accident. The arithmetic of minted keys is the one that AWS's newer keys and other emulators use
 * (semantics 13.4), so that tools that decode account ids from keys agree.
 */
import { AwsError } from "./errors.ts";
import type { RandomSource } from "./ids.ts";

/** The account of callers whose key says nothing about one. */
export const defaultAccountId = "000000000000";

/** The account that Amazon publishes its own images from; here it owns whatever the API says is AWS's own. */
export const amazonAccountId = "137112412989";

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const offset = 2 ** 39;
const minted = /^L[SK]IA([A-Z2-7]{8})([A-Z2-7])[A-Z2-7]{7}$/;

/** Account ids are exactly 12 digits. */
export function isAccountId(text: string): boolean {
  return /^[0-9]{12}$/.test(text);
}

/** The account that a call with this access key is made by. */
export function accountOfAccessKey(accessKeyId: string): string {
  if (isAccountId(accessKeyId)) return accessKeyId;
  const match = minted.exec(accessKeyId);
  if (match === null) return defaultAccountId;
  const [, digits = "", parity = ""] = match;
  let value = 0;
  for (const digit of digits) value = value * 32 + base32.indexOf(digit);
  const account = (value - offset) * 2 + (base32.indexOf(parity) >= 16 ? 1 : 0);
  return account >= 0 && account < 1e12 ? String(account).padStart(12, "0") : defaultAccountId;
}

/** A new 20-character key that belongs to the account: `LSIA…` for a session, `LKIA…` for a user's own. Throws AwsError when `accountId` is none. */
export function mintAccessKeyId(
  accountId: string,
  random: RandomSource,
  lifetime: "temporary" | "long-term" = "temporary",
): string {
  if (!isAccountId(accountId))
    throw new AwsError("ValidationError", `'${accountId}' is not an account id: 12 digits are expected.`);
  const account = Number(accountId);
  let value = offset + Math.floor(account / 2);
  let digits = "";
  for (let position = 0; position < 8; position += 1) {
    digits = `${base32[value % 32]}${digits}`;
    value = Math.floor(value / 32);
  }
  const [first = 0, ...rest] = random.bytes(8);
  const parity = base32[(first % 16) + (account % 2) * 16];
  return `${lifetime === "temporary" ? "LSIA" : "LKIA"}${digits}${parity}${rest.map((byte) => base32[byte % 32]).join("")}`;
}
