/** Types that let a handler be written against the SDK's own command types. */

/** An operation's answer as a handler gives it: the SDK's output without what only a client adds. */
export type Output<CommandOutput> = Omit<CommandOutput, "$metadata">;
