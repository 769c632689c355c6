import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAwsError } from "./errors.ts";
import { readForm } from "./form.ts";
import { type Operation, serviceModel } from "./model.ts";
import { parseEc2Query, parseQuery } from "./query-request.ts";

function operation(service: "ec2" | "iam" | "sts", name: string): Operation {
  const found = serviceModel(service).operations.get(name);
  if (found === undefined) throw new Error(`no operation ${name}`);
  return found;
}

function ec2(name: string, form: string) {
  return parseEc2Query(operation("ec2", name), readForm(`Action=${name}&Version=2016-11-15&${form}`));
}

describe("EC2 Query requests are read by the model (semantics 13.1)", () => {
  test.each([
    ["no parameters", "DescribeVpcs", "", {}],
    ["a list", "DescribeVpcs", "VpcId.1=vpc-1&VpcId.2=vpc-2", { VpcIds: ["vpc-1", "vpc-2"] }],
    [
      "indices out of order, by number and not by text",
      "DescribeVpcs",
      "VpcId.10=c&VpcId.9=b&VpcId.1=a",
      { VpcIds: ["a", "b", "c"] },
    ],
    ["sparse indices", "DescribeVpcs", "VpcId.7=b&VpcId.3=a", { VpcIds: ["a", "b"] }],
    ["an empty list", "DescribeVpcs", "VpcId=", { VpcIds: [] }],
    [
      "a filter",
      "DescribeVpcs",
      "Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1",
      { Filters: [{ Name: "vpc-id", Values: ["vpc-1"] }] },
    ],
    ["plus and percent", "DescribeVpcs", "Filter.1.Name=a+b%26c%2B%C3%A9", { Filters: [{ Name: "a b&c+é" }] }],
    ["numbers and booleans", "DescribeVpcs", "MaxResults=5&DryRun=true", { MaxResults: 5, DryRun: true }],
    ["a boolean as Python writes it", "DescribeVpcs", "DryRun=False", { DryRun: false }],
    [
      "a value that is empty",
      "CreateTags",
      "ResourceId.1=i&Tag.1.Key=k&Tag.1.Value=",
      { Resources: ["i"], Tags: [{ Key: "k", Value: "" }] },
    ],
    [
      "a presigned request's own fields",
      "DescribeVpcs",
      "X-Amz-Signature=1&X-Amz-Date=2&Expires=3&VpcId.1=v",
      { VpcIds: ["v"] },
    ],
    [
      "a date with milliseconds",
      "DescribeSpotPriceHistory",
      "StartTime=2024-01-31T12%3A00%3A00.250Z",
      { StartTime: new Date("2024-01-31T12:00:00.250Z") },
    ],
    [
      "a date with an offset",
      "DescribeSpotPriceHistory",
      "StartTime=2024-01-31T12:00:00%2B0100",
      { StartTime: new Date("2024-01-31T11:00:00Z") },
    ],
    [
      "a date alone",
      "DescribeSpotPriceHistory",
      "StartTime=2024-02-29",
      { StartTime: new Date("2024-02-29T00:00:00Z") },
    ],
  ])("%s", (_what, name, form, input) => {
    expect(ec2(name, form)).toEqual(input);
  });

  test.each([
    ["DescribeVpcs", "Vpc=1", "UnknownParameter", "The parameter Vpc is not recognized"],
    ["DescribeVpcs", "Filter.1.Nmae=x", "UnknownParameter", "The parameter Filter.1.Nmae is not recognized"],
    ["DescribeVpcs", "Bogus.1.Key=x", "UnknownParameter", "The parameter Bogus.1.Key is not recognized"],
    ["DescribeVpcs", "VpcId.x=1", "UnknownParameter", "The parameter VpcId.x is not recognized"],
    ["DescribeVpcs", "VpcId.0=1", "UnknownParameter", "The parameter VpcId.0 is not recognized"],
    ["DescribeVpcs", "VpcId.01=1", "UnknownParameter", "The parameter VpcId.01 is not recognized"],
    ["DescribeVpcs", "VpcId.1.Name=1", "UnknownParameter", "The parameter VpcId.1.Name is not recognized"],
    ["DescribeVpcs", "__proto__.polluted=1", "UnknownParameter", "The parameter __proto__.polluted is not recognized"],
    ["DescribeVpcs", "constructor=1", "UnknownParameter", "The parameter constructor is not recognized"],
    ["DeleteVpc", "", "MissingParameter", "The request must contain the parameter VpcId"],
    ["CreateSubnet", "CidrBlock=10.0.0.0%2F24", "MissingParameter", "The request must contain the parameter VpcId"],
    [
      "DescribeVpcs",
      "DryRun=maybe",
      "InvalidParameterValue",
      "Value (maybe) for parameter DryRun is invalid. Expected a boolean value.",
    ],
    [
      "DescribeVpcs",
      "MaxResults=many",
      "InvalidParameterValue",
      "Value (many) for parameter MaxResults is invalid. Expected a number.",
    ],
    [
      "DescribeVpcs",
      "VpcId=vpc-1",
      "InvalidParameterValue",
      "Value (vpc-1) for parameter VpcId is invalid. Expected a list, as in VpcId.1.",
    ],
    [
      "DescribeVpcs",
      "Filter.1=x",
      "InvalidParameterValue",
      "Value (x) for parameter Filter.1 is invalid. Expected a structure.",
    ],
    ["DescribeSpotPriceHistory", "StartTime=2023-02-29T00:00:00Z", "InvalidParameterValue", undefined],
    ["DescribeSpotPriceHistory", "StartTime=yesterday", "InvalidParameterValue", undefined],
    ["DescribeVpcs", `VpcId${".1".repeat(40)}=x`, "InvalidQueryParameter", undefined],
    ["DescribeVpcs", "VpcId.1=%zz", "MalformedQueryString", "The query string contains a syntax error."],
    ["DescribeVpcs", "a=1&".repeat(20_001), "InvalidQueryParameter", "The request has more than 20000 parameters."],
  ])("%s with %s is refused with %s", (name, form, code, message) => {
    expect(() => ec2(name, form)).toThrow(
      expect.objectContaining(message === undefined ? { code } : { code, message, httpStatus: 400 }),
    );
  });

  test("a huge index costs nothing", () => {
    expect(ec2("DescribeVpcs", "VpcId.999999999=a")).toEqual({ VpcIds: ["a"] });
  });
});

describe("Query requests (semantics 13.2)", () => {
  test.each([
    [
      "TagRole",
      "RoleName=r&Tags.member.2.Key=b&Tags.member.2.Value=2&Tags.member.1.Key=a&Tags.member.1.Value=",
      {
        RoleName: "r",
        Tags: [
          { Key: "a", Value: "" },
          { Key: "b", Value: "2" },
        ],
      },
    ],
    ["TagRole", "RoleName=r&Tags=", { RoleName: "r", Tags: [] }],
    ["TagRole", "RoleName=r&Tags.member=", { RoleName: "r", Tags: [] }],
    ["GetRole", "RoleName=r&Nonsense=1&__proto__.x=2", { RoleName: "r" }],
    ["GetRole", "RoleName=r&X-Amz-Date=20260131", { RoleName: "r" }],
  ])("%s %s", (name, form, input) => {
    expect(parseQuery(operation("iam", name), readForm(`Action=${name}&Version=2010-05-08&${form}`))).toEqual(input);
  });

  test("all missing members are named at once", () => {
    expect(() => parseQuery(operation("sts", "AssumeRole"), readForm("Action=AssumeRole"))).toThrow(
      expect.objectContaining({
        code: "ValidationError",
        message:
          "2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; " +
          "Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
      }),
    );
  });

  test("a number that is none is malformed input", () => {
    const form = readForm("RoleArn=a&RoleSessionName=s&DurationSeconds=long");
    expect(() => parseQuery(operation("sts", "AssumeRole"), form)).toThrow(
      expect.objectContaining({ code: "MalformedInput" }),
    );
  });
});

test("whatever is sent, the answer is an input or an AwsError, and no prototype changes", () => {
  const part = fc.oneof(
    fc.constantFrom(
      "Filter",
      "Value",
      "Name",
      "VpcId",
      "1",
      "2",
      "0",
      "__proto__",
      "constructor",
      "toString",
      "DryRun",
      "IpPermissions",
      "",
    ),
    fc.string(),
  );
  const name = fc.array(part, { minLength: 1, maxLength: 40 }).map((parts) => parts.join("."));
  const sane = fc
    .array(fc.tuple(name, fc.string({ unit: "binary" })), { maxLength: 20 })
    .map((pairs) => new URLSearchParams(pairs).toString());
  const names = [...serviceModel("ec2").operations.keys()];
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.oneof(sane, fc.string({ unit: "binary" })), (action, body) => {
      try {
        const input = parseEc2Query(operation("ec2", action), readForm(body));
        expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
      } catch (error) {
        if (!isAwsError(error)) throw error;
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});

test("a form is read as URLSearchParams reads it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" }))),
      (pairs) => {
        const body = new URLSearchParams(pairs).toString();
        expect(readForm(body)).toEqual([...new URLSearchParams(body)]);
      },
    ),
  );
});
