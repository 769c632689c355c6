/** The examples as a user runs them, against the built package: they synthesize without an account, and cfn-lint has nothing to say. */
import { cpSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCdk, buildCdkPackage } from "../built-cdk.ts";
import { isInstalled, type Ran, run } from "../support/run.ts";
import { cleanEnvironment } from "../support/start-cloud.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const noLint = isInstalled("cfn-lint") ? "" : " (skipped: cfn-lint not installed)";

let built: BuiltCdk;
beforeAll(async () => {
  built = await buildCdkPackage();
  cpSync(join(root, "examples"), join(built.folder, "examples"), { recursive: true });
}, 120_000);
afterAll(() => built?.remove());

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

async function synthesize(example: string, ...context: readonly string[]): Promise<Synthesized> {
  const folder = mkdtempSync(join(built.folder, "out-"));
  const values = Object.fromEntries(context.map((each) => each.split("=") as [string, string]));
  const ran = await run(process.execPath, ["--import", "tsx", "app.ts"], {
    cwd: join(built.folder, "examples", example),
    env: { ...cleanEnvironment(), CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(values) },
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

const lint = (...files: readonly string[]): Promise<Ran> => run("cfn-lint", files, { timeoutMs: 180_000 });

async function expectNoComplaint({ folder }: Synthesized): Promise<void> {
  if (noLint !== "") return;
  const { status, stdout } = await lint(
    ...readdirSync(folder)
      .filter((name) => name.endsWith(".template.json"))
      .map((name) => join(folder, name)),
  );
  expect(stdout).toBe("");
  expect(status).toBe(0);
}

const count = (template: Template | undefined, type: string): number =>
  Object.values(template?.Resources ?? {}).filter(({ Type }) => Type === type).length;

test(`global-network: four stacks, each with the code that it needs${noLint}`, { timeout: 300_000 }, async () => {
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
  await expectNoComplaint(made);
});

describe("departments", () => {
  test.each([
    ["isolated", 0, 0, 0],
    ["peered", 1, 0, 0],
    ["routed", 1, 2, 0],
    ["open", 1, 2, 1],
    ["all", 2, 4, 2],
  ])(
    `%s has %i connections, %i routes to them, and %i rules for them${noLint}`,
    { timeout: 300_000 },
    async (state, connections, routes, rules) => {
      const made = await synthesize("departments", `state=${state}`);
      const { Departments: template } = made.templates;
      expect(count(template, "AWS::EC2::VPC")).toBe(3);
      expect(count(template, "AWS::EC2::VPCPeeringConnection")).toBe(connections);
      // One more: Marketing's way to the internet.
      expect(count(template, "AWS::EC2::Route")).toBe(routes + 1);
      expect(count(template, "AWS::EC2::SecurityGroupIngress")).toBe(rules);
      await expectNoComplaint(made);
    },
  );

  test("another state is refused", { timeout: 120_000 }, async () => {
    await expect(synthesize("departments", "state=half")).rejects.toThrow(
      /-c state= is one of isolated, peered, routed, open, all/,
    );
  });
});

test(`cross-account: a stack for each account, and one that needs what the others say${noLint}`, {
  timeout: 300_000,
}, async () => {
  const first = await synthesize("cross-account");
  expect(Object.keys(first.templates)).toEqual(["FileServer"]);
  const ids = [
    "filesVpcId=vpc-0123456789abcdef0",
    "peeringId=pcx-0123456789abcdef0",
    "readerVpcId=vpc-0123456789abcdef1",
    "readerGroupId=sg-0123456789abcdef0",
  ];
  const made = await synthesize("cross-account", ...ids);
  expect(Object.keys(made.templates).toSorted()).toEqual(["FileServer", "FileServerRoutes", "Reader"]);
  const { Reader, FileServer, FileServerRoutes } = made.templates;
  // What deploy.sh reads.
  expect(Object.keys(FileServer?.Outputs ?? {})).toContain("VpcId");
  for (const output of ["PeeringId", "VpcId", "GroupId"]) expect(Object.keys(Reader?.Outputs ?? {})).toContain(output);
  expect(count(Reader, "AWS::EC2::VPCPeeringConnection")).toBe(1);
  expect(count(FileServerRoutes, "Custom::VpcPeeringConnectionAcceptance")).toBe(1);
  expect(count(FileServerRoutes, "AWS::EC2::SecurityGroupIngress")).toBe(2);
  await expectNoComplaint(made);
});

test.skipIf(noLint !== "")(`peering-template: cfn-lint has nothing to say${noLint}`, { timeout: 120_000 }, async () => {
  const { status, stdout } = await lint(join(root, "examples/peering-template/peering.yaml"));
  expect(stdout).toBe("");
  expect(status).toBe(0);
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
  const types = await run(
    process.execPath,
    [
      join(root, "node_modules/typescript/bin/tsc"),
      "-p",
      "examples",
      "--skipLibCheck",
      "false",
      "--ignoreDeprecations",
      "6.0",
    ],
    {
      cwd: built.folder,
      timeoutMs: 240_000,
    },
  );
  expect(types.stdout).toBe("");
  expect(types.status).toBe(0);
});
