/** Whether the packets of a running cloud agree with its records, seen from outside. */
import { expect } from "vitest";
import { ask } from "../../src/cli/control-client.ts";
import type { PingResult, StatusResult } from "../../src/cli/control-protocol.ts";
import { stateFolder } from "../../src/cli/state-folder.ts";
import { planOf } from "../../src/dataplane/index.ts";
import type { NetworkModel } from "../../src/model/index.ts";
import { descendantsOf, eventually, namespacesHeldBy } from "../support/processes.ts";

export function modelOf(state: string): Promise<NetworkModel> {
  return ask<NetworkModel>(stateFolder(state), { do: "model" });
}

/** The kernel holds the namespaces of the plan and no others. `when` says in a failure when that was. */
export async function expectPlannedNamespaces(state: string, when: string): Promise<void> {
  const model = await modelOf(state);
  const planned = new Set(
    [...planOf(model).fragments.values()].flatMap((fragment) =>
      [...fragment.items.values()].flatMap((item) => (item.kind === "namespace" ? item.namespace : [])),
    ),
  );
  const { fabricProcessId } = await ask<StatusResult>(stateFolder(state), { do: "status" });
  // What the cloud has started may be a wrapper, such as unshare(1): then the fabric itself is the wrapper's child.
  const held = (): number => {
    if (fabricProcessId === undefined) return 0;
    const own = [fabricProcessId, ...descendantsOf(fabricProcessId).map(({ id }) => id)];
    return Math.max(...own.map((id) => namespacesHeldBy(id).size));
  };
  expect(await eventually(() => held() >= planned.size), `${when}: ${held()} of ${planned.size}`).toBe(true);
  // Besides the plan's, the fabric holds the namespace that it was started in.
  expect(held() - planned.size, when).toBeLessThanOrEqual(1);
}

export async function pingReplies(state: string, from: string, to: string): Promise<number> {
  const result = await ask<PingResult>(stateFolder(state), { do: "ping", from, to, count: 1, family: "any" });
  return result.received;
}
