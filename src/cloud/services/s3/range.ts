/** The `Range` header: one range of bytes. RFC 9110 section 14; S3 answers the whole object to what it cannot read. */
import { AwsError } from "../../../aws/index.ts";

/** Both ends are in it. Undefined for the whole object. Throws InvalidRange when the object has none of it. */
export function rangeOf(
  header: string | undefined,
  size: number,
): { readonly first: number; readonly last: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return undefined;
  const [, from = "", to = ""] = match;
  // Without a beginning it is that many bytes from the end.
  const first = from === "" ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== "" && from !== "" && Number(to) < first) return undefined;
  if (first > last)
    throw new AwsError("InvalidRange", "The requested range is not satisfiable", 416, {
      RangeRequested: header ?? "",
      ActualObjectSize: String(size),
    });
  return { first, last };
}
