/** What CDK needs once in an account and Region before stacks with assets can go there. */
import type { Place } from "./cloud.ts";
import { isRefusal, lookAt } from "./deployed-stack.ts";
import { throughOutages } from "./outages.ts";
import type { Session } from "./session.ts";
import type { AppStack } from "./stacks.ts";

export interface BootstrapNeed extends Place {
  /** The version that the stacks need. */
  readonly needed: number;
  /** The one that is there; undefined when there is none. */
  readonly found: number | undefined;
}

/** The places that lack it, or have an older one than the stacks need. */
export async function missingBootstraps(session: Session): Promise<readonly BootstrapNeed[]> {
  const needs = new Map<string, { stack: AppStack; parameter: string; version: number }>();
  for (const stack of session.selection.stacks) {
    if (stack.bootstrap === undefined) continue;
    const { parameter, version } = stack.bootstrap;
    const key = `${stack.account} ${stack.region} ${parameter}`;
    needs.set(key, { stack, parameter, version: Math.max(version, needs.get(key)?.version ?? 0) });
  }
  const found = await Promise.all(
    [...needs.values()].map(async ({ stack, parameter, version }) => ({
      account: stack.account,
      region: stack.region,
      needed: version,
      found: await versionAt(session, stack, parameter),
    })),
  );
  return found.filter((each) => each.found === undefined || each.found < each.needed);
}

async function versionAt(session: Session, stack: AppStack, parameter: string): Promise<number | undefined> {
  // The roles that would read it are made by bootstrapping itself: as whoever we are in that account.
  const own = session.cloud.credentialsOf(stack.account) !== undefined || stack.account === session.cloud.home.account;
  const { ssm } = session.cloud.clients(stack, own ? undefined : stack.readRole);
  try {
    const { Parameter } = await throughOutages(() => ssm.getParameter({ Name: parameter }), session.onEvent);
    return Number(Parameter?.Value);
  } catch (error) {
    if (error instanceof Error && error.name === "ParameterNotFound") return undefined;
    // Not allowed to look: the toolkit looks again with the role that may, and says what is missing.
    if (isRefusal(error)) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

/** Really bootstraps them, by the toolkit. */
export async function bootstrapAll(session: Session, places: readonly Place[]): Promise<void> {
  const { BootstrapEnvironments, BootstrapStackParameters } = session.tools.toolkit;
  const environments = BootstrapEnvironments.fromList(
    places.map(({ account, region }) => `aws://${account}/${region}`),
  );
  session.voice.listen({ onEvent: quiet, stacks: [], answer: async () => true });
  await session.toolkit.bootstrap(environments, { parameters: BootstrapStackParameters.withExisting({}) });

  function quiet(): void {
    // Its many resources are nobody's question here.
  }
}

/** Where CDK's stack is, among the places that the stacks go to: `111111111111/eu-west-1`. */
export async function bootstrapsThere(session: Session): Promise<readonly string[]> {
  const places = new Map(session.selection.stacks.map((stack) => [`${stack.account}/${stack.region}`, stack]));
  const found = await Promise.all(
    [...places].map(async ([place, stack]) => {
      const looked = await throughOutages(() => lookAt(session.clients(stack), "CDKToolkit"), session.onEvent);
      return looked.kind === "there" ? [place] : [];
    }),
  );
  return found.flat();
}
