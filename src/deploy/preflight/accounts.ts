/** Whether there are credentials for every account that a stack goes to. */
import type { BootstrapNeed } from "../bootstrap.ts";
import type { Session } from "../session.ts";
import type { Finding } from "./finding.ts";

export function accountFindings(session: Session, bootstraps: readonly BootstrapNeed[]): readonly Finding[] {
  const { cloud, selection } = session;
  const accounts = [...new Set(selection.stacks.map(({ account }) => account))];
  const strange = accounts.filter(
    (account) => account !== cloud.home.account && cloud.credentialsOf(account) === undefined,
  );
  return strange.flatMap((account) => {
    const own = selection.stacks.filter((stack) => stack.account === account);
    const lacking = bootstraps.find((each) => each.account === account);
    const next = `Name a profile of it: --profile ${account}=PROFILE`;
    if (own.some(({ readRole }) => readRole === undefined)) {
      const message = "there are no credentials for it, and its stacks name no role that could be assumed";
      return [{ level: "stop", about: `account ${account}`, message, next }];
    }
    if (lacking === undefined) return [];
    const message = `there are no credentials for it, and it is not bootstrapped in ${lacking.region}, so that nothing can be assumed there`;
    return [{ level: "stop", about: `account ${account}`, message, next }];
  });
}
