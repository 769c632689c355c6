/** One row for each stack while it is deployed or removed: how far it is, at which resource, for how long. Pure: events in, lines out. */
import type { AppStack, DeployEvent, StackKey, StackOperation } from "../../deploy/index.ts";

type RowState = "waiting" | "working" | "done" | "unchanged" | "failed";

export interface StackRow {
  readonly id: string;
  readonly state: RowState;
  readonly operation: StackOperation | undefined;
  readonly completed: number;
  readonly total: number | undefined;
  /** The resource that CloudFormation is at, or the reason of what went wrong. */
  readonly current: string;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
}

export interface Rows {
  readonly rows: ReadonlyMap<StackKey, StackRow>;
  /** What goes on beside the stacks, and since when. */
  readonly doing: { readonly what: string; readonly since: number } | undefined;
}

export function rowsOf(stacks: readonly Pick<AppStack, "artifactId" | "id">[]): Rows {
  const rows = stacks.map(({ artifactId, id }): [StackKey, StackRow] => [artifactId, waitingRow(id)]);
  return { rows: new Map(rows), doing: undefined };
}

function waitingRow(id: string): StackRow {
  return {
    id,
    state: "waiting",
    operation: undefined,
    completed: 0,
    total: undefined,
    current: "",
    startedAt: undefined,
    endedAt: undefined,
  };
}

/** The rows after an event that came at `now`, in milliseconds. */
export function afterEvent(all: Rows, event: DeployEvent, now: number): Rows {
  switch (event.event) {
    case "doing":
      return { ...all, doing: { what: event.what, since: now } };
    case "said":
      return all;
    default: {
      const row = all.rows.get(event.stack);
      if (row === undefined) return all;
      const rows = new Map(all.rows).set(event.stack, rowAfter(row, event, now));
      return { rows, doing: event.event === "stack-started" ? undefined : all.doing };
    }
  }
}

type StackEvent = Exclude<DeployEvent, { readonly event: "doing" | "said" }>;

function rowAfter(row: StackRow, event: StackEvent, now: number): StackRow {
  switch (event.event) {
    case "stack-started": {
      const { operation, total } = event;
      return { ...waitingRow(row.id), state: "working", operation, total, startedAt: now };
    }
    case "resource": {
      const isFailure = event.status.endsWith("_FAILED") && event.reason !== undefined;
      // The first failure is why all that follows is taken back: it stays in sight.
      const current =
        row.state === "failed" ? row.current : isFailure ? `${event.logicalId}: ${event.reason}` : event.logicalId;
      return {
        ...row,
        state: isFailure || row.state === "failed" ? "failed" : "working",
        completed: event.completed,
        total: event.total ?? row.total,
        current,
      };
    }
    case "stack-ended": {
      const hasFailed = event.outcome === "failed" || row.state === "failed";
      return {
        ...row,
        state: hasFailed ? "failed" : event.outcome,
        current: event.reason ?? (hasFailed ? row.current : ""),
        completed: event.outcome === "done" ? (row.total ?? row.completed) : row.completed,
        startedAt: row.startedAt ?? now,
        endedAt: now,
      };
    }
  }
}

export interface Canvas {
  /** Columns; a line takes at most all of them but one. */
  readonly width: number;
  /** Lines that there is room for. */
  readonly height: number;
  readonly now: number;
}

/** A line in parts, so that each may have its colour and none changes its width. */
export type Line = readonly { readonly text: string; readonly colour?: "green" | "red" | "yellow" | "dim" | "cyan" }[];

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMs = 100;

/** The lines, none longer than the canvas is wide and no more than it is high. */
export function drawRows({ rows, doing }: Rows, canvas: Canvas): readonly Line[] {
  const all = [...rows.values()];
  const beside = doing === undefined ? [] : [doingLine(doing, canvas)];
  const room = Math.max(1, canvas.height - beside.length);
  const shown = all.length <= room ? all : mostInteresting(all, room - 1);
  const hidden = all.length - shown.length;
  const longest = Math.max(0, ...shown.map(({ id }) => id.length));
  const lines = shown.map((row) => rowLine(row, longest, canvas));
  if (hidden > 0) lines.push([{ text: `  ${cut(`… and ${hidden} more`, canvas.width - 3)}`, colour: "dim" }]);
  return [...lines, ...beside];
}

/** What fails and what is under way before what waits or has ended, in the order of the stacks. */
function mostInteresting(all: readonly StackRow[], count: number): readonly StackRow[] {
  const rank: Readonly<Record<RowState, number>> = { failed: 0, working: 1, waiting: 2, done: 3, unchanged: 4 };
  const chosen = new Set([...all].sort((a, b) => rank[a.state] - rank[b.state]).slice(0, Math.max(0, count)));
  return all.filter((row) => chosen.has(row));
}

function doingLine({ what, since }: NonNullable<Rows["doing"]>, { width, now }: Canvas): Line {
  const time = clock(now - since);
  return [
    { text: `${frameAt(now)} `, colour: "cyan" },
    { text: cut(what, width - 1 - 2 - time.length - 1) },
    { text: ` ${time}`, colour: "dim" },
  ];
}

const widestBar = 24;
/** Below this a bar tells nothing. */
const narrowestBar = 6;
const leastName = 12;

function rowLine(row: StackRow, longest: number, { width, now }: Canvas): Line {
  const { state, completed, total } = row;
  const usable = Math.max(1, width - 1);
  const nameWidth = Math.min(longest, Math.max(leastName, Math.floor(usable * 0.4)));
  const time = row.startedAt === undefined ? "" : clock((row.endedAt ?? now) - row.startedAt);
  const count = total === undefined || state === "waiting" ? "" : `${completed}/${total}`;
  const mark = { waiting: "·", working: frameAt(now), done: "✔", unchanged: "✔", failed: "✘" }[state];
  const colour = { waiting: "dim", working: "cyan", done: "green", unchanged: "green", failed: "red" }[state] as "dim";
  const head = `${mark} `;
  const name = tail(row.id, nameWidth).padEnd(nameWidth);
  const end = time === "" ? "" : `  ${time}`;
  let left = usable - head.length - name.length - end.length;
  const barWidth = state === "waiting" ? 0 : Math.min(widestBar, Math.floor(left / 3) - 2);
  const bar = barWidth < narrowestBar || count === "" ? "" : `  ${barOf(completed, total ?? 0, barWidth)}`;
  left -= bar.length;
  const counted = count === "" || left < count.length + 2 ? "" : `  ${count.padStart(7)}`.slice(0, left);
  left -= counted.length;
  const words = left < 8 ? "" : `  ${cut(wordsOf(row), left - 2)}`;
  const parts: Line = [
    { text: head, colour },
    { text: name },
    { text: bar, colour },
    { text: counted },
    { text: words, ...(state === "failed" ? { colour: "red" as const } : { colour: "dim" as const }) },
    { text: end, colour: "dim" },
  ];
  return fitting(parts, usable);
}

function wordsOf({ state, operation, current }: StackRow): string {
  switch (state) {
    case "waiting":
      return "waits for its turn";
    case "unchanged":
      return "no change";
    case "done":
      return { create: "created", update: "updated", delete: "removed", wait: "has ended" }[operation ?? "update"];
    case "failed":
      return current;
    case "working":
      return operation === "wait" ? `waited for: ${current}` : current;
  }
}

/** Whatever was reckoned, no line is longer than it may be. */
function fitting(parts: Line, width: number): Line {
  let left = width;
  return parts.flatMap((part) => {
    const text = part.text.slice(0, left);
    left -= text.length;
    return text === "" ? [] : [{ ...part, text }];
  });
}

export function barOf(completed: number, total: number, width: number): string {
  const share = total === 0 ? 0 : Math.min(1, Math.max(0, completed / total));
  const full = Math.floor(share * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

/** `0:07`, `12:40`, `1:02:03`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours === 0 ? `${minutes}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
}

function frameAt(now: number): string {
  return spinner[Math.floor(now / frameMs) % spinner.length] ?? "·";
}

/** The beginning of a text that is too long. */
function cut(text: string, width: number): string {
  const one = text.replace(/\s+/g, " ");
  return one.length <= width ? one : `${one.slice(0, Math.max(0, width - 1))}…`.slice(0, Math.max(0, width));
}

/** Of a path that is too long, its end tells more. */
function tail(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - width + 1)}`;
}
