import { createHmac } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { HttpResponse } from "../host/index.ts";
import { testNetwork } from "../testing/index.ts";
import { answerMetadata, type MetadataSources } from "./instance-metadata.ts";

let now = 0;
beforeEach(() => {
  now = Date.parse("2026-11-21T10:00:00Z");
});

const sources: MetadataSources = {
  now: () => now,
  sign: (text) => createHmac("sha256", "secret").update(text).digest("hex"),
  userData: (id) => (id === "i-a" ? "#!/bin/sh\necho hello\n" : undefined),
  credentials: (id) =>
    id === "i-a"
      ? {
          roleName: "web",
          instanceProfileId: "AIPA000000000000WEB0",
          accessKeyId: "ASIAEXAMPLE",
          secretAccessKey: "secret",
          token: "token",
          lastUpdated: now,
          expiration: now + 3_600_000,
        }
      : undefined,
};

function model() {
  const net = testNetwork();
  const a = net.vpc("a", "10.0.0.0/16", { ipv6: "2600:1f10:a::/56", more: ["10.8.0.0/16"] });
  net.subnet(a, "10.0.1.0/24", { ipv6: "2600:1f10:a::/64" });
  net.instance("a", a, "10.0.1.10", { publicIp: "52.0.0.1", ipv6: "2600:1f10:a::10", secondary: ["10.0.1.11"] });
  net.instance("b", a, "10.0.1.20");
  return net.model();
}

function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; instance?: string } = {},
): HttpResponse {
  const { method = "GET", headers = {}, instance = "i-a" } = options;
  return answerMetadata(model(), { handlerId: instance, method, path, headers, remoteAddress: "127.0.0.1" }, sources);
}

describe("values", () => {
  const mac = "02:00:00:00:00:01";
  test.each([
    ["instance-id", "i-a"],
    ["ami-id", "ami-0123456789abcdef0"],
    ["instance-type", "t3.micro"],
    ["local-ipv4", "10.0.1.10"],
    ["public-ipv4", "52.0.0.1"],
    ["local-hostname", "ip-10-0-1-10.eu-west-1.compute.internal"],
    ["mac", mac],
    ["security-groups", "a-open"],
    ["placement/availability-zone", "eu-west-1a"],
    ["placement/availability-zone-id", "euw1-az1"],
    ["placement/region", "eu-west-1"],
    ["tags/instance/Name", "a"],
    [`network/interfaces/macs`, `${mac}/`],
    [`network/interfaces/macs/${mac}/local-ipv4s`, "10.0.1.10\n10.0.1.11"],
    [`network/interfaces/macs/${mac}/public-ipv4s`, "52.0.0.1"],
    [`network/interfaces/macs/${mac}/ipv4-associations/52.0.0.1`, "10.0.1.10"],
    [`network/interfaces/macs/${mac}/ipv6s`, "2600:1f10:a::10"],
    [`network/interfaces/macs/${mac}/subnet-id`, "subnet-a-1"],
    [`network/interfaces/macs/${mac}/vpc-id`, "vpc-a"],
    [`network/interfaces/macs/${mac}/subnet-ipv4-cidr-block`, "10.0.1.0/24"],
    [`network/interfaces/macs/${mac}/vpc-ipv4-cidr-blocks`, "10.0.0.0/16\n10.8.0.0/16"],
    [`network/interfaces/macs/${mac}/security-group-ids`, "sg-a-open"],
    [`network/interfaces/macs/${mac}/device-number`, "0"],
    [`network/interfaces/macs/${mac}/interface-id`, "eni-a"],
    ["iam/security-credentials/", "web"],
  ])("%s", (path, value) => {
    expect(ask(`/latest/meta-data/${path}`)).toMatchObject({ status: 200, body: value });
  });

  test("documents", () => {
    expect(ask("/latest/user-data").body).toBe("#!/bin/sh\necho hello\n");
    expect(JSON.parse(ask("/latest/dynamic/instance-identity/document").body)).toMatchObject({
      accountId: "111111111111",
      instanceId: "i-a",
      privateIp: "10.0.1.10",
      region: "eu-west-1",
    });
    expect(JSON.parse(ask("/latest/meta-data/iam/security-credentials/web").body)).toMatchObject({
      Code: "Success",
      AccessKeyId: "ASIAEXAMPLE",
      Expiration: "2026-11-21T11:00:00Z",
    });
  });

  test("folders are listed with a slash, with or without one at the end", () => {
    expect(ask("/latest/meta-data/").body.split("\n")).toEqual(
      expect.arrayContaining(["instance-id", "network/", "placement/"]),
    );
    expect(ask("/latest/meta-data").body).toBe(ask("/latest/meta-data/").body);
    expect(ask("/latest").body.split("\n")).toEqual(["dynamic/", "meta-data/", "user-data"]);
  });

  test.each([
    "public-ipv4",
    "iam/info",
    "public-hostname",
    "nonsense",
    "__proto__",
    "constructor",
    "instance-id/deeper",
  ])("what another instance does not have is 404: %s", (path) => {
    const answer = ask(`/latest/meta-data/${path}`, { instance: "i-b" });
    expect(answer.status).toBe(404);
    expect(answer.body).toContain("<title>404 - Not Found</title>");
  });
});

describe("IMDSv2", () => {
  const put = (headers: Record<string, string>) => ask("/latest/api/token", { method: "PUT", headers });

  test("a token is good for its instance until its time", () => {
    const { status, body: token } = put({ "X-aws-ec2-metadata-token-ttl-seconds": "60" });
    expect(status).toBe(200);
    const headers = { "X-aws-ec2-metadata-token": token };
    expect(ask("/latest/meta-data/instance-id", { headers })).toMatchObject({ status: 200, body: "i-a" });
    expect(ask("/latest/meta-data/instance-id", { headers, instance: "i-b" }).status).toBe(401);
    now += 60_001;
    expect(ask("/latest/meta-data/instance-id", { headers }).status).toBe(401);
  });

  test.each([
    [{}],
    [{ "x-aws-ec2-metadata-token-ttl-seconds": "0" }],
    [{ "x-aws-ec2-metadata-token-ttl-seconds": "21601" }],
    [{ "x-aws-ec2-metadata-token-ttl-seconds": "ten" }],
  ])("a lifetime outside 1..21600 is refused: %j", (headers) => {
    expect(put(headers as Record<string, string>).status).toBe(400);
  });

  test("a forwarded request gets no token; a wrong token is 401, not v1", () => {
    expect(put({ "x-aws-ec2-metadata-token-ttl-seconds": "60", "X-Forwarded-For": "1.2.3.4" }).status).toBe(403);
    expect(ask("/latest/meta-data/instance-id", { headers: { "x-aws-ec2-metadata-token": "wrong" } }).status).toBe(401);
    expect(ask("/latest/api/token").status).toBe(405);
    expect(ask("/latest/meta-data/instance-id", { method: "POST" }).status).toBe(405);
  });
});
