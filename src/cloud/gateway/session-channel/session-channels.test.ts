/** The data channel on the API's real server, from the outside: with the `ws` client, and with `ssm-session` over it. */
import { once } from "node:events";
import { connect } from "node:net";
import { ssm } from "ssm-session";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import WebSocket from "ws";
import { agentProfile } from "../../services/ssm/agent/test-agent-profile.ts";
import { type TestCloud, type TestShell, testCloud } from "../../test-cloud.ts";
import { type ApiServer, startApiServer } from "../http-server.ts";
import { payloadTypes } from "./agent-message.ts";
import { connectSession, type TestSessionClient } from "./test-session-client.ts";

let cloud: TestCloud;
let api: ApiServer;
let target: string;
const faults: string[] = [];

beforeEach(async () => {
  cloud = testCloud();
  const IamInstanceProfile = { Name: agentProfile(cloud) };
  const wanted = { ImageId: "ami-12345678", InstanceType: "t3.micro", MinCount: 1, MaxCount: 1, IamInstanceProfile };
  const { Instances } = cloud.call<{ Instances: { InstanceId: string }[] }>("RunInstances", wanted);
  cloud.advance(1);
  target = Instances[0]?.InstanceId ?? "";
  faults.length = 0;
  api = await startApiServer({
    port: 0,
    cloud: () => cloud.cloud,
    onFault: (message, error) => faults.push(`${message}: ${error}`),
  });
});
afterEach(async () => {
  await api.close();
  expect(faults).toEqual([]);
});

const call = <Output>(operation: string, input: object): Output =>
  cloud.call<Output>(operation, input, { service: "ssm" });

interface Started {
  readonly SessionId: string;
  readonly TokenValue: string;
  readonly streamUrl: string;
}

function start(): Started {
  const { SessionId, TokenValue } = call<Started>("StartSession", { Target: target });
  return { SessionId, TokenValue, streamUrl: urlOf(SessionId) };
}

const urlOf = (sessionId: string): string =>
  `ws://127.0.0.1:${api.port}/v1/data-channel/${sessionId}?role=publish_subscribe`;

const clientVersion = "1.2.707.0";
const open = (
  { streamUrl, TokenValue: token }: Started,
  more: { hears?: (nth: number) => boolean } = {},
): TestSessionClient => connectSession({ streamUrl, token, clientVersion, ...more });

function statusOf(SessionId: string): string | undefined {
  const Filters = [{ key: "SessionId", value: SessionId }];
  const of = (State: string) =>
    call<{ Sessions: { Status: string }[] }>("DescribeSessions", { State, Filters }).Sessions;
  return [...of("Active"), ...of("History")][0]?.Status;
}

/** The n-th shell, as soon as it is there. */
async function shell(nth = 0): Promise<TestShell> {
  return soon(() => {
    const started = cloud.shells[nth];
    if (started === undefined) throw new Error("no shell yet");
    return started;
  });
}

/** Asks until the answer comes. */
function soon<T>(ask: () => T): Promise<T> {
  return vi.waitFor(ask, { timeout: 10_000, interval: 5 });
}

/** How a connection ends that is opened with this first message. */
async function closeCodeOf(url: string, first: string | Buffer): Promise<number> {
  const socket = new WebSocket(url);
  await once(socket, "open");
  socket.send(first);
  const [code] = await once(socket, "close");
  return Number(code);
}

/** The status with which a connection is refused. */
function refusalOf(url: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.on("error", () => undefined);
    socket.on("open", () => reject(new Error("the connection was opened")));
    socket.on("unexpected-response", (_request, response) => {
      response.resume();
      resolve(response.statusCode);
    });
  });
}

describe("a session", () => {
  test("is typed into, resized, shown, and ends with its shell", async () => {
    const started = start();
    const client = open(started);
    await client.ready;
    expect(statusOf(started.SessionId)).toBe("Connected");
    const running = await shell();
    running.request.onOutput(Buffer.from("$ "));
    await client.shows("$ ");
    client.resize(91, 33);
    client.type("exit\r");
    await soon(() => expect(running.typed()).toBe("exit\r"));
    expect(running.sizes).toEqual([{ columns: 91, rows: 33 }]);
    running.request.onOutput(Buffer.from("exit\r\n"));
    running.finish(0);
    expect(await client.ended).toEqual({ closing: "" });
    expect(client.output()).toBe("$ exit\r\n");
    await soon(() => expect(statusOf(started.SessionId)).toBe("Terminated"));
  });

  test("goes on when messages are lost: they are sent again", async () => {
    const client = open(start(), { hears: (nth) => nth % 3 !== 0 });
    await client.ready;
    const running = await shell();
    for (let n = 0; n < 5; n += 1) running.request.onOutput(Buffer.from(`line ${n}\r\n`));
    client.type("x");
    await client.shows("line 4\r\n");
    expect(client.output()).toBe("line 0\r\nline 1\r\nline 2\r\nline 3\r\nline 4\r\n");
    await soon(() => expect(running.typed()).toBe("x"));
    running.kill();
    await client.ended;
  });

  test("goes on in another connection after the first was cut", async () => {
    const started = start();
    const client = open(started);
    await client.ready;
    const running = await shell();
    client.cut();
    await soon(() => expect(statusOf(started.SessionId)).toBe("Disconnected"));
    running.request.onOutput(Buffer.from("meanwhile\r\n"));
    const { TokenValue } = call<Started>("ResumeSession", { SessionId: started.SessionId });
    client.reconnect(TokenValue);
    await client.shows("meanwhile");
    client.type("back");
    await soon(() => expect(running.typed()).toBe("back"));
    expect(cloud.shells).toHaveLength(1);
    expect(statusOf(started.SessionId)).toBe("Connected");
    running.finish(0);
    expect(await client.ended).toEqual({ closing: "" });
  });

  test("is ended by TerminateSession", async () => {
    const started = start();
    const client = open(started);
    const running = await shell();
    call("TerminateSession", { SessionId: started.SessionId });
    expect(await client.ended).toEqual({ closing: "" });
    expect(running.isKilled()).toBe(true);
  });

  test("is ended when the cloud is exchanged for an empty one", async () => {
    const client = open(start());
    const running = await shell();
    cloud.restart();
    expect(await client.ended).toEqual({ closing: "The local cloud was stopped." });
    expect(running.isKilled()).toBe(true);
  });

  test("is told when the server stops", async () => {
    const client = open(start());
    const running = await shell();
    await api.close();
    expect(await client.ended).toEqual({ closeCode: 1001 });
    running.kill();
  });

  test("two side by side do not mix", async () => {
    const [one, two] = [open(start()), open(start())];
    await Promise.all([one.ready, two.ready]);
    const shells = [await shell(0), await shell(1)];
    for (const [n, each] of shells.entries()) each.request.onOutput(Buffer.from(`shell ${n}`));
    await soon(() => expect([one.output(), two.output()].sort()).toEqual(["shell 0", "shell 1"]));
    for (const each of shells) each.finish(0);
    await Promise.all([one.ended, two.ended]);
  });
});

describe("a client of other hands", () => {
  test("leads a session", async () => {
    const { streamUrl, TokenValue, SessionId } = start();
    const socket = new WebSocket(streamUrl);
    let shown = "";
    socket.on("message", (data: Buffer) => {
      const { messageType, payloadType, payload, sequenceNumber, messageId } = ssm.decode(data);
      if (messageType !== "output_stream_data") return;
      socket.send(ssm.buildAcknowledge(messageType, sequenceNumber, messageId));
      if (payloadType === 1) shown += Buffer.from(payload).toString();
    });
    await once(socket, "open");
    socket.send(ssm.buildTokenMessage(TokenValue));
    socket.send(ssm.buildInitMessage({ cols: 197, rows: 34 }));
    const running = await shell();
    socket.send(ssm.buildInputMessage(Buffer.from("ls\r"), 1));
    await soon(() => expect(running.typed()).toBe("ls\r"));
    expect(running.sizes).toEqual([{ columns: 197, rows: 34 }]);
    running.request.onOutput(Buffer.from("a  b\r\n"));
    await soon(() => expect(shown).toBe("a  b\r\n"));
    const closed = once(socket, "close");
    running.finish(0);
    await closed;
    await soon(() => expect(statusOf(SessionId)).toBe("Terminated"));
  });

  test("is answered when it pings", async () => {
    const socket = new WebSocket(start().streamUrl);
    await once(socket, "open");
    socket.ping("keepalive");
    const [answer] = await once(socket, "pong");
    expect(String(answer)).toBe("keepalive");
    socket.close(1000);
    const [code] = await once(socket, "close");
    expect(code).toBe(1000);
  });
});

test("a client that does not wait for the answer to its request is heard", async () => {
  const { streamUrl, TokenValue, SessionId } = start();
  const { pathname, host } = new URL(streamUrl);
  const socket = connect(api.port, "127.0.0.1");
  const request = [
    `GET ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  const payload = Buffer.from(JSON.stringify({ TokenValue, ClientVersion: clientVersion }));
  // A mask of zeros leaves the payload as it is.
  const frame = Buffer.concat([
    Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0]),
    payload,
  ]);
  socket.write(Buffer.concat([Buffer.from(`${request.join("\r\n")}\r\n\r\n`), frame]));
  const [answer] = await once(socket, "data");
  // The example of RFC 6455 section 1.3.
  expect(String(answer)).toContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
  await soon(() => expect(statusOf(SessionId)).toBe("Connected"));
  socket.destroy();
  await soon(() => expect(statusOf(SessionId)).toBe("Disconnected"));
});

describe("who is not let in", () => {
  const token = (TokenValue: unknown): string => JSON.stringify({ MessageSchemaVersion: "1.0", TokenValue });

  test("a token that was used", async () => {
    const started = start();
    const client = open(started);
    await client.ready;
    expect(await closeCodeOf(started.streamUrl, token(started.TokenValue))).toBe(1008);
    expect(statusOf(started.SessionId)).toBe("Connected");
    (await shell()).kill();
    await client.ended;
  });

  test.each<[string, (started: Started) => string]>([
    ["no JSON", () => "hello"],
    ["no token", () => token(undefined)],
    ["a token that is no text", () => token(7)],
    ["a wrong token", () => token("wrong")],
    ["another session's token", () => token(start().TokenValue)],
  ])("%s", async (_name, first) => {
    const started = start();
    expect(await closeCodeOf(started.streamUrl, first(started))).toBe(1008);
    expect(statusOf(started.SessionId)).toBe("Connecting");
    expect(cloud.shells).toEqual([]);
  });

  test("bytes before the token are not read", async () => {
    const started = start();
    const socket = new WebSocket(started.streamUrl);
    await once(socket, "open");
    socket.send(Buffer.alloc(120));
    socket.send(token("wrong"));
    const [code] = await once(socket, "close");
    expect(code).toBe(1008);
  });

  test.each<[string, Record<string, string>]>([
    ["a web page", { Origin: "http://127.0.0.1" }],
    ["a foreign name for this machine", { Host: "rebound.example.com" }],
    ["a page's fetch", { "Sec-Fetch-Site": "cross-site" }],
  ])("%s", async (_name, headers) => {
    expect(await refusalOf(start().streamUrl, headers)).toBe(403);
  });

  test.each(["/", "/v1/data-channel/", "/v1/data-channel/%ff", "/v1/control-channel/x", "/v1/data-channel/a/b"])(
    "%s is no channel",
    async (path) => {
      expect(await refusalOf(`ws://127.0.0.1:${api.port}${path}`)).toBe(404);
    },
  );

  test("an unknown session", async () => {
    expect(await closeCodeOf(urlOf("root-00000000000000000"), token("x"))).toBe(1008);
  });

  test.each<[string, string[], string]>([
    ["another protocol", ["Upgrade: h2c"], "400"],
    ["another version", ["Upgrade: websocket", "Sec-WebSocket-Version: 8"], "426"],
    ["no nonce", ["Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: short"], "400"],
  ])("%s is refused in HTTP", async (_name, headers, status) => {
    const socket = connect(api.port, "127.0.0.1");
    const path = new URL(start().streamUrl).pathname;
    socket.end(
      [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${api.port}`, "Connection: Upgrade", ...headers, "", ""].join("\r\n"),
    );
    const [answer] = await once(socket, "data");
    expect(String(answer)).toContain(`HTTP/1.1 ${status} `);
  });

  test("garbage in the protocol's place ends the connection, and nothing else", async () => {
    const client = open(start());
    await client.ready;
    const running = await shell();
    client.send(payloadTypes.size, Buffer.from("{"));
    client.send(77, Buffer.from("?"));
    client.type("still here");
    await soon(() => expect(running.typed()).toBe("still here"));
    running.kill();
    await client.ended;
  });
});
