/** The lives of a sent command's row and of a session's: AWS keeps the finished ones for thirty days. */
import type { Lifecycle } from "../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../state/lifecycle-binding.ts";
import type { CommandRecord, SessionRecord, SessionState } from "./record.ts";

export const commandLifecycle: Lifecycle<CommandRecord["State"]> = {
  initial: "open",
  states: { open: {}, done: { vanishesAfter: "30d" } },
};

export const commandBinding = bindLifecycle<CommandRecord, CommandRecord["State"]>({
  lifecycle: commandLifecycle,
  stateOf: (record) => record.State,
  enter: (record, State) => ({ ...record, State }),
});

/** `open` and `lose` are the data channel's doing, `end` is the shell's or TerminateSession's. */
export type SessionEvent = "open" | "lose" | "end";

/** Nobody at the other end for twenty minutes, AWS's default idle time, ends a session. */
const idle = { delay: "20m", kind: "deadline", arrows: [{ to: "Terminated" }] } as const;

export const sessionLifecycle: Lifecycle<SessionState, SessionEvent> = {
  initial: "Connecting",
  states: {
    Connecting: { on: { open: [{ to: "Connected" }], end: [{ to: "Terminated" }] }, after: idle },
    Connected: { on: { open: [{ to: "Connected" }], lose: [{ to: "Disconnected" }], end: [{ to: "Terminated" }] } },
    Disconnected: { on: { open: [{ to: "Connected" }], end: [{ to: "Terminated" }] }, after: idle },
    Terminated: { vanishesAfter: "30d" },
  },
};

export const sessionBinding = bindLifecycle<SessionRecord, SessionState, SessionEvent>({
  lifecycle: sessionLifecycle,
  stateOf: (record) => record.Status,
  enter({ TokenDigest, ...record }, Status, transaction) {
    if (Status === "Terminated") return { ...record, Status, EndedAt: transaction.now };
    return { ...record, Status, ...(TokenDigest === undefined ? {} : { TokenDigest }) };
  },
});
