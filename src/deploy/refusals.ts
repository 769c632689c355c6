/**
 * When AWS lets somebody in no more, or not do what is asked: credentials that are not there, not taken, or have run out, and rights that are missing.
 * What is said names who, what, and what mends it. The codes: https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/common-errors.html; EC2
 * says RequestExpired of a session that has ended, too (https://github.com/aws/aws-sdk-go/pull/253).
 */
import { CannotDeploy } from "./cannot-deploy.ts";

export type RefusalKind = "expired" | "denied" | "not-accepted" | "no-credentials";

const kinds: ReadonlyMap<string, RefusalKind> = new Map([
  ["ExpiredToken", "expired"],
  ["ExpiredTokenException", "expired"],
  ["RequestExpired", "expired"],
  ["AccessDenied", "denied"],
  ["AccessDeniedException", "denied"],
  ["UnauthorizedOperation", "denied"],
  ["InvalidClientTokenId", "not-accepted"],
  ["SignatureDoesNotMatch", "not-accepted"],
  ["AuthFailure", "not-accepted"],
  ["UnrecognizedClientException", "not-accepted"],
  ["CredentialsProviderError", "no-credentials"],
  ["TokenProviderError", "no-credentials"],
]);

/** By this the toolkit knows its errors of credentials, most of all a role that it may not assume. */
const authenticationError = Symbol.for("@aws-cdk/toolkit-lib.AuthenticationError");

export interface Refusal {
  readonly kind: RefusalKind;
  /** AWS's words. */
  readonly text: string;
}

/** Of the error itself or of what caused it; undefined where it is something else. */
export function refusalOf(error: unknown): Refusal | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const kind = kinds.get(each.name) ?? (authenticationError in each ? "denied" : undefined);
    if (kind !== undefined) return { kind, text: each.message.replace(/\s+/g, " ").trim() };
  }
  return undefined;
}

/** For people; `profiles` are those that were used, none for the environment's credentials. */
export function refusalWords({ kind, text }: Refusal, profiles: readonly string[]): CannotDeploy {
  const whose = profiles.length === 0 ? "the environment's credentials" : plural("profile", profiles);
  const code = {
    expired: "EXPIRED",
    denied: "DENIED",
    "not-accepted": "CREDENTIALS",
    "no-credentials": "NO_CREDENTIALS",
  };
  const what = {
    expired: `AWS says of ${whose}: ${text}`,
    denied: `AWS does not allow it: ${text}`,
    "not-accepted": `AWS does not take ${whose}: ${text}`,
    "no-credentials": `There are no credentials${profiles.length === 0 ? "" : ` of ${whose}`}: ${text}`,
  };
  return new CannotDeploy(code[kind], what[kind], nextWords(kind, profiles));
}

/** What mends it. */
export function nextWords(kind: RefusalKind, profiles: readonly string[]): string {
  switch (kind) {
    case "expired":
      return renewWords(profiles);
    case "denied":
      return "Ask whoever administers the account for that right, or name a profile that has it with --profile. Then the same command again.";
    case "not-accepted":
      return "The keys are wrong, of another partition, or of a Region that the account has not enabled.";
    case "no-credentials":
      return profiles.length === 0
        ? "Name a profile with --profile, or say --local for the cloud that runs on this machine."
        : `${renewWords(profiles)}\n  Where a code is asked for (MFA): eval "$(aws configure export-credentials --profile ${profiles[0]} --format env)", then without --profile.`;
  }
}

/** What is found out besides, where AWS lets us. */
export async function unlessRefused<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    return otherwise;
  }
}

function renewWords(profiles: readonly string[]): string {
  const words = profiles.length === 0 ? [""] : profiles.map((name) => ` --profile ${name}`);
  const logins = words.map((each) => `\`aws sso login${each}\``).join(" and ");
  const first = profiles.length === 0 ? "Put new keys into the environment, or log in again" : "Log in again";
  return `${first}: ${logins}. \`aws sts get-caller-identity${words[0]}\` tells whether AWS lets you in. Then the same command again.`;
}

function plural(what: string, all: readonly string[]): string {
  return `${what}${all.length === 1 ? "" : "s"} ${all.join(", ")}`;
}
