/** The examples as a user runs them, against the built package: they synthesize without an account, and cfn-lint has nothing to say. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Construct } from "constructs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as cdk from "../../src/cdk/index.ts";
import { type BuiltCdk, buildCdkPackage } from "../built-cdk.ts";
import { isInstalled, run } from "../support/run.ts";
import { cleanEnvironment } from "../support/start-cloud.ts";
import { everyConstruct } from "./every-construct.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const noLint = isInstalled("cfn-lint") ? "" : " (skipped: cfn-lint not installed)";

let built: BuiltCdk;
beforeAll(async () => {
  built = await buildCdkPackage();
  cpSync(join(root, "examples"), join(built.folder, "examples"), { recursive: true });
}, 120_000);
afterAll(() => built?.remove());

/** What deploy.sh reads of the stacks that are there. */
const ids = [
  "filesVpcId=vpc-0123456789abcdef0",
  "peeringId=pcx-0123456789abcdef0",
  "readerVpcId=vpc-0123456789abcdef1",
  "readerGroupId=sg-0123456789abcdef0",
];

interface Synthesized {
  readonly folder: string;
  readonly templates: Readonly<Record<string, Template>>;
}

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

const synthesized = new Map<string, Promise<Synthesized>>();

/** Once for each example and context. */
function synthesize(example: string, ...context: readonly string[]): Promise<Synthesized> {
  const key = [example, ...context].join(" ");
  const made = synthesized.get(key) ?? runApp(example, context);
  synthesized.set(key, made);
  return made;
}

async function runApp(example: string, context: readonly string[]): Promise<Synthesized> {
  const folder = mkdtempSync(join(built.folder, "out-"));
  const values = Object.fromEntries(context.map((each) => each.split("=") as [string, string]));
  const ran = await run(process.execPath, ["--import", "tsx", "app.ts"], {
    cwd: join(built.folder, "examples", example),
    env: {
      ...cleanEnvironment(),
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify(values),
      CDK_VALIDATION: "false",
    },
    timeoutMs: 120_000,
  });
  if (ran.status !== 0) throw new Error(`${example}: ${ran.stderr}`);
  const names = readdirSync(folder).filter((name) => name.endsWith(".template.json"));
  const read = (name: string): Template => JSON.parse(readFileSync(join(folder, name), "utf8"));
  return {
    folder,
    templates: Object.fromEntries(names.map((name) => [name.replace(".template.json", ""), read(name)])),
  };
}

const count = (template: Template | undefined, type: string): number =>
  Object.values(template?.Resources ?? {}).filter(({ Type }) => Type === type).length;

test(`global-network: four stacks, each with the code that it needs`, { timeout: 300_000 }, async () => {
  const made = await synthesize("global-network");
  expect(Object.keys(made.templates)).toHaveLength(4);
  // The provider's code came along: a function of one file, which asks for no package but the SDK.
  const assets = readdirSync(made.folder).filter((name) => name.startsWith("asset."));
  const provider = assets
    .map((name) => join(made.folder, name, "index.js"))
    .find((file) => readFileSync(file, "utf8").includes("Custom::TransitGatewayPeering"));
  expect(readdirSync(join(provider ?? "", ".."))).toEqual(["index.js"]);
  const required = [...readFileSync(provider ?? "", "utf8").matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);
  expect(new Set(required)).toEqual(new Set(["@aws-sdk/client-ec2", "@aws-sdk/client-sts"]));
});

describe("departments", () => {
  test.each([
    ["isolated", 0, 0, 0],
    ["routed", 1, 2, 0],
    ["open", 1, 2, 1],
    ["all", 2, 4, 2],
  ])(
    `%s has %i connections, %i routes to them, and %i rules for them`,
    { timeout: 300_000 },
    async (state, connections, routes, rules) => {
      const made = await synthesize("departments", `state=${state}`);
      const { Departments: template } = made.templates;
      expect(count(template, "AWS::EC2::VPC")).toBe(3);
      expect(count(template, "AWS::EC2::VPCPeeringConnection")).toBe(connections);
      // One more: Marketing's way to the internet.
      expect(count(template, "AWS::EC2::Route")).toBe(routes + 1);
      expect(count(template, "AWS::EC2::SecurityGroupIngress")).toBe(rules);
    },
  );

  test("another state is refused", { timeout: 120_000 }, async () => {
    await expect(synthesize("departments", "state=half")).rejects.toThrow(
      /-c state= is one of isolated, peered, routed, open, all/,
    );
  });
});

test(`cross-account: a stack for each account, and one that needs what the others say`, {
  timeout: 300_000,
}, async () => {
  const first = await synthesize("cross-account");
  expect(Object.keys(first.templates)).toEqual(["FileServer"]);
  const made = await synthesize("cross-account", ...ids);
  expect(Object.keys(made.templates).toSorted()).toEqual(["FileServer", "FileServerRoutes", "Reader"]);
  const { Reader, FileServer, FileServerRoutes } = made.templates;
  // What deploy.sh reads.
  expect(Object.keys(FileServer?.Outputs ?? {})).toContain("VpcId");
  for (const output of ["PeeringId", "VpcId", "GroupId"]) expect(Object.keys(Reader?.Outputs ?? {})).toContain(output);
  expect(count(Reader, "AWS::EC2::VPCPeeringConnection")).toBe(1);
  expect(count(FileServerRoutes, "Custom::VpcPeeringConnectionAcceptance")).toBe(1);
  expect(count(FileServerRoutes, "AWS::EC2::SecurityGroupIngress")).toBe(2);
});

test("the package is found by import and by require, with the same names and with types", {
  timeout: 300_000,
}, async () => {
  const names = "JSON.stringify(Object.keys(cdk).toSorted())";
  const inNode = (words: readonly string[]) => run(process.execPath, words, { cwd: built.folder, timeoutMs: 120_000 });
  const imported = await inNode([
    "--input-type=module",
    "-e",
    `import * as cdk from "causeway-net/cdk"; console.log(${names})`,
  ]);
  const required = await inNode([
    "--input-type=commonjs",
    "-e",
    `const cdk = require("causeway-net/cdk"); console.log(${names})`,
  ]);
  expect(imported.stderr).toBe("");
  expect(JSON.parse(imported.stdout)).toContain("GlobalNetwork");
  expect(required.stdout).toBe(imported.stdout);
  writeFileSync(join(built.folder, "examples/consumer.cts"), consumer);
  // What is not found has no types at all, and then no mistake either: the consumer makes one.
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const types = await run(process.execPath, [tsc, "-p", "examples"], { cwd: built.folder, timeoutMs: 240_000 });
  expect(types.stdout).toBe("");
  expect(types.status).toBe(0);
});

const consumer = `
import { App } from "aws-cdk-lib";
import { GlobalNetwork } from "causeway-net/cdk";
// @ts-expect-error
new GlobalNetwork(new App(), "Global", { regions: [{ region: 1, cidrBlock: "172.16.0.0/24" }] });
`;

test.skipIf(noLint !== "")(`cfn-lint has nothing to say of any template${noLint}`, { timeout: 300_000 }, async () => {
  const all = mkdtempSync(join(built.folder, "every-"));
  everyConstruct(all);
  const made = [
    await synthesize("global-network"),
    await synthesize("departments", "state=all"),
    await synthesize("cross-account", ...ids),
  ];
  const templates = [all, ...made.map(({ folder }) => folder)].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.template\.(json|yaml)$/.test(name))
      .map((name) => join(folder, name)),
  );
  expect(templates.filter((each) => each.endsWith(".yaml"))).toHaveLength(4);
  const files = [...templates, join(root, "examples/peering-template/peering.yaml")];
  const { status, stdout } = await run("cfn-lint", files, { timeoutMs: 240_000 });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});

test("every construct of the package is among those that are linted", () => {
  const folder = mkdtempSync(join(built.folder, "tree-"));
  const used = new Set(
    everyConstruct(folder)
      .node.findAll()
      .map((each) => each.constructor.name),
  );
  const constructs = Object.entries(cdk).filter(([, each]) => each.prototype instanceof Construct);
  expect(constructs.length).toBeGreaterThan(8);
  expect(constructs.map(([name]) => name).filter((name) => !used.has(name))).toEqual([]);
});
