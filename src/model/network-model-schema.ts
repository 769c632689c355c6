/** The JSON schema (draft 2020-12) of a snapshot, written from the shapes; network-model.schema.json is its checked-in copy. */
import { networkModelVersion } from "./network-model.ts";
import { networkModelShape } from "./network-model-shape.ts";
import type { RecordShape, Shape } from "./shape.ts";

export type JsonSchema = { readonly [keyword: string]: unknown };

/** The schema as plain data. Canonical form of addresses and references between resources are beyond what it can say. */
export function networkModelSchema(): JsonSchema {
  const definitions: Record<string, JsonSchema> = {};
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "NetworkModel",
    description: `A network as plain data, version ${networkModelVersion}`,
    ...recordSchema(networkModelShape, definitions),
    $defs: definitions,
  };
}

function schemaOf(shape: Shape, definitions: Record<string, JsonSchema>): JsonSchema {
  switch (shape.kind) {
    case "text":
      return shape.pattern === undefined ? { type: "string" } : { type: "string", pattern: shape.pattern.source };
    case "cidr":
      return { type: "string", pattern: "^[0-9a-f.:]+/[0-9]{1,3}$", description: "a CIDR block in canonical form" };
    case "address":
      return { type: "string", pattern: "^[0-9a-f.:]+$", description: "an IP address in canonical form" };
    case "choice":
      return shape.values.length === 1 ? { const: shape.values[0] } : { enum: shape.values };
    case "integer":
      return { type: "integer", minimum: shape.minimum, maximum: shape.maximum };
    case "constant":
      return { const: shape.value };
    case "boolean":
      return { type: "boolean" };
    case "list":
      return { type: "array", items: schemaOf(shape.of, definitions) };
    case "record":
      return defined(shape.title, definitions, () => recordSchema(shape, definitions));
    case "variants":
      return defined(shape.title, definitions, () => ({
        oneOf: Object.values(shape.cases).map((each) => recordSchema(each, definitions)),
      }));
  }
}

function defined(title: string, definitions: Record<string, JsonSchema>, make: () => JsonSchema): JsonSchema {
  definitions[title] ??= make();
  return { $ref: `#/$defs/${title}` };
}

function recordSchema(shape: RecordShape, definitions: Record<string, JsonSchema>): JsonSchema {
  const fields = Object.entries(shape.fields);
  return {
    type: "object",
    properties: Object.fromEntries(
      fields.map(([name, each]) => [name, schemaOf(each.kind === "optional" ? each.of : each, definitions)]),
    ),
    required: fields.filter(([, each]) => each.kind !== "optional").map(([name]) => name),
    additionalProperties: false,
  };
}
