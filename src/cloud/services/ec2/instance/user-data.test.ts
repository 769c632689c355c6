/** User data is run once, at the first start, and its output is kept for the console. */
import { expect, test } from "vitest";
import type { InstanceCommand, InstanceCommandResult } from "../../../ports.ts";
import { openState } from "../../../state/state.ts";
import { testCloud } from "../../../test-cloud.ts";
import type { Background } from "../../action.ts";
import type { InstanceRecord } from "./record.ts";
import { scriptCommand } from "./script-command.ts";
import { hasDueUserData, runDueUserData } from "./user-data.ts";

const encoded = (text: string): string => Buffer.from(text).toString("base64");

test.each([
  ["echo a", { argv: ["/bin/sh", "-c", "echo a"] }],
  ["#!/bin/bash -xe\necho a", { argv: ["/bin/bash", "-xe", "-c", "#!/bin/bash -xe\necho a"] }],
  ["#!/usr/bin/env python3\nprint(1)", { argv: ["/usr/bin/env", "python3", "-c", "#!/usr/bin/env python3\nprint(1)"] }],
  ["#!/usr/bin/perl\nprint 1", { argv: ["/usr/bin/perl"], input: "#!/usr/bin/perl\nprint 1" }],
])("the script %j is run by its own interpreter", (script, command) => {
  expect(scriptCommand(script)).toEqual(command);
});

/** A state that holds one running instance whose user data is due. */
function withDue(script: string, mode: "kernel" | "model", answer: InstanceCommandResult) {
  const cloud = testCloud();
  cloud.call("RunInstances", { ImageId: "ami-12345678", InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 });
  const [launched] = cloud.cloud.view.all("instance");
  if (launched === undefined) throw new Error("nothing was launched");
  const record: InstanceRecord = { ...launched, State: "running", UserData: encoded(script), UserDataDue: true };
  const store = { load: () => [], commit: () => {}, readMeta: () => undefined, writeMeta: () => {}, close: () => {} };
  const state = openState({ store, random: { bytes: (count) => new Uint8Array(count) }, pace: "instant" });
  state.transact(0, (transaction) => transaction.put("instance", record));
  const commands: InstanceCommand[] = [];
  const background: Pick<Background, "dataPlane" | "transact"> = {
    transact: (work) => state.transact(1, work),
    dataPlane: {
      mode,
      reconcile: async () => {},
      run: async (command) => {
        commands.push(command);
        return answer;
      },
      startShell: () => {
        throw new Error("bug: user data needs no shell");
      },
    },
  };
  const output = (): string => state.view.must("instance", record.InstanceId).ConsoleOutput?.text ?? "";
  return { state, background, commands, output, instanceId: record.InstanceId };
}

test("a running instance's script is run once, and what it wrote is kept", async () => {
  const script = "#!/bin/sh\necho hello\n";
  const { state, background, commands, output, instanceId } = withDue(script, "kernel", {
    exitCode: 3,
    stdout: "hello\n",
    stderr: "oh\n",
    timedOut: false,
  });
  expect(hasDueUserData(state.view)).toBe(true);
  await runDueUserData(background);
  await runDueUserData(background);
  expect(commands.map(({ instanceId: id, argv }) => [id, argv])).toEqual([[instanceId, ["/bin/sh", "-c", script]]]);
  expect(hasDueUserData(state.view)).toBe(false);
  expect(output()).toBe("hello\noh\nuser data: exit status 3\n");
});

test.each([
  ["a configuration for cloud-init", "#cloud-config\npackages: [nginx]\n", "kernel", "not modelled"],
  ["a script where no packets move", "#!/bin/sh\ntrue\n", "model", "data plane: model"],
] as const)("%s is not run, and the console says so", async (_name, script, mode, reason) => {
  const { background, commands, output } = withDue(script, mode, {
    exitCode: 0,
    stdout: "",
    stderr: "",
    timedOut: false,
  });
  await runDueUserData(background);
  expect(commands).toEqual([]);
  expect(output()).toContain(reason);
});

test("with the setting off, nothing is due", () => {
  const cloud = testCloud({ userData: "ignore" });
  cloud.call("RunInstances", {
    ImageId: "ami-12345678",
    InstanceType: "t3.micro",
    MinCount: 1,
    MaxCount: 1,
    UserData: encoded("true"),
  });
  cloud.advance(1);
  expect(hasDueUserData(cloud.cloud.view)).toBe(false);
});
