/** What an action is given and what it answers: the input as AWS's model parsed it, one transaction, and who is calling. */
import type { NetworkModel } from "../../model/index.ts";
import type { Blobs, DataPlane } from "../ports.ts";
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
  transact<T>(work: (transaction: Transaction) => T): T;
}

export interface ActionContext extends Transaction {
  readonly caller: Caller;
  readonly settings: CloudSettings;
  readonly dataPlane: Pick<DataPlane, "mode">;
  readonly blobs: Blobs;
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
