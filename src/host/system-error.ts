/** A refused system call or kernel message, told apart by errno and never by its text. Source of the words: libuv's errno table. */
import { getSystemErrorMap } from "node:util";

/** `code` is the errno's name (`EPERM`); `operation` says what was tried, in words for whoever reads the log. */
export class SystemError extends Error {
  readonly operation: string;
  readonly errno: number;
  readonly code: string;

  constructor(operation: string, errno: number, detail?: string) {
    const [code, text] = describeErrno(errno);
    super(`${operation}: ${code}, ${text}${detail ? ` (${detail})` : ""}`);
    this.name = "SystemError";
    this.operation = operation;
    this.errno = errno;
    this.code = code;
  }
}

/** The errno's name and meaning. */
export function describeErrno(errno: number): readonly [code: string, text: string] {
  return getSystemErrorMap().get(-errno) ?? linuxOnly.get(errno) ?? [`errno ${errno}`, "unknown error"];
}

/** libuv's table leaves out what it never meets. */
const linuxOnly = new Map<number, readonly [string, string]>([
  [75, ["EOVERFLOW", "value too large for defined data type"]],
  [87, ["EUSERS", "too many users"]],
]);
