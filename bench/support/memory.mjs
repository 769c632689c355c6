/** What the machine has in use, kernel memory included. */
import { readFileSync } from "node:fs";

export function bytesInUse() {
  const fields = Object.fromEntries(
    [...readFileSync("/proc/meminfo", "utf8").matchAll(/^(\w+):\s+(\d+) kB/gm)].map(([, name, kilobytes]) => [
      name,
      Number(kilobytes) * 1024,
    ]),
  );
  return fields.MemTotal - fields.MemAvailable;
}
