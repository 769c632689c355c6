/**
 * `aws ssm start-session` against a running cloud, as a user types it. AWS's own session-manager-plugin is used where it is
 * installed; everywhere else a stand-in that follows the plugin's public protocol is put where the AWS CLI looks for it.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeAgentProfile } from "../support/agent-profile.ts";
import { type AwsCli, awsCli, noAwsCli } from "../support/aws-cli.ts";
import { eventually } from "../support/processes.ts";
import { isInstalled } from "../support/run.ts";
import { makeStandIn, openSession, plugin } from "../support/session.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

const account = "111111111111";

let cloud: TestCloud;
let aws: AwsCli;
let instance: string;
let standIn: string;
/** In the default VPC, from where the internet is reached, with a role: what Systems Manager asks of an instance. */
const launch = "ec2 run-instances --image-id ami-12345678 --instance-type t3.micro --iam-instance-profile Name=agent";
beforeAll(async () => {
  cloud = await startCloud();
  aws = awsCli(cloud, account);
  standIn = join(cloud.folder, "plugin");
  await makeStandIn(standIn);
  if (noAwsCli !== "") return;
  await makeAgentProfile(cloud.endpoint, account);
  instance = await aws.text(launch, "Instances[0].InstanceId");
});
afterAll(() => cloud?.stop());

const session = (words: readonly string[], typed: string, path: readonly string[]) =>
  openSession(cloud.env(account), words, typed, path);

const cannot = noAwsCli;
const noPlugin = isInstalled(plugin) ? "" : ` (skipped: AWS's ${plugin} is not installed)`;

describe("aws ssm start-session", () => {
  const typed = "echo hello $((40 + 2)); stty size; hostname\rexit 3\r";

  test.skipIf(cannot !== "")(`a shell in the instance, with the plugin's stand-in${cannot}`, async (context) => {
    if (!cloud.packets) context.skip("this machine carries no packets");
    const { status, shown } = await session(["ssm", "start-session", "--target", instance], typed, [standIn]);
    expect(shown).toContain("Starting session with SessionId: root-");
    expect(shown).toContain("hello 42\r\n33 91\r\n");
    expect(shown).toMatch(/\bip-172-31-\d+-\d+\r\n/);
    expect(shown).toContain("Exiting session with sessionId: root-");
    expect(status).toBe(0);
    const [last] = (await aws.text("ssm describe-sessions --state History", "Sessions[].[Target,Status]")).split("\n");
    expect(last).toBe(`${instance}\tTerminated`);
  });

  test.skipIf(cannot !== "" || noPlugin !== "")(
    `a shell in the instance, with AWS's own plugin${noPlugin}`,
    async (context) => {
      if (!cloud.packets) context.skip("this machine carries no packets");
      const { shown } = await session(["ssm", "start-session", "--target", instance], typed, []);
      expect(shown).toContain("hello 42\r\n");
      expect(shown).toContain("Exiting session with sessionId: root-");
    },
  );

  test.skipIf(cannot !== "")(`a document's command instead of a shell${cannot}`, async (context) => {
    if (!cloud.packets) context.skip("this machine carries no packets");
    const document = [
      "--document-name",
      "AWS-StartInteractiveCommand",
      "--parameters",
      'command=["echo only; hostname -I"]',
    ];
    const { shown } = await session(["ssm", "start-session", "--target", instance, ...document], "", [standIn]);
    expect(shown).toMatch(/only\r\n172\.31\.\d+\.\d+ *\r\n/);
    expect(shown).toContain("Exiting session");
  });

  test.skipIf(cannot !== "")(`a program that writes much is read to its end${cannot}`, async (context) => {
    if (!cloud.packets) context.skip("this machine carries no packets");
    const document = ["--document-name", "AWS-StartInteractiveCommand", "--parameters", 'command=["seq 1 100000"]'];
    const { shown } = await session(["ssm", "start-session", "--target", instance, ...document], "", [standIn]);
    const numbers = shown.split(/\r?\n/).filter((each) => /^\d+$/.test(each));
    expect(numbers).toHaveLength(100_000);
    expect(numbers.every((each, n) => each === String(n + 1))).toBe(true);
  });

  test.skipIf(cannot !== "")(`ends when its instance is terminated${cannot}`, async (context) => {
    if (!cloud.packets) context.skip("this machine carries no packets");
    const target = await aws.text(launch, "Instances[0].InstanceId");
    const opened = session(["ssm", "start-session", "--target", target], "sleep 1000\r", [standIn]);
    const describe = `ssm describe-sessions --state Active --filters key=Target,value=${target}`;
    expect(await eventually(async () => (await aws.text(describe, "Sessions[].Status")) === "Connected")).toBe(true);
    await aws(`ec2 terminate-instances --instance-ids ${target}`);
    const { shown, status } = await opened;
    expect(shown).toContain("Exiting session");
    expect(status).toBe(0);
    expect(await aws.text(describe, "Sessions[].Status")).toBe("");
  });

  test.skipIf(cannot !== "")(`what is refused${cannot}`, async () => {
    expect(await aws.refused("ssm start-session --target i-0123456789abcdef0")).toBe("TargetNotConnected");
    const bare = await aws.text(launch.replace(/ --iam.*/, ""), "Instances[0].InstanceId");
    expect((await aws.raw(`ssm start-session --target ${bare}`)).stderr).toContain(
      cloud.packets ? `${bare} has no instance profile` : "UnsupportedOperation",
    );
    expect(
      await aws.refused(`ssm start-session --target ${instance} --document-name AWS-StartPortForwardingSession`),
    ).toBe("UnsupportedOperation");
  });
});
