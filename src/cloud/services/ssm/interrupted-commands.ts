/** Commands whose process did not survive: the cloud was ended while they ran, so nobody will ever report them. */
import type { Transaction } from "../../state/transaction.ts";
import { failed, isFinal, storeInvocations } from "./invocations.ts";

/** Ends every open command's unfinished invocations as failed. Called once, at start. */
export function settleInterruptedCommands(transaction: Transaction): void {
  for (const command of [...transaction.all("command")]) {
    if (command.State === "done") continue;
    const Invocations = command.Invocations.map((invocation) =>
      isFinal(invocation)
        ? invocation
        : failed(invocation, "interrupted: the local cloud was stopped while the command ran", transaction.now),
    );
    storeInvocations(transaction, command, Invocations);
  }
}
