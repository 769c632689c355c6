/** No web page can drive the cloud, and nobody can from another machine: a page's requests are refused and change nothing. */
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask as askCloud } from "../../src/cli/control-client.ts";
import { stateFolder } from "../../src/cli/state-folder.ts";
import type { NetworkModel } from "../../src/model/index.ts";
import { descendantsOf } from "../support/processes.ts";
import { ask, ec2Headers } from "../support/raw-http.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud({ packets: "auto" });
});
afterAll(() => cloud?.stop());

const model = (): Promise<NetworkModel> => askCloud<NetworkModel>(stateFolder(cloud.state), { do: "model" });
const form = "Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0%2F16";
const port = (): string => new URL(cloud.endpoint).port;

test("the same request without a page's marks makes a VPC", async () => {
  const answer = await ask(cloud.endpoint, { headers: ec2Headers("111111111111"), body: form });
  expect(answer.status).toBe(200);
  const vpcId = /<vpcId>(vpc-\w+)<\/vpcId>/.exec(answer.body)?.[1];
  expect((await model()).vpcs).toContainEqual(expect.objectContaining({ ownerId: "111111111111", vpcId }));
});

describe("a request that bears a page's marks is refused, and changes nothing", () => {
  const hosts = [
    "evil.example",
    "evil.example:80",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.example#localhost",
    "localhost@evil.example",
    "127.0.0.1.",
    "localhost.",
    "0.0.0.0",
    "169.254.169.254",
    "[::ffff:127.0.0.1]",
    "127.0.0.1:99999999",
    " ",
  ];
  const marks: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ...hosts.map((host) => [`Host '${host}'`, { host }] as const),
    ["Origin of another site", { origin: "https://evil.example" }],
    ["Origin null, as a sandboxed frame has", { origin: "null" }],
    ["Origin of a page of this machine", { origin: "http://localhost:3000" }],
    ["Origin that is the cloud itself", { origin: "http://127.0.0.1:4566" }],
    ["Sec-Fetch-Site cross-site", { "sec-fetch-site": "cross-site" }],
    ["Sec-Fetch-Site same-site", { "sec-fetch-site": "same-site" }],
    ["Sec-Fetch-Site same-origin", { "sec-fetch-site": "same-origin" }],
    ["Referer", { referer: "http://127.0.0.1/" }],
  ];

  test.each(marks)("%s", async (_, headers) => {
    const before = JSON.stringify(await model());
    const post = await ask(cloud.endpoint, { headers: { ...ec2Headers("111111111111"), ...headers }, body: form });
    expect(post.status).toBe(403);
    // An image or a link needs no script at all.
    const get = await ask(cloud.endpoint, { method: "GET", path: `/?${form}`, headers });
    expect(get.status).toBe(403);
    // The request of a form that a page submits blindly, as text.
    const text = await ask(cloud.endpoint, { headers: { "content-type": "text/plain", ...headers }, body: form });
    expect(text.status).toBe(403);
    expect(JSON.stringify(await model())).toBe(before);
  });

  test("a browser that asks first is not told that it may", async () => {
    const answer = await ask(cloud.endpoint, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
    });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((each) => each.startsWith("access-control-"))).toEqual([]);
  });

  test("a page cannot open a WebSocket either", async () => {
    const upgrade = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      origin: "https://evil.example",
    };
    for (const path of ["/", "/v1/data-channel/session-0123456789abcdef0?role=publish_subscribe"]) {
      const answer = await ask(cloud.endpoint, { method: "GET", path, headers: upgrade }).catch(() => undefined);
      expect(answer?.status ?? 403).toBe(403);
    }
  });

  test.each(["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])(
    "%s, with the port or without, is no foreign Host",
    async (name) => {
      for (const host of [name, `${name}:${port()}`]) {
        const body = "Action=DescribeVpcs&Version=2016-11-15";
        expect(await ask(cloud.endpoint, { headers: { ...ec2Headers("111111111111"), host }, body })).toMatchObject({
          status: 200,
        });
      }
    },
  );
});

describe("who can reach the cloud at all", () => {
  test("only loopback is listened on, by any of its processes", () => {
    const processIds = [cloud.status.processId, ...descendantsOf(cloud.status.processId).map(({ id }) => id)];
    const sockets = new Set(processIds.flatMap(socketsOf));
    const listening = ["/proc/net/tcp", "/proc/net/tcp6", "/proc/net/udp", "/proc/net/udp6"].flatMap((table) =>
      readFileSync(table, "utf8")
        .split("\n")
        .slice(1)
        .map((line) => line.trim().split(/\s+/))
        .filter((fields) => sockets.has(fields[9] ?? "") && (table.includes("udp") || fields[3] === "0A"))
        .map((fields) => fields[1]),
    );
    // 127.0.0.1 as the kernel writes it.
    expect(listening).toEqual([`0100007F:${Number(port()).toString(16).toUpperCase().padStart(4, "0")}`]);
  });

  test("the state folder and the control socket are their user's alone", () => {
    const others = 0o077;
    expect(statSync(cloud.state).mode & others).toBe(0);
    expect(statSync(stateFolder(cloud.state).socket).mode & others).toBe(0);
  });
});

/** Inodes of the sockets that a process holds. */
function socketsOf(processId: number): readonly string[] {
  return readdirSync(`/proc/${processId}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${processId}/fd/${fd}`))?.[1] ?? [];
    } catch (error) {
      // A descriptor that was closed between the two calls.
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      throw error;
    }
  });
}
