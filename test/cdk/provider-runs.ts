/** Runs the provider as Lambda does: events in, answers put to an address, AWS behind the SDK's own settings. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { vi } from "vitest";
import type { CustomResourceAnswer, Properties } from "../../src/cdk/provider/custom-resource.ts";
import { handler } from "../../src/cdk/provider/index.ts";
import type { TestCloud } from "../support/start-cloud.ts";

export interface RunsOptions {
  readonly account?: string;
  readonly physicalId?: string;
  /** What is left of the function's time; an answer needs 20 of it. */
  readonly seconds?: number;
}

export interface ProviderRuns {
  create(type: string, properties: Properties, options?: RunsOptions): Promise<CustomResourceAnswer>;
  update(type: string, properties: Properties, options: RunsOptions): Promise<CustomResourceAnswer>;
  remove(type: string, properties: Properties, options: RunsOptions): Promise<CustomResourceAnswer>;
  stop(): void;
}

export async function providerRuns(cloud: TestCloud): Promise<ProviderRuns> {
  // The function's log.
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  const answers = new Map<string, CustomResourceAnswer>();
  const server = createServer(async (request, response) => {
    answers.set(request.url ?? "", JSON.parse(await bodyOf(request)));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // `listen` on a port gives an address of this shape.
  const { port } = server.address() as AddressInfo;
  let requests = 0;

  async function run(
    RequestType: "Create" | "Update" | "Delete",
    type: string,
    properties: Properties,
    options: RunsOptions,
  ) {
    const { account = "111111111111", physicalId, seconds = 120 } = options;
    Object.assign(process.env, cloud.env(account));
    const path = `/${++requests}`;
    const event = {
      RequestType,
      ResponseURL: `http://127.0.0.1:${port}${path}`,
      StackId: "arn:aws:cloudformation:us-east-1:111111111111:stack/test/1",
      RequestId: `request-${requests}`,
      ResourceType: type,
      LogicalResourceId: "Thing",
      ...(physicalId !== undefined && { PhysicalResourceId: physicalId }),
      ResourceProperties: properties,
    };
    await handler(event, { getRemainingTimeInMillis: () => seconds * 1000 });
    const answer = answers.get(path);
    if (answer === undefined) throw new Error(`${RequestType} of ${type} was not answered`);
    return answer;
  }
  return {
    create: (type, properties, options = {}) => run("Create", type, properties, options),
    update: (type, properties, options) => run("Update", type, properties, options),
    remove: (type, properties, options) => run("Delete", type, properties, options),
    stop: () => server.close(),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
