/** The name a resource has in the model: its owner's Name tag, in its own Region. */
import { type CloudRecord, scopeKey } from "./state/record.ts";
import type { StateView } from "./state/state.ts";

export function ownName(
  record: Pick<CloudRecord, "OwnerId" | "Region">,
  id: string,
  view: StateView,
): string | undefined {
  return view.get("tag", `${scopeKey(record.OwnerId, record.Region)}/${id}`)?.Tags.find((tag) => tag.Key === "Name")
    ?.Value;
}
