/**
 * The local cloud without its HTTP server: state, clockwork, actions and the data plane, put together from the ports it is given.
 * One operation is one transaction; its answer leaves when it is durable and when the packets follow it. Operations that arrive
 * together become durable in one write.
 */
import type { NetworkModel } from "../model/index.ts";
import { networkModelOf } from "./network-model.ts";
import { touchesPackets } from "./packets-touched.ts";
import type { Blobs, Clock, DataPlane, Functions, Pace, RandomSource, Store } from "./ports.ts";
import { openResponseDoor, type ResponseDoor } from "./response-door.ts";
import type { ActionContext, Background, Caller, CloudSettings } from "./services/action.ts";
import { dryRun, idempotent } from "./services/call-wrappers.ts";
import { askAgain } from "./services/cloudformation/custom-resource/requests.ts";
import { stackEngine } from "./services/cloudformation/operation/engine.ts";
import { type InstanceRoleCredentials, newInstanceRoleCredentials } from "./services/ec2/instance/role-credentials.ts";
import { hasDueUserData, runDueUserData } from "./services/ec2/instance/user-data.ts";
import { openScope } from "./services/ec2/vpc/default-vpc.ts";
import { type ServiceName, services } from "./services/registry.ts";
import { agentRegistry } from "./services/ssm/agent/register-agents.ts";
import { settleInterruptedCommands } from "./services/ssm/interrupted-commands.ts";
import { callerOf } from "./services/sts/caller.ts";
import { openSessionDoor, type SessionDoor } from "./session-door.ts";
import { openState, type StateView } from "./state/state.ts";
import type { Transaction } from "./state/transaction.ts";
import { sweepBlobs } from "./sweep-blobs.ts";

export interface CloudOptions {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly functions: Functions;
  readonly dataPlane: DataPlane;
  readonly pace: Pace;
  readonly settings: CloudSettings;
  /** Calls `end` when the requests that have arrived together are read: their changes go into one write. At once when not given. */
  readonly endOfTurn?: (end: () => void) => void;
  /** Told of what must never happen: a bug in background work, a data plane that could not follow. */
  readonly onFault: (message: string, error: unknown) => void;
}

export interface Call {
  readonly service: ServiceName;
  readonly operation: string;
  /** Parsed and checked against the service's model. */
  readonly input: object;
  readonly accessKeyId: string;
  readonly region: string;
}

export interface Cloud {
  /** Runs one operation. Throws `AwsError` when the API refuses. Its outcome is for nobody to see before `settled`. */
  call(call: Call): object;
  /** Resolves when every change made so far is durable and the packets follow it; rejects when the store could not take it. */
  settled(): Promise<void>;
  model(): NetworkModel;
  readonly view: StateView;
  /** For work that no call has started. */
  readonly background: Background;
  /** Where Session Manager's data channels come in. */
  readonly sessions: SessionDoor;
  /** Where functions put their answers for CloudFormation. */
  readonly responses: ResponseDoor;
  /** Credentials for what runs in an instance, from its instance profile's role. */
  newInstanceRoleCredentials(instanceId: string): InstanceRoleCredentials | undefined;
  /** Lets the clock move what is due; a running cloud does so by itself. */
  advance(): void;
  /** Stops the clockwork. The store stays open. */
  stop(): void;
}

/** Calls that become durable together. */
interface Turn {
  readonly waiting: { readonly resolve: (inForce: Promise<void>) => void; readonly reject: (error: unknown) => void }[];
}

export function createCloud(options: CloudOptions): Cloud {
  const { clock, random, blobs, functions, dataPlane, settings, endOfTurn, onFault } = options;
  const state = openState(options);
  const model = networkModelOf(state.view);
  const registerAgents = agentRegistry(state.view, model, (work) => state.transact(clock.now(), work));

  let inForce: Promise<void> = Promise.resolve();
  let dirty = false;
  let turn: Turn | undefined;
  let wake: (() => void) | undefined;
  let stopped = false;

  state.onCommit((changes) => {
    dirty ||= touchesPackets(changes, state.view);
  });

  const responses = openResponseDoor(clock, random, settings);
  const stacks = stackEngine({
    view: state.view,
    transact: state.transact,
    contextFor,
    pace: options.pace,
    onFault,
  });
  const background: Background = {
    dataPlane,
    blobs,
    functions,
    responses,
    settings,
    onFault: (error) => onFault("work behind an answered call failed", error),
    transact: (work) => durable(() => state.transact(clock.now(), work)),
  };

  /** Runs `work`, then makes what it changed durable, before this returns. */
  function durable<T>(work: () => T): T {
    state.gather();
    try {
      return work();
    } finally {
      writeDown();
    }
  }

  /** Runs `work` as part of this turn, whose changes become durable together when it ends. */
  function thisTurn<T>(work: () => T): T {
    if (endOfTurn === undefined) return durable(work);
    state.gather();
    if (turn === undefined) {
      const own: Turn = { waiting: [] };
      turn = own;
      endOfTurn(() => endTurn(own));
    }
    return work();
  }

  function endTurn(own: Turn): void {
    // Somebody who could not wait has ended it.
    if (turn !== own) return;
    try {
      writeDown();
    } catch (error) {
      // Whoever waits has been told; without anybody it is nobody's but ours.
      if (own.waiting.length === 0) onFault("changes could not be written down", error);
    }
  }

  /** Ends the turn: to the store, to the packets, to those who wait; then sets the alarm for what is due next. */
  function writeDown(): void {
    const ended = turn;
    turn = undefined;
    try {
      state.writeDown();
    } catch (error) {
      for (const { reject } of ended?.waiting ?? []) reject(error);
      throw error;
    } finally {
      if (dirty) {
        dirty = false;
        inForce = dataPlane
          .reconcile(model())
          .catch((error) => onFault("the packets could not follow a change", error));
      }
      runUserData();
      setAlarm();
    }
    try {
      registerAgents();
    } catch (error) {
      // Nobody has asked for this: what was written down before stands.
      onFault("an instance could not be registered with Systems Manager", error);
    }
    for (const { resolve } of ended?.waiting ?? []) resolve(inForce);
  }

  function settled(): Promise<void> {
    const current = turn;
    if (current === undefined) return inForce;
    return new Promise((resolve, reject) => current.waiting.push({ resolve, reject }));
  }

  /** Scripts of instances that have come up start when packets reach these. */
  function runUserData(): void {
    if (!hasDueUserData(state.view)) return;
    inForce.then(() => runDueUserData(background)).catch((error) => onFault("user data could not be run", error));
  }

  function setAlarm(): void {
    wake?.();
    wake = undefined;
    const due = [state.nextDue(), stacks.nextDue()].filter((each) => each !== undefined);
    if (due.length === 0 || stopped) return;
    const at = Math.min(...due);
    wake = clock.schedule(at, () => {
      wake = undefined;
      try {
        advance();
      } catch (error) {
        // Nobody waits for this: the row stays as it was, and the cloud goes on.
        onFault("a row could not be moved along its life cycle", error);
      }
    });
  }

  function advance(): void {
    durable(() => goOn(clock.now()));
  }

  /** Everything that happens by itself at this time: rows move along their life cycles, and stacks go on with what has become possible. */
  function goOn(now: number): void {
    state.advance(now);
    // Bounded: whoever has called waits for this. What is left goes on with the next alarm.
    for (let turns = 0; turns < 5_000 && stacks.run(now); turns += 1) state.advance(now);
  }

  function contextFor(transaction: Transaction, caller: Caller): ActionContext {
    return {
      ...transaction,
      caller,
      settings,
      dataPlane,
      blobs,
      functions,
      model,
      background: (work) =>
        transaction.afterCommit(() => {
          work(background).catch((error) => onFault("work behind an answered call failed", error));
        }),
    };
  }

  function call({ service, operation, input, accessKeyId, region }: Call): object {
    return thisTurn(() => {
      const now = clock.now();
      goOn(now);
      const action = services[service][operation];
      if (action === undefined) throw new Error(`bug: ${service}:${operation} was not refused before`);
      const caller = callerOf(state.view, accessKeyId, region, now);
      if (
        service === "ec2" &&
        state.view.visible("openedScope", `${caller.accountId}/${region}`, caller.accountId, region) === undefined
      ) {
        state.transact(now, (transaction) => openScope(contextFor(transaction, caller)));
        // A default VPC is there from the start: its first states are not for anybody to see.
        state.advance(now);
      }
      const output = state.transact(now, (transaction) => {
        const context = contextFor(transaction, caller);
        // The input was parsed from the model that the action's own types come from.
        const run = (): object => action(input as never, context);
        return dryRun(input, () => idempotent(service, operation, input, context, run));
      });
      // What takes no time at this pace goes into the same write, and to the packets in one go.
      goOn(now);
      return output;
    });
  }

  state.transact(clock.now(), (transaction) => settleInterruptedCommands(transaction));
  sweepBlobs(state.view, blobs);
  const sessions = openSessionDoor(background);
  state.onCommit(sessions.follow);
  dirty = true;
  durable(() => goOn(clock.now()));
  askAgain(state.view, background);

  return {
    call,
    settled,
    model,
    view: state.view,
    background,
    sessions,
    responses,
    newInstanceRoleCredentials: (instanceId) =>
      background.transact((transaction) => newInstanceRoleCredentials(transaction, instanceId)),
    advance,
    stop() {
      stopped = true;
      writeDown();
      sessions.close();
      responses.close();
      wake?.();
    },
  };
}
