/** What somebody may have meant who typed a name that is not there. */
const nearestAtMost = 3;

/** Of the things that there are, by all the names of each; the nearest first. */
export function nearestOf<Thing>(
  name: string,
  all: readonly Thing[],
  namesOf: (thing: Thing) => readonly string[],
): readonly Thing[] {
  const wanted = name.toLowerCase();
  return all
    .map((thing) => ({
      thing,
      distance: Math.min(...namesOf(thing).map((own) => editDistance(wanted, own.toLowerCase()))),
    }))
    .filter(({ distance }) => distance <= Math.max(2, name.length / 4))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, nearestAtMost)
    .map(({ thing }) => thing);
}

/** Levenshtein's: how many letters are added, left out or exchanged. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
