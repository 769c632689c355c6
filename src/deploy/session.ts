/** One command's work on one app: its assembly, the stacks that are meant, the cloud they go to, and the toolkit that speaks to it. */
import { type AppSource, contextOf, findApp } from "./app.ts";
import { type Clients, type Cloud, openCloud, type Place, type Profile } from "./cloud.ts";
import { type Looked, lookAt } from "./deployed-stack.ts";
import type { OnEvent } from "./events.ts";
import { throughOutages } from "./outages.ts";
import { refusalWords } from "./refusals.ts";
import { type AppStack, type Direction, type Selection, type StackKey, select, stacksOf } from "./stacks.ts";
import { type Assembly, synthesize } from "./synthesize.ts";
import { createVoice, type Voice } from "./toolkit-voice.ts";
import { type DeployTools, loadTools, type ToolkitLibrary } from "./tools.ts";

export interface SessionOptions {
  readonly app: string;
  /** The stacks that are named; none means all. */
  readonly stacks: readonly string[];
  readonly context: readonly string[];
  readonly endpoint: string | undefined;
  readonly profiles: readonly Profile[];
  readonly region: string | undefined;
  readonly direction: Direction;
  readonly onEvent: OnEvent;
}

export interface Session {
  readonly tools: DeployTools;
  readonly toolkit: InstanceType<ToolkitLibrary["Toolkit"]>;
  readonly voice: Voice;
  readonly cloud: Cloud;
  readonly source: AppSource;
  readonly assembly: Assembly;
  /** Of the whole app. */
  readonly all: readonly AppStack[];
  readonly selection: Selection;
  readonly onEvent: OnEvent;
  clients(stack: AppStack): Clients;
  /** Gives the assembly's folder free. */
  dispose(): Promise<void>;
}

/** Throws `CannotDeploy` for whatever keeps the work from beginning. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { onEvent } = options;
  // What costs nothing to refuse comes first.
  const source = findApp(options.app);
  const context = contextOf(options.context);
  const tools = await loadTools();
  onEvent({ event: "doing", what: "asking whose account it is" });
  const cloud = await openCloud(tools, options);
  const voice = createVoice();
  const toolkit = openToolkit(tools.toolkit, cloud, voice);
  if (source.kind === "app") onEvent({ event: "doing", what: `running the app: ${source.command}` });
  const assembly = await synthesize(tools.toolkit, toolkit, voice, source, context);
  try {
    const all = stacksOf(assembly.cloudAssembly, cloud.home);
    const selection = select(all, options.stacks, options.direction);
    return {
      tools,
      toolkit,
      voice,
      cloud,
      source,
      assembly,
      all,
      selection,
      onEvent,
      clients: (stack) => cloud.clients(stack, stack.readRole),
      dispose: () => assembly.dispose(),
    };
  } catch (error) {
    await assembly.dispose();
    throw error;
  }
}

function openToolkit({ Toolkit, BaseCredentials, PluginHost }: ToolkitLibrary, cloud: Cloud, voice: Voice) {
  const pluginHost = new PluginHost();
  pluginHost.registerCredentialProviderSource({
    name: "causeway",
    isAvailable: async () => true,
    canProvideCredentials: async (account) => cloud.credentialsOf(account) !== undefined,
    getProvider: async (account) => {
      const credentials = cloud.credentialsOf(account);
      if (credentials === undefined) throw new Error(`bug: asked for credentials of ${account}, which are not there`);
      return credentials;
    },
  });
  const [profile] = cloud.profiles;
  const defaults = { defaultRegion: cloud.home.region, ...(profile !== undefined && { profile: profile.name }) };
  return new Toolkit({
    ioHost: voice,
    pluginHost,
    color: false,
    emojis: false,
    sdkConfig: { baseCredentials: BaseCredentials.awsCliCompatible(defaults) },
  });
}

/** Every selected stack as it is now, before anything is done. Throws `CannotDeploy` when an account's credentials are good for nothing. */
export async function lookAtAll(session: Session): Promise<ReadonlyMap<StackKey, Looked>> {
  session.onEvent({ event: "doing", what: "looking at the stacks that are there" });
  const looked = await lookAtEach(session);
  for (const { artifactId, account } of session.selection.stacks) {
    const now = looked.get(artifactId);
    if (now?.kind !== "unknown" || now.refusal === undefined || now.refusal === "denied") continue;
    throw refusalWords({ kind: now.refusal, text: now.reason }, profilesFor(session, account));
  }
  return looked;
}

/** The profiles that speak for an account; none where it is the environment. */
export function profilesFor({ cloud: { profiles } }: Session, account: string): readonly string[] {
  const own = profiles.filter((each) => each.account === account);
  return (own.length > 0 ? own : profiles.slice(0, 1)).map(({ name }) => name);
}

/** Every selected stack as it is now, or why that cannot be told. */
export async function lookAtEach(session: Session): Promise<ReadonlyMap<StackKey, Looked>> {
  const { selection, onEvent } = session;
  const looks = selection.stacks.map(async (stack) => {
    const looked = await throughOutages(() => lookAt(session.clients(stack), stack.name), onEvent);
    return [stack.artifactId, looked] as const;
  });
  return new Map(await Promise.all(looks));
}

/** Every account and Region that the stacks go to, once. */
export function placesOf(stacks: readonly AppStack[]): readonly Place[] {
  const places = stacks.map(({ account, region }) => [`${account} ${region}`, { account, region }] as const);
  return [...new Map(places).values()];
}
