import { describe, expect, test } from "vitest";
import type { TestShell } from "../../test-cloud.ts";
import { testShell } from "../../test-cloud.ts";
import { decodeAgentMessage, encodeAgentMessage, jsonPayload, payloadTypes } from "./agent-message.ts";
import { type ShellSession, startShellSession } from "./shell-session.ts";

const id = "01234567-89ab-4def-8123-456789abcdef";
const accepted = { ClientVersion: "1.2.0.0", ProcessedClientActions: [{ ActionType: "SessionType", ActionStatus: 1 }] };

interface Played {
  readonly session: ShellSession;
  shell(): TestShell;
  /** What came to the client since it was last asked: output as text, everything else by name. */
  heard(): string[];
  /** The client acknowledges whatever it hears, from now on or no more. */
  readonly client: { acknowledges: boolean };
  says(payloadType: number, payload: Buffer | object | string): void;
  at(ms: number): void;
  isOver(): boolean;
  readonly faults: string[];
}

function played({ handshake = true, startFails = false } = {}): Played {
  let now = 0;
  let heard: string[] = [];
  let said = 0;
  let over = false;
  const waiting: Buffer[] = [];
  const shells: TestShell[] = [];
  const faults: string[] = [];
  const client = { acknowledges: true };

  function take(bytes: Buffer): void {
    const message = decodeAgentMessage(bytes);
    if ("malformed" in message) throw new Error(message.malformed);
    const { messageType, payloadType, payload, sequenceNumber } = message;
    if (messageType === "acknowledge") return;
    if (messageType === "channel_closed") heard.push(`closed: ${jsonPayload(payload)?.Output}`);
    else if (payloadType === payloadTypes.output) heard.push(payload.toString());
    else if (payloadType === payloadTypes.handshakeRequest) heard.push("handshake request");
    else if (payloadType === payloadTypes.handshakeComplete) heard.push("handshake complete");
    else heard.push(`payload ${payloadType}`);
    if (messageType === "output_stream_data" && client.acknowledges)
      waiting.push(Buffer.from(JSON.stringify({ AcknowledgedMessageSequenceNumber: sequenceNumber })));
  }

  function deliver(messageType: string, sequenceNumber: number, payloadType: number, payload: Buffer): void {
    const header = { messageType, sequenceNumber, payloadType, payload, messageId: id };
    session.received(encodeAgentMessage({ ...header, schemaVersion: 1, createdDate: 1, flags: 0 }));
  }

  function acknowledge(): void {
    for (const payload of waiting.splice(0)) deliver("acknowledge", 0, payloadTypes.none, payload);
  }

  const options = { sessionId: "root-0", target: "i-0", sessionType: "Standard_Stream", agentVersion: "3.3" } as const;
  const session = startShellSession(
    { ...options, handshake },
    {
      now: () => now,
      newMessageId: () => id,
      transmit: take,
      startShell(terminal) {
        if (startFails) throw new Error("no room");
        const shell = testShell({ instanceId: "i-0", argv: [], ...terminal });
        shells.push(shell);
        return shell;
      },
      onEnd: () => {
        over = true;
      },
      onFault: (message) => faults.push(message),
    },
  );
  return {
    session,
    client,
    faults,
    shell() {
      const [shell] = shells;
      if (shell === undefined) throw new Error("no shell was started");
      return shell;
    },
    heard() {
      acknowledge();
      const taken = heard;
      heard = [];
      return taken;
    },
    says(payloadType, payload) {
      const isText = typeof payload === "string";
      const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(isText ? payload : JSON.stringify(payload));
      deliver("input_stream_data", said++, payloadType, bytes);
    },
    at(ms) {
      now = ms;
      session.tick();
    },
    isOver: () => over,
  };
}

function inShell(): Played {
  const play = played();
  play.says(payloadTypes.handshakeResponse, accepted);
  play.heard();
  return play;
}

/** Lets the end of a shell be noticed. */
const turn = async (): Promise<void> => {
  for (let n = 0; n < 5; n += 1) await Promise.resolve();
};

describe("the handshake", () => {
  test("comes before the shell", () => {
    const play = played();
    expect(play.heard()).toEqual(["handshake request"]);
    expect(() => play.shell()).toThrow("no shell");
    play.says(payloadTypes.handshakeResponse, accepted);
    expect(play.heard()).toEqual(["handshake complete"]);
    expect(play.shell().request).toMatchObject({ columns: 80, rows: 24 });
  });

  test("is left out for clients that do not know it", () => {
    const play = played({ handshake: false });
    play.says(payloadTypes.size, { cols: 91, rows: 33 });
    play.shell().request.onOutput(Buffer.from("$ "));
    expect(play.shell().sizes).toEqual([{ columns: 91, rows: 33 }]);
    expect(play.heard()).toEqual(["$ "]);
  });

  test("what is typed before it is over is forgotten", () => {
    const play = played();
    play.says(payloadTypes.output, "early");
    play.says(payloadTypes.handshakeResponse, accepted);
    play.says(payloadTypes.output, "late");
    expect(play.shell().typed()).toBe("late");
  });

  test.each<[string, object | string, string]>([
    [
      "an action that failed",
      { ProcessedClientActions: [{ ActionStatus: 2, Error: "no such session type" }] },
      "no such session type",
    ],
    ["an action without a status", { ProcessedClientActions: [{}] }, "an action has no status"],
    ["no actions", {}, "not a handshake response"],
    ["no JSON", "{", "not a handshake response"],
  ])("%s ends the session", (_name, response, reason) => {
    const play = played();
    play.heard();
    play.says(payloadTypes.handshakeResponse, response);
    expect(play.heard()).toEqual([
      `closed: The handshake failed: ${reason === "not a handshake response" ? "the answer of the client is " : ""}${reason}`,
    ]);
    expect(play.isOver()).toBe(true);
  });

  test("is waited for fifteen seconds", () => {
    const play = played();
    play.heard();
    play.at(14_999);
    expect(play.isOver()).toBe(false);
    expect(play.session.nextTick()).toBe(15_000);
    play.at(15_000);
    expect(play.heard()).toEqual([expect.stringContaining("closed: Handshake timed out")]);
  });
});

describe("the shell", () => {
  test("is typed into, resized, and shown", () => {
    const play = inShell();
    play.says(payloadTypes.output, "ls\r");
    play.says(payloadTypes.size, { cols: 120, rows: 40 });
    play.shell().request.onOutput(Buffer.from("a  b\r\n"));
    expect(play.shell().typed()).toBe("ls\r");
    expect(play.shell().sizes).toEqual([{ columns: 120, rows: 40 }]);
    expect(play.heard()).toEqual(["a  b\r\n"]);
  });

  test.each<[string, object | string]>([
    ["nothing", {}],
    ["no number", { cols: "80", rows: 24 }],
    ["zero", { cols: 0, rows: 24 }],
    ["a fraction", { cols: 80.5, rows: 24 }],
    ["more than a terminal has", { cols: 65_536, rows: 24 }],
    ["no JSON", "80x24"],
  ])("a size of %s is ignored", (_name, size) => {
    const play = inShell();
    play.says(payloadTypes.size, size);
    expect(play.shell().sizes).toEqual([]);
  });

  test("long output is cut into messages of 1024 bytes", () => {
    const play = inShell();
    play.shell().request.onOutput(Buffer.alloc(2_500, "x"));
    expect(play.heard().map((each) => each.length)).toEqual([1_024, 1_024, 452]);
  });

  test("what comes faster than it is read is left out, and said to be", () => {
    const play = inShell();
    play.client.acknowledges = false;
    const chunk = Buffer.alloc(64 * 1024, "x");
    for (let n = 0; n < 400; n += 1) play.shell().request.onOutput(chunk);
    play.client.acknowledges = true;
    // Repetition makes the client hear, and acknowledge, what it had not.
    play.session.connectionLost();
    play.session.connectionResumed();
    let all = "";
    for (let part = play.heard(); part.length > 0; part = play.heard()) all += part.join("");
    play.shell().request.onOutput(Buffer.from("the end"));
    all += play.heard().join("");
    expect(all).toMatch(/\[\d+ bytes of output left out[^\]]*\]\r\nthe end$/);
  });

  test("its end is told after its last output was read", async () => {
    const play = inShell();
    play.client.acknowledges = false;
    play.shell().request.onOutput(Buffer.from("bye"));
    play.shell().finish(0);
    await turn();
    expect(play.heard()).toEqual(["bye"]);
    expect(play.isOver()).toBe(false);
    play.client.acknowledges = true;
    play.at(play.session.nextTick() ?? 0);
    expect(play.heard()).toEqual(["bye", "closed: "]);
    expect(play.isOver()).toBe(true);
  });

  test("a client that does not read its last output is waited for five seconds", async () => {
    const play = inShell();
    play.client.acknowledges = false;
    play.shell().request.onOutput(Buffer.from("bye"));
    play.shell().finish(0);
    await turn();
    play.at(5_000);
    expect(play.heard().at(-1)).toBe("closed: ");
  });

  test("that could not be started says why", () => {
    const play = played({ handshake: false, startFails: true });
    expect(play.heard()).toEqual(["closed: The shell failed: no room"]);
    expect(play.faults).toHaveLength(1);
  });

  test("that was lost says why", async () => {
    const play = inShell();
    play.shell().fail(new Error("the instance is gone"));
    await turn();
    expect(play.heard()).toEqual(["closed: The shell failed: the instance is gone"]);
  });
});

describe("the end from elsewhere", () => {
  test("kills the shell, and waits for nobody", () => {
    const play = inShell();
    play.client.acknowledges = false;
    play.shell().request.onOutput(Buffer.from("x"));
    play.session.terminate("The local cloud was stopped.");
    expect(play.shell().isKilled()).toBe(true);
    expect(play.heard()).toEqual(["x", "closed: The local cloud was stopped."]);
    expect(play.session.nextTick()).toBeUndefined();
    play.session.terminate("again");
    expect(play.heard()).toEqual([]);
  });

  test("the client's flag to terminate does the same", () => {
    const play = inShell();
    play.says(payloadTypes.flag, Buffer.from([0, 0, 0, 2]));
    expect(play.shell().isKilled()).toBe(true);
    expect(play.isOver()).toBe(true);
  });

  test("a shell that ends while its client is away ends the session", async () => {
    const play = inShell();
    play.session.connectionLost();
    play.shell().request.onOutput(Buffer.from("unread"));
    play.shell().finish(0);
    await turn();
    expect(play.isOver()).toBe(true);
  });
});
