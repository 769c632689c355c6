/**
 * Profiles as their files have them: whether they are there, and the endpoint that they name. The SDK reads credentials and Region of the profile
 * that a client is given, but the endpoint only of AWS_PROFILE's.
 */
import { existsSync } from "node:fs";
import { CannotDeploy } from "./cannot-deploy.ts";
import { nearestOf } from "./near-names.ts";
import { loadSharedConfig, type SharedConfig } from "./tools.ts";

export interface ProfileSettings {
  /** Instead of AWS's own; https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
  readonly endpoint: string | undefined;
  /** Of the first profile. */
  readonly region: string | undefined;
}

/** What the profiles say, or `default` where none is named. Throws `CannotDeploy` where one is not there, or where they go to different clouds. */
export async function settingsOf(names: readonly string[]): Promise<ProfileSettings> {
  const config = await loadSharedConfig();
  for (const name of names) mustBeThere(name, config);
  const [first = "default", ...others] = names;
  const endpoint = endpointOf(first, config);
  for (const name of others) {
    if (endpointOf(name, config) === endpoint) continue;
    const words = [first, name].map((each) => `${each} to ${endpointOf(each, config) ?? "AWS"}`);
    throw new CannotDeploy(
      "ENDPOINT",
      `The profiles go to different clouds: ${words.join(", ")}.`,
      "Give them the same endpoint_url, or set AWS_ENDPOINT_URL, which comes before what profiles say.",
    );
  }
  return { endpoint, region: settingIn(first, "region", config) };
}

function mustBeThere(name: string, config: SharedConfig): void {
  const known = namesIn(config);
  if (known.includes(name)) return;
  const near = nearestOf(name, known, (each) => [each]);
  const files = "~/.aws/config and ~/.aws/credentials (or AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE)";
  const hints = [
    ...(near.length > 0 ? [`Did you mean ${near.join(" or ")}?`] : []),
    known.length > 0 ? `There are: ${known.join(", ")}.` : `${files} have none.`,
    ...(existsSync(name) ? [`A folder or a stack is named before --profile, which takes all the words after it.`] : []),
  ];
  throw new CannotDeploy("NO_PROFILE", `There is no profile '${name}'.`, hints.join("\n  "));
}

function namesIn({ configFile, credentialsFile }: SharedConfig): readonly string[] {
  // Sections of other kinds are `sso-session.NAME` and `services.NAME` to the loader.
  const ofConfig = Object.keys(configFile).filter((name) => !/^(sso-session|services)\./.test(name));
  return [...new Set([...ofConfig, ...Object.keys(credentialsFile)])].sort();
}

function endpointOf(name: string, config: SharedConfig): string | undefined {
  if (process.env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === "true") return undefined;
  if (process.env.AWS_ENDPOINT_URL) return process.env.AWS_ENDPOINT_URL;
  const isIgnored = settingIn(name, "ignore_configured_endpoint_urls", config) === "true";
  return isIgnored ? undefined : settingIn(name, "endpoint_url", config);
}

function settingIn(name: string, key: string, { configFile, credentialsFile }: SharedConfig): string | undefined {
  return configFile[name]?.[key] ?? credentialsFile[name]?.[key];
}
