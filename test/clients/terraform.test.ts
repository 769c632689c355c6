/** Terraform with its AWS provider, unmodified: each configuration applies, plans empty afterwards, carries pings, and destroys to nothing. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { heldIn } from "../support/held.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";
import { noTerraform, terraformIn } from "../support/terraform.ts";

interface Scenario {
  readonly name: string;
  readonly folder: string;
  /** Accounts and Regions that the configuration touches; nothing may be left in them. No two scenarios share one. */
  readonly places: readonly (readonly [account: string, region: string])[];
  readonly from: string;
  readonly to: string;
}

const scenarios: readonly Scenario[] = [
  {
    name: "one account: two peered VPCs with everything in them",
    folder: "network",
    places: [["666666666666", "us-east-1"]],
    from: "marketing-server",
    to: "finance-server",
  },
  {
    name: "two accounts by two keys",
    folder: "accounts",
    places: [
      ["111111111111", "us-east-1"],
      ["222222222222", "us-east-1"],
    ],
    from: "accounts-requester",
    to: "accounts-accepter",
  },
  {
    name: "two accounts by assumed roles",
    folder: "assume-role",
    places: [
      ["333333333333", "us-east-1"],
      ["444444444444", "us-east-1"],
    ],
    from: "roles-accepter",
    to: "roles-requester",
  },
  {
    name: "what is there already, and attachments",
    folder: "existing",
    places: [["777777777777", "us-east-1"]],
    from: "web-0",
    to: "web-1",
  },
  {
    name: "two Regions",
    folder: "regions",
    places: [
      ["555555555555", "us-east-1"],
      ["555555555555", "eu-west-1"],
    ],
    from: "regions-requester",
    to: "regions-accepter",
  },
];

let cloud: TestCloud;
beforeAll(async () => {
  if (noTerraform === "") cloud = await startCloud();
});
afterAll(() => cloud?.stop());

describe.concurrent("Terraform", () => {
  test.skipIf(noTerraform !== "").for(scenarios)(
    `$name${noTerraform}`,
    { timeout: 300_000 },
    async (scenario, { expect }) => {
      const before = await Promise.all(scenario.places.map((place) => heldIn(cloud, ...place)));
      const terraform = terraformIn(cloud, scenario.folder);
      await terraform("init", "-input=false");
      await terraform("apply", "-auto-approve");
      await terraform("plan", "-detailed-exitcode");
      if (cloud.packets) {
        expect(await cloud.ping(scenario.from, scenario.to)).toBe(1);
        expect(await cloud.ping(scenario.from, "10.99.0.1")).toBe(0);
      }
      await terraform("destroy", "-auto-approve");
      expect(await Promise.all(scenario.places.map((place) => heldIn(cloud, ...place)))).toEqual(before);
    },
  );
});
