/** The life of a managed prefix list, and who sees it. */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import { scopeKey } from "../../../state/record.ts";
import { forgetTags } from "../tag/tags.ts";
import type { ManagedPrefixListRecord } from "./record.ts";
import { resourcesUsing } from "./usage.ts";

type State = ManagedPrefixListRecord["State"];
type Event = "ModifyManagedPrefixList" | "DeleteManagedPrefixList";
type Guard = "in-use";

export const managedPrefixListLifecycle: Lifecycle<State, Event, Guard> = {
  initial: "create-in-progress",
  states: {
    "create-in-progress": { after: { delay: "3s", kind: "work", arrows: [{ to: "create-complete" }] } },
    "create-complete": {
      on: {
        ModifyManagedPrefixList: [{ to: "modify-in-progress" }],
        DeleteManagedPrefixList: [{ to: "delete-in-progress" }],
      },
    },
    "modify-in-progress": { after: { delay: "3s", kind: "work", arrows: [{ to: "modify-complete" }] } },
    "modify-complete": {
      on: {
        ModifyManagedPrefixList: [{ to: "modify-in-progress" }],
        DeleteManagedPrefixList: [{ to: "delete-in-progress" }],
      },
    },
    "delete-in-progress": {
      after: {
        delay: "3s",
        kind: "work",
        arrows: [{ to: "delete-failed", when: ["in-use"] }, { to: "delete-complete" }],
      },
    },
    "delete-failed": {
      on: {
        ModifyManagedPrefixList: [{ to: "modify-in-progress" }],
        DeleteManagedPrefixList: [{ to: "delete-in-progress" }],
      },
    },
    "delete-complete": { vanishesAfter: "60s" },
  },
};

export const managedPrefixListBinding = bindLifecycle<ManagedPrefixListRecord, State, Event, Guard>({
  lifecycle: managedPrefixListLifecycle,
  stateOf: (record) => record.State,
  enter(record, State, transaction) {
    if (State === "delete-complete") forgetTags(transaction, record.PrefixListId);
    const { StateMessage: _old, ...rest } = record;
    if (State !== "delete-failed") return { ...rest, State };
    const users = resourcesUsing(record, record.OwnerId, transaction).join(", ");
    return { ...rest, State, StateMessage: `The prefix list is in use by: ${users}.` };
  },
  holds: (record, _inUse, transaction) => resourcesUsing(record, record.OwnerId, transaction).length > 0,
});

export function managedPrefixListScopes({ OwnerId, Region, Viewers }: ManagedPrefixListRecord): readonly string[] {
  return [OwnerId, ...(Viewers ?? [])].map((accountId) => scopeKey(accountId, Region));
}
