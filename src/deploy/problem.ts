/** What the toolkit failed with when it deployed or removed stacks, for people. */
import { stripVTControlCharacters } from "node:util";
import type { Looked } from "./deployed-stack.ts";
import { nextWords, refusalOf } from "./refusals.ts";
import { profilesFor, type Session } from "./session.ts";
import type { AppStack } from "./stacks.ts";

interface Ended {
  readonly stack: AppStack;
  readonly looked: Looked;
}

/** What the toolkit failed with, and what mends it; nothing when all went well. */
export function problemOf(
  session: Session,
  problem: unknown,
  outcomes: readonly Ended[],
): { readonly problem?: string; readonly next?: string } {
  if (problem === undefined) return {};
  const text = problem instanceof Error ? problem.message : String(problem);
  // The toolkit's own sign for a failure: whoever tells it has one, too.
  const told = {
    problem: stripVTControlCharacters(text)
      .replace(/^\s*❌\s*/u, "")
      .trim(),
  };
  const kept = outcomes.find(({ looked }) => looked.kind === "unknown" && looked.refusal !== undefined);
  const kind = kept?.looked.kind === "unknown" ? kept.looked.refusal : refusalOf(problem)?.kind;
  if (kind === undefined) return told;
  const profiles =
    kept === undefined ? session.cloud.profiles.map(({ name }) => name) : profilesFor(session, kept.stack.account);
  return { ...told, next: nextWords(kind, profiles) };
}
