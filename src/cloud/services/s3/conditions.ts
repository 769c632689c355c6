/** Requests that hold only for an object as the caller knows it. RFC 9110 section 13, as S3 has it. */
import { AwsError } from "../../../aws/index.ts";
import { notImplemented, preconditionFailed } from "./errors.ts";
import type { ObjectContent, ObjectRecord } from "./record.ts";

interface Conditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/** Throws PreconditionFailed; of a read whose answer the caller has already, 304 without a body. */
export function checkConditions(
  { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince }: Conditions,
  { CreatedAt, Content }: ObjectRecord & { readonly Content: ObjectContent },
  purpose: "read" | "copy",
): void {
  // Dates in headers have no fractions of seconds.
  const modified = Math.floor(CreatedAt / 1000) * 1000;
  if (IfMatch !== undefined && !isAmong(Content.ETag, IfMatch)) throw preconditionFailed("If-Match");
  if (IfMatch === undefined && IfUnmodifiedSince !== undefined && modified > IfUnmodifiedSince.getTime())
    throw preconditionFailed("If-Unmodified-Since");
  const known =
    IfNoneMatch === undefined
      ? IfModifiedSince !== undefined && modified <= IfModifiedSince.getTime()
      : isAmong(Content.ETag, IfNoneMatch);
  if (!known) return;
  if (purpose === "copy") throw preconditionFailed("If-None-Match");
  throw new AwsError("NotModified", "Not Modified", 304);
}

/** Throws PreconditionFailed when a put may not replace what is there. */
export function checkWriteConditions(
  { IfMatch, IfNoneMatch }: Pick<Conditions, "IfMatch" | "IfNoneMatch">,
  before: ObjectRecord | undefined,
): void {
  if (IfNoneMatch !== undefined && IfNoneMatch !== "*") throw notImplemented("If-None-Match with an ETag on a write");
  if (IfNoneMatch === "*" && before?.Content !== undefined) throw preconditionFailed("If-None-Match");
  if (IfMatch !== undefined && (before?.Content === undefined || !isAmong(before.Content.ETag, IfMatch)))
    throw preconditionFailed("If-Match");
}

function isAmong(etag: string, list: string): boolean {
  return list
    .split(",")
    .some(
      (each) => each.trim() === "*" || each.trim().replace(/^W\//, "").replaceAll('"', "") === etag.replaceAll('"', ""),
    );
}
