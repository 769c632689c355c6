/** What an action is given and what it answers: the input as AWS's model parsed it, one transaction, and who is calling. */
import type { NetworkModel } from "../../model/index.ts";
import type { Blobs, DataPlane, Functions } from "../ports.ts";
import type { OwnResponseDoor } from "../response-door.ts";
import type { Transaction } from "../state/transaction.ts";

export interface Caller {
  readonly accountId: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** `arn:aws:iam::…:root`, or the assumed role's. */
  readonly arn: string;
  readonly userId: string;
}

/** Work that goes on after the answer, in transactions of its own. */
export interface Background {
  readonly dataPlane: DataPlane;
  readonly blobs: Blobs;
  readonly functions: Functions;
  /** Where functions put their answers for CloudFormation. */
  readonly responses: Pick<OwnResponseDoor, "open">;
  readonly settings: CloudSettings;
  /** Told of a bug in work that nobody waits for. */
  onFault(error: unknown): void;
  transact<T>(work: (transaction: Transaction) => T): T;
}

export interface ActionContext extends Transaction {
  readonly caller: Caller;
  readonly settings: CloudSettings;
  readonly dataPlane: Pick<DataPlane, "mode">;
  readonly blobs: Blobs;
  readonly functions: Pick<Functions, "prepare" | "retire">;
  /** The network as it is now, with what this transaction has changed. */
  model(): NetworkModel;
  /** Starts work once the transaction is durable. A rejection is a bug and is reported as one. */
  background(work: (background: Background) => Promise<void>): void;
}

export interface CloudSettings {
  /** Whether user data is run at an instance's first start. */
  readonly userData: "run" | "ignore";
  /** Where the API answers, for what tells clients an address: `http://127.0.0.1:4566`. */
  readonly endpoint: string;
}

/**
 * One operation of a service. Types are the SDK's own command types, whose members the codec reads and writes.
 * Refuses by throwing an `AwsError`; whatever it had written is then undone.
 */
export type Action<Input, Output> = (input: Input, context: ActionContext) => Omit<Output, "$metadata">;

/** The operations of one service by name. What is not listed is refused by name. */
export type Actions = { readonly [operation: string]: Action<never, object> };

const later = new WeakMap<object, Promise<object>>();

/** For an action whose output takes time: starts `work` once the transaction is durable, and gives what stands for its outcome. */
export function answeredLater<O extends object>(
  context: Pick<ActionContext, "background">,
  work: (background: Background) => Promise<O>,
): O {
  // Never looked into: `answered` puts the real output in its place.
  const placeholder = {} as O;
  const outcome = new Promise<object>((resolve, reject) => {
    context.background((background) => work(background).then(resolve, reject));
  });
  // Whoever asks for it is told; nobody may ask when the client is gone.
  outcome.catch(() => undefined);
  later.set(placeholder, outcome);
  return placeholder;
}

/** The output of an action, when it is there. */
export function answered(output: object): object | Promise<object> {
  return later.get(output) ?? output;
}
