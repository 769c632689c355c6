/** Reads live accounts, or a local cloud through its endpoint, into the JSON of describe-* answers. Changes nothing there. */
export { CannotRead, type CollectedFile, type CollectOptions, collect } from "./collect.ts";
export type { CollectEvent } from "./events.ts";
export { snapshotPolicy } from "./iam-policy.ts";
export type { Reader } from "./read-api.ts";
export { assumeRole, loadSdk, type SdkReaderOptions, sdkPackages, sdkReader } from "./sdk.ts";
