/** The local cloud: AWS's networking APIs over durable state, given time, storage and packets through ports. */
export { type Call, type Cloud, type CloudOptions, createCloud } from "./cloud.ts";
export { type ApiServer, startApiServer } from "./gateway/http-server.ts";
export type {
  Blobs,
  Clock,
  DataPlane,
  FunctionOutcome,
  FunctionRun,
  Functions,
  InstanceCommand,
  InstanceCommandResult,
  Pace,
  RandomSource,
  Shell,
  ShellRequest,
  Store,
  StoredChange,
} from "./ports.ts";
export type { CloudSettings } from "./services/action.ts";
export type { StateView } from "./state/state.ts";
