/** How far a long run is. It takes an hour, and one that is ended before must not have been for nothing. */
import { appendFileSync } from "node:fs";

/** A line to the file that CAUSEWAY_KILL_LOG names, where it does. */
export function told(line: string): void {
  const file = process.env.CAUSEWAY_KILL_LOG;
  if (file) appendFileSync(file, `${new Date().toISOString()} ${line}\n`);
}
