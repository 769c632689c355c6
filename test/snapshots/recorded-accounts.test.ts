/**
 * Real accounts' answers become sound models. They are published data that is no part of this repository: where the folder beside the
 * checkout is not there, the tests are skipped by name.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ingestDescribeAnswers } from "../../src/ingest/index.ts";
import { type NetworkModel, validateNetworkModel } from "../../src/model/index.ts";

const recordings = fileURLToPath(new URL("../../../shared/data/aws-snapshots", import.meta.url));

const accounts: readonly { readonly name: string; readonly counts: Partial<Record<keyof NetworkModel, number>> }[] = [
  { name: "nat-gateway", counts: { vpcs: 1, subnets: 3, networkInterfaces: 4, instances: 3, natGateways: 1 } },
  { name: "public-private-subnet", counts: { vpcs: 1, subnets: 2, routeTables: 2, internetGateways: 1 } },
  { name: "subnet", counts: { vpcs: 1, subnets: 1, networkInterfaces: 2, instances: 2, securityGroups: 3 } },
  {
    name: "transit-gateway",
    counts: { vpcs: 2, subnets: 3, transitGatewayVpcAttachments: 2, transitGatewayRouteTables: 1 },
  },
  { name: "vpc-peering", counts: { vpcs: 3, subnets: 3, vpcPeeringConnections: 2 } },
];

describe.each(accounts)("the recorded account $name", ({ name, counts }) => {
  const folder = join(recordings, name);
  const missing = !existsSync(folder);
  const { model, problems } = ingestDescribeAnswers(missing ? [] : answersIn(folder, name));

  test.skipIf(missing)("becomes a sound model, without problems", () => {
    expect(problems).toEqual([]);
    expect(validateNetworkModel(model)).toEqual([]);
  });

  test.skipIf(missing)("has everything in it", () => {
    for (const [kind, count] of Object.entries(counts)) {
      expect(Object.entries(model).find(([collection]) => collection === kind)?.[1], kind).toHaveLength(count);
    }
  });

  test.skipIf(missing)("is of the account and Region that its answers tell", () => {
    const scopes = new Set(model.subnets.map(({ ownerId, region }) => `${ownerId}/${region}`));
    expect([...scopes]).toEqual(["554773406868/us-east-2"]);
  });

  test.skipIf(missing)("names as unknown what was not read, and nothing that it has", () => {
    const ids = new Set(model.unknowns.map(({ id }) => id));
    expect([...ids].some((id) => id.includes("DescribeEgressOnlyInternetGateways"))).toBe(true);
    expect(model.subnets.filter(({ subnetId }) => ids.has(subnetId))).toEqual([]);
    expect(model.vpcs.filter(({ vpcId }) => ids.has(vpcId))).toEqual([]);
  });
});

test.skipIf(!existsSync(recordings))("a route to a virtual private gateway is one that cannot be followed", () => {
  const { model } = ingestDescribeAnswers(answersIn(join(recordings, "public-private-subnet"), "one"));
  const targets = model.routeTables.flatMap(({ routes }) => routes.map(({ target }) => target));
  expect(targets).toContainEqual({ kind: "other", id: "vgw-070087240d6fa2989" });
  expect(model.unknowns).toContainEqual({
    id: "vgw-070087240d6fa2989",
    reason: "a virtual private gateway: not modelled",
  });
});

test.skipIf(!existsSync(recordings))(
  "[TG-32] routes that VPCs bring are known although only static ones were searched for",
  () => {
    const { model } = ingestDescribeAnswers(answersIn(join(recordings, "transit-gateway"), "one"));
    const [table] = model.transitGatewayRouteTables;
    expect(table?.routes).toEqual([
      {
        destinationCidrBlock: "10.10.0.0/16",
        type: "propagated",
        state: "active",
        transitGatewayAttachmentIds: ["tgw-attach-07f5ec59e9f540021"],
      },
      {
        destinationCidrBlock: "192.168.0.0/16",
        type: "propagated",
        state: "active",
        transitGatewayAttachmentIds: ["tgw-attach-0ae2696617bb06fb4"],
      },
    ]);
  },
);

function answersIn(folder: string, name: string) {
  return readdirSync(folder).map((file) => ({
    path: `${name}/${file}`,
    text: readFileSync(join(folder, file), "utf8"),
  }));
}
