/** A mistake in how constructs were put together. It ends the synthesis, and says what to change. */
export class DesignError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DesignError";
  }
}
