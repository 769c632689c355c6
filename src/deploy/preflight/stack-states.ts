/** Stacks in a state that asks for more than an update, and those that nobody may look at. */
import type { Looked } from "../deployed-stack.ts";
import { deployStep, stateWords } from "../next-step.ts";
import type { Session } from "../session.ts";
import type { StackKey } from "../stacks.ts";
import type { Finding } from "./finding.ts";

export function stateFindings(session: Session, looked: ReadonlyMap<StackKey, Looked>): readonly Finding[] {
  return session.selection.stacks.flatMap(({ artifactId, id }): readonly Finding[] => {
    const now = looked.get(artifactId) ?? { kind: "absent" };
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
