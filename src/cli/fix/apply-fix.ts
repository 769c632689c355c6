/** Makes a fix's changes in a running cloud by real API calls, each by its owner in its Region, and waits for the states that AWS takes time for. */
import type { NetworkChange } from "../../reachability/index.ts";
import { type ApiClient, ApiError, type ApiInput, type ApiValue, isInput, isList } from "../api/api-client.ts";
import { watchStates } from "../api/watch-states.ts";
import { optionalText, text } from "../api/xml.ts";
import { type ChangeCall, callsOf, gone, type Until, withRealNames } from "./change-calls.ts";

export interface Applied {
  /** The changes that were made, in order. */
  readonly made: readonly NetworkChange[];
  /** Present when AWS refused one: it, and what follows it, was not made. */
  readonly refused?: { readonly change: NetworkChange; readonly code: string; readonly message: string };
}

export interface Applying {
  readonly clientAt: (place: { readonly ownerId: string; readonly region: string }) => ApiClient;
  readonly signal: AbortSignal;
  readonly onMade: (change: NetworkChange) => void;
}

/** Stops at the first refusal. */
export async function applyFix(changes: readonly NetworkChange[], applying: Applying): Promise<Applied> {
  const made: NetworkChange[] = [];
  const names = new Map<string, string>();
  for (const change of changes) {
    const refused = await makeChange(change, names, applying);
    if (refused !== undefined) return { made, refused: { change, ...refused } };
    made.push(change);
    applying.onMade(change);
  }
  return { made };
}

type Refusal = { readonly code: string; readonly message: string };

async function makeChange(
  change: NetworkChange,
  names: Map<string, string>,
  { clientAt, signal }: Applying,
): Promise<Refusal | undefined> {
  const client = clientAt(change);
  for (const call of callsOf(change)) {
    try {
      await makeCall(client, call, names);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { code: error.code, message: error.said };
    }
    const { until } = call;
    const state = until === undefined ? undefined : await settled(client, until, names, signal);
    if (until !== undefined && state !== until.state)
      return { code: "IncorrectState", message: `it is ${state}, and was to become ${until.state}` };
  }
  return undefined;
}

/** What AWS made takes the place of its provisional name from here on. */
async function makeCall(client: ApiClient, { operation, input, makes = [] }: ChangeCall, names: Map<string, string>) {
  const answer = await client.call(operation, withNames(input, names));
  for (const { provisional, path } of makes) names.set(provisional, text(answer, ...path));
}

async function settled(
  client: ApiClient,
  { operation, input, path, state }: Until,
  names: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const read = async () => optionalText(await client.call(operation, withNames(input, names)), ...path) ?? gone;
  const seen = await watchStates({ first: await read(), read, last: state, signal });
  return seen.at(-1);
}

function withNames(input: ApiInput, names: ReadonlyMap<string, string>): ApiInput {
  return Object.fromEntries(Object.entries(input).map(([member, value]) => [member, named(value, names)]));
}

function named(value: ApiValue, names: ReadonlyMap<string, string>): ApiValue {
  if (isList(value)) return value.map((each) => named(each, names));
  if (isInput(value)) return withNames(value, names);
  return typeof value === "string" ? withRealNames(value, names) : value;
}
