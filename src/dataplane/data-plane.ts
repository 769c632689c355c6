/**
 * Keeps the kernel in line with the model: level-triggered, one change at a time, the newest model next. When the fabric is
 * lost with everything in it, a new one is built from the last model.
 */
import type { Fabric, HttpRequest, HttpResponse, NamespaceName } from "../host/index.ts";
import type { NetworkModel } from "../model/index.ts";
import { type Changes, diff } from "./diff.ts";
import type { Fragment } from "./kernel-state.ts";
import { createPlanner, type Plan } from "./plan.ts";
import { answerInternet } from "./plan-internet.ts";
import { internetNamespace } from "./wiring.ts";

export interface DataPlaneOptions {
  /** Starts a fresh, empty fabric: at the first model, and again after one was lost. */
  readonly startFabric: () => Promise<Fabric>;
  /** Answers the instance metadata service; `handlerId` is the instance's id. Without it the answer is 404. */
  readonly answerMetadata?: (request: HttpRequest, model: NetworkModel) => Promise<HttpResponse> | HttpResponse;
  readonly onStatus?: (status: DataPlaneStatus) => void;
  /** Fabrics that may be lost in a row, without a model in force in between, before it gives up. Default 3. */
  readonly maxRestarts?: number;
}

export type DataPlaneStatus =
  | { readonly state: "idle" }
  | { readonly state: "applying" }
  /** The newest model is in force. */
  | { readonly state: "in-force"; readonly namespaces: number; readonly operations: number }
  /** The fabric was lost or refused an operation; a new one is being built. */
  | { readonly state: "rebuilding"; readonly reason: string; readonly restarts: number }
  | { readonly state: "failed"; readonly reason: string }
  | { readonly state: "closed" };

export interface DataPlaneStats {
  readonly status: DataPlaneStatus;
  readonly namespaces: number;
  /** Kernel operations of the last reconciliation that changed anything. */
  readonly lastOperations: number;
  readonly reconciliations: number;
  readonly restarts: number;
}

export interface DataPlane {
  /** Resolves when this model, or a newer one, is in force; rejects when the data plane has given up. */
  reconcile(model: NetworkModel): Promise<void>;
  /** The fabric in use, for commands and probes; `undefined` before the first model and after `close`. */
  fabric(): Fabric | undefined;
  /** The namespace of an instance or NAT gateway, or of the one that an interface is attached to, if it carries packets. */
  namespaceOf(id: string): NamespaceName | undefined;
  /** The plan in force. */
  plan(): Plan | undefined;
  stats(): DataPlaneStats;
  close(): Promise<void>;
}

/** A data plane that has done nothing yet. */
export function createDataPlane(options: DataPlaneOptions): DataPlane {
  const maxRestarts = options.maxRestarts ?? 3;
  let running: Running | undefined;
  let newest: NetworkModel | undefined;
  let waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  let working: Promise<void> | undefined;
  let closed = false;
  let restarts = 0;
  let failuresInARow = 0;
  let reconciliations = 0;
  let lastOperations = 0;
  let status: DataPlaneStatus = { state: "idle" };

  const report = (next: DataPlaneStatus) => {
    status = next;
    options.onStatus?.(next);
  };

  const rejectAll = (error: unknown) => {
    for (const waiter of waiting) waiter.reject(error);
    waiting = [];
  };

  const start = async (): Promise<Running> => {
    const fabric = await options.startFabric();
    const started: Running = {
      fabric,
      planner: createPlanner(),
      applied: new Map(),
      listeners: new Map(),
      lost: undefined,
    };
    fabric.onHttp(async (request) => {
      if (request.handlerId === internetNamespace) return answerInternet(request);
      if (options.answerMetadata === undefined || newest === undefined) return { status: 404, headers: {}, body: "" };
      return options.answerMetadata(request, newest);
    });
    fabric.onLost((reason) => {
      started.lost = reason;
      if (running === started && !closed) work();
    });
    return started;
  };

  /** Brings the newest model into force; on failure the fabric is thrown away, because what it holds is not known. */
  const bringIntoForce = async (model: NetworkModel): Promise<void> => {
    running ??= await start();
    if (closed) {
      await running.fabric.close();
      throw isClosed();
    }
    // The fabric is another process: it can begin while this one plans.
    if (running.applied.size === 0) running.fabric.makeAhead(sendersIn(model));
    const plan = running.planner(model);
    const changes = diff(running.applied, plan.fragments);
    if (changes.operations.length > 0 || changes.listen.size > 0 || changes.unlisten.length > 0) {
      report({ state: "applying" });
      await apply(running, changes);
      lastOperations = changes.operations.length;
    }
    running.applied = plan.fragments;
    running.plan = plan;
    reconciliations += 1;
  };

  const giveUpFabric = async (reason: string): Promise<void> => {
    const broken = running;
    running = undefined;
    restarts += 1;
    failuresInARow += 1;
    report({ state: "rebuilding", reason, restarts });
    if (broken !== undefined && broken.lost === undefined) await broken.fabric.close();
  };

  /** One round: true when the newest model is in force and nothing is left to do, or when it has given up. */
  const round = async (model: NetworkModel): Promise<boolean> => {
    if (running?.lost !== undefined) await giveUpFabric(running.lost);
    const served = waiting;
    waiting = [];
    try {
      await bringIntoForce(model);
    } catch (error) {
      waiting = [...served, ...waiting];
      if (closed) {
        rejectAll(isClosed());
        return true;
      }
      const reason = error instanceof Error ? error.message : String(error);
      await giveUpFabric(reason);
      if (failuresInARow <= maxRestarts) return false;
      failuresInARow = 0;
      report({ state: "failed", reason });
      rejectAll(error);
      return true;
    }
    for (const waiter of served) waiter.resolve();
    if (newest !== model || running?.lost !== undefined) return false;
    failuresInARow = 0;
    report({ state: "in-force", namespaces: namespaceCount(running), operations: lastOperations });
    return true;
  };

  /** Goes round until nobody waits; a caller who is told may ask again at once. */
  const goRound = async (): Promise<void> => {
    let done = false;
    while (newest !== undefined && !closed && (!done || waiting.length > 0)) done = await round(newest);
    working = undefined;
  };

  const work = (): void => {
    working ??= goRound();
  };

  return {
    reconcile: (model) => {
      if (closed) return Promise.reject(isClosed());
      newest = model;
      const done = new Promise<void>((resolve, reject) => {
        waiting.push({ resolve, reject });
      });
      work();
      return done;
    },
    fabric: () => running?.fabric,
    namespaceOf: (id) => {
      const network = running?.plan?.network;
      if (network === undefined) return undefined;
      if (network.hosts.has(id)) return id;
      for (const live of network.interfaces.values()) {
        if (live.networkInterface.networkInterfaceId === id) return live.host.id;
      }
      return undefined;
    },
    plan: () => running?.plan,
    stats: () => ({ status, namespaces: namespaceCount(running), lastOperations, reconciliations, restarts }),
    close: async () => {
      closed = true;
      report({ state: "closed" });
      const last = running;
      running = undefined;
      rejectAll(isClosed());
      await last?.fabric.close();
      await working;
    },
  };
}

/** About how many namespaces the model will need. */
function sendersIn(model: NetworkModel): number {
  return model.instances.filter(({ state }) => state === "running").length + model.natGateways.length;
}

function isClosed(): Error {
  return new Error("the data plane is closed");
}

interface Running {
  readonly fabric: Fabric;
  readonly planner: (model: NetworkModel) => Plan;
  applied: ReadonlyMap<string, Fragment>;
  plan?: Plan;
  readonly listeners: Map<string, () => Promise<void>>;
  lost: string | undefined;
}

/** One batch to the kernel; then the listeners, which need its addresses. */
async function apply(running: Running, changes: Changes): Promise<void> {
  const closing = changes.unlisten.map((key) => {
    const close = running.listeners.get(key);
    running.listeners.delete(key);
    return close?.();
  });
  await Promise.all(closing);
  if (changes.operations.length > 0) await running.fabric.apply(changes.operations);
  await Promise.all(
    [...changes.listen].map(async ([key, request]) => {
      running.listeners.set(key, await running.fabric.listen(request));
    }),
  );
}

function namespaceCount(running: Running | undefined): number {
  if (running?.plan === undefined) return 0;
  const { fragments, network } = running.plan;
  return network.scopes.size + network.transitGateways.size + network.hosts.size + (fragments.has("internet") ? 1 : 0);
}
