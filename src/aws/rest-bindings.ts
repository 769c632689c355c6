/**
 * What the REST protocols share: an input's members in path, query and headers, an answer's in headers and status.
 * https://smithy.io/2.0/spec/http-bindings.html
 */
import { AwsError } from "./errors.ts";
import type { Form } from "./form.ts";
import type { HttpBinding, Member, MemberLocation, Operation, Shape } from "./model.ts";
import { booleanOf, dateOf, httpDateOf, numberOf } from "./scalars.ts";

/** By lower-case name. */
export type Headers = { readonly [name: string]: string | readonly string[] | undefined };

/** What of a request an operation's input can be in. */
export interface RestRequest {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: Form;
  readonly headers: Headers;
  readonly body: string;
  /** The body as it was sent, where it may be more than text. */
  readonly bytes: Uint8Array;
}

export type Labels = ReadonlyMap<string, string>;

/** Whether the query holds what tells this operation from another one on the same path. */
export function queryHolds({ query }: HttpBinding, given: Form): boolean {
  return query.every(([name, value]) =>
    given.some((field) => field[0] === name && (value === "" || field[1] === value)),
  );
}

/** Reads the members that are not in the body. Adds the names of required ones that are not there to `missing`. */
export function readBoundMembers(
  operation: Operation,
  request: RestRequest,
  labels: Labels,
  missing: string[],
): { [member: string]: unknown } {
  const input: { [member: string]: unknown } = {};
  for (const member of operation.input.members) {
    const { location } = member;
    if (location === undefined || location[0] === "payload") continue;
    const value = location[0] === "headers" ? mapOf(location[1], request.headers) : boundValue(member, labels, request);
    if (value !== undefined) input[member.name] = value;
    else if (member.required) missing.push(member.name);
  }
  return input;
}

/** The member that is the whole body, if there is one. */
export function payloadOf(members: readonly Member[]): Member | undefined {
  return members.find(({ location }) => location?.[0] === "payload");
}

/** Status and headers of an answer, as far as members of the output are bound to them. */
export function boundAnswer(operation: Operation, output: object): { status: number; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  let status = operation.http?.status ?? 200;
  for (const member of operation.output?.members ?? []) {
    const { location } = member;
    const value: unknown = Reflect.get(output, member.name);
    if (location === undefined || value === undefined || value === null) continue;
    if (location[0] === "status") status = Number(value);
    else if (location[0] === "header") headers[location[1]] = headerText(member, value);
    else if (location[0] === "headers")
      for (const [key, entry] of Object.entries(value)) headers[`${location[1]}${key}`] = String(entry);
  }
  return { status, headers };
}

function boundValue(member: Member, labels: Labels, request: RestRequest): unknown {
  const texts = textsOf(member, labels, request);
  return texts.length > 0 ? readMember(member, texts) : undefined;
}

/** A member's texts; several for a list, none when it was not sent. */
function textsOf({ name, location }: Member, labels: Labels, { query, headers }: RestRequest): readonly string[] {
  switch (location?.[0]) {
    case "label":
      return [labels.get(name) ?? []].flat();
    case "query":
      return query.filter(([parameter]) => parameter === location[1]).map(([, value]) => value);
    case "header":
      return [headers[location[1].toLowerCase()] ?? []].flat();
    default:
      return [];
  }
}

function mapOf(prefix: string, headers: Headers): { readonly [key: string]: string } | undefined {
  const entries = Object.entries(headers)
    .filter(([name]) => name.startsWith(prefix.toLowerCase()))
    .map(([name, value]) => [name.slice(prefix.length), [value].flat().join(",")] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function readMember({ shape, name, location }: Member, texts: readonly string[]): unknown {
  if (shape.type !== "list") return scalarOf(shape, texts.at(-1) ?? "", name, location);
  // A header holds a whole list, a query one field for each item.
  const items =
    location?.[0] === "header" ? texts.flatMap((text) => text.split(",")).map((text) => text.trim()) : texts;
  return items.map((text) => scalarOf(shape.item, text, name, location));
}

function scalarOf(shape: Shape, text: string, name: string, location: MemberLocation | undefined): unknown {
  const value = readScalar(shape, text, location);
  if (value === undefined)
    throw new AwsError("SerializationException", `Expected a ${shape.type} at '${name}', found '${text}'.`);
  return value;
}

function readScalar(shape: Shape, text: string, location: MemberLocation | undefined): unknown {
  switch (shape.type) {
    case "string":
      return text;
    case "number":
      return numberOf(text);
    case "boolean":
      return booleanOf(text);
    case "timestamp":
      return location?.[0] === "header" ? (httpDateOf(text) ?? dateOf(text)) : dateOf(text);
    default:
      throw new Error(`bug: a ${shape.type} outside the body`);
  }
}

function headerText({ name, shape }: Member, value: unknown): string {
  if (value instanceof Date) return value.toUTCString();
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value !== shape.type) throw new Error(`bug: a handler gave ${typeof value} for ${name}`);
  return String(value);
}
