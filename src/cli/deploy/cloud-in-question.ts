/** Which cloud a deployment goes to: as the environment says it to every AWS client, or, with --local, the local one that runs. */
import { isAccountId } from "../../aws/index.ts";
import { type Profile, settingsOf } from "../../deploy/index.ts";
import { readRunning, type StateFolder, stateFolder } from "../state-folder.ts";
import { UserError } from "../user-error.ts";

export interface CloudWords {
  readonly local?: boolean;
  readonly account?: string;
  readonly profile?: readonly string[];
  readonly region?: string;
  readonly state?: string;
}

export interface CloudInQuestion {
  readonly endpoint: string | undefined;
  readonly profiles: readonly Profile[];
  readonly region: string | undefined;
  /** The running local cloud, when it is that one: it can be asked for packets. */
  readonly running: StateFolder | undefined;
}

/** What the words mean. The environment of this process, and of the app that it runs, is pointed there. Throws `CannotDeploy`, too. */
export async function cloudInQuestion(words: CloudWords): Promise<CloudInQuestion> {
  const { local, account, profile, region, state } = words;
  const folder = stateFolder(state);
  if (local) pointAtLocalCloud(folder, { account, profile, region });
  else if (account !== undefined) {
    throw new UserError(
      "ACCOUNT",
      "--account is for the local cloud.",
      "Add --local, or name a --profile of that account.",
    );
  }
  const profiles = (profile ?? profilesOfEnvironment()).map(profileOf);
  const own = await settingsOf(profiles.map(({ name }) => name));
  const endpoint = own.endpoint || undefined;
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    const hint = "Unset AWS_ENDPOINT_URL, or take endpoint_url out of the profile, to mean AWS.";
    throw new UserError("ENDPOINT", `The endpoint is no address: '${endpoint}'.`, hint);
  }
  // Clients that are not told of the profile take it from here: the toolkit's, and those of the app.
  if (endpoint !== undefined) process.env.AWS_ENDPOINT_URL = endpoint;
  return {
    endpoint,
    profiles,
    region: region ?? (process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || own.region),
    running: endpoint !== undefined && isAt(folder, endpoint) ? folder : undefined,
  };
}

/**
 * The environment's profile, by its name, so that whatever is told names it. Keys come before it, as for the AWS CLI and CDK's toolkit; the SDK alone
 * would take the profile.
 */
function profilesOfEnvironment(): readonly string[] {
  const { AWS_PROFILE, AWS_DEFAULT_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
  const name = AWS_PROFILE || AWS_DEFAULT_PROFILE;
  if (!name) return [];
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return [name];
  for (const each of profileVariables) delete process.env[each];
  return [];
}

const profileVariables = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] as const;

function pointAtLocalCloud(folder: StateFolder, { account = "000000000000", profile, region }: CloudWords): void {
  if (profile !== undefined) {
    const hint = "Leave one of the two away. On the local cloud, --account says whose stacks they are.";
    throw new UserError("LOCAL", "--local has no profiles.", hint);
  }
  if (!isAccountId(account)) {
    throw new UserError("ACCOUNT", `'${account}' is not an account id.`, "Give twelve digits. Any twelve will do.");
  }
  const running = readRunning(folder);
  if (running === undefined) {
    throw new UserError(
      "NOT_RUNNING",
      `No cloud is running on ${folder.path}.`,
      "Start one with `causeway up --detach`.",
    );
  }
  // Whatever would lead a client elsewhere, by a profile or to single services.
  const elsewhere = Object.keys(process.env).filter((name) => name.startsWith("AWS_ENDPOINT_URL_"));
  const others = ["AWS_SESSION_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"];
  for (const name of [...profileVariables, ...others, ...elsewhere]) delete process.env[name];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${running.port}`,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: "causeway",
    AWS_REGION: region ?? process.env.AWS_REGION ?? "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  });
}

/** `PROFILE`, or `ACCOUNT=PROFILE`. */
function profileOf(words: string): Profile {
  const [, account, name] = /^(\d{12})=(.+)$/.exec(words) ?? [];
  return account === undefined || name === undefined ? { name: words } : { name, account };
}

/** Whether the endpoint is that of the cloud on this folder. */
function isAt(folder: StateFolder, endpoint: string): boolean {
  const { hostname, port } = new URL(endpoint);
  const isHere = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  return isHere && readRunning(folder)?.port === Number(port);
}
