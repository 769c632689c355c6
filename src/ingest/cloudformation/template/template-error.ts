/** A template, or a value given to it, that CloudFormation refuses; the text is CloudFormation's own where it is known. */

const mark = Symbol.for("causeway.TemplateError");

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly [mark] = true;
  readonly position: Position | undefined;

  constructor(message: string, position?: Position) {
    super(message);
    this.position = position;
  }
}

/** Whether a caught value is one, also of another copy of this module. */
export function isTemplateError(value: unknown): value is TemplateError {
  return typeof value === "object" && value !== null && mark in value;
}

export function formatError(message: string, position?: Position): TemplateError {
  const where = position === undefined ? "" : ` (line ${position.line}, column ${position.column})`;
  return new TemplateError(`Template format error: ${message}${where}`, position);
}
