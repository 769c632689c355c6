/** Looks at everything that can be known before anything is changed, and tells all of it in one list. */
import type { BootstrapNeed } from "../bootstrap.ts";
import type { Looked } from "../deployed-stack.ts";
import { throughOutages } from "../outages.ts";
import type { StackChanges } from "../plan.ts";
import type { Session } from "../session.ts";
import type { StackKey } from "../stacks.ts";
import { accountFindings } from "./accounts.ts";
import { blockFindings } from "./cidr-blocks.ts";
import type { Finding } from "./finding.ts";
import { quotaFindings } from "./quotas.ts";
import { regionFindings } from "./regions.ts";
import { stateFindings } from "./stack-states.ts";

export interface Known {
  readonly looked: ReadonlyMap<StackKey, Looked>;
  readonly changes: readonly StackChanges[];
  readonly bootstraps: readonly BootstrapNeed[];
}

/** What stops it first, then what may, then what could not be found out. */
export async function preflight(session: Session, known: Known): Promise<readonly Finding[]> {
  session.onEvent({ event: "doing", what: "looking at accounts, Regions, quotas and blocks" });
  const asked = await throughOutages(
    () => Promise.all([regionFindings(session), quotaFindings(session, known.changes), blockFindings(session)]),
    session.onEvent,
  );
  const all = [
    ...accountFindings(session, known.bootstraps),
    ...stateFindings(session, known.looked, known.changes),
    ...asked.flat(),
  ];
  return ["stop", "warn", "unknown"].flatMap((level) => all.filter((finding) => finding.level === level));
}
