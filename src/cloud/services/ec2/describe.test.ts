/** What every Describe action does alike, on route tables and VPCs: semantics 13.1 "Describe semantics". */
import type { DescribeRouteTablesCommandOutput } from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "../../test-cloud.ts";

let cloud: TestCloud;
let VpcId: string;

beforeEach(() => {
  cloud = testCloud();
  VpcId = cloud.call<{ Vpc: { VpcId: string } }>("CreateVpc", { CidrBlock: "10.0.0.0/16" }).Vpc.VpcId;
});

const refusal = (code: string, message: unknown = expect.anything()) => expect.objectContaining({ code, message });
const filters = (count: number, values: number) => ({
  Filters: Array.from({ length: count }, (_, filter) => ({
    Name: "vpc-id",
    Values: Array.from({ length: values }, (_, value) => `vpc-${filter}-${value}`),
  })),
});

describe("filters", () => {
  it.each([
    ["51 filters", filters(51, 1), "The maximum number of filters specified on a single call is 50"],
    ["201 values", filters(1, 201), "The maximum number of filter values specified on a single call is 200"],
    ["202 values together", filters(2, 101), "The maximum number of filter values specified on a single call is 200"],
  ])("%s are too many", (_, input, message) => {
    expect(() => cloud.call("DescribeVpcs", input)).toThrow(refusal("FilterLimitExceeded", message));
  });

  it.each([
    [
      "names AND",
      [
        ["vpc-id", "own"],
        ["is-default", "true"],
      ],
      0,
    ],
    ["values OR", [["is-default", "true", "false"]], 2],
    [
      "one name twice ANDs",
      [
        ["is-default", "true"],
        ["is-default", "false"],
      ],
      0,
    ],
    ["values are case-sensitive", [["state", "AVAILABLE"]], 0],
    ["* is any run", [["cidr", "10.*/16"]], 1],
    ["? is one character", [["cidr", "10.0.?.0/16"]], 1],
    ["\\ makes a wildcard literal", [["cidr", "10.0.\\?.0/16"]], 0],
    ["none matching is no error", [["vpc-id", "vpc-none"]], 0],
  ] as const)("%s", (_, given, expected) => {
    const Filters = given.map(([Name, ...Values]) => ({
      Name,
      Values: Values.map((value) => (value === "own" ? VpcId : value)),
    }));
    expect(cloud.call<{ Vpcs: unknown[] }>("DescribeVpcs", { Filters }).Vpcs).toHaveLength(expected);
  });

  it("of an unknown name are refused", () => {
    expect(() => cloud.call("DescribeVpcs", { Filters: [{ Name: "nope", Values: ["x"] }] })).toThrow(
      refusal("InvalidParameterValue", "The filter 'nope' is invalid"),
    );
  });
});

describe("pages", () => {
  const page = (NextToken?: string) => {
    const Filters = [{ Name: "vpc-id", Values: [VpcId] }];
    const output = cloud.call<DescribeRouteTablesCommandOutput>("DescribeRouteTables", {
      MaxResults: 5,
      NextToken,
      Filters,
    });
    return { ids: (output.RouteTables ?? []).map(({ RouteTableId = "" }) => RouteTableId), token: output.NextToken };
  };
  const add = () => cloud.call("CreateRouteTable", { VpcId });
  const remove = (RouteTableId: string | undefined) => cloud.call("DeleteRouteTable", { RouteTableId });

  it.each([
    ["nothing", () => {}],
    ["the rows given", (given: readonly string[]) => given.slice(1).forEach(remove)],
    ["the last row given", (given: readonly string[]) => remove(given.at(-1))],
  ])("neither hide nor repeat a row when %s was deleted between them", (_, change) => {
    for (let count = 0; count < 11; count += 1) add();
    const first = page();
    change(first.ids);
    add();
    const second = page(first.token);
    const third = page(second.token);
    expect(third.token).toBeUndefined();
    const ids = [...first.ids, ...second.ids, ...third.ids];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(13);
  });

  it("end without a token, also when the rows fill the page", () => {
    for (let count = 0; count < 4; count += 1) add();
    expect(page()).toMatchObject({ token: undefined });
  });

  it.each(["zzz", "", btoa("[1]"), btoa('[-1,"a","b"]')])(
    "do not start at a token that is not theirs: %j",
    (NextToken) => {
      expect(() => page(NextToken)).toThrow(refusal("InvalidNextToken"));
    },
  );
});

describe("client tokens (semantics 12.6)", () => {
  const create = (extra: object) =>
    cloud.call<{ RouteTable: { RouteTableId: string } }>("CreateRouteTable", { VpcId, ClientToken: "t", ...extra })
      .RouteTable.RouteTableId;

  it("give a repeated call its first answer, for a day, also after a restart", () => {
    const first = create({});
    cloud.restart();
    expect(create({})).toBe(first);
    expect(create({ ClientToken: "T" })).not.toBe(first);
    cloud.advance(86_400_000);
    expect(create({})).not.toBe(first);
  });

  it("are refused with other parameters", () => {
    create({});
    const other = [{ ResourceType: "route-table", Tags: [{ Key: "a", Value: "b" }] }];
    expect(() => create({ TagSpecifications: other })).toThrow(refusal("IdempotentParameterMismatch"));
  });

  it("are per account and Region", () => {
    create({});
    const caller = { region: "eu-west-1" };
    const there = cloud.call<{ Vpc: { VpcId: string } }>("CreateVpc", { CidrBlock: "10.0.0.0/16" }, caller).Vpc.VpcId;
    expect(cloud.call("CreateRouteTable", { VpcId: there, ClientToken: "t" }, caller)).toHaveProperty("RouteTable");
  });

  it.each(["t".repeat(65), "ü"])("are up to 64 ASCII characters, not %j", (ClientToken) => {
    expect(() => create({ ClientToken })).toThrow(refusal("InvalidParameterValue"));
  });

  it("are not used up by a dry run", () => {
    expect(() => create({ DryRun: true })).toThrow(refusal("DryRunOperation"));
    expect(create({})).toMatch(/^rtb-/);
  });
});

it("instances are found by everything that their interfaces are found by", () => {
  const { SubnetId } = cloud.call<{ Subnet: { SubnetId: string } }>("CreateSubnet", {
    VpcId,
    CidrBlock: "10.0.1.0/24",
  }).Subnet;
  const { Instances } = cloud.call<{ Instances: { InstanceId: string }[] }>("RunInstances", {
    ImageId: "ami-00000000000000001",
    MinCount: 1,
    MaxCount: 1,
    SubnetId,
  });
  for (const [Name, value] of [
    ["network-interface.addresses.primary", "true"],
    ["network-interface.interface-type", "interface"],
    ["network-interface.requester-managed", "false"],
    ["network-interface.availability-zone-id", "use1-az*"],
    ["private-dns-name-options.hostname-type", "ip-name"],
  ]) {
    const Filters = [
      { Name, Values: [value] },
      { Name: "subnet-id", Values: [SubnetId] },
    ];
    const found = cloud.call<{ Reservations: { Instances: object[] }[] }>("DescribeInstances", {
      Filters,
    }).Reservations;
    expect(found, Name).toMatchObject([{ Instances: [{ InstanceId: Instances[0]?.InstanceId }] }]);
  }
});
