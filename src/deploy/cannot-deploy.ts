/** Why nothing can be deployed: the user's mistake, or what AWS refuses. It says what happened, and what to do next. */
export class CannotDeploy extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string, cause?: unknown) {
    super(message, { cause });
    this.name = "CannotDeploy";
    this.code = code;
    this.hint = hint;
  }
}
