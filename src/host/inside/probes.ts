/**
 * Sends one packet's worth of question from a socket inside a namespace and waits for the answer: TCP by connecting, UDP by an
 * echo, ICMP by an echo request from a raw socket. Thousands are in flight together; no process, no thread.
 */
import { performance } from "node:perf_hooks";
import type { ProbeRequest, ProbeResult } from "../fabric.ts";
import {
  AF_INET,
  bindSocket,
  closeDescriptor,
  connectSocket,
  EAGAIN,
  EINPROGRESS,
  openSocket,
  receiveBytes,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
  sendBytes,
  socketError,
  watchDescriptor,
} from "../netlink/libc.ts";
import { addressFamily, socketAddress } from "../netlink/socket-address.ts";
import { describeErrno, SystemError } from "../system-error.ts";
import { echoReplyFor, writeEchoRequest } from "./icmp-echo.ts";
import type { Namespaces } from "./namespaces.ts";

/** What the prober needs to know of the fabric's own listeners: does one greet on this port? */
export type GreetsOn = (protocol: "tcp" | "udp", port: number) => boolean;

/** Answers always; a request that makes no sense is an `error` result. */
export function probe(namespaces: Namespaces, greetsOn: GreetsOn, request: ProbeRequest): Promise<ProbeResult> {
  try {
    const namespace = namespaces.get(request.namespace);
    const fd = namespaces.within(namespace, () => openFor(request));
    try {
      if (request.source !== undefined) bindSocket(fd, socketAddress(request.source, 0));
      const port = request.protocol === "icmp" ? 0 : request.port;
      const errno = connectSocket(fd, socketAddress(request.destination, port));
      if (errno !== 0 && errno !== EINPROGRESS) throw new SystemError("connect", errno);
    } catch (error) {
      closeDescriptor(fd);
      throw error;
    }
    return converse(fd, request, greetsOn);
  } catch (error) {
    return Promise.resolve(failure(error));
  }
}

/** Sockets open at once: each is a file descriptor, and a batch may be larger than the limit. */
const inFlight = 2_000;

/** Results in the order of the requests. */
export async function probeAll(
  namespaces: Namespaces,
  greetsOn: GreetsOn,
  requests: readonly ProbeRequest[],
): Promise<readonly ProbeResult[]> {
  const results: ProbeResult[] = new Array(requests.length);
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < requests.length; i = next++) {
      const request = requests[i];
      if (request) results[i] = await probe(namespaces, greetsOn, request);
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, requests.length) }, worker));
  return results;
}

/** How a protocol is spoken on a connected socket. */
interface Conversation {
  /** What to send once the socket is ready; false when it must be tried again. */
  begin(): void;
  /** Reads what has come; a result ends the probe. */
  receive(): ProbeResult | undefined;
  /** The result when time is up. */
  readonly late: () => ProbeResult;
}

function converse(fd: number, request: ProbeRequest, greetsOn: GreetsOn): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const started = performance.now();
    const elapsed = () => performance.now() - started;
    const conversation = speak(fd, request, elapsed, greetsOn);
    const waitsForConnection = request.protocol === "tcp";
    let finished = false;
    const finish = (result: ProbeResult) => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      watch.close();
      closeDescriptor(fd);
      resolve(result);
    };
    const attempt = (action: () => ProbeResult | undefined) => {
      try {
        const result = action();
        if (result) finish(result);
      } catch (error) {
        finish(failure(error));
      }
    };
    const receive = () => attempt(() => conversation.receive());
    let watch = watchDescriptor(fd, waitsForConnection ? { writable: true } : { readable: true }, () => {
      if (!waitsForConnection || connected) return receive();
      connected = true;
      watch.close();
      watch = watchDescriptor(fd, { readable: true }, receive);
      attempt(() => {
        conversation.begin();
        return conversation.receive();
      });
    });
    let connected = false;
    // On a busy machine the timer may be late and the answer long there: the immediate lets the sockets be looked at first.
    const timeUp = () => setImmediate(() => finish(conversation.late()));
    const timer = setTimeout(timeUp, Math.max(request.timeoutMs, 1));
    if (!waitsForConnection) {
      attempt(() => {
        conversation.begin();
        return undefined;
      });
    }
  });
}

function speak(fd: number, request: ProbeRequest, elapsed: () => number, greetsOn: GreetsOn): Conversation {
  switch (request.protocol) {
    case "tcp":
      return speakTcp(fd, elapsed, greetsOn("tcp", request.port));
    case "udp":
      return speakUdp(fd, elapsed);
    case "icmp":
      return speakIcmp(fd, request, elapsed);
  }
}

/** Connected is answered; one of the fabric's own listeners also says whom it sees. */
function speakTcp(fd: number, elapsed: () => number, greets: boolean): Conversation {
  let roundTripMs: number | undefined;
  return {
    begin() {
      const errno = socketError(fd);
      if (errno !== 0) throw new SystemError("connect", errno);
      roundTripMs = elapsed();
    },
    receive() {
      if (roundTripMs === undefined) return undefined;
      const answered = { outcome: "answered", roundTripMs } as const;
      if (!greets) return answered;
      const length = receiveBytes(fd, incoming);
      if (length === -EAGAIN) return undefined;
      return length > 0 ? { ...answered, seenSource: greeting(length) } : answered;
    },
    late: () => (roundTripMs === undefined ? { outcome: "no-answer" } : { outcome: "answered", roundTripMs }),
  };
}

function speakUdp(fd: number, elapsed: () => number): Conversation {
  return {
    begin: () => sendAll(fd, Buffer.from("causeway probe\n")),
    receive() {
      const length = receiveBytes(fd, incoming);
      if (length === -EAGAIN) return undefined;
      if (length < 0) throw new SystemError("receive", -length);
      return { outcome: "answered", roundTripMs: elapsed(), seenSource: greeting(length) };
    },
    late: () => ({ outcome: "no-answer" }),
  };
}

let nextIdentifier = 1;

/** Answered when every one of `count` echo requests is; the time is that of the last. One goes out when the one before is back. */
function speakIcmp(
  fd: number,
  request: ProbeRequest & { readonly protocol: "icmp" },
  elapsed: () => number,
): Conversation {
  const version = addressFamily(request.destination) === AF_INET ? 4 : 6;
  const identifier = nextIdentifier;
  nextIdentifier = (nextIdentifier % 0xffff) + 1;
  const count = Math.max(request.count ?? 1, 1);
  let sequence = 0;
  let sentAt = 0;
  const sendNext = () => {
    sequence += 1;
    sentAt = elapsed();
    sendAll(fd, writeEchoRequest(version, identifier, sequence, request.sizeBytes ?? 56));
  };
  return {
    begin: sendNext,
    receive() {
      for (;;) {
        const length = receiveBytes(fd, incoming);
        if (length === -EAGAIN) return undefined;
        if (length < 0) throw new SystemError("receive", -length);
        const answer = echoReplyFor(version, incoming.subarray(0, length), identifier, sequence);
        if (answer === "other") continue;
        if (answer !== "reply") return { outcome: "error", message: answer.message };
        if (sequence >= count) return { outcome: "answered", roundTripMs: elapsed() - sentAt };
        sendNext();
      }
    },
    late: () => ({ outcome: "no-answer" }),
  };
}

const incoming = Buffer.alloc(1 << 16);

/** The address of `address port\n`. */
function greeting(length: number): string {
  return incoming.toString("latin1", 0, length).split(" ")[0] ?? "";
}

function sendAll(fd: number, bytes: Uint8Array): void {
  const sent = sendBytes(fd, bytes);
  if (sent < 0) throw new SystemError("send", -sent);
}

function openFor(request: ProbeRequest): number {
  const family = addressFamily(request.destination);
  switch (request.protocol) {
    case "tcp":
      return openSocket(family, SOCK_STREAM, 0);
    case "udp":
      return openSocket(family, SOCK_DGRAM, 0);
    case "icmp":
      return openSocket(family, SOCK_RAW, family === AF_INET ? 1 : 58);
  }
}

function failure(error: unknown): ProbeResult {
  if (error instanceof SystemError && error.code === "ECONNREFUSED") return { outcome: "refused" };
  if (error instanceof SystemError && error.code === "ETIMEDOUT") return { outcome: "no-answer" };
  if (error instanceof SystemError) {
    const [code, text] = describeErrno(error.errno);
    return { outcome: "error", message: `${code}: ${text}` };
  }
  return { outcome: "error", message: error instanceof Error ? error.message : String(error) };
}
