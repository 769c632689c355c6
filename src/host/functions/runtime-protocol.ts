/** What the cloud and the process of a function say to each other: orders as lines of JSON on standard input, answers between the function's own output. */

/** Begins an answer on standard output; what follows, up to the end of the line, is JSON. No text that people write holds it. */
export const answerMark = "\u0000causeway:";

export interface RuntimeOrder {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly invokedFunctionArn: string;
  /** JSON text. */
  readonly clientContext?: string;
}

export type RuntimeAnswer =
  /** The handler is loaded, or could not be. */
  | { readonly kind: "ready" }
  | { readonly kind: "init-error"; readonly error: string }
  | { readonly kind: "result" | "error"; readonly requestId: string; readonly payload: string };
