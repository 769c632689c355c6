/** Something that was found before anything was changed. */
export interface Finding {
  /** `stop`: it cannot go well. `warn`: it may not. `unknown`: it could not be found out. */
  readonly level: "stop" | "warn" | "unknown";
  /** A stack, or an account and Region. */
  readonly about: string;
  readonly message: string;
  /** What to do about it. */
  readonly next?: string;
}
