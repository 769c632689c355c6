/** S3's protocol: which operation a request is for, what it says, and what an answer looks like on the wire. */
import { describe, expect, test } from "vitest";
import { AwsError, serviceModel } from "./index.ts";
import { answer, inputOfMessage, operationOfMessage, readMessage, refusal } from "./protocol.ts";

const s3 = serviceModel("s3");

interface Request {
  readonly queryString?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function read(method: string, path: string, { queryString, body = "", headers = {} }: Request = {}) {
  const authorization =
    "AWS4-HMAC-SHA256 Credential=1/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x";
  const all = { host: "127.0.0.1:4566", authorization, ...headers };
  const message = readMessage({ method, path, queryString, body, headers: all });
  const operation = operationOfMessage(s3, message);
  return { operation: operation.name, input: inputOfMessage(operation, message) };
}

describe("an operation is told by method, path, query and headers", () => {
  test.each<[string, string, Request, string]>([
    ["GET", "/", {}, "ListBuckets"],
    ["GET", "/", { queryString: "x-id=ListBuckets" }, "ListBuckets"],
    ["PUT", "/b", {}, "CreateBucket"],
    ["PUT", "/b/", {}, "CreateBucket"],
    ["HEAD", "/b", {}, "HeadBucket"],
    ["GET", "/b", {}, "ListObjects"],
    ["GET", "/b", { queryString: "list-type=2&prefix=a" }, "ListObjectsV2"],
    ["GET", "/b", { queryString: "versions" }, "ListObjectVersions"],
    ["GET", "/b", { queryString: "location" }, "GetBucketLocation"],
    ["GET", "/b", { queryString: "uploads=" }, "ListMultipartUploads"],
    ["GET", "/b", { queryString: "analytics" }, "ListBucketAnalyticsConfigurations"],
    ["GET", "/b", { queryString: "analytics&id=1" }, "GetBucketAnalyticsConfiguration"],
    ["PUT", "/b/k", { body: "text" }, "PutObject"],
    ["PUT", "/b/k", { headers: { "x-amz-copy-source": "/b/other" } }, "CopyObject"],
    ["PUT", "/b/k", { queryString: "partNumber=1&uploadId=u" }, "UploadPart"],
    ["PUT", "/b/k", { queryString: "tagging", body: "<Tagging><TagSet/></Tagging>" }, "PutObjectTagging"],
    ["POST", "/b/k", { queryString: "uploads" }, "CreateMultipartUpload"],
    ["POST", "/b/k", { queryString: "uploadId=u" }, "CompleteMultipartUpload"],
    ["DELETE", "/b/k", { queryString: "uploadId=u" }, "AbortMultipartUpload"],
    ["DELETE", "/b/k", {}, "DeleteObject"],
    ["POST", "/b", { queryString: "delete", body: "<Delete><Object><Key>k</Key></Object></Delete>" }, "DeleteObjects"],
  ])("%s %s %j is %s", (method, path, request, operation) => {
    expect(read(method, path, request).operation).toBe(operation);
  });

  test.each([
    ["PATCH", "/b/k"],
    ["POST", "/"],
    ["POST", "/b"],
  ])("%s %s is none", (method, path) => {
    expect(() => read(method, path)).toThrow(expect.objectContaining({ code: "MethodNotAllowed", httpStatus: 405 }));
  });
});

describe("bucket and key", () => {
  test.each([
    ["127.0.0.1:4566", "/b/k", { Bucket: "b", Key: "k" }],
    ["localhost:4566", "/b/a%20b/c+d", { Bucket: "b", Key: "a b/c+d" }],
    ["[::1]:4566", "/b//k", { Bucket: "b", Key: "/k" }],
    ["b.localhost:4566", "/k/l", { Bucket: "b", Key: "k/l" }],
    ["my.bucket.s3.localhost", "/k", { Bucket: "my.bucket", Key: "k" }],
    ["b.s3.eu-west-1.localhost:1", "/k", { Bucket: "b", Key: "k" }],
    ["s3.localhost:4566", "/b/k", { Bucket: "b", Key: "k" }],
  ])("of %s%s", (host, path, input) => {
    expect(read("GET", path, { headers: { host } })).toEqual({ operation: "GetObject", input });
  });

  test("a path that is no text is refused", () => {
    expect(() => read("GET", "/b/%zz")).toThrow(expect.objectContaining({ code: "InvalidURI" }));
  });
});

describe("an input", () => {
  test("has its members from headers, with what the client says of the object", () => {
    const headers = {
      "content-type": "text/plain",
      "x-amz-meta-color": "red",
      expires: "Tue, 29 Apr 2014 18:30:38 GMT",
      "x-amz-server-side-encryption": "AES256",
    };
    expect(read("PUT", "/b/k", { headers, body: "héllo" }).input).toEqual({
      Bucket: "b",
      Key: "k",
      ContentType: "text/plain",
      Metadata: { color: "red" },
      Expires: new Date("2014-04-29T18:30:38Z"),
      ServerSideEncryption: "AES256",
      Body: new TextEncoder().encode("héllo"),
    });
  });

  test("comes out of AWS's chunks, with the checksum behind them", () => {
    const headers = {
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "content-encoding": "aws-chunked,gzip",
      "x-amz-trailer": "x-amz-checksum-crc32",
    };
    const body = "3\r\nabc\r\n2;chunk-signature=0\r\nde\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
    expect(read("PUT", "/b/k", { headers, body }).input).toEqual({
      Bucket: "b",
      Key: "k",
      ContentEncoding: "gzip",
      ChecksumCRC32: "AAAAAA==",
      Body: new TextEncoder().encode("abcde"),
    });
  });

  test.each(["", "5\r\nabc", "zz\r\nabc\r\n", "3\r\nabc\r\n"])("chunks that break off are refused: %j", (body) => {
    const headers = { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" };
    expect(() => read("PUT", "/b/k", { headers, body })).toThrow(expect.objectContaining({ code: "IncompleteBody" }));
  });

  test("of XML is read by the model: flattened lists, nested ones, numbers and booleans", () => {
    const body =
      '<?xml version="1.0"?><LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
      "<Rule><ID>one</ID><Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>30</NoncurrentDays></NoncurrentVersionExpiration></Rule>" +
      "<Rule><Status>Disabled</Status><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration></Rule>" +
      "</LifecycleConfiguration>";
    expect(read("PUT", "/b", { queryString: "lifecycle", body }).input).toEqual({
      Bucket: "b",
      LifecycleConfiguration: {
        Rules: [
          { ID: "one", Status: "Enabled", NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
          { Status: "Disabled", Expiration: { ExpiredObjectDeleteMarker: true } },
        ],
      },
    });
    const tagging = "<Tagging><TagSet><Tag><Key>a</Key><Value>1 &lt; 2</Value></Tag></TagSet></Tagging>";
    expect(read("PUT", "/b", { queryString: "tagging", body: tagging }).input).toEqual({
      Bucket: "b",
      Tagging: { TagSet: [{ Key: "a", Value: "1 < 2" }] },
    });
  });

  test.each([
    ["<Tagging>", "MalformedXML"],
    ["", "InvalidRequest"],
    ["<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>", "InvalidRequest"],
  ])("%s is refused with %s", (body, code) => {
    expect(() => read("PUT", "/b", { queryString: "tagging", body })).toThrow(expect.objectContaining({ code }));
  });
});

describe("an answer", () => {
  function answered(name: string, output: object) {
    const operation = s3.operations.get(name);
    if (operation === undefined) throw new Error(`no operation ${name}`);
    return answer(operation, output, "r-1");
  }

  test("is XML by the model, under the document's own name", () => {
    const { status, body } = answered("ListObjectsV2", { Name: "b", KeyCount: 1, Contents: [{ Key: "a&b", Size: 3 }] });
    expect(status).toBe(200);
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
        "<Name>b</Name><KeyCount>1</KeyCount><Contents><Key>a&amp;b</Key><Size>3</Size></Contents></ListBucketResult>",
    );
  });

  test.each([
    [{}, ""],
    [{ LocationConstraint: "eu-west-1" }, "eu-west-1"],
  ])("a location is an element with text: %j", (output, text) => {
    expect(answered("GetBucketLocation", output).body).toContain(
      `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${text}</LocationConstraint>`,
    );
  });

  test("an object has its bytes as the body and the rest in headers; a part of it has its own status", () => {
    const bytes = Uint8Array.of(0, 255, 1);
    const LastModified = new Date("2026-01-01T00:00:00Z");
    const output = { Body: bytes, ContentLength: 3, ETag: '"x"', Metadata: { color: "red" }, LastModified };
    expect(answered("GetObject", output)).toEqual({
      status: 200,
      headers: {
        "Content-Type": "application/xml",
        "x-amz-request-id": "r-1",
        "Content-Length": "3",
        ETag: '"x"',
        "x-amz-meta-color": "red",
        "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT",
      },
      body: bytes,
    });
    expect(answered("GetObject", { Body: bytes, ContentRange: "bytes 0-2/9" }).status).toBe(206);
  });

  test("a payload that is a structure is the document; nothing is an empty body", () => {
    const configuration = { Rules: [{ BucketKeyEnabled: true }] };
    expect(answered("GetBucketEncryption", { ServerSideEncryptionConfiguration: configuration }).body).toContain(
      "<ServerSideEncryptionConfiguration xmlns=",
    );
    expect(answered("DeleteObject", { VersionId: "v" })).toMatchObject({
      status: 204,
      headers: { "x-amz-version-id": "v" },
      body: "",
    });
  });

  test("a refusal is an Error with its details, and says a bucket's Region in a header too", () => {
    const error = new AwsError("PermanentRedirect", "Elsewhere.", 301, { Bucket: "b", Region: "eu-west-1" });
    const { status, headers, body } = refusal(s3, error, "r-2");
    expect({ status, region: headers["x-amz-bucket-region"], body }).toEqual({
      status: 301,
      region: "eu-west-1",
      body:
        '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>PermanentRedirect</Code><Message>Elsewhere.</Message>' +
        "<Bucket>b</Bucket><Region>eu-west-1</Region><RequestId>r-2</RequestId></Error>",
    });
  });
});
