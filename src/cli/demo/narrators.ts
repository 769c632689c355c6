/** Tells a story in the terminal, to a person; or keeps silent, for `--json`. */
import { createInterface } from "node:readline/promises";
import { print, styled } from "../print.ts";
import { wrapped } from "../wrapped.ts";
import { drawPicture, pictureWidth } from "./picture.ts";
import type { Narrator } from "./stage.ts";

export interface TerminalOptions {
  /** Wait for Enter before every stage but the first. */
  readonly step: boolean;
  readonly signal: AbortSignal;
}

const widest = 100;

export function terminalNarrator({ step, signal }: TerminalOptions): Narrator {
  const columns = Math.min(process.stdout.columns ?? widest, widest);
  let spaced = false;
  /** One empty line, however many parts ask for it. */
  const space = (): void => {
    if (!spaced) print();
    spaced = true;
  };
  const say = (line: string): void => {
    print(line);
    spaced = false;
  };
  return {
    async stage(number, of, { title, why }) {
      if (step && number > 1) await enter(signal);
      const heading = `${number} of ${of}`;
      const rest = "─".repeat(Math.max(2, columns - heading.length - title.length - 7));
      space();
      say(`${styled("cyan", "──")} ${styled("dim", heading)}  ${styled("bold", title)} ${styled("cyan", rest)}`);
      space();
      for (const line of wrapped(why, Math.min(columns, 90) - 2)) say(`  ${line}`);
      space();
    },
    command(words) {
      for (const line of shellLines(words, columns - 6)) say(`  ${line}`);
    },
    state(of, state, elapsedMs) {
      const after = elapsedMs < 1000 ? "" : styled("dim", `  after ${(elapsedMs / 1000).toFixed(1)} s`);
      say(`    ${of}  ${styled(state === "available" ? "green" : "yellow", state)}${after}`);
    },
    refusal(message) {
      for (const line of wrapped(message, columns - 6)) say(`    ${styled("red", line)}`);
    },
    changed(sentence) {
      space();
      for (const [index, line] of wrapped(sentence, columns - 4).entries())
        say(`  ${styled("green", index === 0 ? "+" : " ")} ${line}`);
      space();
    },
    pingOutput(chunk) {
      for (const line of chunk.split("\n")) if (line.trim() !== "") say(`    ${styled("dim", line)}`);
    },
    watched(sentence) {
      say(`    ${styled("yellow", sentence)}`);
    },
    picture(picture) {
      space();
      if (columns < pictureWidth)
        say(
          styled("dim", `  (The picture of the network needs ${pictureWidth} columns; this terminal has ${columns}.)`),
        );
      else
        for (const line of drawPicture(picture, Math.max(columns - 1, pictureWidth)))
          say(columns > pictureWidth ? ` ${line}` : line);
      space();
    },
    different(stage, difference) {
      space();
      say(styled("red", `✘ "${stage}" went another way than the story:`));
      say(`  ${difference}`);
    },
  };
}

export const silentNarrator: Narrator = {
  stage: async () => {},
  command: () => {},
  state: () => {},
  refusal: () => {},
  changed: () => {},
  pingOutput: () => {},
  watched: () => {},
  picture: () => {},
  different: () => {},
};

/** Waits for Enter, or the end of input. Rejects when the demo is interrupted. */
async function enter(signal: AbortSignal): Promise<void> {
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  // A terminal in line-editing mode sends Ctrl-C as a key; it means here what it means everywhere else.
  asking.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const endOfInput = new Promise<void>((resolve) => asking.once("close", resolve));
  try {
    await Promise.race([
      asking.question(styled("dim", "  Enter for the next stage, Ctrl-C to leave … "), { signal }),
      endOfInput,
    ]);
  } finally {
    asking.close();
  }
}

/** A command as one would paste it: broken before options, with backslashes. */
function shellLines(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && line.length + 1 + word.length > width - 2) {
      lines.push(line);
      line = `    ${word}`;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each, index, all) => {
    const command = styled("bold", index === all.length - 1 ? each : `${each} \\`);
    return `${index === 0 ? styled("dim", "$") : " "} ${command}`;
  });
}
