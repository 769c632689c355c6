import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AwsError, isAwsError } from "./errors.ts";
import { parseJson } from "./json.ts";
import { type Operation, type ServiceName, serviceModel } from "./model.ts";
import { answer, operationOfMessage, readMessage, refusal, serviceOfMessage } from "./protocol.ts";
import { escaped } from "./xml-answer.ts";

const requestId = "59dbff89-35bd-4eac-99ed-be587EXAMPLE";

function operation(service: ServiceName, name: string): Operation {
  const found = serviceModel(service).operations.get(name);
  if (found === undefined) throw new Error(`no operation ${name}`);
  return found;
}

describe("answers on the wire (semantics 13)", () => {
  test("EC2: members beside requestId, item lists, empty lists as empty elements, milliseconds", () => {
    const output = {
      VpcPeeringConnections: [
        {
          VpcPeeringConnectionId: "pcx-1",
          Tags: [],
          ExpirationTime: new Date(Date.UTC(2024, 0, 31, 12)),
          Status: undefined,
        },
      ],
      internal: "not AWS's",
    };
    expect(answer(operation("ec2", "DescribeVpcPeeringConnections"), output, requestId)).toEqual({
      status: 200,
      headers: { "Content-Type": "text/xml;charset=UTF-8", "x-amzn-RequestId": requestId },
      body:
        '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<DescribeVpcPeeringConnectionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">' +
        `<requestId>${requestId}</requestId>` +
        "<vpcPeeringConnectionSet><item><vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId><tagSet/>" +
        "<expirationTime>2024-01-31T12:00:00.000Z</expirationTime></item></vpcPeeringConnectionSet>" +
        "</DescribeVpcPeeringConnectionsResponse>",
    });
  });

  test.each([
    ["DeleteRoute", {}],
    ["DeleteVpc", {}],
    ["CreateTags", {}],
    ["DeleteVpcPeeringConnection", { Return: true }],
  ])("EC2: %s says that it took effect", (name, output) => {
    expect(answer(operation("ec2", name), output, requestId).body).toContain(
      `</requestId><return>true</return></${name}Response>`,
    );
  });

  test("Query: a result in its wrapper, or none where the model has no output", () => {
    expect(answer(operation("sts", "GetCallerIdentity"), { Account: "1" }, "r").body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">' +
        "<GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>" +
        "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>",
    );
    expect(answer(operation("iam", "DeleteRole"), {}, "r").body).not.toContain("Result");
  });

  test("refusals in each protocol's shape", () => {
    const error = new AwsError("InvalidVpcID.NotFound", "The vpc ID 'vpc-<1>' does not exist");
    expect(refusal(serviceModel("ec2"), error, "r")).toMatchObject({
      status: 400,
      body:
        '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code>' +
        "<Message>The vpc ID 'vpc-&lt;1&gt;' does not exist</Message></Error></Errors><RequestID>r</RequestID></Response>",
    });
    expect(refusal(serviceModel("iam"), new AwsError("ServiceFailure", "x", 500), "r")).toMatchObject({
      status: 500,
      body:
        '<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Receiver</Type>' +
        "<Code>ServiceFailure</Code><Message>x</Message></Error><RequestId>r</RequestId></ErrorResponse>",
    });
    expect(refusal(serviceModel("ssm"), new AwsError("InvalidInstanceId", "x"), "r")).toEqual({
      status: 400,
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "x-amzn-RequestId": "r",
        "x-amzn-ErrorType": "InvalidInstanceId",
      },
      body: '{"__type":"InvalidInstanceId","message":"x"}',
    });
  });

  test("a handler's mistake is a bug, not an answer", () => {
    expect(() => answer(operation("ec2", "DescribeVpcs"), { Vpcs: [{ IsDefault: "yes" }] }, "r")).toThrow(
      "bug: a handler gave string for isDefault",
    );
  });

  test("text of any kind is well-formed XML 1.0 content, and plain text is left alone", () => {
    expect(escaped("plain é 🛰")).toBe("plain é 🛰");
    expect(escaped("a\0b\u001fc\ud800d\uffff")).toBe("a\ufffdb\ufffdc\ufffdd\ufffd");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(escaped(text)).not.toMatch(/[<>"\r\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&(?!(amp|lt|gt|quot|#xD);)/);
      }),
    );
  });
});

describe("JSON 1.1 requests (semantics 13.3)", () => {
  const send = operation("ssm", "SendCommand");

  test("maps, lists, dates; nulls are absent, unknown members ignored", () => {
    const body = '{"DocumentName":"d","Parameters":{"commands":["a"],"__proto__":["b"]},"Comment":null,"Nonsense":1}';
    const input = parseJson(send, body);
    expect(Object.keys(input)).toEqual(["DocumentName", "Parameters"]);
    expect(Object.entries(Object(input.Parameters))).toEqual([
      ["commands", ["a"]],
      ["__proto__", ["b"]],
    ]);
    expect(parseJson(operation("ssm", "ListCommands"), "")).toEqual({});
  });

  test.each([
    ["{", "SerializationException"],
    ["[]", "SerializationException"],
    ["null", "SerializationException"],
    ['{"DocumentName":1}', "SerializationException"],
    ['{"DocumentName":"d","TimeoutSeconds":"3"}', "SerializationException"],
    ['{"DocumentName":"d","InstanceIds":"i-1"}', "SerializationException"],
    ['{"DocumentName":"d","Parameters":[]}', "SerializationException"],
    ["{}", "ValidationException"],
  ])("%s is refused with %s", (body, code) => {
    expect(() => parseJson(send, body)).toThrow(expect.objectContaining({ code }));
  });

  test("any JSON is an input or an AwsError", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...serviceModel("ssm").operations.values()),
        fc.oneof(fc.json(), fc.string()),
        (each, body) => {
          try {
            parseJson(each, body);
          } catch (error) {
            if (!isAwsError(error)) throw error;
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("which service and operation a message is for (semantics 13.4)", () => {
  test.each([
    [{ body: "Action=DescribeVpcs&Version=2016-11-15" }, undefined, "ec2", "DescribeVpcs"],
    [{ body: "", queryString: "Action=DescribeVpcs&Version=2016-11-15" }, undefined, "ec2", "DescribeVpcs"],
    [{ body: "Action=GetCallerIdentity&Version=2011-06-15" }, undefined, "sts", "GetCallerIdentity"],
    [{ body: "Action=GetCallerIdentity" }, "sts", "sts", "GetCallerIdentity"],
    [{ body: "{}", target: "AmazonSSM.SendCommand" }, undefined, "ssm", "SendCommand"],
    [{ body: "{}", target: "AmazonSSM.SendCommand" }, "ssm", "ssm", "SendCommand"],
  ])("%o signed for %s is %s %s", (request, scope, service, name) => {
    const message = readMessage(request);
    const model = serviceOfMessage(message, scope);
    expect(model?.service).toBe(service);
    expect(model && operationOfMessage(model, message).name).toBe(name);
  });

  test("a service without a model is none", () => {
    expect(serviceOfMessage(readMessage({ body: "Action=DescribeVpcs&Version=2016-11-15" }), "sqs")).toBeUndefined();
    expect(serviceOfMessage(readMessage({ body: "" }))).toBeUndefined();
  });

  test.each([
    ["ec2", { body: "Action=MakeCoffee" }, "InvalidAction", "The action MakeCoffee is not valid for this web service."],
    ["ec2", { body: "" }, "MissingAction", undefined],
    ["ssm", { body: "{}", target: "AmazonSSM.MakeCoffee" }, "UnknownOperationException", undefined],
    ["ssm", { body: "{}", target: "AmazonEC2.SendCommand" }, "UnknownOperationException", undefined],
    ["ssm", { body: "{}" }, "UnknownOperationException", undefined],
  ] as const)("%s %o is refused with %s", (service, request, code, message) => {
    expect(() => operationOfMessage(serviceModel(service), readMessage(request))).toThrow(
      expect.objectContaining(message === undefined ? { code } : { code, message }),
    );
  });
});
