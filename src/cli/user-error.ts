/** A mistake of the user's: what happened, the value, what is allowed, and what to do next. Ends a command with exit code 2. */
export class UserError extends Error {
  readonly code: string;
  /** What to do next; printed on a line of its own. */
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.name = "UserError";
    this.code = code;
    this.hint = hint;
  }
}

/** What a command's exit code says. Documented in the reference, the same for every command. */
export const exitCode = {
  /** Done; or the answer is yes. */
  yes: 0,
  /** The answer is no: no reply came, or the command in the instance failed with its own code. */
  no: 1,
  userMistake: 2,
  bug: 3,
  /** Cannot be told, e.g. packets are off. */
  unknown: 4,
} as const;

/** The one refusal that is nobody's mistake: where no packets move, whether one would arrive cannot be told. */
export const packetsOff = "PACKETS_OFF";
