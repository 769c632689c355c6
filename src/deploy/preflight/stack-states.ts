/** Stacks in a state that asks for more than an update, and those that nobody may look at. */
import type { Looked } from "../deployed-stack.ts";
import { deployStep, stateWords } from "../next-step.ts";
import type { StackChanges } from "../plan.ts";
import { nextWords } from "../refusals.ts";
import { profilesFor, type Session } from "../session.ts";
import type { StackKey } from "../stacks.ts";
import type { Finding } from "./finding.ts";

export function stateFindings(
  session: Session,
  looked: ReadonlyMap<StackKey, Looked>,
  changes: readonly StackChanges[],
): readonly Finding[] {
  return session.selection.stacks.flatMap(({ artifactId, id, account }): readonly Finding[] => {
    const now = looked.get(artifactId) ?? { kind: "absent" };
    const refused = changes.find(({ stack }) => stack === artifactId)?.refused;
    if (refused !== undefined) {
      const message = `what would change cannot be found out: ${refused.replace(/\.$/, "")}`;
      return [{ level: "stop", about: id, message, next: nextWords("denied", profilesFor(session, account)) }];
    }
    const message = stateWords(now);
    if (message === undefined) return [];
    if (now.kind === "unknown") {
      const next =
        "Whoever deploys needs cloudformation:DescribeStacks there, or the role that bootstrapping makes for it.";
      return [{ level: "unknown", about: id, message, next }];
    }
    return [{ level: deployStep(now) === "unknown" ? "unknown" : "warn", about: id, message }];
  });
}
