/** Replaces records of a model; what does not change stays the same object, as in the cloud's own models. */
import type { NetworkModel } from "../../../model/index.ts";

type Collections = Omit<NetworkModel, "version">;

type ItemOf<K extends keyof Collections> = Collections[K][number];

/** The model with one collection changed record by record; a record for which `make` returns itself stays. */
export function editModel<K extends keyof Collections>(
  model: NetworkModel,
  collection: K,
  make: (record: ItemOf<K>) => ItemOf<K>,
): NetworkModel {
  const records: readonly ItemOf<K>[] = model[collection];
  const edited = records.map(make);
  return edited.every((record, at) => record === records[at]) ? model : { ...model, [collection]: edited };
}
