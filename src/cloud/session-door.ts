/**
 * Where a data channel enters a session: the token is checked and used up, the shell starts in the session's instance, and what
 * happens to the connection becomes the session's state. Who enters is told when the session is ended from elsewhere.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Shell, ShellRequest } from "./ports.ts";
import type { Background } from "./services/action.ts";
import type { SessionEvent } from "./services/ssm/lifecycle.ts";
import { agentVersion } from "./services/ssm/managed-instances.ts";
import type { SessionRecord } from "./services/ssm/record.ts";
import type { CommittedChange } from "./state/state.ts";

export interface EnteredSession {
  readonly sessionId: string;
  readonly instanceId: string;
  readonly sessionType: "Standard_Stream" | "InteractiveCommands";
  readonly agentVersion: string;
  /** Throws when the instance has no place for a shell at the moment. */
  startShell(terminal: Pick<ShellRequest, "columns" | "rows" | "onOutput">): Shell;
  /** The client is gone, and may come back with a new token. */
  disconnected(): void;
  /** The shell is over. */
  ended(): void;
}

export interface SessionDoor {
  /**
   * The session that this token opens, now connected; undefined when it opens none. `onEnd` is called, with what to tell the
   * user, when the session ends without the channel's doing.
   */
  enter(sessionId: string, token: string, onEnd: (reason: string) => void): EnteredSession | undefined;
}

/** The door as its cloud has it. */
export interface OwnSessionDoor extends SessionDoor {
  follow(changes: readonly CommittedChange[]): void;
  close(): void;
}

/** Also settles what an earlier process left behind: a session whose shell is gone is over. */
export function openSessionDoor({ dataPlane, transact }: Background): OwnSessionDoor {
  const inside = new Map<string, (reason: string) => void>();
  let closed = false;

  transact((transaction) => {
    for (const session of [...transaction.all("session")])
      if (session.Status === "Connected" || session.Status === "Disconnected")
        transaction.fire("session", session, "end" satisfies SessionEvent);
  });

  function fire(sessionId: string, event: SessionEvent): void {
    if (closed) return;
    transact((transaction) => {
      const session = transaction.get("session", sessionId);
      if (session !== undefined) transaction.fire("session", session, event);
    });
  }

  return {
    enter(sessionId, token, onEnd) {
      if (closed) return undefined;
      const session = transact((transaction) => {
        const record = transaction.get("session", sessionId);
        if (record === undefined || !opens(record, token)) return undefined;
        // A token is good for one connection.
        const { TokenDigest: _used, ...without } = record;
        return transaction.fire("session", without, "open" satisfies SessionEvent);
      });
      if (session === undefined) return undefined;
      inside.set(sessionId, onEnd);
      const { Target: instanceId, Command } = session;
      return {
        sessionId,
        instanceId,
        sessionType: Command === undefined ? "Standard_Stream" : "InteractiveCommands",
        agentVersion,
        startShell: (terminal) => dataPlane.startShell({ instanceId, argv: argvOf(Command), ...terminal }),
        disconnected: () => fire(sessionId, "lose"),
        ended() {
          inside.delete(sessionId);
          fire(sessionId, "end");
        },
      };
    },

    follow(changes) {
      for (const change of changes) {
        if (change.table !== "session" || change.after?.Status !== "Terminated") continue;
        const onEnd = inside.get(change.id);
        inside.delete(change.id);
        onEnd?.("");
      }
    },

    close() {
      closed = true;
      for (const onEnd of inside.values()) onEnd("The local cloud was stopped.");
      inside.clear();
    },
  };
}

/** What is kept of a token: nobody who reads the state can open a session with it. */
export function tokenDigest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function opens({ TokenDigest }: SessionRecord, token: string): boolean {
  if (TokenDigest === undefined) return false;
  return timingSafeEqual(Buffer.from(TokenDigest, "hex"), Buffer.from(tokenDigest(token), "hex"));
}

/** A login shell as people know it, where there is one. A document's command is a script of its own. */
function argvOf(command: string | undefined): readonly string[] {
  if (command !== undefined) return ["/bin/sh", "-c", command];
  return ["/bin/sh", "-c", "[ -x /bin/bash ] && exec /bin/bash; exec /bin/sh -i"];
}
