/**
 * What people get wrong, and what others have done meanwhile: the cloud refuses, or the stack fails with its reason and comes to rest; what it had
 * made is gone, and the cloud goes on. Mutations of whole templates look for what nobody has thought of.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, type ScalarTag } from "yaml";
import { isAwsError } from "../../../aws/index.ts";
import { type TableName, tables } from "../../state/tables.ts";
import { type TestCloud, testCloud } from "../../test-cloud.ts";
import { type TestStacks, testStacks } from "./test-stacks.ts";

const iam = { Capabilities: ["CAPABILITY_NAMED_IAM" as const, "CAPABILITY_AUTO_EXPAND" as const] };

interface Opened {
  readonly cloud: TestCloud;
  readonly stacks: TestStacks;
  /** How many records of everything there are beside those that tell of stacks, and those that are only remembered. */
  held(): Readonly<Record<string, number>>;
}

/** Of these a record stays for a while, or for ever, when the thing itself is gone. */
const remembered: readonly TableName[] = [
  "stack",
  "stackResource",
  "stackEvent",
  "changeSet",
  "clientToken",
  "openedScope",
  "roleSession",
];

function open(): Opened {
  const cloud = testCloud();
  cloud.call("DescribeVpcs");
  const names = (Object.keys(tables) as TableName[]).filter((name) => !remembered.includes(name));
  return {
    cloud,
    stacks: testStacks(cloud),
    held() {
      // Long enough for what EC2 still shows of what was deleted.
      cloud.advance(3 * 86_400_000);
      return Object.fromEntries(names.map((name) => [name, [...cloud.cloud.view.all(name)].length]));
    },
  };
}

const template = (resources: Readonly<Record<string, object>>): string => JSON.stringify({ Resources: resources });
const ref = (Ref: string) => ({ Ref });
const Vpc = { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16" } };
const Subnet = { Type: "AWS::EC2::Subnet", Properties: { VpcId: ref("Vpc"), CidrBlock: "10.0.0.0/24" } };
const Group = { Type: "AWS::EC2::SecurityGroup", Properties: { GroupDescription: "g", VpcId: ref("Vpc") } };
const Bucket = { Type: "AWS::S3::Bucket", Properties: { BucketName: "a-bucket" } };

describe("what another has put there keeps a resource from going", () => {
  const id = (stacks: TestStacks, name: string): string => stacks.resources("s")[name] ?? "";
  const cases: readonly {
    readonly name: string;
    readonly resources: Readonly<Record<string, object>>;
    readonly stays: string;
    readonly code: string;
    put(opened: Opened): () => void;
  }[] = [
    {
      name: "an interface in a subnet",
      resources: { Vpc, Subnet },
      stays: "Subnet",
      code: "ResourceConflict",
      put({ cloud, stacks }) {
        const { NetworkInterface } = cloud.call<{ NetworkInterface: object }>("CreateNetworkInterface", {
          SubnetId: id(stacks, "Subnet"),
        });
        return () => cloud.call("DeleteNetworkInterface", NetworkInterface);
      },
    },
    {
      name: "an interface with the group",
      resources: { Vpc, Group },
      stays: "Group",
      code: "ResourceConflict",
      put({ cloud, stacks }) {
        const subnet = { VpcId: id(stacks, "Vpc"), CidrBlock: "10.0.9.0/24" };
        const { Subnet: made } = cloud.call<{ Subnet: { SubnetId: string } }>("CreateSubnet", subnet);
        const { NetworkInterface } = cloud.call<{ NetworkInterface: object }>("CreateNetworkInterface", {
          SubnetId: made.SubnetId,
          Groups: [id(stacks, "Group")],
        });
        return () => {
          cloud.call("DeleteNetworkInterface", NetworkInterface);
          cloud.call("DeleteSubnet", made);
        };
      },
    },
    {
      name: "a group in the VPC",
      resources: { Vpc },
      stays: "Vpc",
      code: "ResourceConflict",
      put({ cloud, stacks }) {
        const input = { GroupName: "g", Description: "g", VpcId: id(stacks, "Vpc") };
        const made = cloud.call("CreateSecurityGroup", input);
        return () => cloud.call("DeleteSecurityGroup", made);
      },
    },
    {
      name: "an object in a bucket",
      resources: { Bucket },
      stays: "Bucket",
      code: "GeneralServiceException",
      put({ cloud }) {
        const s3 = { service: "s3" };
        cloud.call("PutObject", { Bucket: "a-bucket", Key: "k", Body: Buffer.from("x") }, s3);
        return () => cloud.call("DeleteObject", { Bucket: "a-bucket", Key: "k" }, s3);
      },
    },
  ];

  test.each(cases)("$name", ({ resources, stays, code, put }) => {
    const opened = open();
    const { cloud, stacks, held } = opened;
    const before = held();
    stacks.create("s", template(resources));
    const takeAway = put(opened);
    const deleting = { ...stacks.delete("s") };
    // A refusal that may pass is tried again for a while.
    cloud.advance(3_600_000);
    expect(deleting.StackStatus).toMatch(/^DELETE_/);
    const rest = stacks.describe("s");
    expect([rest.StackStatus, rest.StackStatusReason]).toEqual([
      "DELETE_FAILED",
      expect.stringMatching(new RegExp(`^The following resource\\(s\\) failed to delete: \\[.*${stays}.*\\]\\. $`)),
    ]);
    expect(stacks.events("s").join("\n")).toMatch(
      new RegExp(
        `^${stays} DELETE_FAILED \\(Resource handler returned message: ".*HandlerErrorCode: ${code}\\)\\)$`,
        "m",
      ),
    );
    takeAway();
    stacks.call("DeleteStack", { StackName: "s" });
    cloud.advance(3_600_000);
    expect(stacks.describe("s").StackStatus).toBe("DELETE_COMPLETE");
    expect(held()).toEqual(before);
    expect(cloud.faults).toEqual([]);
  });
});

describe("a stack that fails", () => {
  const dependingOn = (resource: object, ...names: readonly string[]): object => ({ ...resource, DependsOn: names });
  const cases: readonly (readonly [string, Readonly<Record<string, object>>, string, RegExp])[] = [
    [
      "a block that overlaps",
      { Vpc, Subnet, Again: dependingOn(Subnet, "Subnet") },
      "Again",
      /The CIDR '10\.0\.0\.0\/24' conflicts with another subnet .*HandlerErrorCode: /,
    ],
    [
      "an id of nothing",
      { Vpc, Table: { Type: "AWS::EC2::RouteTable", Properties: { VpcId: "vpc-0123456789abcdef0" } } },
      "Table",
      /The vpc ID 'vpc-0123456789abcdef0' does not exist .*HandlerErrorCode: NotFound\)$/,
    ],
    [
      "a value that is no block",
      { Vpc, Other: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/99" } } },
      "Other",
      /HandlerErrorCode: InvalidRequest\)$/,
    ],
    [
      "a property that nobody has",
      { Vpc, Other: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.1.0.0/16", Cidr: "x" } } },
      "Other",
      /^Properties validation failed for resource Other with message:\n.*Cidr/,
    ],
    [
      "a property of another type",
      { Vpc, Other: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: { a: 1 } } } },
      "Other",
      /^Properties validation failed for resource Other with message:/,
    ],
    [
      "a property that is missing",
      { Vpc, Other: { Type: "AWS::EC2::RouteTable", Properties: {} } },
      "Other",
      /^Properties validation failed for resource Other with message:\n.*VpcId/,
    ],
    [
      "a type that is not modelled",
      { Vpc, Other: dependingOn({ Type: "AWS::SQS::Queue" }, "Vpc") },
      "Other",
      /^The resource type AWS::SQS::Queue is not modelled by this local cloud\.$/,
    ],
    [
      "a policy that is not modelled",
      { Vpc, Other: { ...Bucket, CreationPolicy: { ResourceSignal: { Count: 1 } } } },
      "Other",
      /^The creationPolicy of Other is not modelled by this local cloud\.$/,
    ],
    [
      "a wait condition",
      { Vpc, Other: { Type: "AWS::CloudFormation::WaitConditionHandle" } },
      "Other",
      /^The resource type AWS::CloudFormation::WaitConditionHandle is not modelled by this local cloud\.$/,
    ],
    [
      "a function that is not there, behind a custom resource",
      {
        Vpc,
        Other: {
          Type: "Custom::Thing",
          Properties: { ServiceToken: "arn:aws:sns:us-east-1:111111111111:topic", VpcId: ref("Vpc") },
        },
      },
      "Other",
      /is not the ARN of a function; others are not modelled by this local cloud\.$/,
    ],
  ];

  test.each(cases)("for %s takes everything back", (_name, resources, failing, reason) => {
    const { cloud, stacks, held } = open();
    const before = held();
    const { StackStatus, StackStatusReason } = stacks.create("s", template(resources), iam);
    expect(StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(StackStatusReason).toBeUndefined();
    const [said = ""] = stacks.events("s").filter((event) => event.startsWith(`${failing} CREATE_FAILED (`));
    expect(said.slice(`${failing} CREATE_FAILED (`.length, -1)).toMatch(reason);
    expect(stacks.events("s")).toContainEqual(
      expect.stringMatching(
        /^s ROLLBACK_IN_PROGRESS \(The following resource\(s\) failed to create: \[.*\]\. Rollback requested by user\.\)$/,
      ),
    );
    expect(held()).toEqual(before);
    expect(cloud.faults).toEqual([]);
    // The name is taken by what is left to read of it, until that is deleted.
    expect(stacks.delete("s").StackStatus).toBe("DELETE_COMPLETE");
    expect(stacks.create("s", template({ Vpc })).StackStatus).toBe("CREATE_COMPLETE");
  });
});

/** A template's text as JSON: its short forms written out. */
function longForm(text: string): object {
  const tag = (name: string, key: string, collection?: "map" | "seq"): ScalarTag =>
    ({
      tag: `!${name}`,
      ...(collection && { collection }),
      resolve: (value: { toJSON?: () => unknown } | string) => {
        const inner = typeof value === "object" && value.toJSON !== undefined ? value.toJSON() : value;
        return { [key]: name === "GetAtt" && typeof inner === "string" ? inner.split(/\.(.*)/).slice(0, 2) : inner };
      },
    }) as unknown as ScalarTag;
  const functions = [
    "GetAtt",
    "Sub",
    "Select",
    "Cidr",
    "GetAZs",
    "Join",
    "If",
    "Not",
    "Equals",
    "Split",
    "FindInMap",
    "Base64",
  ];
  const customTags = [
    ...(["Ref", "Condition"] as const).map((name) => tag(name, name)),
    tag("Ref", "Ref", "map"),
    ...functions.flatMap((name) => [
      tag(name, `Fn::${name}`),
      tag(name, `Fn::${name}`, "seq"),
      tag(name, `Fn::${name}`, "map"),
    ]),
  ];
  return parse(text, { customTags, merge: false }) as object;
}

const textOf = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
const originals = [
  longForm(textOf("resource-types/every-type.fixture.yaml")),
  longForm(textOf("../../../../examples/peering-template/peering.yaml")),
  longForm(textOf("template/loops.fixture.yaml")),
];

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What is put in a random place: anything, and what a template may well have there. */
const replacement: fc.Arbitrary<Json> = fc.oneof(
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json> },
  fc.constantFrom<Json>("", "*", "10.0.0.0/8", "10.0.0.0/24", "::/0", "vpc-0123456789abcdef0", "Vpc", -1, 65_536, 1e21),
  fc.constantFrom<Json>(
    { Ref: "Vpc" },
    { Ref: "AWS::NoValue" },
    { "Fn::GetAtt": ["Vpc", "CidrBlock"] },
    { Ref: "Nobody" },
  ),
  fc.constantFrom<Json>(
    { "Fn::Select": [9, ["a"]] },
    { "Fn::Cidr": ["10.0.0.0/16", 300, 40] },
    { "Fn::Join": [",", { Ref: "Vpc" }] },
    { "Fn::Sub": "${Vpc.Nothing}" },
    { "Fn::If": ["Never", 1, 2] },
    { "Fn::ImportValue": "nobody" },
    { "Fn::FindInMap": ["a", "b", "c"] },
    { "Fn::Transform": { Name: "AWS::Include" } },
    { "Fn::GetAZs": { Ref: "AWS::Region" } },
    { Ref: "Zone" },
    { "Fn::ForEach::Any": ["Any", ["a", { Ref: "Zones" }], { "X${Any}&{Zone}": { Ref: "Any" } }] },
    "{{resolve:ssm:/nobody}}",
    "{{resolve:secretsmanager:x}}",
  ),
);

/** Any of the places where something could be changed, of which there are so many that each is as good as another. */
const anyPlace = fc.noBias(fc.nat({ max: 2 ** 30 }));

interface Mutation {
  /** Counted around. */
  readonly place: number;
  readonly kind: "replace" | "remove" | "rename" | "double";
  readonly value: Json;
  readonly name: string;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: anyPlace,
  kind: fc.constantFrom("replace", "replace", "remove", "rename", "double"),
  value: replacement,
  name: fc.constantFrom(
    "__proto__",
    "constructor",
    "Type",
    "Properties",
    "Fn::If",
    "Ref",
    "Nobody",
    "é",
    "",
    "Fn::ForEach::Networks",
    "A${Zone}",
  ),
});

function mutated(original: object, mutations: readonly Mutation[]): Json {
  const copy = structuredClone(original) as Json;
  for (const { place, kind, value, name } of mutations) {
    const places = placesIn(copy);
    const at = places[place % places.length];
    if (at === undefined) continue;
    const { holder, key } = at;
    if (Array.isArray(holder)) {
      const index = Number(key);
      if (kind === "remove") holder.splice(index, 1);
      else if (kind === "double") holder.splice(index, 0, structuredClone(holder[index] ?? null));
      else holder[index] = value;
      continue;
    }
    const present = holder[key] ?? null;
    if (kind === "remove" || kind === "rename") delete holder[key];
    // A key like __proto__ is to be one of its own.
    const put = (word: string, what: Json): unknown =>
      Object.defineProperty(holder, word, { value: what, enumerable: true, configurable: true, writable: true });
    if (kind === "replace") put(key, value);
    if (kind === "rename" || kind === "double") put(name, structuredClone(present));
  }
  return copy;
}

function placesIn(value: Json): { holder: Json[] | { [name: string]: Json }; key: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).flatMap((key) => [
    { holder: value, key },
    ...placesIn((value as { [name: string]: Json })[key] ?? null),
  ]);
}

const refusals = [
  "ValidationError",
  "InsufficientCapabilitiesException",
  "AlreadyExistsException",
  "ChangeSetNotFound",
];

/** True when the cloud took it; a refusal must be CloudFormation's own. Anything else is thrown. */
function takes(stacks: TestStacks, operation: string, input: object): boolean {
  try {
    stacks.call(operation, input);
    return true;
  } catch (error) {
    if (!isAwsError(error)) throw error;
    expect(refusals).toContain(error.code);
    expect(error.message).not.toBe("");
    return false;
  }
}

/** Answers what the stack came to rest in; undefined when it was refused. */
function playWith(TemplateBody: string, after: string): readonly string[] {
  const seen: string[] = [];
  const { cloud, stacks, held } = open();
  const before = held();
  const keeps = /Retain|Snapshot/.test(TemplateBody + after);
  takes(stacks, "ValidateTemplate", { TemplateBody });
  takes(stacks, "GetTemplateSummary", { TemplateBody });
  const change = { StackName: "c", ChangeSetName: "c", ChangeSetType: "CREATE", TemplateBody, ...iam };
  if (takes(stacks, "CreateChangeSet", change))
    stacks.call("DescribeChangeSet", { StackName: "c", ChangeSetName: "c" });
  takes(stacks, "DeleteStack", { StackName: "c" });
  if (takes(stacks, "CreateStack", { StackName: "s", TemplateBody, ...iam })) {
    const rest = (): string => {
      cloud.advance(7_200_000);
      seen.push(stacks.describe("s").StackStatus ?? "");
      return seen.at(-1) ?? "";
    };
    expect(rest()).toMatch(/^(CREATE_COMPLETE|ROLLBACK_COMPLETE|ROLLBACK_FAILED)$/);
    if (takes(stacks, "UpdateStack", { StackName: "s", TemplateBody: after, ...iam }))
      expect(rest()).toMatch(/^(UPDATE_COMPLETE|UPDATE_ROLLBACK_COMPLETE|UPDATE_ROLLBACK_FAILED)$/);
    const { StackId = "" } = stacks.describe("s");
    stacks.call("DeleteStack", { StackName: "s" });
    cloud.advance(7_200_000);
    const { StackStatus } = stacks.describe(StackId);
    expect(StackStatus).toMatch(/^DELETE_(COMPLETE|FAILED)$/);
    if (StackStatus === "DELETE_COMPLETE" && !keeps) expect(held()).toEqual(before);
  }
  expect(cloud.faults).toEqual([]);
  return seen;
}

/** The same few in every run; CAUSEWAY_TEMPLATES=1000 tries so many others. */
const asked = process.env.CAUSEWAY_TEMPLATES;
const runs = asked === undefined ? { numRuns: 40, seed: 20_261_126 } : { numRuns: Number(asked) };

/** Were all of them refused, the rest would not have been tried. */
function expectPlayed(seen: readonly string[]): void {
  expect(seen).toContain("CREATE_COMPLETE");
  expect(seen).toContain("ROLLBACK_COMPLETE");
}

test("a template with anything anywhere is refused or played, and nothing else happens", { timeout: 600_000 }, () => {
  const mutations = fc.array(mutation, { minLength: 1, maxLength: 3 });
  const seen: string[] = [];
  fc.assert(
    fc.property(
      fc.constantFrom(...originals),
      mutations,
      mutations,
      fc.boolean(),
      (original, first, second, isSame) => {
        const before = JSON.stringify(mutated(original, first));
        seen.push(...playWith(before, JSON.stringify(isSame ? original : mutated(original, second))));
      },
    ),
    runs,
  );
  expectPlayed(seen);
});

test("a template with letters out of place is refused or played", { timeout: 600_000 }, () => {
  const yaml = textOf("../../../../examples/peering-template/peering.yaml");
  const slip = fc.record({
    place: anyPlace,
    length: fc.nat({ max: 6 }),
    text: fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom("\t", "!Ref ", "&a ", "*a", "<<: ", "!!binary ", "---\n", "{", "]", ": ", "!Sub '${", "\u0000"),
    ),
  });
  fc.assert(
    fc.property(fc.array(slip, { minLength: 1, maxLength: 2 }), (slips) => {
      const text = slips.reduce((so, { place, length, text: put }) => {
        const at = place % so.length;
        return so.slice(0, at) + put + so.slice(at + length);
      }, yaml);
      playWith(text, yaml);
    }),
    runs,
  );
});
