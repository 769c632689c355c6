/** Values that are text on the wire and something else in a handler: numbers, booleans, timestamps, blobs. Source: semantics 13.1. */

const decimal = /^[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?$/;
const isoTime =
  /^([0-9]{4}-[0-9]{2}-([0-9]{2}))(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)(Z|[+-][0-9]{2}:?[0-9]{2})?)?$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** A decimal number; undefined when the text is none. AWS's schemas do not tell integers from fractions, so both are read. */
export function numberOf(text: string): number | undefined {
  if (!decimal.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** `true` or `false` in any case; undefined for other text. */
export function booleanOf(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}

/** An ISO 8601 date, or date and time (UTC unless it has an offset); undefined when the text is none. */
export function dateOf(text: string): Date | undefined {
  const match = isoTime.exec(text);
  if (match === null) return undefined;
  const [, day = "", dayOfMonth = "", time = "00:00:00", zone = "Z"] = match;
  const colons = /^[+-][0-9]{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const milliseconds = Date.parse(`${day}T${time}${colons}`);
  // A 31 February would be read as a day in March.
  const real = new Date(`${day}T00:00:00Z`).getUTCDate() === Number(dayOfMonth);
  return Number.isNaN(milliseconds) || !real ? undefined : new Date(milliseconds);
}

/** A date as headers have it, `Tue, 29 Apr 2014 18:30:38 GMT`; undefined when the text is none. */
export function httpDateOf(text: string): Date | undefined {
  if (!/^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$/.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds);
}

/** Bytes from base64; undefined when the text is none. */
export function bytesOf(text: string): Uint8Array | undefined {
  const compact = text.replace(/[\r\n]/g, "");
  if (!base64.test(compact)) return undefined;
  const binary = atob(compact);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Base64 of bytes. */
export function base64Of(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
