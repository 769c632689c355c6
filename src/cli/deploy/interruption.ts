/** Ctrl-C: the first one says what goes on without us and ends; a second one ends at once. */
import { columns } from "../print.ts";
import { hanging } from "../wrapped.ts";

export interface Interruption {
  /** What is done before the end: give locks free, leave the terminal as it was. */
  readonly leave: () => Promise<void>;
  /** What is said; printed on standard error. */
  readonly words: () => readonly string[];
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const interrupted = 130;
const patienceMs = 2_000;

/** Until the returned function is called. */
export function onInterrupt({ leave, words }: Interruption): () => void {
  let isLeaving = false;
  const interrupt = (): void => {
    if (isLeaving) process.exit(interrupted);
    isLeaving = true;
    const end = (): never => process.exit(interrupted);
    setTimeout(end, patienceMs);
    const said = words().flatMap((line) => hanging(line, columns(process.stderr), 2));
    leave().then(
      () => {
        process.stderr.write(`${said.join("\n")}\n`);
        end();
      },
      (error: unknown) => {
        process.stderr.write(`${said.join("\n")}\ncauseway: ${error instanceof Error ? error.message : error}\n`);
        end();
      },
    );
  };
  for (const each of signals) process.on(each, interrupt);
  return () => {
    for (const each of signals) process.off(each, interrupt);
  };
}
