/** Reads a test's cloud through the SDK, as `causeway snapshot --from aws` reads an account, and makes two models comparable. */
import { startApiServer } from "../../src/cloud/index.ts";
import { accountA, accountB, type TestCloud } from "../../src/cloud/test-cloud.ts";
import { type CollectEvent, type CollectedFile, collect, loadSdk, sdkReader } from "../../src/collect/index.ts";
import type { NetworkModel } from "../../src/model/index.ts";

/** The answers of both of the test's accounts, in both of its Regions. */
export async function readThroughSdk(
  cloud: TestCloud,
  onEvent: (event: CollectEvent) => void = () => {},
): Promise<readonly CollectedFile[]> {
  const onFault = (message: string): void => {
    cloud.faults.push(message);
  };
  const api = await startApiServer({ port: 0, cloud: () => cloud.cloud, onFault });
  const sdk = await loadSdk();
  if (sdk === undefined) throw new Error("the SDK is a development dependency");
  const endpoint = `http://127.0.0.1:${api.port}`;
  const readers = [accountA, accountB].map((accessKeyId) =>
    sdkReader(sdk, { endpoint, credentials: { accessKeyId, secretAccessKey: "causeway" } }),
  );
  const waiting = { sleep: async () => {}, random: () => 0 };
  try {
    return await collect({ readers, regions: ["us-east-1", "eu-west-1"], waiting, onEvent });
  } finally {
    await api.close();
  }
}

/** Collections sorted by their text, which begins with the same fields for all: the two sources have no common order. */
export function inOrder(model: NetworkModel): object {
  const sorted = (things: readonly unknown[]) =>
    [...things]
      .map((thing) => [JSON.stringify(canonical(thing)), thing] as const)
      .sort(byText)
      .map(([, thing]) => thing);
  return Object.fromEntries(
    Object.entries(model).map(([kind, things]) => [
      kind,
      Array.isArray(things) ? sorted(things.map(membersInOrder)) : things,
    ]),
  );
}

const byText = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;

/** Who is associated or propagates is a set. */
function membersInOrder(thing: object): object {
  return Object.fromEntries(
    Object.entries(thing).map(([name, value]) =>
      ["associations", "propagations"].includes(name)
        ? [name, [...value].sort((a, b) => (a.transitGatewayAttachmentId < b.transitGatewayAttachmentId ? -1 : 1))]
        : [name, value],
    ),
  );
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, canonical(each)]),
  );
}
