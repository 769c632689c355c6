/** Snapshots: a network model as JSON text, and back through validation. A snapshot of a newer version is refused by name. */
import { type NetworkModel, networkModelVersion } from "./network-model.ts";
import { isRecord, type ModelProblem } from "./shape.ts";
import { isNetworkModel, validateNetworkModel } from "./validate-network-model.ts";

export type SnapshotResult =
  | { readonly ok: true; readonly model: NetworkModel }
  | { readonly ok: false; readonly problems: readonly ModelProblem[] };

/** JSON text, indented by two spaces and ended by a newline, for files that people read and compare. */
export function snapshotToJson(model: NetworkModel): string {
  return `${JSON.stringify(model, undefined, 2)}\n`;
}

/** Reads what `snapshotToJson` wrote. What is wrong comes back as problems; nothing is thrown and nothing guessed. */
export function snapshotFromJson(text: string): SnapshotResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`not JSON: ${error instanceof Error ? error.message : String(error)}`, "");
  }
  const version = isRecord(value) ? value.version : undefined;
  if (typeof version === "number" && version > networkModelVersion) {
    return refuse(
      `the snapshot has version ${version}, and this program reads up to ${networkModelVersion}: use a newer one`,
      "version",
    );
  }
  return isNetworkModel(value) ? { ok: true, model: value } : { ok: false, problems: validateNetworkModel(value) };
}

function refuse(message: string, path: string): SnapshotResult {
  return { ok: false, problems: [{ path, message }] };
}
