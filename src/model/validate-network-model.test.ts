import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { departments } from "./departments.fixture.ts";
import { emptyNetworkModel, type NetworkModel } from "./network-model.ts";
import { isNetworkModel, validateNetworkModel } from "./validate-network-model.ts";

test("sound models have no problems", () => {
  expect(validateNetworkModel(emptyNetworkModel)).toEqual([]);
  expect(validateNetworkModel(departments)).toEqual([]);
  expect(isNetworkModel(departments)).toBe(true);
});

/** A JSON copy of the model with one place changed; `undefined` removes it. */
function withChange(path: string, value: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(departments));
  const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
  const last = keys.pop();
  let at: unknown = copy;
  for (const key of keys) at = typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined;
  if (typeof at !== "object" || at === null || last === undefined) throw new Error(`no such place: ${path}`);
  if (value === undefined) Reflect.deleteProperty(at, last);
  else Reflect.set(at, last, value);
  return copy;
}

describe("a place of the wrong shape is named", () => {
  test.each([
    ["version", 2, "expected 1, got 2"],
    ["vpcs", {}, "expected a list, got an object"],
    ["vpcs", undefined, "is missing"],
    ["vpcs[0]", null, "expected an object, got null"],
    ["vpcs[0].vpcId", "subnet-1", 'expected an id vpc-…, got "subnet-1"'],
    ["vpcs[0].ownerId", "1234", 'expected an account id of twelve digits, got "1234"'],
    ["vpcs[0].region", "Frankfurt", 'expected a Region such as eu-central-1, got "Frankfurt"'],
    ["vpcs[0].cidrBlocks[0]", "10.0.0.1/16", '"10.0.0.1/16" is not in canonical form: write "10.0.0.0/16"'],
    ["vpcs[0].ipv6CidrBlocks[0]", "2001:DB8::/56", '"2001:DB8::/56" is not in canonical form: write "2001:db8::/56"'],
    ["vpcs[0].cidrBlocks[0]", "10.0.0.0", 'expected a CIDR block, got "10.0.0.0"'],
    ["vpcs[0].isDefault", "no", 'expected true or false, got "no"'],
    ["vpcs[0].colour", "blue", "is not a field of Vpc"],
    ["vpcs[0].name", 7, "expected text, got 7"],
    ["networkInterfaces[0].privateAddresses[0].address", 5, "expected an IP address, got 5"],
    ["networkInterfaces[0].macAddress", "02", 'expected a MAC address in lower case, got "02"'],
    ["routeTables[1].routes[1].state", "on", 'expected "active" or "blackhole", got "on"'],
    ["routeTables[1].routes[1].target.internetGatewayId", undefined, "is missing"],
    ["routeTables[1].routes[1].target.subnetId", "subnet-1", "is not a field of RouteTarget: internet-gateway"],
    ["routeTables[1].routes[1].destination.kind", "constructor", 'expected "cidr" or "prefix-list", got "constructor"'],
    ["networkAcls[0].entries[0].ruleNumber", 0, "expected a whole number from 1 to 32768, got 0"],
    ["networkAcls[0].entries[0].portRange.to", 65_536, "expected a whole number from 0 to 65535, got 65536"],
    ["securityGroups[0].rules[0].protocol", 6.5, "expected a whole number from -1 to 255, got 6.5"],
    ["instances[0].imageId", undefined, "is missing"],
  ])("%s = %j", (path, value, message) => {
    expect(validateNetworkModel(withChange(path, value))).toEqual([{ path, message }]);
  });

  test("all problems are reported, not the first one", () => {
    const paths = validateNetworkModel({ ...departments, vpcs: [{}], unknowns: "all" }).map((problem) => problem.path);
    expect(paths).toContain("vpcs[0].vpcId");
    expect(paths).toContain("vpcs[0].cidrBlocks");
    expect(paths).toContain("unknowns");
  });

  test("garbage gives problems and never throws", () => {
    const places = ["vpcs", "vpcs[0].cidrBlocks", "routeTables[1].routes[1].target", "instances[0]", "unknowns"];
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.anything({ withBigInt: true, withNullPrototype: true }),
        (path, junk) => {
          const problems = validateNetworkModel(withChange(path, junk ?? null));
          expect(problems.every((problem) => problem.message.length < 400)).toBe(true);
          const { length } = validateNetworkModel(junk);
          expect(length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("a reference that leads nowhere is named", () => {
  test.each([
    ["subnets[0].vpcId", "vpc-gone", "vpc-gone is not in the model: add it, or name it in unknowns"],
    ["subnets[0].networkAclId", "acl-finance", "acl-finance is in vpc-finance, not in vpc-marketing"],
    ["subnets[0].routeTableId", "rtb-gone", "rtb-gone is not in the model: add it, or name it in unknowns"],
    ["subnets[0].cidrBlock", "10.2.0.0/24", "10.2.0.0/24 is in no block of vpc-marketing (10.0.0.0/16)"],
    [
      "routeTables[1].routes[1].target.internetGatewayId",
      "igw-gone",
      "igw-gone is not in the model: add it, or name it in unknowns",
    ],
    [
      "routeTables[1].routes[3].destination.prefixListId",
      "pl-gone",
      "pl-gone is not in the model: add it, or name it in unknowns",
    ],
    [
      "securityGroups[0].rules[1].peer.groupId",
      "sg-gone",
      "sg-gone is not in the model: add it, or name it in unknowns",
    ],
    ["networkInterfaces[0].securityGroupIds[0]", "sg-db", "sg-db is in vpc-finance, not in vpc-marketing"],
    [
      "networkInterfaces[0].attachment.instanceId",
      "i-gone",
      "i-gone is not in the model: add it, or name it in unknowns",
    ],
    ["instances[0].subnetId", "subnet-db", "subnet-db is in vpc-finance, not in vpc-marketing"],
    [
      "vpcPeeringConnections[0].accepter.vpcId",
      "vpc-gone",
      "vpc-gone is not in the model: add it, or name it in unknowns",
    ],
  ])("%s = %s", (path, value, message) => {
    expect(validateNetworkModel(withChange(path, value))).toContainEqual({ path, message });
  });

  test("[AD-50] an interface has one primary address, inside its subnet", () => {
    expect(validateNetworkModel(withChange("networkInterfaces[1].privateAddresses[1].primary", true))).toEqual([
      { path: "networkInterfaces[1].privateAddresses", message: "2 are primary: exactly one must be" },
    ]);
    expect(validateNetworkModel(withChange("networkInterfaces[1].privateAddresses[1].address", "10.9.9.9"))).toEqual([
      { path: "networkInterfaces[1].privateAddresses[1].address", message: "10.9.9.9 is not in 10.0.1.0/24" },
    ]);
  });

  test("a VPC has one main route table, and an id one bearer", () => {
    expect(validateNetworkModel(withChange("routeTables[0].main", false))).toEqual([
      { path: "vpcs[0]", message: "vpc-marketing has 0 main route tables: a VPC has exactly one" },
    ]);
    const twice: NetworkModel = {
      ...departments,
      instances: [...departments.instances, ...departments.instances.slice(0, 1)],
    };
    expect(validateNetworkModel(twice)).toEqual([
      { path: "instances[3]", message: "i-web is already at instances[0]" },
    ]);
  });

  test("what is named in unknowns may be missing", () => {
    const partial: NetworkModel = {
      ...departments,
      prefixLists: [],
      unknowns: [{ id: "pl-offices", reason: "UnauthorizedOperation" }],
    };
    expect(validateNetworkModel(partial)).toEqual([]);
    expect(validateNetworkModel({ ...partial, unknowns: [] })).toHaveLength(1);
  });

  test.each([
    ["[RT-30] the target of a blackhole route", "routeTables[1].routes[3].target.natGatewayId", "nat-gone"],
    ["[SG-50] a group across a peering", "securityGroups[0].rules[2].peer.groupId", "sg-gone"],
    ["the subnet of a terminated instance", "instances[2].subnetId", "subnet-gone"],
    ["nothing, when the peering is deleted", "vpcPeeringConnections[0].statusCode", "deleted"],
  ])("%s may be gone", (_, path, value) => {
    expect(validateNetworkModel(withChange(path, value))).toEqual([]);
  });
});
