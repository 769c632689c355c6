/** The words of `deploy`, `plan` and `destroy`: a folder and stacks, or only stacks of the app in this folder. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CannotDeploy, openSession, type Session, type SessionOptions } from "../../deploy/index.ts";
import { UserError } from "../user-error.ts";
import { type CloudInQuestion, type CloudWords, cloudInQuestion } from "./cloud-in-question.ts";
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

/** Runs the app, and hands over what it has made and where it goes. */
export async function openApp(
  words: readonly string[],
  options: AppOptions,
  direction: SessionOptions["direction"],
): Promise<OpenApp> {
  const cloud = cloudInQuestion(options);
  const teller = createTeller(options.json === true);
  const { app, stacks } = appAndStacks(words);
  const session = await inWords(() =>
    openSession({
      app,
      stacks,
      context: options.context ?? [],
      endpoint: cloud.endpoint,
      profiles: cloud.profiles,
      region: cloud.region,
      direction,
      onEvent: teller.onEvent,
    }),
  ).finally(() => teller.pause());
  return { session, cloud, teller };
}

function appAndStacks([first, ...rest]: readonly string[]): {
  readonly app: string;
  readonly stacks: readonly string[];
} {
  if (first === undefined) return { app: ".", stacks: [] };
  const isStackHere = !existsSync(first) && existsSync(join(".", "cdk.json"));
  return isStackHere ? { app: ".", stacks: [first, ...rest] } : { app: first, stacks: rest };
}

/** What cannot be deployed is somebody's to mend, and says how. */
export async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CannotDeploy) throw new UserError(error.code, error.message, error.hint);
    throw error;
  }
}
