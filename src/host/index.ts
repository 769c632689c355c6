/** The machine behind interfaces: namespaces and commands in them, time, randomness, the durable store. */
export { type Blobs, openBlobs } from "./blobs.ts";
export { type SystemClock, systemClock } from "./clock.ts";
export { checkFabric, detectPackets, type PacketSupport } from "./detect-packets.ts";
export type {
  CommandRequest,
  CommandResult,
  Fabric,
  HttpRequest,
  HttpResponse,
  InteractiveCommand,
  InteractiveRequest,
  KernelOperation,
  KernelRoute,
  KernelRule,
  LinkEnd,
  ListenerService,
  ListenRequest,
  NamespaceName,
  ProbeRequest,
  ProbeResult,
} from "./fabric.ts";
export { FabricError } from "./fabric-error.ts";
export {
  type FunctionHost,
  type FunctionOutcome,
  type FunctionRequest,
  openFunctionHost,
} from "./functions/function-host.ts";
export { confinedLauncher, type Launcher, unconfinedLauncher } from "./functions/launcher.ts";
export type { FabricEntry } from "./launch-fabric.ts";
export type {
  NftAddressMap,
  NftAddressRange,
  NftBaseChain,
  NftCommand,
  NftCtState,
  NftCtStatus,
  NftDataType,
  NftElement,
  NftFamily,
  NftField,
  NftHook,
  NftMapDataType,
  NftPart,
  NftPortRange,
  NftRange,
  NftSet,
  NftSource,
  NftStatement,
  NftTable,
  NftTarget,
  NftTcpFlag,
  NftValue,
  NftVerdict,
} from "./nftables/index.ts";
export {
  accept,
  commandText,
  copyMark,
  counter,
  ct,
  decodeAcks,
  dnat,
  drop,
  encodeBatch,
  equals,
  goto,
  jump,
  lookup,
  masquerade,
  match,
  type NftAnswer,
  type NftBatch,
  type NftFailure,
  type NftTableCommands,
  natFromMap,
  not,
  notrack,
  returnToCaller,
  ruleText,
  scriptText,
  snat,
  table,
  verdict,
  verdictText,
  vmap,
  write,
  writeFromMap,
} from "./nftables/index.ts";
export { type RandomSource, seededRandom, systemRandom } from "./random.ts";
export { startFabric } from "./start-fabric.ts";
export { openStore, type Store, type StoreChange, type StoredRecord, StoreError } from "./store.ts";
