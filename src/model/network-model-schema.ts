/** The JSON schema (draft 2020-12) of a snapshot, written from the shapes; network-model.schema.json is its checked-in copy. */
import { type JsonSchema, jsonSchema } from "./json-schema.ts";
import { networkModelVersion } from "./network-model.ts";
import { networkModelShape } from "./network-model-shape.ts";

/** The schema as plain data. Canonical form of addresses and references between resources are beyond what it can say. */
export function networkModelSchema(): JsonSchema {
  return jsonSchema(networkModelShape, `A network as plain data, version ${networkModelVersion}`);
}
