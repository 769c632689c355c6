/** Puts a whole cloud together: store, packets, state, API and control socket, on one state folder. The one place where the parts are wired. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ApiServer, type Cloud, createCloud, type Pace, startApiServer } from "../cloud/index.ts";
import { createDataPlane, type DataPlane } from "../dataplane/index.ts";
import {
  checkFabric,
  confinedLauncher,
  type Fabric,
  type FabricEntry,
  FabricError,
  type FunctionHost,
  openBlobs,
  openFunctionHost,
  openStore,
  type RandomSource,
  type Store,
  StoreError,
  seededRandom,
  startFabric,
  systemClock,
  systemRandom,
  unconfinedLauncher,
} from "../host/index.ts";
import type { ControlRequest, StatusResult } from "./control-protocol.ts";
import { type Session, startControlServer } from "./control-server.ts";
import { metadataAnswers } from "./instance-metadata.ts";
import { type NetworkOperations, networkOperations } from "./network-operations.ts";
import { thisProcess } from "./running-process.ts";
import { forgetRunning, makeStateFolder, type StateFolder, writeRunning } from "./state-folder.ts";
import { UserError } from "./user-error.ts";

export interface ServeOptions {
  readonly folder: StateFolder;
  readonly port: number;
  readonly pace: Pace;
  readonly packets: "auto" | "kernel" | "model";
  readonly userData: "run" | "ignore";
  readonly functions: "sandboxed" | "unconfined";
  readonly seed?: string;
  readonly log: (message: string) => void;
}

export interface RunningServer {
  readonly endpoint: string;
  readonly port: number;
  /** What this machine can do, and why. Settled when the fabric has been tried; the API answers before that. */
  readonly packets: Promise<StatusResult["packets"]>;
  operations(request: ControlRequest, session: Session): Promise<unknown>;
  /** Resolves when the packets follow the state, also the state that was there before the start. */
  inForce(): Promise<void>;
  /** Resolves when the cloud was asked to stop, by `stop` or from outside. */
  readonly stopped: Promise<void>;
  stop(): Promise<void>;
}

/** Throws a `UserError` when the port is taken, the folder is in use or its store is damaged, or packets were demanded and cannot be had. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { folder, log } = options;
  makeStateFolder(folder);
  const store = openStoreOf(folder);
  const blobs = openBlobs(folder.blobs);
  const onFault = (message: string, error: unknown): void =>
    log(`fault: ${message}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const random: RandomSource = options.seed === undefined ? systemRandom : seededRandom(options.seed);

  const support = choosePackets(options);
  const dataPlane: DataPlane | undefined =
    options.packets === "model" ? undefined : packetsPlane(options, support.fabric, () => cloud);
  let network: NetworkOperations;
  // Port 0 becomes a real one when the server listens, which is before anybody can ask.
  let { port } = options;
  const settings = {
    userData: options.userData,
    get endpoint() {
      return `http://127.0.0.1:${port}`;
    },
  };
  const functions = openFunctions(options, () => port);
  const openCloud = (): Cloud =>
    createCloud({
      store,
      blobs,
      functions,
      pace: options.pace,
      random: { bytes: random },
      clock: { now: systemClock.now, schedule: (at, fire) => systemClock.setTimer(at - systemClock.now(), fire) },
      settings,
      endOfTurn: setImmediate,
      onFault,
      dataPlane: {
        get mode() {
          return support.mode();
        },
        async reconcile(model) {
          // Until something sends there is nothing to build, and a machine that cannot is not asked to.
          if (dataPlane === undefined || (await support.packets).mode === "model") return;
          await dataPlane.reconcile(model);
        },
        async run({ instanceId, ...request }) {
          const { fabric, command } = network.commandIn(instanceId);
          // What a command leaves in the background, a server say, lives on as it would on AWS.
          return fabric.run({ ...command, ...request, leaveRunning: true });
        },
        startShell({ instanceId, argv, columns, rows, onOutput }) {
          const { fabric, command } = network.commandIn(instanceId);
          const terminal = { columns, rows };
          // With a terminal there is one stream of output.
          return fabric.runInteractive({ ...command, argv, terminal, onOutput: (_stream, chunk) => onOutput(chunk) });
        },
      },
    });
  let cloud = openCloud();
  network = networkOperations({
    dataPlane,
    why: support.why,
    model: () => cloud.model(),
    diskOf: (instanceId) => join(folder.disks, instanceId),
  });

  let api: ApiServer;
  try {
    api = await startApiServer({ port: options.port, cloud: () => cloud, onFault });
  } catch (error) {
    cloud.stop();
    await support.close();
    store.close();
    throw portError(error, options.port);
  }
  port = api.port;
  const { endpoint } = settings;
  const startedAt = new Date(systemClock.now()).toISOString();
  let whenStopped: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    whenStopped = resolve;
  });

  async function operations(request: ControlRequest, session: Session): Promise<unknown> {
    switch (request.do) {
      case "status":
        return status();
      case "model":
        return cloud.model();
      case "stop":
        setImmediate(() => void stop());
        return null;
      case "reset":
        return reset();
      case "exec":
        return network.exec(request, session);
      case "ping":
        return network.ping(request, session);
      case "probe":
        return network.probe(request);
      case "capture":
        return network.capture(request, session);
      default:
        throw new UserError(
          "UNKNOWN_REQUEST",
          "This cloud was started by another version of causeway.",
          "Stop it with `causeway down` and start it again.",
        );
    }
  }

  async function status(): Promise<StatusResult> {
    const model = cloud.model();
    const fabricProcessId = dataPlane?.fabric()?.processId;
    return {
      processId: process.pid,
      port: api.port,
      endpoint,
      statePath: folder.path,
      startedAt,
      pace: options.pace,
      packets: await support.packets,
      counts: {
        VPCs: model.vpcs.length,
        subnets: model.subnets.length,
        instances: model.instances.filter((each) => each.state === "running").length,
        "peering connections": model.vpcPeeringConnections.filter((each) => each.statusCode === "active").length,
        "NAT gateways": model.natGateways.filter((each) => each.state === "available").length,
      },
      ...(fabricProcessId !== undefined && { fabricProcessId }),
    };
  }

  async function reset(): Promise<void> {
    cloud.stop();
    const gone = [...store.load()].map(({ kind, id }) => ({ kind, id, json: null }));
    if (gone.length > 0) store.commit(gone);
    cloud = openCloud();
    await cloud.settled();
    functions.retireAll();
    rmSync(folder.disks, { recursive: true, force: true });
  }

  const stopControl = await startControlServer(folder.socket, operations, onFault);
  writeRunning(folder, { ...thisProcess(), port: api.port, startedAt });

  let stopping: Promise<void> | undefined;
  function stop(): Promise<void> {
    stopping ??= (async () => {
      cloud.stop();
      await Promise.all([api.close(), dataPlane?.close(), functions.close(), support.close()]);
      store.close();
      forgetRunning(folder);
      whenStopped();
      await stopControl();
    })();
    return stopping;
  }

  return {
    endpoint,
    port: api.port,
    packets: support.packets,
    inForce: () => cloud.settled(),
    operations,
    stopped,
    stop,
  };
}

interface PacketChoice {
  readonly packets: Promise<StatusResult["packets"]>;
  /** `kernel` until the machine has been found unable. */
  mode(): "kernel" | "model";
  /** The fabric that was tried, once; afterwards a new one. */
  fabric(): Promise<Fabric>;
  why(): string;
  close(): Promise<void>;
}

/** Tries the machine in the background, so that the API answers at once. */
function choosePackets({ packets }: ServeOptions): PacketChoice {
  if (packets === "model") {
    const why = "switched off with --packets model; pings and probes are refused, records and life cycles work";
    return {
      packets: Promise.resolve({ mode: "model", detail: why }),
      fabric: () => Promise.reject(new Error(`bug: ${why}`)),
      mode: () => "model",
      why: () => why,
      close: async () => {},
    };
  }
  const entry = fabricEntry();
  let why = "";
  let mode: "kernel" | "model" = "kernel";
  const first = startFabric(entry);
  let tried: Promise<Fabric> | undefined = first;
  const result = first
    .then(async (fabric): Promise<StatusResult["packets"]> => {
      const support = await checkFabric(fabric);
      if (support.possible)
        return {
          mode: "kernel",
          detail:
            support.mode === "rootless"
              ? "network namespaces in an unprivileged user namespace"
              : "network namespaces in a user namespace of their own, started by root",
        };
      why = support.reason;
      mode = "model";
      return { mode: "model", detail: `${support.reason} Pings and probes are refused; records and life cycles work.` };
    })
    .catch((error: unknown): StatusResult["packets"] => {
      if (!(error instanceof FabricError)) throw error;
      why = error.message;
      mode = "model";
      return { mode: "model", detail: `${error.message} Pings and probes are refused; records and life cycles work.` };
    });
  return {
    packets: result,
    mode: () => mode,
    why: () => why,
    fabric() {
      const use = tried ?? startFabric(entry);
      tried = undefined;
      return use;
    },
    async close() {
      // A fabric that nothing has used yet; one in use is the data plane's to close.
      await tried?.then((fabric) => fabric.close()).catch(() => undefined);
    },
  };
}

/** In a sandbox of their own, which is tried when there is a function: packets or none, it is the same. */
function openFunctions({ folder, functions }: ServeOptions, port: () => number): FunctionHost {
  const runtime = besideThis("./function-runtime.mjs");
  const launcher =
    functions === "unconfined"
      ? unconfinedLauncher({ runtime })
      : confinedLauncher({ runtime, port, startFabric: () => startFabric(fabricEntry()) });
  return openFunctionHost({ folder: folder.functions, launcher });
}

function fabricEntry(): FabricEntry {
  return { path: besideThis("./fabric.js") };
}

function besideThis(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function packetsPlane({ log }: ServeOptions, fabric: () => Promise<Fabric>, cloud: () => Cloud): DataPlane {
  const metadata = metadataAnswers(cloud);
  return createDataPlane({
    startFabric: fabric,
    answerMetadata: metadata,
    onStatus: (status) => {
      if (status.state === "rebuilding" || status.state === "failed") log(`packets: ${status.state}: ${status.reason}`);
    },
  });
}

function openStoreOf(folder: StateFolder): Store {
  try {
    return openStore(folder.path);
  } catch (error) {
    if (error instanceof StoreError)
      throw new UserError(`STORE_${error.reason.toUpperCase()}`, error.message, error.hint);
    throw error;
  }
}

function portError(error: unknown, port: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return new UserError(
      "PORT_IN_USE",
      `Port ${port} is in use by another program.`,
      "Choose another with --port, or let the system choose with --port 0.",
    );
  if (code === "EACCES")
    return new UserError(
      "PORT_DENIED",
      `Port ${port} is not yours to open.`,
      "Ports below 1024 are the system's; choose another with --port.",
    );
  return error;
}
