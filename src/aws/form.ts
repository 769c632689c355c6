/** `application/x-www-form-urlencoded` text, as AWS's clients send it in bodies and in query strings. */
import { AwsError } from "./errors.ts";

/** Names and values in the order sent, decoded. */
export type Form = readonly (readonly [name: string, value: string])[];

/** A request with more fields is refused unread: more than any client sends, little enough to hold. */
const maxFields = 20_000;

/** Reads a form. Throws AwsError `MalformedQueryString` for a broken `%` escape, `InvalidQueryParameter` for too many fields. */
export function readForm(text: string): Form {
  const fields: [string, string][] = [];
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf("&", start);
    if (end < 0) end = text.length;
    if (end > start) {
      const equals = text.indexOf("=", start);
      const nameEnd = equals < 0 || equals > end ? end : equals;
      fields.push([decoded(text.slice(start, nameEnd)), decoded(text.slice(nameEnd + 1, end))]);
      if (fields.length > maxFields)
        throw new AwsError("InvalidQueryParameter", `The request has more than ${maxFields} parameters.`);
    }
    start = end + 1;
  }
  return fields;
}

/** The last value of a field; undefined when it was not sent. */
export function field(form: Form, name: string): string | undefined {
  for (let index = form.length - 1; index >= 0; index -= 1) {
    const entry = form[index];
    if (entry?.[0] === name) return entry[1];
  }
  return undefined;
}

function decoded(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new AwsError("MalformedQueryString", "The query string contains a syntax error.");
  }
}
