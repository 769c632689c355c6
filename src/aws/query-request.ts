/**
 * Requests of the EC2 Query and AWS Query protocols: dotted form fields to a handler's input, by the model alone.
 *
 *     Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1      EC2: lists are always flattened
 *     Tags.member.1.Key=a&Map.entry.1.key=k            Query: lists under `member`, maps under `entry`
 *
 * Indices may be sparse and out of order. EC2 refuses what it does not know; the Query services ignore it.
 * Source: semantics 13.1 and 13.2.
 */
import { AwsError, invalidParameterValue, missingParameter, unknownParameter } from "./errors.ts";
import type { Form } from "./form.ts";
import type { ListShape, MapShape, Member, Operation, Shape, SimpleShape, StructureShape } from "./model.ts";
import { booleanOf, bytesOf, dateOf, numberOf } from "./scalars.ts";
import { missingMembers } from "./validation-error.ts";

/** An operation's input by the SDK's member names, in the SDK's types. */
export type Input = { readonly [member: string]: unknown };

/** Reads an EC2 request. Throws AwsError: UnknownParameter, MissingParameter, InvalidParameterValue, InvalidQueryParameter. */
export function parseEc2Query(operation: Operation, form: Form): Input {
  return ec2.decode(operation, form);
}

/** Reads an AWS Query request. Throws AwsError: ValidationError, MalformedInput, InvalidQueryParameter. */
export function parseQuery(operation: Operation, form: Form): Input {
  return query.decode(operation, form);
}

/** Where the two protocols differ. */
interface Dialect {
  readonly nameOf: (member: Member) => string;
  readonly wrapped: boolean;
  readonly unknown: (path: string) => void;
  readonly missing: (paths: readonly string[]) => AwsError;
  readonly wrong: (path: string, value: string, expected: string) => AwsError;
}

/** One name's value and what is under it. */
interface Node {
  text: string | undefined;
  children: Map<string, Node> | undefined;
}

type Decode = (node: Node, path: string) => unknown;

const ec2 = codec({
  nameOf: (member) => member.ec2QueryName,
  wrapped: false,
  unknown: (path) => {
    throw unknownParameter(path);
  },
  missing: ([path = ""]) => missingParameter(path),
  wrong: (path, value, expected) =>
    invalidParameterValue(`Value (${excerpt(value)}) for parameter ${path} is invalid. Expected ${expected}.`),
});

const query = codec({
  nameOf: (member) => member.xmlName,
  wrapped: true,
  unknown: () => undefined,
  missing: (paths) => missingMembers("ValidationError", paths),
  wrong: (path, value, expected) =>
    new AwsError("MalformedInput", `'${excerpt(value)}' at '${path}' is not ${expected}.`),
});

/** Fields of the protocol and of a presigned URL, which are no members of an input. */
const protocolFields = new Set([
  "Action",
  "Version",
  "AWSAccessKeyId",
  "Expires",
  "SecurityToken",
  "Signature",
  "SignatureMethod",
  "SignatureVersion",
  "Timestamp",
]);

/** Deeper names than any input has are refused before they cost anything. */
const maxDepth = 32;

const indexText = /^[1-9][0-9]{0,8}$/;

function treeOf(form: Form, members: ReadonlyMap<string, unknown>): Node {
  const root: Node = { text: undefined, children: new Map() };
  for (const [name, value] of form) {
    if ((protocolFields.has(name) && !members.has(name)) || name.startsWith("X-Amz-")) continue;
    const parts = name.split(".", maxDepth + 1);
    if (parts.length > maxDepth)
      throw new AwsError("InvalidQueryParameter", `The parameter ${excerpt(name)} is nested too deeply.`);
    let node = root;
    for (const part of parts) {
      node.children ??= new Map();
      let child = node.children.get(part);
      if (child === undefined) {
        child = { text: undefined, children: undefined };
        node.children.set(part, child);
      }
      node = child;
    }
    node.text = value;
  }
  return root;
}

function codec(dialect: Dialect) {
  const structures = new WeakMap<
    StructureShape,
    { readonly members: ReadonlyMap<string, unknown>; readonly decode: (node: Node, path: string) => Input }
  >();

  function structureOf(shape: StructureShape) {
    const known = structures.get(shape);
    if (known !== undefined) return known;
    const members = new Map<string, { readonly name: string; readonly decode: Decode }>();
    const required: { readonly name: string; readonly wireName: string }[] = [];
    const made = {
      members,
      decode(node: Node, path: string): Input {
        if (node.children === undefined && node.text) throw dialect.wrong(path, node.text, "a structure");
        const input: { [member: string]: unknown } = {};
        for (const [part, child] of node.children ?? []) {
          const member = members.get(part);
          const childPath = path === "" ? part : `${path}.${part}`;
          if (member === undefined) dialect.unknown(deepest(child, childPath));
          else input[member.name] = member.decode(child, childPath);
        }
        const missing = required.filter(({ name }) => input[name] === undefined);
        if (missing.length > 0)
          throw dialect.missing(missing.map(({ wireName }) => (path === "" ? wireName : `${path}.${wireName}`)));
        return input;
      },
    };
    // Registered before its members are compiled, for shapes that contain themselves.
    structures.set(shape, made);
    for (const member of shape.members) {
      const wireName = dialect.nameOf(member);
      members.set(wireName, { name: member.name, decode: decoderOf(member.shape, member.flattened) });
      if (member.required) required.push({ name: member.name, wireName });
    }
    return made;
  }

  function decoderOf(shape: Shape, flattened: boolean): Decode {
    switch (shape.type) {
      case "structure": {
        let decode: Decode | undefined;
        return (node, path) => {
          decode ??= structureOf(shape).decode;
          return decode(node, path);
        };
      }
      case "list":
        return listDecoder(shape, flattened);
      case "map":
        return mapDecoder(shape, flattened);
      default:
        return simpleDecoder(shape);
    }
  }

  function listDecoder(shape: ListShape, flattened: boolean): Decode {
    const wrapper = dialect.wrapped && !flattened ? (shape.itemName ?? "member") : undefined;
    let decodeItem: Decode | undefined;
    return (node, path) => {
      decodeItem ??= decoderOf(shape.item, false);
      const decode = decodeItem;
      return indexed(node, path, wrapper).map(([child, childPath]) => decode(child, childPath));
    };
  }

  function mapDecoder(shape: MapShape, flattened: boolean): Decode {
    const wrapper = dialect.wrapped && !flattened ? "entry" : undefined;
    let decodeValue: Decode | undefined;
    return (node, path) => {
      decodeValue ??= decoderOf(shape.value, false);
      // Without a prototype: the keys are the client's.
      const entries: { [key: string]: unknown } = Object.create(null);
      for (const [child, childPath] of indexed(node, path, wrapper)) {
        const key = child.children?.get(shape.keyName)?.text;
        const value = child.children?.get(shape.valueName);
        if (key === undefined) throw dialect.missing([`${childPath}.${shape.keyName}`]);
        if (value === undefined) throw dialect.missing([`${childPath}.${shape.valueName}`]);
        entries[key] = decodeValue(value, `${childPath}.${shape.valueName}`);
      }
      return entries;
    };
  }

  /** The numbered children in the order of their numbers. `Name=` alone is an empty list. */
  function indexed(node: Node, path: string, wrapper: string | undefined): readonly (readonly [Node, string])[] {
    if (node.children === undefined) {
      if (node.text)
        throw dialect.wrong(path, node.text, `a list, as in ${path}.${wrapper === undefined ? "" : `${wrapper}.`}1`);
      return [];
    }
    // Clients that do not know the wrapper number the items directly, and the Query services take that too.
    const wrapped = wrapper === undefined ? undefined : node.children.get(wrapper);
    if (wrapped !== undefined) return indexed(wrapped, `${path}.${wrapper}`, undefined);
    const found: (readonly [number, Node, string])[] = [];
    for (const [part, child] of node.children) {
      const childPath = `${path}.${part}`;
      if (indexText.test(part)) found.push([Number(part), child, childPath]);
      else dialect.unknown(deepest(child, childPath));
    }
    return found.sort(([a], [b]) => a - b).map(([, child, childPath]) => [child, childPath]);
  }

  function simpleDecoder({ type }: SimpleShape): Decode {
    const [read, expected] = readers[type];
    return (node, path) => {
      if (node.children !== undefined) dialect.unknown(deepest(node, path));
      if (node.text === undefined) return undefined;
      const value = read(node.text);
      if (value === undefined) throw dialect.wrong(path, node.text, expected);
      return value;
    };
  }

  return {
    decode(operation: Operation, form: Form): Input {
      const { members, decode } = structureOf(operation.input);
      return decode(treeOf(form, members), "");
    },
  };
}

const readers: {
  readonly [type in SimpleShape["type"]]: readonly [read: (text: string) => unknown, expected: string];
} = {
  string: [(text) => text, "text"],
  number: [numberOf, "a number"],
  boolean: [booleanOf, "a boolean value"],
  timestamp: [dateOf, "a timestamp such as 2024-01-31T12:00:00Z"],
  blob: [bytesOf, "base64"],
  document: [(text) => text, "a document"],
};

/** The name as it was sent: down to the first value below a name that is not known. */
function deepest(node: Node, path: string): string {
  let current = node;
  let name = path;
  while (current.children !== undefined) {
    const next = current.children.entries().next();
    if (next.done) break;
    name = `${name}.${next.value[0]}`;
    current = next.value[1];
  }
  return excerpt(name);
}

/** Enough of a client's text to recognise it. */
function excerpt(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
