/** The oracle of template ingest: the same stacks deployed to a local cloud in model mode, custom resources run by the provider's own code. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ListBucketsCommandOutput } from "@aws-sdk/client-s3";
import { answerTo } from "../../src/cdk/provider/answering.ts";
import type { Clients, CustomResourceEvent } from "../../src/cdk/provider/custom-resource.ts";
import type { FunctionOutcome, FunctionRun } from "../../src/cloud/ports.ts";
import { responsePath } from "../../src/cloud/response-door.ts";
import { testStacks } from "../../src/cloud/services/cloudformation/test-stacks.ts";
import { archiveOf } from "../../src/cloud/services/lambda/inline-code.ts";
import { type TestCloud, testCloud } from "../../src/cloud/test-cloud.ts";
import type { TemplateStack } from "../../src/ingest/index.ts";
import type { NetworkModel } from "../../src/model/index.ts";

export interface Deployed {
  readonly model: NetworkModel;
  /** The physical id of a stack's resource. */
  idOf(stackId: string, logicalId: string): string | undefined;
}

/** In the order in which they are given. */
export async function deployed(stacks: readonly TemplateStack[], defaultAccount: string): Promise<Deployed> {
  const runs: Promise<unknown>[] = [];
  const cloud: TestCloud = testCloud({
    mode: "model",
    runFunction: async ({ payload }: FunctionRun): Promise<FunctionOutcome> => {
      runs.push(answer(JSON.parse(payload), cloud));
      return { kind: "result", payload: "null", lines: [], environmentId: "e", durationMs: 1, isCold: false };
    },
  });
  const ids = new Map<string, Readonly<Record<string, string>>>();
  for (const {
    id,
    stackName,
    template,
    accountId: account = defaultAccount,
    region = "us-east-1",
    parameters,
  } of stacks) {
    bootstrap(cloud, template, account, region);
    const own = testStacks(cloud, { account, region });
    own.create(stackName, template, {
      Capabilities: ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
      Parameters: Object.entries(parameters ?? {}).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
    });
    for (let round = 0; round < 200 && own.describe(stackName).StackStatus === "CREATE_IN_PROGRESS"; round += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.all(runs);
      cloud.advance(60_000);
    }
    const { StackStatus } = own.describe(stackName);
    if (StackStatus !== "CREATE_COMPLETE")
      throw new Error(`${stackName} is ${StackStatus}:\n${own.events(stackName).join("\n")}`);
    ids.set(id, own.resources(stackName));
  }
  return { model: cloud.model(), idOf: (stackId, logicalId) => ids.get(stackId)?.[logicalId] };
}

/** What `cdk bootstrap` leaves, and the functions' code, which nobody runs. */
function bootstrap(cloud: TestCloud, template: string, account: string, region: string): void {
  const place = { account, region };
  const version = { Name: "/cdk-bootstrap/hnb659fds/version", Value: "30", Type: "String", Overwrite: true };
  cloud.call("PutParameter", version, { ...place, service: "ssm" });
  const s3 = { ...place, service: "s3" };
  const Bucket = `cdk-hnb659fds-assets-${account}-${region}`;
  const CreateBucketConfiguration = region === "us-east-1" ? undefined : { LocationConstraint: region };
  if (!cloud.call<ListBucketsCommandOutput>("ListBuckets", {}, s3).Buckets?.some(({ Name }) => Name === Bucket))
    cloud.call("CreateBucket", { Bucket, CreateBucketConfiguration }, s3);
  const Body = archiveOf({ "index.js": "" });
  for (const [, Key] of template.matchAll(/"S3Key": "([^"]+)"/g)) cloud.call("PutObject", { Bucket, Key, Body }, s3);
}

async function answer(event: CustomResourceEvent, cloud: TestCloud): Promise<void> {
  const [, , , region = "us-east-1", account = ""] = event.StackId.split(":");
  const body = event.ResourceType.startsWith("Custom::CrossRegionExport")
    ? exported(event, cloud, account, region)
    : await answerTo(event, clientsOf(cloud, account), {
        now: cloud.now,
        async sleep(milliseconds) {
          cloud.advance(milliseconds);
        },
        deadline: cloud.now() + 900_000,
      });
  cloud.cloud.responses.put(event.ResponseURL.split(responsePath)[1] ?? "", JSON.stringify(body));
}

/** The SDK's client with the wire left out. */
function clientsOf(cloud: TestCloud, account: string): Clients {
  return {
    ec2: ({ Region: region }) =>
      ({
        async send(command: { readonly input: object; readonly constructor: { readonly name: string } }) {
          try {
            return cloud.call(command.constructor.name.replace(/Command$/, ""), command.input, { account, region });
          } catch (error) {
            throw Object.assign(error as Error, { name: (error as { readonly code?: string }).code });
          }
        },
      }) as unknown as EC2Client,
  };
}

/** What CDK's two functions do: parameters of the other Region. */
function exported(event: CustomResourceEvent, cloud: TestCloud, account: string, ownRegion: string) {
  const { ResourceProperties, StackId, RequestId, LogicalResourceId } = event;
  const properties = ResourceProperties as unknown as {
    readonly WriterProps?: { readonly region: string; readonly exports: Readonly<Record<string, string>> };
    readonly ReaderProps?: { readonly imports: Readonly<Record<string, string>> };
  };
  const { region = ownRegion, exports = {} } = properties.WriterProps ?? {};
  for (const [Name, Value] of Object.entries(exports))
    cloud.call("PutParameter", { Name, Value, Type: "String" }, { account, region, service: "ssm" });
  const Data = properties.ReaderProps?.imports ?? {};
  return { Status: "SUCCESS", PhysicalResourceId: LogicalResourceId, StackId, RequestId, LogicalResourceId, Data };
}
