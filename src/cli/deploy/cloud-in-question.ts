/** Which cloud a deployment goes to: as the environment says it to every AWS client, or, with --local, the local one that runs. */
import { isAccountId } from "../../aws/index.ts";
import type { Profile } from "../../deploy/index.ts";
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

/** What the words mean. With --local the environment of this process, and of the app that it runs, is pointed there. */
export function cloudInQuestion({ local, account, profile, region, state }: CloudWords): CloudInQuestion {
  const folder = stateFolder(state);
  if (local) pointAtLocalCloud(folder, { account, profile, region });
  else if (account !== undefined) {
    throw new UserError(
      "ACCOUNT",
      "--account is for the local cloud.",
      "Add --local, or name a --profile of that account.",
    );
  }
  const endpoint = process.env.AWS_ENDPOINT_URL || undefined;
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new UserError("ENDPOINT", `AWS_ENDPOINT_URL is no address: '${endpoint}'.`, "Unset it to mean AWS.");
  }
  return {
    endpoint,
    profiles: (profile ?? []).map(profileOf),
    region: region ?? (process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || undefined),
    running: endpoint !== undefined && isAt(folder, endpoint) ? folder : undefined,
  };
}

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
  for (const name of ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"]) delete process.env[name];
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
