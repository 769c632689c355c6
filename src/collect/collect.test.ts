/** Pages, patience and refusals, against an AWS that does what the test says. */
import { describe, expect, test } from "vitest";
import { CannotRead, type CollectEvent, collect } from "./index.ts";
import type { Answer, ReadAction } from "./reads.ts";

/** What an action answers, by its input; anything not told answers nothing. */
type Script = Partial<Record<ReadAction, (input: Answer) => Answer>>;

function refusal(name: string, more: object = {}): Error {
  return Object.assign(new Error(`${name} said the test`), { name }, more);
}

async function collected(script: Script, regions: readonly string[] | "enabled" = ["eu-west-1"]) {
  const events: CollectEvent[] = [];
  const waits: number[] = [];
  const calls: ReadAction[] = [];
  const reader = {
    accountId: async () => "111111111111",
    api: () => ({
      async call(action: ReadAction, input: Answer) {
        calls.push(action);
        return script[action]?.(input) ?? {};
      },
    }),
  };
  const files = await collect({
    readers: [reader, reader],
    regions: regions === "enabled" ? undefined : regions,
    waiting: {
      sleep: async (ms) => {
        waits.push(ms);
      },
      random: () => 0,
    },
    onEvent: (event) => events.push(event),
  });
  const file = (name: string, region = "eu-west-1"): unknown => {
    const text = files.find(({ path }) => path === `111111111111/${region}/${name}.json`)?.text;
    return text === undefined ? undefined : JSON.parse(text)[name];
  };
  return { files, file, events, waits, calls };
}

test("pages are put together, and the token goes into the next call", async () => {
  const pages: Record<string, Answer> = {
    first: { Vpcs: [{ VpcId: "vpc-1" }], NextToken: "second" },
    second: { Vpcs: [{ VpcId: "vpc-2" }], NextToken: "third" },
    third: { Vpcs: [] },
  };
  const { file } = await collected({ DescribeVpcs: ({ NextToken = "first" }) => pages[String(NextToken)] ?? {} });
  expect(file("Vpcs")).toEqual([{ VpcId: "vpc-1" }, { VpcId: "vpc-2" }]);
});

test("what belongs to a thing is asked for each thing, page by page, and says whose it is", async () => {
  const { file } = await collected({
    DescribeTransitGatewayRouteTables: () => ({
      TransitGatewayRouteTables: [
        { TransitGatewayRouteTableId: "tgw-rtb-1", State: "available" },
        { TransitGatewayRouteTableId: "tgw-rtb-2", State: "deleted" },
      ],
    }),
    SearchTransitGatewayRoutes: ({ NextToken }) =>
      NextToken === undefined
        ? { Routes: ["one"], NextToken: "more" }
        : { Routes: ["two"], AdditionalRoutesAvailable: false },
  });
  expect(file("TransitGatewayRoutes")).toEqual([
    { TransitGatewayRouteTableId: "tgw-rtb-1", Routes: ["one", "two"], AdditionalRoutesAvailable: false },
  ]);
});

test("both DNS attributes of every VPC are asked for", async () => {
  const { file } = await collected({
    DescribeVpcs: () => ({ Vpcs: [{ VpcId: "vpc-1" }] }),
    DescribeVpcAttribute: ({ Attribute }) => ({ [String(Attribute)]: { Value: true } }),
  });
  expect(file("VpcAttributes")).toEqual([
    { VpcId: "vpc-1", enableDnsSupport: { Value: true } },
    { VpcId: "vpc-1", enableDnsHostnames: { Value: true } },
  ]);
});

describe("what is refused for the moment is tried again, with longer waits", () => {
  test.each([
    { error: refusal("RequestLimitExceeded") },
    { error: refusal("ThrottlingException") },
    { error: refusal("Unknown", { $metadata: { httpStatusCode: 503 } }) },
    { error: refusal("Error", { code: "ECONNRESET" }) },
  ])("$error.name", async ({ error }) => {
    let refusals = 3;
    const { file, waits, events } = await collected({
      DescribeVpcs: () => {
        if (refusals-- > 0) throw error;
        return { Vpcs: [{ VpcId: "vpc-1" }] };
      },
    });
    expect(file("Vpcs")).toHaveLength(1);
    expect(waits).toEqual([250, 500, 1_000]);
    expect(events.filter(({ kind }) => kind === "waiting")).toHaveLength(3);
  });

  test("but not for ever: then it is noted, and the rest is read", async () => {
    const { file, waits } = await collected({
      DescribeVpcs: () => {
        throw refusal("RequestLimitExceeded");
      },
    });
    expect(waits).toHaveLength(7);
    expect(file("Vpcs")).toBeUndefined();
    expect(file("Subnets")).toEqual([]);
    expect(file("NotRead")).toEqual([
      { Action: "DescribeVpcs", Reason: "RequestLimitExceeded: RequestLimitExceeded said the test" },
    ]);
  });
});

test("what is not allowed is noted at once", async () => {
  const { file, waits, events } = await collected({
    DescribeNatGateways: () => {
      throw refusal("UnauthorizedOperation");
    },
  });
  expect(waits).toEqual([]);
  expect(file("NotRead")).toHaveLength(1);
  expect(events).toContainEqual({
    kind: "refused",
    account: "111111111111",
    region: "eu-west-1",
    action: "DescribeNatGateways",
    reason: "UnauthorizedOperation: UnauthorizedOperation said the test",
  });
});

test("an action that the endpoint does not have is no gap", async () => {
  const { file } = await collected({
    DescribeVpnGateways: () => {
      throw refusal("InvalidAction");
    },
  });
  expect(file("NotRead")).toBeUndefined();
});

test("without Regions all that are enabled are read, and an account with two profiles once", async () => {
  const { file, calls } = await collected(
    { DescribeRegions: () => ({ Regions: [{ RegionName: "eu-west-1" }, { RegionName: "us-east-1" }] }) },
    "enabled",
  );
  expect(file("Vpcs", "us-east-1")).toEqual([]);
  expect(calls.filter((each) => each === "DescribeVpcs")).toHaveLength(2);
});

test("whose account it is must be told first", async () => {
  const reader = {
    accountId: () => Promise.reject(refusal("ExpiredToken")),
    api: () => ({ call: async () => ({}) }),
  };
  const waiting = { sleep: async () => {}, random: () => 0 };
  await expect(collect({ readers: [reader], regions: [], waiting, onEvent: () => {} })).rejects.toThrow(CannotRead);
});

test("a bug of ours is no gap in the account", async () => {
  const broken: Script = {
    DescribeVpcs: () => {
      throw new TypeError("undefined is not a function");
    },
  };
  await expect(collected(broken)).rejects.toThrow(TypeError);
});
