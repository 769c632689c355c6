/**
 * Bodies in chunks of AWS's own kind, with checksums behind them. Signatures of chunks are not verified, as none are.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
import { AwsError } from "./errors.ts";
import type { Headers } from "./rest-bindings.ts";

/** Whether the headers say that a body comes in such chunks. */
export function isChunked(headers: Headers): boolean {
  return /^STREAMING-/.test(String(headers["x-amz-content-sha256"] ?? ""));
}

/** The bytes of a body in chunks, and the headers that come after them, by lower-case name. Throws AwsError IncompleteBody. */
export function dechunked(body: Uint8Array): { readonly bytes: Uint8Array; readonly trailers: Headers } {
  const chunks: Uint8Array[] = [];
  let position = 0;
  for (;;) {
    const head = lineAt(body, position);
    const size = Number.parseInt(/^[0-9a-f]{1,8}(?=;|$)/i.exec(head.text)?.[0] ?? "", 16);
    if (Number.isNaN(size)) throw incomplete();
    position = head.next;
    if (size === 0) return { bytes: joined(chunks), trailers: trailersAt(body, position) };
    if (position + size + 2 > body.length) throw incomplete();
    chunks.push(body.subarray(position, position + size));
    position += size + 2;
  }
}

function trailersAt(body: Uint8Array, start: number): Headers {
  const trailers: { [name: string]: string } = {};
  let position = start;
  while (position < body.length) {
    const { text, next } = lineAt(body, position);
    const colon = text.indexOf(":");
    if (colon > 0) trailers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim();
    position = next;
  }
  return trailers;
}

/** A line and where the next one begins. Lines are short: what is longer is no head of a chunk. */
function lineAt(body: Uint8Array, start: number): { readonly text: string; readonly next: number } {
  const end = body.subarray(start, start + 4096).indexOf(10);
  if (end < 0) throw incomplete();
  const text = new TextDecoder("latin1").decode(body.subarray(start, start + end));
  return { text: text.replace(/\r$/, ""), next: start + end + 1 };
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only, ...others] = chunks;
  if (only !== undefined && others.length === 0) return only;
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let position = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, position);
    position += chunk.length;
  }
  return bytes;
}

function incomplete(): AwsError {
  return new AwsError("IncompleteBody", "The request body terminated unexpectedly");
}
