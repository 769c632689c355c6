/** One JSON line for programs, with the time at which it was so. */
export function printEvent(event: object): void {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`);
}
