/** A real cloud on a state folder of its own, with the assets that the stacks ask for, and its end by `kill -9` again and again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { brokenRules } from "../../../src/cloud/services/ec2/transit-gateway/invariants.ts";
import { validateNetworkModel } from "../../../src/model/index.ts";
import type { BuiltCommand } from "../../built-command.ts";
import { eventually, footprintOf, remainsOf } from "../../support/processes.ts";
import { run } from "../../support/run.ts";
import { up } from "../../support/start-cloud.ts";
import { modelOf } from "../packets.ts";
import { publish } from "./assembly.ts";
import { type Holdings, holdingsOf } from "./holdings.ts";
import { account } from "./stacks-to-kill.ts";

export type KillPace = "instant" | "20x";

export interface CloudToKill {
  readonly endpoint: string;
  readonly state: string;
  /** True when packets flow on this machine. */
  readonly packets: boolean;
  /** Kills it with everything that it has started, looks at what it has left, and starts it again at the same place, at this pace. */
  kill(pace: KillPace): Promise<Holdings>;
  stop(): Promise<void>;
}

export interface CloudToKillOptions {
  readonly command: BuiltCommand;
  /** Folders whose files go to the buckets. */
  readonly assemblies: readonly string[];
}

export async function startCloudToKill({ command, assemblies }: CloudToKillOptions): Promise<CloudToKill> {
  const folder = mkdtempSync(join(tmpdir(), "causeway-deploy-kill-"));
  const state = join(folder, "state");
  let cloud = await up(command, state);
  const { endpoint, port } = cloud;
  await publish(assemblies, endpoint, account);
  return {
    endpoint,
    state,
    packets: cloud.packets.mode === "kernel",
    async kill(pace) {
      const footprint = footprintOf(cloud.processId);
      // Started in the background, it leads a process group of its own.
      process.kill(-cloud.processId, "SIGKILL");
      expect(await eventually(() => remainsOf(footprint).length === 0), remainsOf(footprint).join("\n")).toBe(true);
      const holdings = holdingsOf(state);
      cloud = await up(command, state, { pace, port });
      const model = await modelOf(state);
      expect([...validateNetworkModel(model), ...brokenRules(model)]).toEqual([]);
      return holdings;
    },
    async stop() {
      await run(process.execPath, [command.path, "down", "--state", state]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Kills while there is work, each time after a random while; resolves to what the work does. */
export async function killDuring<T>(
  work: Promise<T>,
  kill: () => Promise<unknown>,
  whiles: readonly number[],
): Promise<T> {
  let isOver = false;
  const done = work.finally(() => {
    isOver = true;
  });
  // Whoever waits for a kill is told of the work's failure when it is waited for.
  done.catch(() => undefined);
  for (const ms of whiles) {
    await Promise.race([done.catch(() => undefined), sleep(ms)]);
    if (isOver) break;
    await kill();
  }
  return done;
}
