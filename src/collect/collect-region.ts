/** Reads one account in one Region. What AWS refuses is noted beside the answers, and the rest is read all the same. */
import type { CollectEvent } from "./events.ts";
import { errorCode, errorText, type ReadApi } from "./read-api.ts";
import { type Answer, type ListRead, listReads, type ReadAction, type ThingRead, thingReads } from "./reads.ts";
import { patiently, type Waiting } from "./retry.ts";

export interface RegionOptions {
  readonly account: string;
  readonly region: string;
  readonly api: ReadApi;
  readonly waiting: Waiting;
  readonly onEvent: (event: CollectEvent) => void;
}

type Lists = Map<string, readonly unknown[]>;

/** The lists by their names; `NotRead` holds what was refused. */
export async function collectRegion(options: RegionOptions): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const { account, region, onEvent } = options;
  const lists: Lists = new Map();
  const notRead: unknown[] = [];
  for (const read of [...listReads, ...thingReads]) {
    const { action, list } = read;
    try {
      const items = "of" in read ? await readThings(read, lists, options) : await readList(read, options);
      lists.set(list, items);
      onEvent({ kind: "read", account, region, action, count: items.length });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // An endpoint without the action has no such things: the local cloud, or a Region without the feature.
      if (noSuchAction.has(errorCode(error))) continue;
      const reason = errorText(error);
      notRead.push({ Action: action, Reason: reason });
      onEvent({ kind: "refused", account, region, action, reason });
    }
  }
  if (notRead.length > 0) lists.set("NotRead", notRead);
  return lists;
}

const noSuchAction: ReadonlySet<string> = new Set(["InvalidAction", "UnsupportedOperation"]);

/** Anything but a bug of ours, which would look like a gap in the account. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && !(error instanceof TypeError) && !(error instanceof ReferenceError);
}

async function readList({ action, list, pageSize }: ListRead, options: RegionOptions): Promise<readonly unknown[]> {
  const input = pageSize === undefined ? {} : { MaxResults: pageSize };
  const pages = await readPages(action, input, options);
  return pages.flatMap((page) => listIn(page, list));
}

async function readThings(read: ThingRead, lists: Lists, options: RegionOptions): Promise<readonly unknown[]> {
  const answers: Answer[] = [];
  for (const id of idsOf(read, lists)) {
    for (const input of read.inputs) {
      const pages = await readPages(read.action, { ...input, [read.idField]: id }, options);
      const last = pages.at(-1) ?? {};
      const { pagedList } = read;
      answers.push({
        ...last,
        [read.idField]: id,
        ...(pagedList !== undefined && { [pagedList]: pages.flatMap((page) => listIn(page, pagedList)) }),
      });
    }
  }
  return answers;
}

function idsOf({ of, idField, states }: ThingRead, lists: Lists): readonly string[] {
  return listIn(Object.fromEntries(lists), of).flatMap((thing) => {
    const fields: Answer = typeof thing === "object" && thing !== null ? { ...thing } : {};
    const { [idField]: id, State: state } = fields;
    const asked = states === undefined || (typeof state === "string" && states.includes(state));
    return typeof id === "string" && asked ? [id] : [];
  });
}

function listIn(answer: Answer, name: string): readonly unknown[] {
  const list = answer[name];
  return Array.isArray(list) ? list : [];
}

/** Every page of an answer, without what only this call is told. */
async function readPages(action: ReadAction, input: Answer, options: RegionOptions): Promise<readonly Answer[]> {
  const { account, region, api, waiting, onEvent } = options;
  const pages: Answer[] = [];
  let token: unknown;
  do {
    const asked = token === undefined ? input : { ...input, NextToken: token };
    const answer = await patiently(
      () => api.call(action, asked),
      waiting,
      (ms, code) => onEvent({ kind: "waiting", account, region, action, ms, code }),
    );
    const { $metadata, NextToken, ...page } = answer;
    pages.push(page);
    token = NextToken === "" || NextToken === null ? undefined : NextToken;
  } while (token !== undefined);
  return pages;
}
