/** The words of `deploy`, `plan` and `destroy`: a folder and stacks, or only stacks of the app in this folder. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  CannotDeploy,
  openSession,
  refusalOf,
  refusalWords,
  type Session,
  type SessionOptions,
} from "../../deploy/index.ts";
import { UserError } from "../user-error.ts";
import { type CloudInQuestion, type CloudWords, cloudInQuestion } from "./cloud-in-question.ts";
import { onInterrupt } from "./interruption.ts";
import { createTeller, type Teller } from "./tellers.ts";

export interface AppOptions extends CloudWords {
  readonly context?: readonly string[];
  readonly json?: boolean;
}

export interface OpenApp {
  readonly session: Session;
  readonly cloud: CloudInQuestion;
  readonly teller: Teller;
}

export interface AppWork {
  readonly direction: SessionOptions["direction"];
  /** What --json means: a line for each event, or one document at the end. */
  readonly json: "events" | "document";
  /** What is said when a person ends it; given the stacks that CloudFormation works on. */
  readonly interrupted: (working: readonly string[]) => readonly string[];
  readonly work: (open: OpenApp) => Promise<void>;
}

/** Runs the app, and works on what it has made and where it goes. */
export async function withApp(
  words: readonly string[],
  options: AppOptions,
  { direction, json, interrupted, work }: AppWork,
): Promise<void> {
  const teller = createTeller(options.json ? json : "text");
  const { app, stacks } = appAndStacks(words);
  let session: Session | undefined;
  const leave = async (): Promise<void> => {
    teller.pause();
    await session?.dispose();
  };
  const off = onInterrupt({ leave, words: () => interrupted(teller.working()) });
  let profiles: readonly string[] = [];
  try {
    const cloud = await cloudInQuestion(options);
    profiles = cloud.profiles.map(({ name }) => name);
    session = await openSession({
      app,
      stacks,
      context: options.context ?? [],
      endpoint: cloud.endpoint,
      profiles: cloud.profiles,
      region: cloud.region,
      direction,
      onEvent: teller.onEvent,
    });
    teller.pause();
    await work({ session, cloud, teller });
  } catch (error) {
    // What cannot be deployed is somebody's to mend, and says how.
    throw mendable(error, profiles);
  } finally {
    off();
    await leave();
  }
}

function mendable(error: unknown, profiles: readonly string[]): unknown {
  const refusal = refusalOf(error);
  const told = refusal === undefined || error instanceof CannotDeploy ? error : refusalWords(refusal, profiles);
  return told instanceof CannotDeploy ? new UserError(told.code, told.message, told.hint) : told;
}

function appAndStacks([first, ...rest]: readonly string[]): {
  readonly app: string;
  readonly stacks: readonly string[];
} {
  if (first === undefined) return { app: ".", stacks: [] };
  const isStackHere = !existsSync(first) && existsSync(join(".", "cdk.json"));
  return isStackHere ? { app: ".", stacks: [first, ...rest] } : { app: first, stacks: rest };
}
