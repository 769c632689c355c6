/** Who tells people and programs what goes on: rows on a terminal, a line for each event on a pipe, JSON lines with --json. */
import type { AppStack, DeployEvent, StackKey } from "../../deploy/index.ts";
import { columns, print, styled } from "../print.ts";
import { hanging } from "../wrapped.ts";
import { liveScreen, sizeOf } from "./live-screen.ts";
import { printEvent } from "./print-event.ts";
import { afterEvent, drawRows, type Rows, rowsOf } from "./stack-rows.ts";

export interface Teller {
  onEvent(event: DeployEvent): void;
  /** From now on these stacks are told of. */
  begin(stacks: readonly AppStack[]): void;
  /** What has been told stays; nothing moves until something happens again. */
  pause(): void;
  /** Stacks that CloudFormation works on, as far as was told. */
  working(): readonly string[];
}

const frameMs = 100;

/** With `document`, standard output is one JSON document's: people are told on the other one. */
export function createTeller(output: "text" | "events" | "document"): Teller {
  if (output === "events") return jsonTeller();
  if (output === "document") return plainTeller((line) => process.stderr.write(`${line}\n`));
  return process.stdout.isTTY && process.env.TERM !== "dumb" ? liveTeller() : plainTeller(print);
}

function jsonTeller(): Teller {
  const told = rowsKeeper();
  return {
    ...told,
    pause: () => {},
    onEvent(event) {
      told.take(event);
      printEvent({ ...event, ...told.named(event) });
    },
  };
}

function plainTeller(say: (line: string) => void): Teller {
  const told = rowsKeeper();
  return {
    ...told,
    pause: () => {},
    onEvent(event) {
      told.take(event);
      const line = plainLine(event, told.named(event).id ?? "");
      if (line !== undefined) say(line);
    },
  };
}

function liveTeller(): Teller {
  const told = rowsKeeper();
  const screen = liveScreen(process.stdout);
  let timer: NodeJS.Timeout | undefined;
  const draw = (): void => screen.draw(drawRows(told.rows(), { ...sizeOf(process.stdout), now: Date.now() }));
  return {
    ...told,
    onEvent(event) {
      told.take(event);
      if (event.event === "said") screen.print(foldedSaid(event));
      if (timer === undefined) {
        timer = setInterval(draw, frameMs);
        process.stdout.on("resize", draw);
      }
      draw();
    },
    pause() {
      if (timer === undefined) return;
      clearInterval(timer);
      process.stdout.off("resize", draw);
      timer = undefined;
      told.quiet();
      // Stacks of which nothing was told leave no rows behind.
      if (told.hasBegun()) draw();
      else screen.draw([]);
      screen.leave();
    },
  };
}

/** What was told so far. */
function rowsKeeper() {
  let rows: Rows = rowsOf([]);
  let ids: ReadonlyMap<StackKey, string> = new Map();
  return {
    rows: () => rows,
    take(event: DeployEvent): void {
      rows = afterEvent(rows, event, Date.now());
    },
    begin(stacks: readonly AppStack[]): void {
      rows = rowsOf(stacks);
      ids = new Map(stacks.map(({ artifactId, id }) => [artifactId, id]));
    },
    quiet(): void {
      rows = { ...rows, doing: undefined };
    },
    hasBegun(): boolean {
      return [...rows.rows.values()].some(({ state }) => state !== "waiting");
    },
    working(): readonly string[] {
      return [...rows.rows.values()].filter(({ state }) => state === "working").map(({ id }) => id);
    },
    named(event: DeployEvent): { readonly id?: string } {
      const id = "stack" in event ? ids.get(event.stack) : undefined;
      return id === undefined ? {} : { id };
    },
  };
}

function saidLine({ level, text }: Extract<DeployEvent, { readonly event: "said" }>): string {
  return styled(level === "error" ? "red" : "yellow", `! ${text}`);
}

/** CDK indents what belongs together. */
function foldedSaid(event: Extract<DeployEvent, { readonly event: "said" }>): string {
  const fold = (line: string): readonly string[] => hanging(line, columns(), 2 + line.length - line.trimStart().length);
  return saidLine(event).split("\n").flatMap(fold).join("\n");
}

/** One line for a log; undefined for what a log need not have. */
export function plainLine(event: DeployEvent, id: string): string | undefined {
  switch (event.event) {
    case "doing":
      return `${event.what} …`;
    case "said":
      return saidLine(event);
    case "stack-started":
      return `${id}: ${{ create: "is created", update: "is updated", delete: "is removed", wait: "is waited for" }[event.operation]}`;
    case "resource": {
      const { time, completed, total, status, type, logicalId, reason } = event;
      const count = total === undefined ? String(completed) : `${completed}/${total}`;
      return `${time.slice(11, 19)} ${id} ${count} ${status} ${type} ${logicalId}${reason === undefined ? "" : `: ${reason}`}`;
    }
    case "stack-ended": {
      const words = { done: "done", unchanged: "no change", failed: "failed" }[event.outcome];
      return `${id}: ${words}${event.reason === undefined ? "" : `: ${event.reason}`}`;
    }
  }
}
