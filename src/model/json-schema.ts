/** Shapes as JSON schemas (draft 2020-12). */
import type { RecordShape, Shape } from "./shape.ts";

export type JsonSchema = { readonly [keyword: string]: unknown };

/** The schema of a record, with the records in it as definitions. */
export function jsonSchema(shape: RecordShape, description: string): JsonSchema {
  const definitions: Record<string, JsonSchema> = {};
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: shape.title,
    description,
    ...recordSchema(shape, definitions),
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
    case "either":
      return defined(shape.title, definitions, () => ({
        oneOf: shape.cases.map((each) => recordSchema(each, definitions)),
      }));
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
