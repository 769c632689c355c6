/** Reads live accounts, or a local cloud through its endpoint, into the JSON of describe-* answers. Changes nothing there. */
export { type CollectedFile, type CollectOptions, collect } from "./collect.ts";
export type { CollectEvent } from "./events.ts";
export { snapshotPolicy } from "./iam-policy.ts";
export { errorText, type Reader } from "./read-api.ts";
export { loadSdk, type Sdk, type SdkReaderOptions, sdkPackages, sdkReader } from "./sdk.ts";
