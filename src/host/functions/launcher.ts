/** Starts the processes of functions: in a sandbox of their own, or, where a user has said so, as they are. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { dirname } from "node:path";
import type { Fabric } from "../fabric.ts";
import { FabricError } from "../fabric-error.ts";
import { killGroup } from "../kill-group.ts";
import { type EndpointSocket, openEndpointSocket, socketName } from "./endpoint-socket.ts";
import type { Launch } from "./environment.ts";
import { sdkFolder } from "./sdk-folder.ts";

export interface LaunchRequest {
  readonly id: string;
  readonly codeFolder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Launcher {
  /** A `node_modules` that is to be found from where code is unpacked; undefined where a function sees it elsewhere. */
  readonly modulesBesideCode: string | undefined;
  /** Why nothing can be started here; undefined when it can. */
  ready(): Promise<string | undefined>;
  launch(request: LaunchRequest): Promise<Launch>;
  /** The process with this id is over. */
  forget(id: string): void;
  close(): Promise<void>;
}

export interface LauncherOptions {
  /** The built `function-runtime.js`. */
  readonly runtime: string;
  /** The cloud's port. */
  readonly port: () => number;
}

/** Where Lambda has things. */
const taskRoot = "/var/task";
const runtimeFolder = "/var/runtime";
/** Above the function's code, so that `import` finds it as well as `require`. */
const modulesFolder = "/var/node_modules";
const nodeProgram = "/var/lang/bin/node";
const socketFolder = "/var/causeway";

/**
 * In a network that reaches the cloud's endpoint and nothing else, with the code, the SDK and Node to read, and a `/tmp` in
 * memory to write. `startFabric` is called once, when it is needed.
 */
export function confinedLauncher({
  runtime,
  port,
  startFabric,
}: LauncherOptions & { readonly startFabric: () => Promise<Fabric> }): Launcher {
  const sdk = sdkFolder(dirname(runtime));
  let started: Promise<{ readonly fabric: Fabric; readonly socket: EndpointSocket } | string> | undefined;

  async function start() {
    try {
      const fabric = await startFabric();
      // A fabric that is lost is started again for the next function.
      fabric.onLost(() => {
        started = undefined;
      });
      return { fabric, socket: await openEndpointSocket(port) };
    } catch (error) {
      if (!(error instanceof FabricError)) throw error;
      return `${error.message} Functions are run outside of a sandbox, as you, when the cloud is started with --functions unconfined.`;
    }
  }

  async function sandbox() {
    started ??= start();
    const found = await started;
    if (typeof found === "string") throw new Error(`bug: started where nothing can be: ${found}`);
    return found;
  }

  const namespaceOf = (id: string): string => `function-${id}`;

  return {
    modulesBesideCode: undefined,
    async ready() {
      started ??= start();
      const found = await started;
      return typeof found === "string" ? found : undefined;
    },
    async launch({ id, codeFolder, environment }) {
      const { fabric, socket } = await sandbox();
      const namespace = namespaceOf(id);
      await fabric.apply([{ op: "namespace-add", namespace }]);
      return (onOutput) => {
        const command = fabric.runInteractive({
          namespace,
          argv: [nodeProgram, `${runtimeFolder}/index.mjs`],
          hostName: "lambda",
          readOnly: [
            { source: codeFolder, target: taskRoot },
            { source: process.execPath, target: nodeProgram },
            { source: runtime, target: `${runtimeFolder}/index.mjs` },
            { source: socket.folder, target: socketFolder },
            ...(sdk === undefined ? [] : [{ source: sdk.path, target: modulesFolder }]),
          ],
          environment: {
            ...environment,
            LAMBDA_TASK_ROOT: taskRoot,
            LAMBDA_RUNTIME_DIR: runtimeFolder,
            NODE_PATH: modulesFolder,
            HOME: "/tmp",
            CAUSEWAY_SOCKET: `${socketFolder}/${socketName}`,
            CAUSEWAY_SDK_CLIENTS: (sdk?.clients ?? []).join(", "),
          },
          onOutput: (_stream, chunk) => onOutput(chunk),
        });
        return {
          write: (text) => command.write(Buffer.from(text)),
          closeInput: () => command.end(),
          kill: () => command.kill(),
          exit: command.exit,
        };
      };
    },
    forget(id) {
      void started?.then((found) =>
        typeof found === "string"
          ? undefined
          : // A namespace that has gone with its fabric is gone.
            found.fabric.apply([{ op: "namespace-delete", namespace: namespaceOf(id) }]).catch(() => undefined),
      );
    },
    async close() {
      const found = await started;
      if (found === undefined || typeof found === "string") return;
      found.socket.close();
      await found.fabric.close();
    },
  };
}

/** As the user who runs the cloud, with all that this user may do. */
export function unconfinedLauncher({ runtime }: Pick<LauncherOptions, "runtime">): Launcher {
  const sdk = sdkFolder(dirname(runtime));
  return {
    modulesBesideCode: sdk?.path,
    ready: async () => undefined,
    launch: async ({ codeFolder, environment }) => {
      return (onOutput) => {
        const child = spawn(process.execPath, [runtime], {
          cwd: codeFolder,
          // A process group of its own: what it starts ends with it.
          detached: true,
          stdio: ["pipe", "pipe", "pipe"],
          env: {
            ...environment,
            PATH: process.env.PATH,
            LAMBDA_TASK_ROOT: codeFolder,
            LAMBDA_RUNTIME_DIR: dirname(runtime),
            NODE_PATH: sdk?.path ?? "",
            CAUSEWAY_SDK_CLIENTS: (sdk?.clients ?? []).join(", "),
          },
        });
        child.stdout.on("data", onOutput);
        child.stderr.on("data", onOutput);
        // It may end without reading what it is told.
        child.stdin.on("error", () => undefined);
        return {
          write: (text) => child.stdin.write(text),
          closeInput: () => child.stdin.end(),
          kill: () => killGroup(child),
          exit: new Promise((resolve, reject) => {
            child.once("error", reject);
            child.once("close", (code, signal) =>
              resolve(code ?? 128 + (signal === null ? 0 : (constants.signals[signal] ?? 0))),
            );
          }),
        };
      };
    },
    forget: () => undefined,
    close: async () => undefined,
  };
}
