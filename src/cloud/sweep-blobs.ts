/** Takes away the blobs that no record names: those of a call that came to nothing, or of a process that was ended in the middle of one. */
import type { Blobs } from "./ports.ts";
import type { StateView } from "./state/state.ts";

export function sweepBlobs(view: Pick<StateView, "all">, blobs: Blobs): void {
  const named = new Set<string>();
  for (const { Content } of view.all("s3Object")) for (const id of Content?.Blobs ?? []) named.add(id);
  for (const { Parts } of view.all("multipartUpload")) for (const { Blob } of Parts) named.add(Blob);
  for (const { Code } of view.all("lambdaFunction")) named.add(Code.Blob);
  for (const id of [...blobs.ids()]) if (!named.has(id)) blobs.remove(id);
}
