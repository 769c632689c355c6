/** The network that a question is about: of the running cloud, or of a snapshot file. */
import { readFileSync } from "node:fs";
import { type NetworkModel, snapshotFromJson } from "../model/index.ts";
import { ask } from "./control-client.ts";
import { stateFolder } from "./state-folder.ts";
import { UserError } from "./user-error.ts";

export interface QuestionSource {
  readonly snapshot: string | undefined;
  readonly state: string | undefined;
}

export async function modelInQuestion({ snapshot, state }: QuestionSource): Promise<NetworkModel> {
  return snapshot === undefined ? modelOfCloud(state) : modelOfFile(snapshot);
}

/** The running cloud's network, now. */
export function modelOfCloud(state: string | undefined): Promise<NetworkModel> {
  return ask<NetworkModel>(stateFolder(state), { do: "model" });
}

/** The network of a snapshot file. Throws a `UserError` that says what is wrong with it, and where. */
function modelOfFile(path: string): NetworkModel {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError("SNAPSHOT", `The snapshot ${path} cannot be read: ${reason}.`, "Name a file that is there.");
  }
  const read = snapshotFromJson(text);
  if (read.ok) return read.model;
  const [first] = read.problems;
  const more = read.problems.length > 1 ? ` (and ${read.problems.length - 1} more problems)` : "";
  throw new UserError(
    "SNAPSHOT",
    `${path} is not a snapshot of a network: ${first?.path ? `${first.path}: ` : ""}${first?.message ?? ""}${more}.`,
    "`causeway snapshot` writes one.",
  );
}
