/**
 * Session Manager's data channels on the API's own server: who may open one, which session it belongs to, and what happens when
 * the connection is lost. A session is entered with the token that StartSession or ResumeSession gave for it, once.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Cloud } from "../../cloud.ts";
import type { EnteredSession } from "../../session-door.ts";
import { refusedPage } from "../page-guard.ts";
import { jsonPayload } from "./agent-message.ts";
import { type ShellSession, startShellSession } from "./shell-session.ts";
import { acceptWebSocket, refusedUpgrade, refuseUpgrade, type WebSocket } from "./web-socket.ts";

export interface SessionChannelsOptions {
  readonly server: Server;
  /** Asked at each connection, so that a cloud can be exchanged for an empty one. */
  readonly cloud: () => Cloud;
  readonly onFault: (message: string, error: unknown) => void;
}

export interface SessionChannels {
  /** Ends every connection. */
  close(): void;
}

/** How long a connection may stay silent before it has said whose it is. */
const tokenTimeoutMs = 10_000;
const policyViolation = 1008;
const normalClosure = 1000;
const goingAway = 1001;

interface LiveSession {
  readonly entered: EnteredSession;
  readonly shell: ShellSession;
  connection: WebSocket | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** Takes over the upgrade requests of a server. */
export function serveSessionChannels({ server, cloud, onFault }: SessionChannelsOptions): SessionChannels {
  /** Sessions whose shell lives here, with or without a client at the moment. */
  const live = new Map<string, LiveSession>();
  const sockets = new Set<Duplex>();

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    const page = refusedPage(request.headers);
    if (page !== undefined) return refuseUpgrade(socket, 403, page);
    const sessionId = sessionOfUrl(request.url ?? "");
    if (sessionId === undefined) return refuseUpgrade(socket, 404, "There is no such channel.");
    const refused = refusedUpgrade(request);
    if (refused !== undefined) return refuseUpgrade(socket, refused.status, refused.reason);
    serveChannel(sessionId, request, socket, head);
  });

  function serveChannel(sessionId: string, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    let session: LiveSession | undefined;
    const timer = setTimeout(() => connection.close(policyViolation, "no token in time"), tokenTimeoutMs);
    const connection = acceptWebSocket(request, socket, head, {
      onText(text) {
        if (session !== undefined) return;
        clearTimeout(timer);
        guarded(() => {
          session = enter(sessionId, text, connection);
        });
        if (session === undefined) connection.close(policyViolation, "the token does not open this session");
      },
      onBinary(bytes) {
        const current = session;
        if (current?.connection === connection) guarded(() => current.shell.received(bytes), current);
      },
      onClose() {
        clearTimeout(timer);
        const current = session;
        if (current?.connection !== connection) return;
        current.connection = undefined;
        guarded(() => {
          current.shell.connectionLost();
          if (live.get(sessionId) === current) current.entered.disconnected();
        }, current);
      },
    });
  }

  /** The session that the client's first message opens, or opens again; undefined when its token is not the right one. */
  function enter(sessionId: string, text: string, connection: WebSocket): LiveSession | undefined {
    const opening = jsonPayload(text);
    if (typeof opening?.TokenValue !== "string") return undefined;
    const entered = cloud().sessions.enter(sessionId, opening.TokenValue, (reason) => {
      const session = live.get(sessionId);
      if (session !== undefined) guarded(() => session.shell.terminate(reason), session);
    });
    if (entered === undefined) return undefined;
    const known = live.get(sessionId);
    if (known === undefined) {
      const hasHandshake = typeof opening.ClientVersion === "string" && opening.ClientVersion !== "";
      return begin(entered, hasHandshake, connection);
    }
    known.connection?.close(normalClosure, "the session goes on in another connection");
    known.connection = connection;
    known.shell.connectionResumed();
    wind(known);
    return known;
  }

  function begin(entered: EnteredSession, handshake: boolean, connection: WebSocket): LiveSession {
    const { sessionId, instanceId: target, sessionType, agentVersion } = entered;
    const early: Buffer[] = [];
    let session: LiveSession | undefined;
    const shell = startShellSession(
      { sessionId, target, sessionType, agentVersion, handshake },
      {
        now: Date.now,
        newMessageId: randomUUID,
        transmit(bytes) {
          if (session === undefined) early.push(bytes);
          else session.connection?.send(bytes);
          // Whatever is sent may have to be sent again.
          if (session !== undefined && session.timer === undefined) wind(session);
        },
        startShell: (terminal) => entered.startShell(terminal),
        onEnd: () => queueMicrotask(() => end(entered)),
        onFault,
      },
    );
    session = { entered, shell, connection, timer: undefined };
    live.set(sessionId, session);
    for (const bytes of early) connection.send(bytes);
    wind(session);
    return session;
  }

  function end(entered: EnteredSession): void {
    const session = live.get(entered.sessionId);
    if (session === undefined) return;
    live.delete(entered.sessionId);
    clearTimeout(session.timer);
    session.connection?.close(normalClosure, "the session is over");
    guarded(() => entered.ended());
  }

  /** Sets the alarm for what the session wants to do next. */
  function wind(session: LiveSession): void {
    clearTimeout(session.timer);
    session.timer = undefined;
    const at = live.get(session.entered.sessionId) === session ? session.shell.nextTick() : undefined;
    if (at === undefined) return;
    session.timer = setTimeout(
      () => {
        session.timer = undefined;
        guarded(() => session.shell.tick(), session);
      },
      Math.max(at - Date.now(), 1),
    );
  }

  /** Nothing that a client sends may end the process: what goes wrong is reported. */
  function guarded(work: () => void, session?: LiveSession): void {
    try {
      work();
    } catch (error) {
      onFault("a session channel failed", error);
    }
    if (session !== undefined) wind(session);
  }

  return {
    close() {
      for (const session of live.values()) {
        clearTimeout(session.timer);
        session.connection?.close(goingAway, "the local cloud was stopped");
      }
      live.clear();
      // What was said last still goes out.
      for (const socket of sockets) socket.end(() => socket.destroy());
    },
  };
}

/** `/v1/data-channel/<session>?role=publish_subscribe`, the form of AWS's own stream URL. */
function sessionOfUrl(url: string): string | undefined {
  const [, encoded] = /^\/v1\/data-channel\/([^/?]{1,300})(?:\?|$)/.exec(url) ?? [];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
