/** Judges every declared intent by the engine, on the network as it is now: read through the same API as everybody reads it. */
import { setTimeout as sleep } from "node:timers/promises";
import { collect, loadSdk, type Reader, sdkReader } from "../../collect/index.ts";
import { ingestDescribeAnswers } from "../../ingest/index.ts";
import type { NetworkModel } from "../../model/index.ts";
import { type Explanation, explain, type Flow, type Intent } from "../../reachability/index.ts";
import { CannotDeploy } from "../cannot-deploy.ts";
import { resourceName } from "../construct-path.ts";
import { isNoSuchStack } from "../deployed-stack.ts";
import { throughOutages } from "../outages.ts";
import { refusalOf } from "../refusals.ts";
import { placesOf, type Session } from "../session.ts";
import type { AppStack, StackKey } from "../stacks.ts";
import { flowOf, type PhysicalIdOf, trafficText } from "./intent-flow.ts";

export interface Judgement {
  readonly intent: Intent;
  /** For people. */
  readonly words: { readonly from: string; readonly to: string; readonly traffic: string };
  /** Undefined when the question cannot be asked. */
  readonly flow: Flow | undefined;
  readonly explanation: Explanation | undefined;
  /** Whether it is as the app says; undefined when it cannot be told. */
  readonly holds: boolean | undefined;
  /** Why it cannot be told. */
  readonly unclear?: string;
}

export interface Proof {
  readonly judgements: readonly Judgement[];
  readonly model: NetworkModel;
  /** Calls that AWS refused, so that something may be missing in the model. */
  readonly refused: readonly string[];
  /** Entries of the assembly that this version cannot read as intents. */
  readonly strange: number;
}

/** Undefined when the app declares nothing. */
export async function prove(session: Session): Promise<Proof | undefined> {
  const { selection, onEvent } = session;
  const strange = selection.stacks.reduce((sum, { strangeIntents }) => sum + strangeIntents, 0);
  const intents = selection.stacks.flatMap((stack) => stack.intents);
  if (intents.length === 0 && strange === 0) return undefined;
  onEvent({ event: "doing", what: "reading the network for the proof" });
  const refused: string[] = [];
  const [network, deployed] = await throughOutages(
    () => Promise.all([readNetwork(session, refused), physicalIds(session, intents)]),
    onEvent,
  );
  onEvent({ event: "doing", what: "judging what the app promises" });
  const known = { ...deployed, model: network.model, untold: new Map([...network.untold, ...deployed.untold]) };
  return {
    judgements: intents.map((intent) => judged(session, intent, known)),
    model: network.model,
    refused,
    strange,
  };
}

interface Known extends Deployed {
  readonly model: NetworkModel;
}

interface Deployed {
  readonly physicalIdOf: PhysicalIdOf;
  /** Stacks of which AWS does not let us know enough, and its words. */
  readonly untold: Untold;
}

type Untold = ReadonlyMap<StackKey, string>;

function judged(session: Session, intent: Intent, { model, physicalIdOf, untold }: Known): Judgement {
  const words = {
    from: endWords(session, intent.from),
    to: endWords(session, intent.to),
    traffic: trafficText(intent.traffic),
  };
  const refusal = [intent.from, intent.to].map((end) =>
    end.kind === "resource" ? untold.get(end.artifactId) : undefined,
  );
  const why = refusal.find((each) => each !== undefined);
  if (why !== undefined)
    return { intent, words, flow: undefined, explanation: undefined, holds: undefined, unclear: why };
  const asked = flowOf(intent, physicalIdOf);
  if (asked.kind === "unclear") {
    return { intent, words, flow: undefined, explanation: undefined, holds: undefined, unclear: asked.reason };
  }
  const explanation = explain(model, asked.flow);
  const holds = explanation.verdict === "unknown" ? undefined : explanation.verdict === intent.expect;
  const unclear =
    holds === undefined
      ? [...new Set(explanation.unknowns.map(({ id, reason }) => `${id}: ${reason}`))].join("; ")
      : undefined;
  return { intent, words, flow: asked.flow, explanation, holds, ...(unclear !== undefined && { unclear }) };
}

function endWords({ all }: Session, end: Intent["from"]): string {
  if (end.kind !== "resource") return end.kind === "id" ? end.id : end.kind === "address" ? end.address : "internet";
  const stack = all.find(({ artifactId }) => artifactId === end.artifactId);
  return stack === undefined ? `${end.artifactId}/${end.logicalId}` : resourceName(stack, end.logicalId);
}

/** Of all stacks that an intent names. */
async function physicalIds(session: Session, intents: readonly Intent[]): Promise<Deployed> {
  const named = new Set(
    intents.flatMap(({ from, to }) => [from, to]).flatMap((end) => (end.kind === "resource" ? [end.artifactId] : [])),
  );
  const stacks = session.all.filter(({ artifactId }) => named.has(artifactId));
  const ids = new Map<StackKey, ReadonlyMap<string, string>>();
  const untold = new Map<StackKey, string>();
  const read = stacks.map(async (stack) => {
    try {
      ids.set(stack.artifactId, await idsIn(session, stack));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      untold.set(stack.artifactId, refusal.text);
    }
  });
  await Promise.all(read);
  return { physicalIdOf: (artifactId, logicalId) => ids.get(artifactId)?.get(logicalId), untold };
}

async function idsIn(session: Session, stack: AppStack): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  let token: string | undefined;
  try {
    do {
      const page = await session.clients(stack).cloudFormation.listStackResources({
        StackName: stack.name,
        ...(token !== undefined && { NextToken: token }),
      });
      for (const { LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
        if (LogicalResourceId && PhysicalResourceId) ids.set(LogicalResourceId, PhysicalResourceId);
      }
      token = page.NextToken;
    } while (token !== undefined);
  } catch (error) {
    // Of its resources none is there: whoever asks for one is told.
    if (!isNoSuchStack(error)) throw error;
  }
  return ids;
}

async function readNetwork(
  { all, cloud, onEvent }: Session,
  refused: string[],
): Promise<{ readonly model: NetworkModel; readonly untold: Untold }> {
  const sdk = await loadSdk();
  if (sdk === undefined) {
    throw new CannotDeploy(
      "NO_SDK",
      "The proof reads the network through the AWS SDK, which is not installed beside causeway.",
      "Install it: npm install @aws-sdk/client-ec2 @aws-sdk/client-sts. Without a proof: --no-proof",
    );
  }
  const places = placesOf(all);
  const roles = new Map(all.map((stack) => [stack.account, stack.readRole]));
  const untold = new Map<StackKey, string>();
  const files = await Promise.all(
    [...new Set(places.map(({ account }) => account))].map(async (account) => {
      const regions = places.filter((place) => place.account === account).map(({ region }) => region);
      const reader: Reader = sdkReader(sdk, cloud.readAs({ account, region: cloud.home.region }, roles.get(account)));
      try {
        return await collect({
          readers: [reader],
          regions,
          waiting: { sleep: (ms) => sleep(ms), random: Math.random },
          onEvent: (event) => {
            if (event.kind === "refused")
              refused.push(`${event.action} in ${event.account}/${event.region}: ${event.reason}`);
            if (event.kind === "waiting") onEvent({ event: "doing", what: `AWS asks to wait before ${event.action}` });
          },
        });
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === undefined) throw error;
        refused.push(`account ${account}: ${refusal.text}`);
        for (const { artifactId } of all.filter((stack) => stack.account === account))
          untold.set(artifactId, refusal.text);
        return [];
      }
    }),
  );
  return { model: ingestDescribeAnswers(files.flat()).model, untold };
}
