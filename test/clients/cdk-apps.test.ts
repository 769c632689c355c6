/**
 * Whole apps on the local cloud by the unmodified CDK CLI and AWS CLI: one that knows nothing of Causeway, and the examples by their READMEs' own
 * commands. Each in accounts of its own, side by side, deployed, tried by packets, and taken away until nothing is left. The longer half runs with
 * CAUSEWAY_APPS=all.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCdk, buildCdkPackage } from "../built-cdk.ts";
import { awsCli, noAwsCli } from "../support/aws-cli.ts";
import { heldIn } from "../support/held.ts";
import { type Shell, shellIn } from "../support/shell.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

let cloud: TestCloud;
let built: BuiltCdk;
beforeAll(async () => {
  [cloud, built] = await Promise.all([startCloud(), buildCdkPackage()]);
}, 120_000);
afterAll(async () => {
  await cloud?.stop();
  built?.remove();
});

const timeout = 400_000;
const isLong = process.env.CAUSEWAY_APPS === "all";
/** Why a test of the longer half is skipped; empty when it is not. */
const notAll = isLong ? "" : " (skipped: CAUSEWAY_APPS is not all)";
const noDifferences = "Number of stacks with differences: 0";

const shell = (folder: string, account: string): Shell => shellIn({ cloud, built, folder, account });
const heldBy = (account: string, regions: readonly string[]) =>
  Promise.all(regions.map((region) => heldIn(cloud, account, region)));

/** Functions run in the sandbox that packets flow in. */
const needsPackets = (context: { skip(reason: string): void }): void => {
  if (!cloud.packets) context.skip("functions run in the same sandbox as packets, which this machine has not");
};

const outputOf = (printed: string, name: string): string =>
  new RegExp(`^${name.replaceAll(".", "\\.")} = (.*)$`, "m").exec(printed)?.[1] ?? `no output ${name} in ${printed}`;

describe.concurrent("deployed and destroyed", () => {
  test("an app that knows nothing of Causeway", { timeout }, async (context) => {
    needsPackets(context);
    const account = "555555555555";
    const regions = ["us-east-1", "eu-west-1"];
    const sh = shell("test/clients/plain-app", account);
    await preparePlainApp();
    await sh(`npx cdk bootstrap ${regions.map((region) => `aws://${account}/${region}`).join(" ")}`);
    const before = await heldBy(account, regions);

    const deployed = await sh("npx cdk deploy --all");
    expect(outputOf(deployed, "Hub.Echoed")).toBe("Create 0 at 0");
    expect(outputOf(deployed, "Hub.Block")).toBe("10.1.0.0/16");
    const instance = outputOf(deployed, "Hub.InstanceId");
    expect(await cloud.ping(instance, outputOf(deployed, "Spoke.InnerAddress"))).toBe(1);
    expect(await sh("npx cdk diff --all")).toContain(noDifferences);

    const updated = await sh("npx cdk deploy --all -c stage=1 --method=direct");
    expect(outputOf(updated, "Hub.Echoed")).toBe("Update 1 at 1");
    const replacement = outputOf(updated, "Hub.InstanceId");
    expect(replacement).not.toBe(instance);
    // Across Regions it is the new one's address.
    expect(outputOf(updated, "Far.HubAddress")).not.toBe(outputOf(deployed, "Far.HubAddress"));
    expect(await cloud.ping(replacement, outputOf(updated, "Spoke.InnerAddress"))).toBe(1);

    await sh("npx cdk destroy --all");
    expect(await heldBy(account, regions)).toEqual(before);
  });

  test.skipIf(!isLong)(`examples/global-network${notAll}`, { timeout }, async (context) => {
    needsPackets(context);
    const account = "333333333333";
    const regions = ["us-east-1", "eu-west-1"];
    const sh = shell("examples/global-network", account);
    await sh.readme("npx cdk bootstrap aws://ACCOUNT/us-east-1 aws://ACCOUNT/eu-west-1", { ACCOUNT: account });
    const before = await heldBy(account, regions);
    const deployed = await sh.readme("npx cdk deploy --all");
    expect(deployed.match(/^✅ /gm)).toHaveLength(4);
    expect(await cloud.ping("Global/us-east-1", "Global/eu-west-1")).toBe(1);
    expect(await cloud.ping("Global/eu-west-1", "Global/us-east-1")).toBe(1);
    expect(await sh("npx cdk diff --all")).toContain(noDifferences);
    await sh.readme("npx cdk destroy --all");
    expect(await heldBy(account, regions)).toEqual(before);
  });

  test.skipIf(!isLong)(`examples/departments${notAll}`, { timeout }, async (context) => {
    if (!cloud.packets) context.skip("the five states differ in their pings, and there are no packets here");
    const account = "444444444444";
    const sh = shell("examples/departments", account);
    await sh(`npx cdk bootstrap aws://${account}/us-east-1`);
    const before = await heldBy(account, ["us-east-1"]);
    const pings = async () => [
      await cloud.ping("MarketingServer", "FinanceServer"),
      await cloud.ping("FinanceServer", "MarketingServer"),
      await cloud.ping("DeveloperServer", "FinanceServer"),
      await cloud.ping("MarketingServer", "DeveloperServer"),
    ];
    const states = { isolated: [0, 0, 0, 0], peered: [0, 0, 0, 0], routed: [0, 0, 0, 0], open: [1, 0, 0, 0] };
    for (const [state, expected] of Object.entries(states)) {
      await sh(`npx cdk deploy -c state=${state}`);
      expect([state, await pings()]).toEqual([state, expected]);
    }
    await sh.readme("npx cdk deploy");
    expect(await pings()).toEqual([1, 0, 1, 0]);
    await sh.readme("npx cdk destroy");
    expect(await heldBy(account, ["us-east-1"])).toEqual(before);
  });

  test.skipIf(!isLong || noAwsCli !== "")(
    `examples/cross-account${notAll || noAwsCli}`,
    { timeout },
    async (context) => {
      needsPackets(context);
      const accounts = ["111111111111", "222222222222"];
      const sh = shell("examples/cross-account", "111111111111");
      for (const account of accounts)
        await sh(`AWS_ACCESS_KEY_ID=${account} npx cdk bootstrap aws://${account}/us-east-1`);
      const before = await Promise.all(accounts.map((account) => heldBy(account, ["us-east-1"])));
      await sh.readme("./deploy.sh");
      expect(await cloud.ping("host1", "host2")).toBe(1);
      await sh.readme("./destroy.sh");
      expect(await Promise.all(accounts.map((account) => heldBy(account, ["us-east-1"])))).toEqual(before);
    },
  );

  test.skipIf(noAwsCli !== "")(`examples/peering-template${noAwsCli}`, { timeout }, async (context) => {
    if (!cloud.packets) context.skip("the connection test pings, and there are no packets here");
    const account = "666666666666";
    const sh = shell("examples/peering-template", account);
    const before = await heldBy(account, ["us-east-1"]);
    const shown = await sh.readme("./deploy.sh peering yes");
    expect(shown).toMatch(/Add\s*\|\s*AWS::EC2::VPCPeeringConnection/);
    expect(await sh.readme("./test-connection.sh peering")).toMatch(/3 received, 0% packet loss/);
    const aws = awsCli(cloud, account);
    expect(await aws.text("cloudformation describe-stacks --stack-name peering", "Stacks[0].StackStatus")).toBe(
      "CREATE_COMPLETE",
    );
    await sh.readme("./delete.sh peering");
    expect(await heldBy(account, ["us-east-1"])).toEqual(before);
  });
});

test("a promise that is broken fails cdk synth and cdk deploy, says why, and nothing is deployed", {
  timeout,
}, async () => {
  const account = "777777777777";
  const sh = shell("test/clients/broken-promise", account);
  const before = await heldBy(account, ["us-east-1"]);
  const synth = await sh.raw("npx cdk synth --quiet");
  const deploy = await sh.raw("npx cdk deploy --output cdk.deploy");
  for (const { status, stderr } of [synth, deploy]) {
    expect(stderr).toMatch(/Broken\/One → Broken\/Two, ping: expected reachable, it is unreachable/);
    expect(stderr).toMatch(/1\. Broken\/OneVpc\/RouteTable1, there: NO_ROUTE_TO_DESTINATION/);
    expect(stderr).toMatch(/Suggested fix: 1\. Broken\/OneVpc: ask for a peering with Broken\/TwoVpc/);
    expect(status).toBe(1);
  }
  expect(await heldBy(account, ["us-east-1"])).toEqual(before);
});

/** To one file, as a user's build would; CDK is found beside it. */
/** As `cdk init` leaves it: with the feature flags that CDK recommends, of which some decide what templates hold. */
async function preparePlainApp(): Promise<void> {
  const folder = `${built.folder}/test/clients/plain-app`;
  const flags = readFileSync(
    createRequire(import.meta.url).resolve("aws-cdk-lib/recommended-feature-flags.json"),
    "utf8",
  );
  writeFileSync(`${folder}/cdk.json`, JSON.stringify({ app: "node app.cjs", context: JSON.parse(flags) }));
  await build({
    entryPoints: [`${folder}/app.ts`],
    outfile: `${folder}/app.cjs`,
    bundle: true,
    platform: "node",
    format: "cjs",
    packages: "external",
    logLevel: "error",
  });
}
