/**
 * Life cycles as data, and the three pure functions that run them. States are the API's own enum values, events are API actions;
 * nothing here knows a resource, a clock or a store.
 */

/** A duration in the words of AWS's guides: `5s`, `2m`, `2h`, `7d`. */
export type Duration = `${number}${"s" | "m" | "h" | "d"}`;

export interface Arrow<State extends string, Guard extends string> {
  readonly to: State;
  /** Every guard must hold. Arrows are tried in order; the first that may go, goes. */
  readonly when?: readonly Guard[];
}

export interface StateDeclaration<State extends string, Event extends string, Guard extends string> {
  readonly on?: { readonly [E in Event]?: readonly Arrow<State, Guard>[] };
  readonly after?: {
    readonly delay: Duration;
    /** `work` is AWS being busy, which the pace shortens; `deadline` is a time that AWS promises, which `instant` leaves alone. */
    readonly kind: "work" | "deadline";
    readonly arrows: readonly Arrow<State, Guard>[];
  };
  /** A terminal row: how long it stays visible before it is forgotten. */
  readonly vanishesAfter?: Duration;
}

export interface Lifecycle<State extends string, Event extends string = never, Guard extends string = never> {
  readonly initial: State;
  /** Where a row may begin instead: it depends on who asks. */
  readonly otherInitials?: readonly State[];
  readonly states: { readonly [S in State]: StateDeclaration<State, Event, Guard> };
}

export type Holds<Guard extends string> = (guard: Guard) => boolean;

/** The state after an event, or undefined when the event is not allowed here. */
export function fire<S extends string, E extends string, G extends string>(
  lifecycle: Lifecycle<S, E, G>,
  state: S,
  event: E,
  holds: Holds<G>,
): S | undefined {
  return follow(lifecycle.states[state].on?.[event], holds);
}

/** The state after its delay has passed, or undefined when nothing is waited for. */
export function elapse<S extends string, E extends string, G extends string>(
  lifecycle: Lifecycle<S, E, G>,
  state: S,
  holds: Holds<G>,
): S | undefined {
  return follow(lifecycle.states[state].after?.arrows, holds);
}

/** What the clock will do to a row that enters this state, with the delay in milliseconds at AWS's own pace. */
export function pending<S extends string, E extends string, G extends string>(
  lifecycle: Lifecycle<S, E, G>,
  state: S,
): { readonly what: "elapse" | "vanish"; readonly kind: "work" | "deadline"; readonly delayMs: number } | undefined {
  const { after, vanishesAfter } = lifecycle.states[state];
  if (after !== undefined) return { what: "elapse", kind: after.kind, delayMs: milliseconds(after.delay) };
  if (vanishesAfter !== undefined) return { what: "vanish", kind: "deadline", delayMs: milliseconds(vanishesAfter) };
  return undefined;
}

/** The life cycle as a Mermaid state diagram, for the reference pages and for snapshots in tests. */
export function toMermaid<S extends string, E extends string, G extends string>(lifecycle: Lifecycle<S, E, G>): string {
  const initials = [lifecycle.initial, ...(lifecycle.otherInitials ?? [])];
  const lines = ["stateDiagram-v2", ...initials.map((state) => `  [*] --> ${node(state)}`)];
  for (const [state, declaration] of Object.entries<StateDeclaration<S, E, G>>(lifecycle.states)) {
    for (const [event, arrows] of Object.entries<readonly Arrow<S, G>[] | undefined>(declaration.on ?? {})) {
      for (const arrow of arrows ?? [])
        lines.push(`  ${node(state)} --> ${node(arrow.to)}: ${label(event, arrow.when)}`);
    }
    for (const arrow of declaration.after?.arrows ?? []) {
      lines.push(`  ${node(state)} --> ${node(arrow.to)}: ${label(`after ${declaration.after?.delay}`, arrow.when)}`);
    }
    if (declaration.vanishesAfter) lines.push(`  ${node(state)} --> [*]: forgotten after ${declaration.vanishesAfter}`);
  }
  return `${lines.join("\n")}\n`;
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export function milliseconds(duration: Duration): number {
  const unit = duration.at(-1);
  if (unit !== "s" && unit !== "m" && unit !== "h" && unit !== "d") throw new Error(`bug: duration ${duration}`);
  return Number(duration.slice(0, -1)) * unitMs[unit];
}

function follow<S extends string, G extends string>(
  arrows: readonly Arrow<S, G>[] | undefined,
  holds: Holds<G>,
): S | undefined {
  return arrows?.find((arrow) => (arrow.when ?? []).every(holds))?.to;
}

function node(state: string): string {
  return state.replaceAll("-", "_");
}

function label(event: string, when: readonly string[] | undefined): string {
  return when?.length ? `${event} [${when.join(", ")}]` : event;
}
