/** Plays a story stage by stage against a running cloud, and compares what the kernel says with what the story claims. */

import type { XmlElement } from "../../aws/index.ts";
import { type ApiClient, ApiError, type ApiInput } from "../api/api-client.ts";
import { awsCommandLine } from "../api/aws-command-line.ts";
import { watchStates } from "../api/watch-states.ts";
import type { Packet, Picture } from "./picture.ts";
import {
  differenceOf,
  type PingAudience,
  type PingClaim,
  type PingReport,
  type PingTools,
  pingAndWatch,
  pingCount,
} from "./ping-claim.ts";

/** One step of a story. */
export interface Stage {
  readonly title: string;
  /** Why it matters, in a sentence or two for somebody new to AWS. */
  readonly why: string;
  play(scene: Scene): Promise<void>;
  /** The network after the stage, as the API tells it; absent when nothing is left to draw. */
  picture?(scene: Scene): Promise<Picture>;
}

/** What a stage can do. */
export interface Scene {
  /** The same in another Region, which commands then say. */
  in(region: string): Scene;
  /** A call that changes something; the audience sees it as an AWS CLI command. */
  aws(operation: string, input: ApiInput): Promise<XmlElement>;
  /** A call that only reads. */
  look(operation: string, input: ApiInput): Promise<XmlElement>;
  /** Like `aws`, but shown only to programs: the audience has seen its like. */
  repeat(operation: string, input: ApiInput): Promise<XmlElement>;
  /** What the calls changed, in a sentence. */
  changed(sentence: string): void;
  /**
   * Shows the states that a thing goes through, each when it is first seen: `first` from the answer that began it, then what `read`
   * says, until it says `last`.
   */
  states(of: string, first: string, read: () => Promise<string>, last: string): Promise<void>;
  /** Like `states`, but shown only to programs. */
  repeatStates: Scene["states"];
  /** Waits for a state without showing what comes before it. */
  awaitState(of: string, read: () => Promise<string>, last: string): Promise<void>;
  /** A call that AWS must refuse with this code; shown with its refusal. */
  refused(operation: string, input: ApiInput, code: string): Promise<void>;
  /** Sends real pings. The story ends here when the kernel does not say what is expected. */
  ping(claim: PingClaim): Promise<void>;
  /** Ends the story when a fact is not as told. */
  require(holds: boolean, otherwise: string): void;
}

/** What the audience is told; one implementation prints, the other keeps silent for `--json`. */
export interface Narrator extends PingAudience {
  stage(number: number, of: number, stage: Stage): Promise<void>;
  command(words: readonly string[]): void;
  /** A thing is seen in a state, so many milliseconds after it was first seen. */
  state(of: string, state: string, elapsedMs: number): void;
  refusal(message: string): void;
  changed(sentence: string): void;
  picture(picture: Picture): void;
  different(stage: string, difference: string): void;
}

export interface StageReport {
  readonly number: number;
  readonly title: string;
  readonly why: string;
  readonly commands: readonly string[];
  readonly changed: readonly string[];
  /** What was seen to go through states, in the order that it did. */
  readonly states: readonly { readonly of: string; readonly states: readonly string[] }[];
  readonly pings: readonly PingReport[];
  readonly verdict: "as told" | "different";
  /** Present when reality differed from the story. */
  readonly difference?: string;
}

export interface PlayOptions extends PingTools {
  readonly apiIn: (region: string) => ApiClient;
  /** The Region of calls that say none. */
  readonly region: string;
}

/** Plays every stage in order, and stops after the first that differs. Its report is then the last. */
export async function play(stages: readonly Stage[], narrator: Narrator, options: PlayOptions): Promise<StageReport[]> {
  const reports: StageReport[] = [];
  for (const [index, stage] of stages.entries()) {
    await narrator.stage(index + 1, stages.length, stage);
    const report = await playStage(index + 1, stage, narrator, options);
    reports.push(report);
    if (report.difference !== undefined) {
      narrator.different(stage.title, report.difference);
      break;
    }
  }
  return reports;
}

/** Reality is not as told. */
class Difference extends Error {}

async function playStage(number: number, stage: Stage, narrator: Narrator, options: PlayOptions): Promise<StageReport> {
  const { signal } = options;
  const record: StageRecord = { commands: [], changed: [], states: [], pings: [], packet: undefined };
  const scene = sceneIn(undefined, record, narrator, options);
  let difference: string | undefined;
  try {
    await stage.play(scene);
    const picture = await stage.picture?.(scene);
    const { packet } = record;
    if (picture !== undefined) narrator.picture(packet === undefined ? picture : { ...picture, packet });
  } catch (error) {
    if (signal.aborted || !(error instanceof Error)) throw error;
    difference = error instanceof Difference ? error.message : `${error.name}: ${error.message}`;
  }
  const { title, why } = stage;
  const { commands, changed, states, pings } = record;
  const verdict = difference === undefined ? "as told" : "different";
  return {
    number,
    title,
    why,
    commands,
    changed,
    states,
    pings,
    verdict,
    ...(difference !== undefined && { difference }),
  };
}

/** What happened in a stage so far. */
interface StageRecord {
  readonly commands: string[];
  readonly changed: string[];
  readonly states: StageReport["states"][number][];
  readonly pings: PingReport[];
  packet: Packet | undefined;
}

function sceneIn(region: string | undefined, record: StageRecord, narrator: Narrator, options: PlayOptions): Scene {
  const api = options.apiIn(region ?? options.region);
  const { signal } = options;
  const follow = async (
    of: string,
    first: string,
    read: () => Promise<string>,
    last: string,
    onState?: (state: string, elapsedMs: number) => void,
  ): Promise<void> => {
    const states = await watchStates({ first, read, last, signal }, onState);
    record.states.push({ of, states });
    if (states.at(-1) !== last) throw new Difference(`${of} went through ${states.join(", ")}, and not to ${last}.`);
  };
  const show = (operation: string, input: ApiInput): void => {
    const words = awsCommandLine(operation, input, region);
    record.commands.push(words.join(" "));
    narrator.command(words);
  };
  return {
    in: (other) => sceneIn(other, record, narrator, options),
    async aws(operation, input) {
      show(operation, input);
      return api.call(operation, input);
    },
    async repeat(operation, input) {
      record.commands.push(awsCommandLine(operation, input, region).join(" "));
      return api.call(operation, input);
    },
    look: (operation, input) => api.call(operation, input),
    changed(sentence) {
      record.changed.push(sentence);
      narrator.changed(sentence);
    },
    states: (of, first, read, last) =>
      follow(of, first, read, last, (state, elapsedMs) => narrator.state(of, state, elapsedMs)),
    repeatStates: (of, first, read, last) => follow(of, first, read, last),
    async awaitState(of, read, last) {
      const seen = await watchStates({ first: await read(), read, last, signal });
      if (seen.at(-1) !== last) throw new Difference(`${of} is ${seen.at(-1)}, not ${last}.`);
    },
    async refused(operation, input, code) {
      show(operation, input);
      const refusal = await refusalOf(() => api.call(operation, input));
      if (refusal?.code !== code) {
        throw new Difference(
          `${operation} was ${refusal === undefined ? "not refused" : `refused with ${refusal.code}`}; the story says ${code}.`,
        );
      }
      narrator.refusal(`An error occurred (${refusal.code}): ${refusal.said}`);
    },
    async ping(claim) {
      narrator.command([`causeway ping ${claim.from} ${claim.to} --count ${pingCount}`]);
      const report = await pingAndWatch(claim, narrator, options);
      record.pings.push(report);
      record.packet = claim.packet;
      const difference = differenceOf(claim, report);
      if (difference !== undefined) throw new Difference(difference);
    },
    require(holds, otherwise) {
      if (!holds) throw new Difference(otherwise);
    },
  };
}

async function refusalOf(call: () => Promise<unknown>): Promise<ApiError | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
