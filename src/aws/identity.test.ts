import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AwsError,
  accountOfAccessKey,
  credentialScope,
  defaultAccountId,
  ec2Arn,
  ec2Errors,
  isAwsError,
  isWellFormedId,
  mintAccessKeyId,
  newId,
  parseArn,
  prefixByResourceType,
  resourceTypeOfId,
} from "./index.ts";

const random = (bytes: readonly number[]) => ({
  bytes: (count: number) => Uint8Array.from({ length: count }, (_, index) => bytes[index % bytes.length] ?? 0),
});
const eightBytes = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 8, maxLength: 8 });

describe("the account of an access key (semantics 13.4)", () => {
  test.each([
    ["111111111111", "111111111111"],
    ["000000000000", "000000000000"],
    ["AKIAIOSFODNN7EXAMPLE", defaultAccountId],
    ["ASIAQAAAAAAAAAAAAAAA", defaultAccountId],
    ["test", defaultAccountId],
    ["", defaultAccountId],
    ["1111111111112", defaultAccountId],
    ["LKIAQAAAAAAAAAAAAAAA", "000000000000"],
    ["LSIA777777777777AAAA", defaultAccountId],
    ["LSIAAAAAAAAAAAAAAAAA", defaultAccountId],
  ])("%s belongs to %s", (key, account) => {
    expect(accountOfAccessKey(key)).toBe(account);
  });

  test("a minted key carries its account, looks like a key, and is unlike AWS's", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999_999_999 }),
        eightBytes,
        fc.constantFrom("temporary" as const, "long-term" as const),
        (number, bytes, lifetime) => {
          const account = String(number).padStart(12, "0");
          const key = mintAccessKeyId(account, random(bytes), lifetime);
          expect(key).toMatch(lifetime === "temporary" ? /^LSIA[A-Z2-7]{16}$/ : /^LKIA[A-Z2-7]{16}$/);
          expect(accountOfAccessKey(key)).toBe(account);
        },
      ),
    );
  });

  test("no key is minted for what is no account", () => {
    expect(() => mintAccessKeyId("12", random([0]))).toThrow(AwsError);
  });
});

describe("credential scope (semantics 13.4)", () => {
  const scope = { accessKeyId: "AKID", date: "20260131", region: "us-east-1", service: "ec2" };
  test.each([
    [
      {
        authorization:
          "AWS4-HMAC-SHA256 Credential=AKID/20260131/us-east-1/ec2/aws4_request, SignedHeaders=host;x-amz-date, Signature=abc",
      },
      scope,
    ],
    [
      {
        authorization:
          "AWS4-HMAC-SHA256 Credential=AKID/20260131/us-east-1/ec2/aws4_request,SignedHeaders=host,Signature=abc",
      },
      scope,
    ],
    [{ presignedCredential: "AKID/20260131/us-east-1/ec2/aws4_request" }, scope],
    [{ presignedCredential: "A/B/20260131/us-east-1/ec2/aws4_request" }, { ...scope, accessKeyId: "A/B" }],
  ])("%o", (request, expected) => {
    expect(credentialScope(request)).toEqual(expected);
  });

  test.each([
    [{}, "MissingAuthenticationToken", 403],
    [{ authorization: "" }, "MissingAuthenticationToken", 403],
    [{ authorization: "Bearer x" }, "IncompleteSignature", 400],
    [
      { authorization: "AWS4-HMAC-SHA256 Credential=AKID/20260131/us-east-1/ec2/aws4_request" },
      "IncompleteSignature",
      400,
    ],
    [
      { authorization: "AWS4-HMAC-SHA256 Credential=AKID/us-east-1/ec2/aws4_request, SignedHeaders=a, Signature=b" },
      "IncompleteSignature",
      400,
    ],
    [{ presignedCredential: "AKID/2026/us-east-1/ec2/aws4_request" }, "IncompleteSignature", 400],
    [{ presignedCredential: "AKID/20260131/../ec2/aws4_request" }, "IncompleteSignature", 400],
  ])("%o is refused with %s", (request, code, httpStatus) => {
    expect(() => credentialScope(request)).toThrow(expect.objectContaining({ code, httpStatus }));
  });

  test("any header is a scope or an AwsError", () => {
    const header = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string().map((text) => `AWS4-HMAC-SHA256 Credential=${text}, SignedHeaders=a, Signature=b`),
    );
    fc.assert(
      fc.property(header, (authorization) => {
        try {
          credentialScope({ authorization });
        } catch (error) {
          if (!isAwsError(error)) throw error;
        }
      }),
    );
  });
});

describe("ids and ARNs (semantics 13.1)", () => {
  test("a new id is well-formed for its prefix and names its type", () => {
    for (const [type, prefix] of Object.entries(prefixByResourceType)) {
      const id = newId(prefix, random([1, 0xab, 0xff]));
      expect(id).toBe(`${prefix}-01abff01abff01abf`);
      expect(isWellFormedId(prefix, id)).toBe(true);
      expect(resourceTypeOfId(id)).toBe(type);
    }
  });

  test.each([
    ["vpc", "vpc-0123abcd", true],
    ["vpc", "vpc-0123456789abcdef0", true],
    ["vpc", "vpc-0123456789ABCDEF0", false],
    ["vpc", "vpc-0123456789abcdef", false],
    ["vpc", "subnet-0123abcd", false],
    ["vpc", "vpc-", false],
    ["tgw", "tgw-attach-0123abcd", false],
    ["tgw-attach", "tgw-attach-0123abcd", true],
  ])("as a %s id, %s is %s", (prefix, id, expected) => {
    expect(isWellFormedId(prefix, id)).toBe(expected);
  });

  test("ARNs are written and read", () => {
    const arn = ec2Arn("eu-central-1", "111111111111", "vpc", "vpc-1");
    expect(arn).toBe("arn:aws:ec2:eu-central-1:111111111111:vpc/vpc-1");
    expect(parseArn(arn)).toEqual({
      partition: "aws",
      service: "ec2",
      region: "eu-central-1",
      accountId: "111111111111",
      resource: "vpc/vpc-1",
    });
    expect(parseArn("arn:aws:iam::1:role/a:b")).toMatchObject({ region: "", resource: "role/a:b" });
    expect(parseArn("vpc-1")).toBeUndefined();
  });
});

describe("EC2's spelling of not found and malformed (semantics 13.1)", () => {
  test.each([
    [ec2Errors.notFound("vpc", "vpc-1"), "InvalidVpcID.NotFound", "The vpc ID 'vpc-1' does not exist"],
    [ec2Errors.notFound("vpc", "vpc-1", "vpc-2"), "InvalidVpcID.NotFound", "The vpc IDs 'vpc-1, vpc-2' do not exist"],
    [ec2Errors.malformed("vpc", "x"), "InvalidVpcId.Malformed", 'Invalid id: "x" (expecting "vpc-...")'],
    [ec2Errors.notFound("security-group", "sg-1"), "InvalidGroup.NotFound", "The security group 'sg-1' does not exist"],
    [ec2Errors.malformed("security-group", "x"), "InvalidGroupId.Malformed", 'Invalid id: "x" (expecting "sg-...")'],
    [
      ec2Errors.notFound("vpc-peering-connection", "pcx-1"),
      "InvalidVpcPeeringConnectionID.NotFound",
      "The vpcPeeringConnection ID 'pcx-1' does not exist",
    ],
    [ec2Errors.notFound("natgateway", "nat-1"), "NatGatewayNotFound", "NatGateway nat-1 was not found"],
    [
      ec2Errors.notFound("elastic-ip", "eipalloc-1"),
      "InvalidAllocationID.NotFound",
      "Allocation ID 'eipalloc-1' not found.",
    ],
    [
      ec2Errors.notFound("egress-only-internet-gateway", "eigw-1"),
      "InvalidGatewayID.NotFound",
      "The eigw ID 'eigw-1' does not exist",
    ],
    [
      ec2Errors.notFound("transit-gateway", "tgw-1"),
      "InvalidTransitGatewayID.NotFound",
      "Transit Gateway tgw-1 was deleted or does not exist.",
    ],
    [ec2Errors.malformed("instance", "x"), "InvalidInstanceID.Malformed", 'Invalid id: "x" (expecting "i-...")'],
  ])("%s", (error, code, message) => {
    expect(error).toMatchObject({ code, message, httpStatus: 400 });
    expect(isAwsError(error)).toBe(true);
  });
});
