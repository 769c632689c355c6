/** Where an app is deployed to: AWS or a cloud at an endpoint, as whom, and the clients that speak to it. */
import { assumeRole } from "../collect/index.ts";
import { CannotDeploy } from "./cannot-deploy.ts";
import { nextWords, refusalOf, refusalWords } from "./refusals.ts";
import type { DeployTools } from "./tools.ts";

/** An account in one Region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface CloudOptions {
  /** Undefined for AWS itself. */
  readonly endpoint: string | undefined;
  /** Profiles of ~/.aws; the first one is whose account the stacks go to that name none. One that is said to be of another account is refused. */
  readonly profiles: readonly Profile[];
  /** The Region of stacks that name none; undefined for what the profile or the environment says. */
  readonly region: string | undefined;
}

export interface Profile {
  readonly name: string;
  readonly account?: string;
}

/** Credentials as every client of the SDK takes them. */
interface ClientOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly credentials?: Credentials | (() => Promise<Credentials>);
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface Clients {
  readonly cloudFormation: InstanceType<DeployTools["cloudFormation"]["CloudFormation"]>;
  readonly ec2: InstanceType<DeployTools["ec2"]["EC2"]>;
  readonly logs: InstanceType<DeployTools["logs"]["CloudWatchLogs"]>;
  readonly ssm: InstanceType<DeployTools["ssm"]["SSM"]>;
}

export interface Cloud {
  readonly endpoint: string | undefined;
  /** On this machine: an access key may stand for any account. */
  readonly isLocal: boolean;
  /** Where stacks go that name no account or Region. */
  readonly home: Place;
  readonly profiles: readonly Required<Profile>[];
  /** How often a stack is looked at. */
  readonly pollMs: number;
  clients(place: Place, roleArn: string | undefined): Clients;
  /** For the toolkit, which asks for accounts other than the home: credentials, or undefined where there are none. */
  credentialsOf(account: string): (() => Promise<Credentials>) | undefined;
  /** What reads the account's network, for `collect`. */
  readAs(place: Place, roleArn: string | undefined): ReadAs;
}

export interface ReadAs {
  readonly profile?: string;
  readonly roleArn?: string;
  readonly endpoint?: string;
  readonly credentials?: Credentials;
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const firstRegion = "us-east-1";

/** Throws `CannotDeploy` when it cannot be told whose account it is. */
export async function openCloud(tools: DeployTools, { endpoint, profiles, region }: CloudOptions): Promise<Cloud> {
  const isLocal = endpoint !== undefined && loopback.test(new URL(endpoint).hostname);
  const home = await callerOf(tools, { endpoint, profile: profiles[0]?.name, region });
  const known = await Promise.all(
    profiles.map(async ({ name, account }, index) => {
      const caller = index === 0 ? home : await callerOf(tools, { endpoint, profile: name, region });
      if (account !== undefined && account !== caller.account) throw anotherAccount(name, account, caller.account);
      return { name, account: caller.account };
    }),
  );
  const made = new Map<string, Clients>();
  return {
    endpoint,
    isLocal,
    home,
    profiles: known,
    pollMs: isLocal ? 500 : 2_000,
    clients(place, roleArn) {
      const key = `${place.account} ${place.region} ${roleArn}`;
      const clients = made.get(key) ?? clientsOf(tools, clientOptions(place, roleArn));
      made.set(key, clients);
      return clients;
    },
    credentialsOf(account) {
      const own = accountCredentials(account);
      if (own?.credentials !== undefined) {
        const { credentials } = own;
        return async () => credentials;
      }
      if (own?.profile === undefined) return undefined;
      return new tools.sts.STS({ region: home.region, profile: own.profile }).config.credentials;
    },
    readAs(place, roleArn) {
      const own = accountCredentials(place.account);
      const byRole = own === undefined ? { ...firstProfile(), ...(roleArn !== undefined && { roleArn }) } : own;
      return { ...byRole, ...(endpoint !== undefined && { endpoint }) };
    },
  };

  function clientOptions(place: Place, roleArn: string | undefined): ClientOptions {
    const own = accountCredentials(place.account);
    const options = { region: place.region, ...(endpoint !== undefined && { endpoint }) };
    if (own !== undefined) return { ...options, ...own };
    if (roleArn === undefined) return { ...options, ...firstProfile() };
    const base = { ...options, ...firstProfile() };
    return { ...options, credentials: () => assumeRole(tools.sts, base, { roleArn, sessionName: "causeway-deploy" }) };
  }

  /** What is the account's own, without a role; undefined where there is none. */
  function accountCredentials(account: string): { profile?: string; credentials?: Credentials } | undefined {
    const profile = known.find((each) => each.account === account);
    if (profile !== undefined) return { profile: profile.name };
    if (account === home.account) return {};
    return isLocal ? { credentials: localCredentials(account) } : undefined;
  }

  function firstProfile(): { profile?: string } {
    return known[0] === undefined ? {} : { profile: known[0].name };
  }
}

/** Else its stacks would go where nobody meant them to. */
function anotherAccount(name: string, said: string, account: string): CannotDeploy {
  return new CannotDeploy(
    "PROFILE_ACCOUNT",
    `Profile ${name} is of account ${account}, not of ${said}.`,
    `Say ${account}=${name}, or only ${name}: AWS tells whose it is.`,
  );
}

/** On the local cloud the access key names the account. */
export function localCredentials(account: string): Credentials {
  return { accessKeyId: account, secretAccessKey: "causeway" };
}

function clientsOf({ cloudFormation, ec2, logs, ssm }: DeployTools, options: ClientOptions): Clients {
  const patient = { ...options, maxAttempts: 5 };
  return {
    cloudFormation: new cloudFormation.CloudFormation(patient),
    ec2: new ec2.EC2(patient),
    logs: new logs.CloudWatchLogs(patient),
    ssm: new ssm.SSM(patient),
  };
}

interface Asking {
  readonly endpoint: string | undefined;
  readonly profile: string | undefined;
  readonly region: string | undefined;
}

async function callerOf(tools: DeployTools, { endpoint, profile, region }: Asking): Promise<Place> {
  const client = new tools.sts.STS({
    ...(endpoint !== undefined && { endpoint }),
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
    maxAttempts: 3,
  });
  const home = region ?? (await configuredRegion(client));
  // Where no Region is said anywhere, the client itself cannot ask.
  const asking = region === undefined && home === firstRegion ? withRegion(tools, { endpoint, profile }) : client;
  try {
    const { Account } = await asking.getCallerIdentity({});
    if (Account === undefined) throw new Error("AWS did not say whose credentials these are");
    return { account: Account, region: home };
  } catch (error) {
    throw notLetIn(error, { endpoint, profile });
  }
}

function withRegion({ sts }: DeployTools, { endpoint, profile }: Omit<Asking, "region">) {
  return new sts.STS({
    region: firstRegion,
    ...(endpoint !== undefined && { endpoint }),
    ...(profile !== undefined && { profile }),
    maxAttempts: 3,
  });
}

async function configuredRegion(client: InstanceType<DeployTools["sts"]["STS"]>): Promise<string> {
  try {
    return await client.config.region();
  } catch {
    // Neither the environment nor the profile says one. CDK takes this one too.
    return firstRegion;
  }
}

/** What kept AWS from saying who we are, and what mends it. */
function notLetIn(error: unknown, { endpoint, profile }: Omit<Asking, "region">): CannotDeploy {
  const message = error instanceof Error ? error.message : String(error);
  const profiles = profile === undefined ? [] : [profile];
  if (isUnreachable(error)) {
    const where = endpoint ?? "AWS";
    const hint = endpoint === undefined ? "Look at the network, and at AWS_REGION." : startHint(endpoint);
    return new CannotDeploy("NO_CLOUD", `${where} does not answer: ${message}`, hint, error);
  }
  const refusal = refusalOf(error);
  if (refusal !== undefined) return refusalWords(refusal, profiles);
  const hint = nextWords("expired", profiles);
  return new CannotDeploy("AWS", `AWS does not say whose account this is: ${message}`, hint, error);
}

function startHint(endpoint: string): string {
  const isHere = loopback.test(new URL(endpoint).hostname);
  return isHere
    ? 'Start the local cloud with `causeway up --detach` and take its address with eval "$(causeway env)", or unset AWS_ENDPOINT_URL.'
    : "AWS_ENDPOINT_URL says this address: unset it to mean AWS.";
}

const unreachable: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EPIPE",
]);

/** Whether nobody answered, in the error itself or in what caused it. */
export function isUnreachable(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ("code" in each && unreachable.has(each.code)) return true;
    if (each instanceof AggregateError && each.errors.some(isUnreachable)) return true;
    if (each.name === "TimeoutError") return true;
  }
  return false;
}
