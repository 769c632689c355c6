/**
 * A client that deploys and destroys stacks over the SDK with change sets, as the toolkit does. While the cloud is away it asks again, with
 * the same token: what was cut off has happened or has not, and either way the same call brings it to its end.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { isCutOff } from "../lane.ts";
import type { StackToDeploy } from "./assembly.ts";

export interface StackClient {
  /** Creates or updates all of the stacks, each when those before it are there; resolves to their statuses. */
  deploy(stacks: readonly StackToDeploy[]): Promise<Statuses>;
  /** Deletes them, each when those that need it are gone. */
  destroy(stacks: readonly StackToDeploy[]): Promise<Statuses>;
  close(): void;
}

export type Statuses = { readonly [stackName: string]: string };

const pollMs = 60;

/** `patienceMs`: longer than this nothing may stay as it is. */
export function stackClient(endpoint: string, account: string, { patienceMs = 120_000 } = {}): StackClient {
  const clients = new Map<string, CloudFormationClient>();
  function clientIn(region: string): CloudFormationClient {
    const client =
      clients.get(region) ??
      new CloudFormationClient({
        endpoint,
        region,
        credentials: { accessKeyId: account, secretAccessKey: "causeway" },
        maxAttempts: 1,
      });
    clients.set(region, client);
    return client;
  }

  async function describe(region: string, StackName: string): Promise<Stack | undefined> {
    try {
      const answer = await patiently(() => clientIn(region).send(new DescribeStacksCommand({ StackName })));
      return answer.Stacks?.[0];
    } catch (error) {
      if (isNamed(error, "ValidationError") && error.message.endsWith("does not exist")) return undefined;
      throw error;
    }
  }

  async function deployOne({ name: StackName, region, template }: StackToDeploy): Promise<string> {
    const client = clientIn(region);
    const there = await describe(region, StackName);
    const ChangeSetName = `c-${randomUUID()}`;
    const named = { StackName, ChangeSetName };
    const ChangeSetType = there === undefined || there.StackStatus === "REVIEW_IN_PROGRESS" ? "CREATE" : "UPDATE";
    const Capabilities = [
      "CAPABILITY_IAM" as const,
      "CAPABILITY_NAMED_IAM" as const,
      "CAPABILITY_AUTO_EXPAND" as const,
    ];
    const create = new CreateChangeSetCommand({ ...named, ChangeSetType, TemplateBody: template, Capabilities });
    try {
      await patiently(() => client.send(create));
    } catch (error) {
      // No other has this name: a call that was cut off had been heard.
      if (!isNamed(error, "AlreadyExistsException")) throw error;
    }
    const made = await until(
      `change set of ${StackName}`,
      () => patiently(() => client.send(new DescribeChangeSetCommand(named))),
      ({ Status = "" }) => Status === "CREATE_COMPLETE" || Status === "FAILED",
    );
    if (made.Status === "FAILED" && made.StatusReason?.includes("didn't contain changes"))
      return there?.StackStatus ?? "";
    if (made.Status === "FAILED") throw new Error(`${StackName}: ${made.StatusReason}`);
    const execute = new ExecuteChangeSetCommand({ ...named, ClientRequestToken: randomUUID() });
    await patiently(() => client.send(execute));
    return settled(region, made.StackId ?? StackName);
  }

  async function destroyOne({ name: StackName, region }: StackToDeploy): Promise<string> {
    const there = await describe(region, StackName);
    if (there === undefined) return "DELETE_COMPLETE";
    const remove = new DeleteStackCommand({ StackName, ClientRequestToken: randomUUID() });
    await patiently(() => clientIn(region).send(remove));
    return settled(region, there.StackId ?? StackName);
  }

  async function settled(region: string, stackId: string): Promise<string> {
    const stack = await until(
      stackId,
      () => describe(region, stackId),
      (each) => each?.StackStatus?.endsWith("_IN_PROGRESS") === false,
      () => eventsOf(region, stackId),
    );
    return stack?.StackStatus ?? "";
  }

  /** For whoever reads of a stack that does not come to an end. */
  async function eventsOf(region: string, StackName: string): Promise<string> {
    const { StackEvents = [] } = await clientIn(region).send(new DescribeStackEventsCommand({ StackName }));
    return StackEvents.slice(0, 20)
      .map((each) => `${each.LogicalResourceId} ${each.ResourceStatus} ${each.ResourceStatusReason ?? ""}`)
      .join("\n");
  }

  /** Sends until there is an answer. */
  async function patiently<T>(send: () => Promise<T>): Promise<T> {
    const end = Date.now() + patienceMs;
    for (;;) {
      try {
        return await send();
      } catch (error) {
        if (!isCutOff(error) || Date.now() > end) throw error;
        await sleep(pollMs);
      }
    }
  }

  /** Looks until it is so. */
  async function until<T>(
    what: string,
    look: () => Promise<T>,
    isSo: (seen: T) => boolean,
    details: () => Promise<string> = async () => "",
  ): Promise<T> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const seen = await look();
      if (isSo(seen)) return seen;
      if (Date.now() > end)
        throw new Error(`${what} does not come to its end: ${JSON.stringify(seen)}\n${await details()}`);
      await sleep(pollMs);
    }
  }

  return {
    deploy: (stacks) => inOrder(stacks, ({ after }) => after, deployOne),
    destroy: (stacks) =>
      inOrder(
        stacks,
        ({ name }) => stacks.filter(({ after }) => after.includes(name)).map((each) => each.name),
        destroyOne,
      ),
    close() {
      for (const client of clients.values()) client.destroy();
    },
  };
}

/** All at once, but each behind those that it has to wait for. */
async function inOrder(
  stacks: readonly StackToDeploy[],
  before: (stack: StackToDeploy) => readonly string[],
  work: (stack: StackToDeploy) => Promise<string>,
): Promise<Statuses> {
  const begun = new Map<string, Promise<string>>();
  function begin(stack: StackToDeploy): Promise<string> {
    const present = begun.get(stack.name);
    if (present !== undefined) return present;
    const needed = stacks.filter(({ name }) => before(stack).includes(name)).map(begin);
    const own = Promise.all(needed).then(() => work(stack));
    begun.set(stack.name, own);
    return own;
  }
  const statuses = await Promise.all(stacks.map(begin));
  return Object.fromEntries(stacks.map(({ name }, index) => [name, statuses[index] ?? ""]));
}

function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}
