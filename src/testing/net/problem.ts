/** What is wrong with a `.net` text: where, what, and what may stand there. A mistake of the writer's is a value. */

export interface NetProblem {
  /** 1 is the first. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** What would be right there. */
  readonly allowed: readonly string[];
}

/** `line 3, column 10: "10.0.0.0" is no CIDR block (allowed: 10.0.0.0/16)`. */
export function formatProblem({ line, column, message, allowed }: NetProblem): string {
  const hint = allowed.length === 0 ? "" : ` (allowed: ${allowed.join(", ")})`;
  return `line ${line}, column ${column}: ${message}${hint}`;
}
