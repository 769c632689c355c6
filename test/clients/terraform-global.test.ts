/**
 * Terraform builds transit gateways: a global network of two Regions, a gateway that one account shares with another, and a hub that
 * is changed in place. Each configuration applies, plans empty afterwards, and destroys to nothing; pings tell that the networks work.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { heldIn } from "../support/held.ts";
import { runCommand } from "../support/run-command.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";
import { noTerraform, type Terraform, terraformIn } from "../support/terraform.ts";

type Place = readonly [account: string, region: string];

let cloud: TestCloud;
beforeAll(async () => {
  if (noTerraform === "") cloud = await startCloud();
});
afterAll(() => cloud?.stop());

describe.concurrent("Terraform", () => {
  test.skipIf(noTerraform !== "")(
    `two Regions, their gateways peered [TG-61] [TG-63]${noTerraform}`,
    {
      timeout: 300_000,
    },
    async () => {
      const account = "888888888888";
      const places: readonly Place[] = [
        [account, "us-east-1"],
        [account, "eu-west-1"],
      ];
      await playThrough("global", places, async (terraform) => {
        if (!cloud.packets) return;
        // The configuration's output is this.
        const [virginia, ireland] = JSON.parse(await terraform("output", "-json", "servers")) as [Server, Server];
        for (const [from, to] of [
          [virginia, ireland],
          [ireland, virginia],
        ] as const) {
          const ping = `ping -c 1 -W 2 ${to.address}`;
          expect(await runCommand(cloud, { account, ...from }, ping)).toContain("1 received, 0% packet loss");
        }
        // The blackhole in Ireland's own table.
        expect(await cloud.ping("ireland-server", "172.16.99.1")).toBe(0);
      });
    },
  );

  test.skipIf(noTerraform !== "")(
    `a gateway of another account [TG-10] [TG-80] [TG-81] [TG-83]${noTerraform}`,
    {
      timeout: 300_000,
    },
    async () => {
      const places: readonly Place[] = [
        ["111111111111", "us-east-1"],
        ["222222222222", "us-east-1"],
      ];
      await playThrough("shared-gateway", places, async () => {
        if (!cloud.packets) return;
        for (const department of ["shared-asked", "shared-unasked"]) {
          expect(await cloud.ping("shared-hub", department)).toBe(1);
          expect(await cloud.ping(department, "shared-hub")).toBe(1);
        }
        // They are attached to different gateways.
        expect(await cloud.ping("shared-asked", "shared-unasked")).toBe(0);
      });
    },
  );

  test.skipIf(noTerraform !== "")(
    `a hub with route tables of its own, changed in place [TG-15] [TG-34] [TG-62]${noTerraform}`,
    {
      timeout: 300_000,
    },
    async () => {
      await playThrough("hub", [["999999999999", "us-east-1"]], async (terraform) => {
        await terraform("apply", "-auto-approve", "-var=step=2");
        await terraform("plan", "-detailed-exitcode", "-var=step=2");
        expect(JSON.parse(await terraform("output", "-json", "counts"))).toEqual({
          attachments: 4,
          vpc_attachments: 3,
          route_tables: 2,
          associations: 2,
          propagations: 1,
          routes: ["0.0.0.0/0 static active", "10.2.0.0/16 propagated active", "10.50.0.0/16 static active"],
        });
      });
    },
  );
});

interface Server {
  readonly id: string;
  readonly address: string;
  readonly region: string;
}

/** Applies a configuration, looks at what it made, and destroys it: nothing may be left in its places. */
async function playThrough(
  configuration: string,
  places: readonly Place[],
  look: (terraform: Terraform) => Promise<void>,
): Promise<void> {
  const held = () => Promise.all(places.map((place) => heldIn(cloud, ...place)));
  const before = await held();
  const terraform = terraformIn(cloud, configuration);
  await terraform("init", "-input=false");
  await terraform("apply", "-auto-approve");
  await terraform("plan", "-detailed-exitcode");
  await look(terraform);
  await terraform("destroy", "-auto-approve");
  expect(await held()).toEqual(before);
}
