/** What goes wrong with a fabric, as a value that survives the way from the child process to its owner. */

/**
 * `refused`: the kernel or the fabric refused an operation (`operation` names it, `code` is the errno's name).
 * `lost`: the child is gone. `unavailable`: this machine cannot hold a fabric; the message is written for its user.
 */
export class FabricError extends Error {
  readonly kind: "refused" | "lost" | "unavailable";
  readonly operation: string | undefined;
  readonly code: string | undefined;

  constructor(
    kind: "refused" | "lost" | "unavailable",
    message: string,
    detail: { readonly operation?: string | undefined; readonly code?: string | undefined } = {},
  ) {
    super(message);
    this.name = "FabricError";
    this.kind = kind;
    this.operation = detail.operation;
    this.code = detail.code;
  }
}
