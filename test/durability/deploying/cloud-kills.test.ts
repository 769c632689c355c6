/**
 * `kill -9` of the cloud while stacks are deployed, updated, rolled back and destroyed: started again, it goes on with the same operation
 * to its end. What is there then is what an undisturbed deployment makes, and what is left then is nothing. CAUSEWAY_DEPLOY_KILLS says how
 * often (without it only as often as a few seconds allow); CAUSEWAY_KILL_SEED repeats the moments, as far as time can be repeated.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltCdk, buildCdkPackage } from "../../built-cdk.ts";
import { type BuiltCommand, buildCommand } from "../../built-command.ts";
import { fractions } from "../fractions.ts";
import { expectPlannedNamespaces, pingReplies } from "../packets.ts";
import { type StackToDeploy, stacksOf } from "./assembly.ts";
import { type CloudToKill, type KillPace, killDuring, startCloudToKill } from "./cloud-to-kill.ts";
import type { Holdings } from "./holdings.ts";
import { type StackClient, type Statuses, stackClient } from "./stack-client.ts";
import { type Assemblies, stacksToKill, updatedStack, type Version } from "./stacks-to-kill.ts";

const account = "111111111111";
const probes = ["Global/us-east-1", "Global/eu-west-1"] as const;
const asked = Number(process.env.CAUSEWAY_DEPLOY_KILLS ?? 0);
const seed = process.env.CAUSEWAY_KILL_SEED ?? String(Math.floor(Math.random() * 1e9));

/** How many kills at which pace. Where AWS's delays take their time, most kills land in the middle of one; the network's take a minute. */
const plays = [
  { pace: "instant", kills: asked === 0 ? 4 : Math.ceil(asked / 4), whole: true },
  { pace: "20x", kills: asked === 0 ? 2 : Math.floor(asked / 4), whole: asked > 0 },
] as const;

/** A kill comes after at most so many milliseconds of work. */
const longest: { readonly [pace in KillPace]: number } = { instant: 2_500, "20x": 6_000 };

let command: BuiltCommand;
let built: BuiltCdk;
let assemblies: Assemblies;
beforeAll(async () => {
  command = await buildCommand();
  built = await buildCdkPackage();
  assemblies = await stacksToKill(built);
}, 120_000);
afterAll(() => {
  command?.remove();
  built?.remove();
});

test.for(plays)(
  `$kills kills of a deploying cloud at the pace $pace (seed ${seed})`,
  {
    timeout: 300_000 + asked * 30_000,
  },
  async ({ pace, kills, whole }, context) => {
    const random = fractions(`${seed} ${pace}`);
    const cloud = await startCloudToKill({ command, account, assemblies: Object.values(assemblies) });
    const client = stackClient(cloud.endpoint, account);
    const stacks = (version: Version): readonly StackToDeploy[] =>
      stacksOf(assemblies[version]).filter(({ name }) => whole || name === updatedStack);
    const landings: string[] = [];
    let left = kills;
    const kill = async (): Promise<void> => {
      left -= 1;
      const { atWork } = await cloud.kill(pace);
      landings.push(...(atWork.length === 0 ? ["between operations"] : atWork));
    };
    try {
      // Undisturbed, and at once: what each step is to come to.
      const counts = new Map<string, Holdings["counts"]>();
      for (const step of steps) {
        await mustEnd(step, step.work(client, stacks));
        const isLast = step === steps.at(-1);
        counts.set(step.what, await atRest(cloud, isLast ? pace : "instant"));
      }
      while (left > 0) {
        for (const step of steps) {
          const whiles = Array.from(
            { length: Math.min(left, Math.floor(random() * 4)) },
            () => random() * longest[pace],
          );
          await mustEnd(step, killDuring(step.work(client, stacks), kill, whiles));
          if (whole && cloud.packets && step.what === "deployed") await expectPackets(cloud);
          expect(await atRest(cloud, pace), step.what).toEqual(counts.get(step.what));
        }
      }
      await context.annotate(`${kills} kills: ${tally(landings)}`);
    } finally {
      client.close();
      await cloud.stop();
    }
  },
);

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

/** How much of everything there is while no stack is at work. */
async function atRest(cloud: CloudToKill, pace: KillPace): Promise<Holdings["counts"]> {
  const { atWork, counts } = await cloud.kill(pace);
  expect(atWork).toEqual([]);
  return counts;
}

async function expectPackets({ state }: CloudToKill): Promise<void> {
  await expectPlannedNamespaces(state, "deployed");
  const [one, other] = probes;
  expect([await pingReplies(state, one, other), await pingReplies(state, other, one)]).toEqual([1, 1]);
}

/** `3 CREATE_IN_PROGRESS, 2 DELETE_IN_PROGRESS` */
function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(", ");
}
