/** A call from within the cloud: the same action that a client's call would run, with its input checked by the same model. */
import { checkedInput, serviceModel } from "../../../../aws/index.ts";
import type { Scope } from "../../../state/record.ts";
import type { Transaction } from "../../../state/transaction.ts";
import type { ActionContext, Caller } from "../../action.ts";
import { openScope } from "../../ec2/vpc/default-vpc.ts";
import { isServiceName, services } from "../../registry.ts";
import { callerOf } from "../../sts/caller.ts";

/** Gives a transaction the caller and the ports that an action needs; the cloud has one. */
export type ContextFor = (transaction: Transaction, caller: Caller) => ActionContext;

/** The context of a call by an account itself. */
export function contextOf(
  transaction: Transaction,
  { accountId, region }: Scope,
  contextFor: ContextFor,
): ActionContext {
  return contextFor(transaction, callerOf(transaction, accountId, region, transaction.now));
}

/** Runs `service:Operation`. Throws the `AwsError` that a client would get. */
export function innerCall(action: string, input: object, context: ActionContext): object {
  const [service = "", name = ""] = action.split(":");
  if (!isServiceName(service)) throw new Error(`bug: ${service} is no service of this cloud`);
  const operation = serviceModel(service).operations.get(name);
  const run = services[service][name];
  if (operation === undefined || run === undefined) throw new Error(`bug: ${action} is not answered by this cloud`);
  const { accountId, region } = context.caller;
  if (service === "ec2" && context.get("openedScope", `${accountId}/${region}`) === undefined) openScope(context);
  // The input was checked by the model that the action's own types come from.
  return run(checkedInput(operation, given(input)) as never, context);
}

/** Without the members that are undefined, at any depth: a handler writes down what may be left out. */
function given(value: unknown): object {
  return JSON.parse(JSON.stringify(value));
}
