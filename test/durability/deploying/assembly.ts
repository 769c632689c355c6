/** An assembly of CDK as the SDK deploys it: its stacks in the order in which they need each other, and its files in the buckets. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { archiveOf } from "../../../src/cloud/services/lambda/inline-code.ts";

export interface StackToDeploy {
  readonly name: string;
  readonly region: string;
  readonly template: string;
  /** Names of the stacks before it. */
  readonly after: readonly string[];
}

interface Manifest {
  readonly artifacts: {
    readonly [id: string]: {
      readonly type: string;
      readonly environment?: string;
      readonly properties?: { readonly templateFile?: string; readonly stackName?: string };
      readonly dependencies?: readonly string[];
    };
  };
}

/** In an order in which each comes behind those that it needs. */
export function stacksOf(assembly: string): readonly StackToDeploy[] {
  const { artifacts }: Manifest = readJson(join(assembly, "manifest.json"));
  const nameOf = (id: string): string => artifacts[id]?.properties?.stackName ?? id;
  const isStack = (id: string): boolean => artifacts[id]?.type === "aws:cloudformation:stack";
  const stacks = Object.entries(artifacts).flatMap(([id, { environment = "", properties, dependencies = [] }]) =>
    isStack(id)
      ? {
          name: nameOf(id),
          region: environment.split("/").at(-1) ?? "",
          template: readFileSync(join(assembly, properties?.templateFile ?? ""), "utf8"),
          after: dependencies.filter(isStack).map(nameOf),
        }
      : [],
  );
  const ordered: StackToDeploy[] = [];
  while (ordered.length < stacks.length) {
    const next = stacks.find(
      (each) => !ordered.includes(each) && each.after.every((name) => ordered.some((other) => other.name === name)),
    );
    if (next === undefined) throw new Error("the stacks of the assembly need each other in a circle");
    ordered.push(next);
  }
  return ordered;
}

interface AssetManifest {
  readonly files: {
    readonly [hash: string]: {
      readonly source: { readonly path: string; readonly packaging: "zip" | "file" };
      readonly destinations: {
        readonly [name: string]: { readonly bucketName: string; readonly objectKey: string; readonly region: string };
      };
    };
  };
}

/** What `cdk bootstrap` and publishing leave, as far as stacks ask for it: buckets, the parameter with the version, and files. */
export async function publish(assemblies: readonly string[], endpoint: string, account: string): Promise<void> {
  const credentials = { accessKeyId: account, secretAccessKey: "causeway" };
  const made = new Set<string>();
  for (const { path, packaging, bucketName, objectKey, region } of assemblies.flatMap(filesOf)) {
    const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    const Bucket = bucketName.replace("${AWS::AccountId}", account);
    if (!made.has(Bucket)) {
      made.add(Bucket);
      await s3.send(new CreateBucketCommand({ Bucket }));
      const ssm = new SSMClient({ endpoint, region, credentials });
      const Name = "/cdk-bootstrap/hnb659fds/version";
      await ssm.send(new PutParameterCommand({ Name, Value: "30", Type: "String" }));
      ssm.destroy();
    }
    const Body = packaging === "zip" ? archiveOf(textsIn(path)) : readFileSync(path);
    await s3.send(new PutObjectCommand({ Bucket, Key: objectKey, Body }));
    s3.destroy();
  }
}

function filesOf(assembly: string) {
  return readdirSync(assembly)
    .filter((name) => name.endsWith(".assets.json"))
    .flatMap((name) => Object.values(readJson<AssetManifest>(join(assembly, name)).files))
    .flatMap(({ source, destinations }) =>
      Object.values(destinations).map((to) => ({ ...to, ...source, path: join(assembly, source.path) })),
    );
}

function textsIn(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8"));
}
