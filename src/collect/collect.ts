/** Reads accounts into folders of answers, one for each account and Region: what `ingest/` reads, and what people may keep and send. */
import { collectRegion } from "./collect-region.ts";
import type { CollectEvent } from "./events.ts";
import { errorText, type Reader } from "./read-api.ts";
import { patiently, type Waiting } from "./retry.ts";

export interface CollectOptions {
  readonly readers: readonly Reader[];
  /** Undefined for every Region that the account has enabled. */
  readonly regions: readonly string[] | undefined;
  readonly waiting: Waiting;
  readonly onEvent: (event: CollectEvent) => void;
}

/** A file of answers, with a path like `111111111111/eu-west-1/Vpcs.json`. */
export interface CollectedFile {
  readonly path: string;
  readonly text: string;
}

/** Nothing of an account can be read: there are no credentials, or AWS does not take them. */
export class CannotRead extends Error {
  constructor(cause: unknown) {
    super(errorText(cause), { cause });
    this.name = "CannotRead";
  }
}

/** Throws `CannotRead` when it cannot be told whose account a reader reads. What is refused after that is noted in the answers. */
export async function collect(options: CollectOptions): Promise<readonly CollectedFile[]> {
  const files: CollectedFile[] = [];
  const seen = new Set<string>();
  for (const reader of options.readers) {
    const account = await first(() => reader.accountId(), options.waiting);
    // Two profiles of one account are read once.
    if (seen.has(account)) continue;
    seen.add(account);
    files.push(...(await collectAccount(account, reader, options)));
  }
  return files;
}

async function collectAccount(
  account: string,
  reader: Reader,
  { regions, waiting, onEvent }: CollectOptions,
): Promise<readonly CollectedFile[]> {
  const chosen = regions ?? (await enabledRegions(reader, waiting));
  // AWS counts the calls of each Region on their own.
  const folders = await Promise.all(
    chosen.map(async (region) => {
      const lists = await collectRegion({ account, region, api: reader.api(region), waiting, onEvent });
      return [...lists].map(([name, items]) => ({
        path: `${account}/${region}/${name}.json`,
        text: `${JSON.stringify({ [name]: items }, undefined, 2)}\n`,
      }));
    }),
  );
  return folders.flat();
}

/** The first calls of all: whether they are let through decides whether there is anything to read. */
async function first<T>(call: () => Promise<T>, waiting: Waiting): Promise<T> {
  try {
    return await patiently(call, waiting, () => {});
  } catch (error) {
    throw new CannotRead(error);
  }
}

/** This Region is in every account. */
const firstRegion = "us-east-1";

async function enabledRegions(reader: Reader, waiting: Waiting): Promise<readonly string[]> {
  const answer = await first(() => reader.api(firstRegion).call("DescribeRegions", {}), waiting);
  const regions = Array.isArray(answer.Regions) ? (answer.Regions as readonly unknown[]) : [];
  return regions.flatMap((each) => {
    const isNamed = typeof each === "object" && each !== null && "RegionName" in each;
    return isNamed && typeof each.RegionName === "string" ? [each.RegionName] : [];
  });
}
