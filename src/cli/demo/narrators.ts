/** Tells a story in the terminal, to a person; or keeps silent, for `--json`. */
import { createInterface } from "node:readline/promises";
import { print, styled } from "../print.ts";
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
  return {
    async stage(number, of, { title, why }) {
      if (step && number > 1) await enter(signal);
      const heading = `${number} of ${of}`;
      const rest = "─".repeat(Math.max(2, columns - heading.length - title.length - 8));
      print(`\n${styled("cyan", "──")} ${styled("dim", heading)}  ${styled("bold", title)} ${styled("cyan", rest)}\n`);
      for (const line of wrapped(why, Math.min(columns, 90) - 2)) print(`  ${line}`);
      print();
    },
    command(words) {
      for (const line of shellLines(words, columns - 6)) print(`  ${line}`);
    },
    changed(sentence) {
      print();
      for (const [index, line] of wrapped(sentence, columns - 4).entries())
        print(`  ${styled("green", index === 0 ? "+" : " ")} ${line}`);
      print();
    },
    pingOutput(chunk) {
      for (const line of chunk.split("\n")) if (line.trim() !== "") print(`    ${styled("dim", line)}`);
    },
    watched(sentence) {
      print(`    ${styled("yellow", sentence)}`);
    },
    picture(picture) {
      print();
      if (columns < pictureWidth)
        print(
          styled("dim", `  (The picture of the network needs ${pictureWidth} columns; this terminal has ${columns}.)`),
        );
      else for (const line of drawPicture(picture, columns)) print(line);
    },
    different(stage, difference) {
      print(`\n${styled("red", `✘ "${stage}" went another way than the story:`)}\n  ${difference}`);
    },
  };
}

export const silentNarrator: Narrator = {
  stage: async () => {},
  command: () => {},
  changed: () => {},
  pingOutput: () => {},
  watched: () => {},
  picture: () => {},
  different: () => {},
};

async function enter(signal: AbortSignal): Promise<void> {
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  try {
    await asking.question(styled("dim", "\n  Enter for the next stage … "), { signal });
  } finally {
    asking.close();
  }
}

/** Lines of at most `width` columns, broken between words. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
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
