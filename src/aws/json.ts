/**
 * JSON as the JSON 1.1 protocol (SSM) and the bodies of REST-JSON have it: requests checked against the model, answers with
 * epoch-second timestamps. Source: semantics 13.3.
 */
import { AwsError } from "./errors.ts";
import type { Operation, Shape, StructureShape } from "./model.ts";
import type { Input } from "./query-request.ts";
import { base64Of, bytesOf } from "./scalars.ts";
import { missingMembers } from "./validation-error.ts";

/** Deeper values than any input has are refused. */
const maxDepth = 64;

/** Reads a JSON 1.1 body; an empty one is an empty input. Throws AwsError: SerializationException, ValidationException. */
export function parseJson(operation: Operation, body: string): Input {
  const missing: string[] = [];
  const input = readJson(operation.input, body, missing);
  if (missing.length > 0) throw missingMembers("ValidationException", missing);
  return input;
}

/** The structure that a body holds; an empty body is an empty one. Adds the paths of required members that are not there to `missing`. */
export function readJson(shape: StructureShape, body: string, missing: string[]): Input {
  return readStructure(shape, body.trim() === "" ? {} : syntaxOf(body), "", missing, 0);
}

/**
 * A call from within the cloud, checked as one from outside would be. A member that the operation does not have is a mistake of the
 * code that calls.
 */
export function checkedInput(operation: Operation, value: object): Input {
  const unknown = Object.keys(value).find(
    (name) => !operation.input.members.some((member) => member.jsonName === name),
  );
  if (unknown !== undefined) throw new Error(`bug: ${operation.name} has no parameter ${unknown}`);
  const missing: string[] = [];
  const input = readStructure(operation.input, value, "", missing, 0);
  if (missing.length > 0) throw missingMembers("ValidationError", missing);
  return input;
}

/** An answer; operations without output answer `{}`. */
export function jsonAnswer(operation: Operation, output: object): string {
  return operation.output === undefined ? "{}" : JSON.stringify(written(operation.output, output, operation.name));
}

/** `{"__type": …, "message": …}` */
export function jsonError(error: AwsError): string {
  return JSON.stringify({ __type: error.code, message: error.message });
}

function syntaxOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new AwsError("SerializationException", "The request body is not valid JSON.");
  }
}

function readStructure(shape: StructureShape, value: unknown, path: string, missing: string[], depth: number): Input {
  if (!isObject(value)) throw wrongType(value, "a structure", path);
  const input: { [member: string]: unknown } = {};
  for (const member of shape.members) {
    const memberPath = path === "" ? member.name : `${path}.${member.name}`;
    const given = Object.hasOwn(value, member.jsonName) ? value[member.jsonName] : undefined;
    if (given !== undefined && given !== null)
      input[member.name] = readValue(member.shape, given, memberPath, missing, depth + 1);
    else if (member.required) missing.push(memberPath);
  }
  return input;
}

function readValue(shape: Shape, value: unknown, path: string, missing: string[], depth: number): unknown {
  if (depth > maxDepth) throw new AwsError("SerializationException", "The request is nested too deeply.");
  switch (shape.type) {
    case "structure":
      return readStructure(shape, value, path, missing, depth);
    case "list":
      if (!Array.isArray(value)) throw wrongType(value, "a list", path);
      return value.map((item, index) => readValue(shape.item, item, `${path}.${index + 1}.member`, missing, depth + 1));
    case "map": {
      if (!isObject(value)) throw wrongType(value, "a map", path);
      // Without a prototype: the keys are the client's.
      const entries: { [key: string]: unknown } = Object.create(null);
      for (const [key, entry] of Object.entries(value)) {
        if (entry !== null) entries[key] = readValue(shape.value, entry, `${path}.${key}.member`, missing, depth + 1);
      }
      return entries;
    }
    case "timestamp":
      if (typeof value !== "number" || Math.abs(value) > 8.64e12)
        throw wrongType(value, "a timestamp in epoch seconds", path);
      return new Date(value * 1000);
    case "blob": {
      const bytes = typeof value === "string" ? bytesOf(value) : undefined;
      if (bytes === undefined) throw wrongType(value, "base64", path);
      return bytes;
    }
    case "document":
      return value;
    default:
      if (typeof value !== shape.type) throw wrongType(value, `a ${shape.type}`, path);
      return value;
  }
}

function written(shape: Shape, value: unknown, name: string): unknown {
  switch (shape.type) {
    case "structure":
      return writtenMembers(shape, value, name);
    case "list":
      if (!Array.isArray(value)) throw mismatch(name, value);
      return value.map((item) => written(shape.item, item, name));
    case "map": {
      if (!isObject(value)) throw mismatch(name, value);
      const json: { [key: string]: unknown } = Object.create(null);
      for (const [key, entry] of Object.entries(value))
        if (entry !== undefined) json[key] = written(shape.value, entry, name);
      return json;
    }
    case "timestamp":
      if (!(value instanceof Date)) throw mismatch(name, value);
      return value.getTime() / 1000;
    case "blob":
      if (!(value instanceof Uint8Array)) throw mismatch(name, value);
      return base64Of(value);
    case "document":
      return value;
    default:
      if (typeof value !== shape.type) throw mismatch(name, value);
      return value;
  }
}

function writtenMembers(shape: StructureShape, value: unknown, name: string): object {
  if (!isObject(value)) throw mismatch(name, value);
  const json: { [member: string]: unknown } = {};
  for (const member of shape.members) {
    // What is in a header is not in the body too.
    const given = member.location === undefined ? value[member.name] : undefined;
    if (given !== undefined && given !== null) json[member.jsonName] = written(member.shape, given, member.name);
  }
  return json;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrongType(value: unknown, expected: string, path: string): AwsError {
  const found =
    value === null ? "null" : Array.isArray(value) ? "a list" : isObject(value) ? "a structure" : `a ${typeof value}`;
  return new AwsError(
    "SerializationException",
    `Expected ${expected} at '${path === "" ? "/" : path}', found ${found}.`,
  );
}

function mismatch(name: string, value: unknown): Error {
  return new Error(`bug: a handler gave ${value === null ? "null" : typeof value} for ${name}`);
}
