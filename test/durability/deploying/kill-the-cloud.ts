/** One cloud that is killed at random moments while stacks are deployed, updated, rolled back and destroyed, until it was killed often enough. */
import { expect } from "vitest";
import type { BuiltCommand } from "../../built-command.ts";
import { expectPlannedNamespaces, pingReplies } from "../packets.ts";
import { type StackToDeploy, stacksOf } from "./assembly.ts";
import { type CloudToKill, type KillPace, killDuring, startCloudToKill } from "./cloud-to-kill.ts";
import { countsAtRest, type Holdings } from "./holdings.ts";
import { type StackClient, type Statuses, stackClient } from "./stack-client.ts";
import { type Assemblies, account, probes, updatedStack, type Version } from "./stacks-to-kill.ts";
import { told } from "./told.ts";

export interface CloudKills {
  readonly command: BuiltCommand;
  readonly assemblies: Assemblies;
  readonly pace: KillPace;
  readonly kills: number;
  /** A kill comes after at most so much work. */
  readonly longestMs: number;
  /** Whether the global network is deployed too, and not only the stack that is updated. */
  readonly isWhole: boolean;
  readonly random: () => number;
}

/** Fewer kills in a step than this: a long run has more of them than steps, or it would take hours. */
const manyAtOnce = 12;
const fewAtOnce = 4;

/** Resolves to what the killed stacks were at, a word for each. */
export async function killTheCloud(options: CloudKills): Promise<readonly string[]> {
  const { command, assemblies, pace, isWhole, random } = options;
  const cloud = await startCloudToKill({ command, assemblies: Object.values(assemblies) });
  const client = stackClient(cloud.endpoint, account);
  const stacks = (version: Version): readonly StackToDeploy[] =>
    stacksOf(assemblies[version]).filter(({ name }) => isWhole || name === updatedStack);
  const landings: string[] = [];
  let left = options.kills;
  const kill = async (): Promise<void> => {
    left -= 1;
    const { atWork } = await cloud.kill(pace);
    landings.push(...(atWork.length === 0 ? ["between operations"] : atWork));
    told(`${options.kills - left} of ${options.kills} kills of the cloud at the pace ${pace}: ${atWork.join(", ")}`);
  };
  try {
    // Undisturbed, and at once: what each step is to come to.
    const counts = new Map<string, Holdings["counts"]>();
    for (const step of steps) {
      await mustEnd(step, step.work(client, stacks));
      counts.set(step.what, countsAtRest(cloud.state));
    }
    await cloud.kill(pace);
    while (left > 0) {
      for (const step of steps) {
        const most = Math.min(left, Math.floor(random() * (isWhole ? manyAtOnce : fewAtOnce)));
        const whiles = Array.from({ length: most }, () => random() * options.longestMs);
        await mustEnd(step, killDuring(step.work(client, stacks), kill, whiles));
        if (isWhole && cloud.packets && step.what === "deployed") await expectPackets(cloud);
        expect(countsAtRest(cloud.state), step.what).toEqual(counts.get(step.what));
        told(`${step.what}: as it would be undisturbed`);
      }
    }
    return landings;
  } finally {
    client.close();
    await cloud.stop();
  }
}

interface Step {
  readonly what: string;
  /** What every stack comes to. */
  readonly end: string;
  work(client: StackClient, stacks: (version: Version) => readonly StackToDeploy[]): Promise<Statuses>;
}

const isUpdated = ({ name }: StackToDeploy): boolean => name === updatedStack;

const steps: readonly Step[] = [
  { what: "deployed", end: "CREATE_COMPLETE", work: (client, stacks) => client.deploy(stacks("first")) },
  {
    what: "updated",
    end: "UPDATE_COMPLETE",
    work: (client, stacks) => client.deploy(stacks("second").filter(isUpdated)),
  },
  {
    what: "rolled back to what was",
    end: "UPDATE_ROLLBACK_COMPLETE",
    work: (client, stacks) => client.deploy(stacks("wrong").filter(isUpdated)),
  },
  { what: "destroyed", end: "DELETE_COMPLETE", work: (client, stacks) => client.destroy(stacks("first")) },
  {
    what: "rolled back to nothing",
    end: "ROLLBACK_COMPLETE",
    work: (client, stacks) => client.deploy(stacks("wrong").filter(isUpdated)),
  },
  {
    what: "destroyed again",
    end: "DELETE_COMPLETE",
    work: (client, stacks) => client.destroy(stacks("wrong").filter(isUpdated)),
  },
];

async function mustEnd({ what, end }: Step, work: Promise<Statuses>): Promise<void> {
  const statuses = await work;
  expect(statuses, what).toEqual(Object.fromEntries(Object.keys(statuses).map((name) => [name, end])));
}

async function expectPackets({ state }: CloudToKill): Promise<void> {
  await expectPlannedNamespaces(state, "deployed");
  const [one, other] = probes;
  expect([await pingReplies(state, one, other), await pingReplies(state, other, one)]).toEqual([1, 1]);
}
