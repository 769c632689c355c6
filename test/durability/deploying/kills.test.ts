/**
 * `kill -9` at random moments of deploying and destroying. Of the cloud: started again, it goes on with the same operation to its end. Of the
 * command: given again, it converges; `causeway` does so every time, the unmodified CDK CLI gives up on some of the states that it finds, as on
 * AWS, and is given again. What is there then is what an undisturbed deployment makes, and what is left then is nothing.
 *
 * CAUSEWAY_DEPLOY_KILLS says how often, half of it the cloud; without it a few times, and only with the stack that is quick. CAUSEWAY_KILL_SEED
 * repeats the moments, as far as time can be repeated; CAUSEWAY_KILL_LOG names a file for a line after each kill and each step.
 */
import { createRequire } from "node:module";
import { afterAll, beforeAll, test } from "vitest";
import { type BuiltCdk, buildCdkPackage } from "../../built-cdk.ts";
import { type BuiltCommand, buildCommand } from "../../built-command.ts";
import { fractions } from "../fractions.ts";
import { startCloudToKill } from "./cloud-to-kill.ts";
import { killTheCloud } from "./kill-the-cloud.ts";
import { type CommandStep, killTheCommand, mustSucceed } from "./kill-the-command.ts";
import { type Assemblies, account, stacksToKill, updatedStack } from "./stacks-to-kill.ts";

const asked = Number(process.env.CAUSEWAY_DEPLOY_KILLS ?? 0);
const isWhole = asked > 0;
const seed = process.env.CAUSEWAY_KILL_SEED ?? String(Math.floor(Math.random() * 1e9));
const timeout = 300_000 + asked * 60_000;

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

const isMeant = ({ kills }: { readonly kills: number }): boolean => kills > 0;

/** The global network takes a minute at AWS's pace, twenty times as fast: most kills land in the middle of a delay. */
const clouds = [
  { pace: "instant" as const, kills: isWhole ? Math.ceil(asked / 4) : 4, longestMs: isWhole ? 2_500 : 1_000 },
  { pace: "20x" as const, kills: Math.floor(asked / 4), longestMs: 6_000 },
];

test.for(clouds.filter(isMeant))(
  `$kills kills of the cloud at the pace $pace (seed ${seed})`,
  {
    timeout,
  },
  async (play, context) => {
    const random = fractions(`${seed} ${play.pace}`);
    const landings = await killTheCloud({ command, assemblies, isWhole, random, ...play });
    await context.annotate(`${play.kills} kills of stacks in ${tally(landings)}`);
  },
);

const cdk = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");
const regions = ["us-east-1", "eu-west-1"].map((region) => `aws://${account}/${region}`);

const tools = [
  {
    name: "causeway",
    kills: isWhole ? Math.floor(asked / 3) : 2,
    tries: 1,
    // It bootstraps by itself.
    before: () => [],
    words: (step: CommandStep) => [command.path, step, assemblies.first, isWhole ? "*" : updatedStack, "--yes"],
  },
  {
    name: "cdk",
    kills: Math.floor(asked / 6),
    tries: 4,
    before: () => [[cdk, "bootstrap", ...regions, "--no-notices"]],
    words: (step: CommandStep) => [
      ...[cdk, step, "--all", "--app", assemblies.first, "--concurrency", "4", "--no-notices"],
      ...(step === "deploy" ? ["--require-approval", "never"] : ["--force"]),
    ],
  },
];

test.for(tools.filter(isMeant))(
  `$kills kills of $name deploy and $name destroy (seed ${seed})`,
  {
    timeout,
  },
  async ({ name, before, ...tool }, context) => {
    const cloud = await startCloudToKill({ command, assemblies: [] });
    try {
      for (const words of before()) await mustSucceed(cloud, words);
      const complaints = await killTheCommand({ cloud, random: fractions(`${seed} ${name}`), ...tool });
      await context.annotate(
        `${tool.kills} kills of ${name}; ${complaints.length} times it gave up: ${complaints.join("\n")}`,
      );
    } finally {
      await cloud.stop();
    }
  },
);

/** `3 CREATE_IN_PROGRESS, 2 DELETE_IN_PROGRESS` */
function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(", ");
}
