import { describe, expect, test } from "vitest";
import { AwsError, serviceModel } from "./index.ts";
import type { Member, Operation, ServiceModel, Shape } from "./model.ts";
import { answer, inputOfMessage, operationOfMessage, readMessage, refusal } from "./protocol.ts";

/** RAM has no labels and no headers: a service that has them, as the generator would give it. */
function widgets(...operations: readonly [name: string, method: string, path: string, ...members: Member[]][]) {
  const found = new Map<string, Operation>();
  const model: ServiceModel = { ...serviceModel("ram"), errors: new Map(), operations: found };
  for (const [name, method, path, ...members] of operations) {
    const input = { type: "structure", name, members, xmlName: undefined } as const;
    found.set(name, { name, model, input, output: undefined, http: { method, path, query: [], status: 201 } });
  }
  return model;
}

function member(name: string, shape: Shape, location?: Member["location"], required = true): Member {
  const names = { name, ec2QueryName: name, xmlName: name, jsonName: name };
  return { ...names, shape, required, location, flattened: false, idempotencyToken: false, enumValues: undefined };
}

const string = { type: "string" } as const;
const number = { type: "number" } as const;
const strings = { type: "list", item: string, itemName: undefined } as const;

const model = widgets(
  ["ListWidgets", "GET", "/widgets", member("color", strings, ["query", "color"], false)],
  ["PutWidget", "PUT", "/widgets/{id}", member("id", string, ["label"]), member("weight", number)],
  ["GetPart", "GET", "/widgets/{id}/{part+}", member("id", string, ["label"]), member("part", string, ["label"])],
  [
    "DeleteWidget",
    "DELETE",
    "/widgets/{id}",
    member("id", string, ["label"]),
    member("version", number, ["header", "X-Version"]),
    member("until", { type: "timestamp" }, ["query", "until"], false),
    member("force", { type: "boolean" }, ["query", "force"], false),
  ],
);

function read(method: string, path: string, rest: { queryString?: string; body?: string; headers?: object } = {}) {
  const headers = { "content-type": "application/json", ...rest.headers };
  const message = readMessage({ method, path, body: "", ...rest, headers });
  const operation = operationOfMessage(model, message);
  return { operation: operation.name, input: inputOfMessage(operation, message) };
}

describe("a request", () => {
  test.each([
    ["GET", "/widgets", {}, "ListWidgets", {}],
    ["GET", "/widgets/", {}, "ListWidgets", {}],
    ["GET", "/widgets", { queryString: "color=red&color=dark+blue" }, "ListWidgets", { color: ["red", "dark blue"] }],
    ["PUT", "/widgets/a%2Fb", { body: '{"weight":2.5,"id":"other"}' }, "PutWidget", { id: "a/b", weight: 2.5 }],
    ["GET", "/widgets/1/left/upper%20arm", {}, "GetPart", { id: "1", part: "left/upper arm" }],
    ["DELETE", "/widgets/1", { headers: { "x-version": "7" } }, "DeleteWidget", { id: "1", version: 7 }],
    [
      "DELETE",
      "/widgets/1",
      { headers: { "x-version": "7" }, queryString: "until=2026-01-31T12:00:00Z&force=true" },
      "DeleteWidget",
      { id: "1", version: 7, until: new Date("2026-01-31T12:00:00Z"), force: true },
    ],
  ])("%s %s %j is %s", (method, path, rest, operation, input) => {
    expect(read(method, path, rest)).toEqual({ operation, input });
  });

  test.each([
    ["POST", "/widgets", {}, "UnknownOperationException"],
    ["GET", "/", {}, "UnknownOperationException"],
    ["GET", "/widgets//", {}, "UnknownOperationException"],
    ["PUT", "/widgets/1/2", {}, "UnknownOperationException"],
    ["PUT", "/widgets/%zz", { body: '{"weight":1}' }, "SerializationException"],
    ["PUT", "/widgets/1", { body: "{" }, "SerializationException"],
    ["PUT", "/widgets/1", { body: '{"weight":"much"}' }, "SerializationException"],
    ["DELETE", "/widgets/1", { headers: { "x-version": "new" } }, "SerializationException"],
    ["PUT", "/widgets/1", {}, "ValidationException"],
    ["DELETE", "/widgets/1", {}, "ValidationException"],
  ])("%s %s %j is refused with %s", (method, path, rest, code) => {
    expect(() => read(method, path, rest)).toThrow(expect.objectContaining({ code }));
  });

  test("what RAM misses is told by RAM's own code, every member at once", () => {
    const message = readMessage({ path: "/tagresource", body: "{}", headers: { "content-type": "application/json" } });
    const operation = operationOfMessage(serviceModel("ram"), message);
    expect(() => inputOfMessage(operation, message)).toThrow(
      expect.objectContaining({
        code: "MissingRequiredParameterException",
        message:
          "1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null",
      }),
    );
  });

  test("a body of JSON is no form, whatever it holds", () => {
    const body = '{"name":"100%"}';
    expect(readMessage({ body, headers: { "content-type": "application/json; charset=utf-8" } }).form).toEqual([]);
    expect(() => readMessage({ body })).toThrow(expect.objectContaining({ code: "MalformedQueryString" }));
    const authorization = "AWS4-HMAC-SHA256 Credential=1/20260101/us-east-1/lambda/aws4_request, Signature=x";
    for (const type of ["application/octet-stream", undefined])
      expect(readMessage({ body, headers: { authorization, "content-type": type } }).form).toEqual([]);
  });
});

test("an answer has the model's status, a refusal its code in a header", () => {
  const operation = operationOfMessage(model, readMessage({ method: "GET", path: "/widgets", body: "" }));
  expect(answer(operation, {}, "r-1")).toEqual({
    status: 201,
    headers: { "Content-Type": "application/json", "x-amzn-RequestId": "r-1" },
    body: "{}",
  });
  expect(refusal(model, new AwsError("NotEnoughWidgets", "None left.", 409), "r-2")).toEqual({
    status: 409,
    headers: {
      "Content-Type": "application/json",
      "x-amzn-RequestId": "r-2",
      "x-amzn-ErrorType": "NotEnoughWidgets",
    },
    body: '{"message":"None left."}',
  });
});

test.each(["PUT", "DELETE", "PATCH"])("the services of forms take no %s", (method) => {
  const message = readMessage({ method, body: "Action=DescribeVpcs&Version=2016-11-15" });
  expect(() => operationOfMessage(serviceModel("ec2"), message)).toThrow(
    expect.objectContaining({ code: "MethodNotAllowed", httpStatus: 405 }),
  );
});
