/** The actions of CloudWatch Logs: what functions write, and what clients set on groups. */
import type { Actions } from "../action.ts";
import { filterLogEvents } from "./filter-log-events.ts";
import { logGroupActions } from "./log-groups.ts";
import { logStreamActions } from "./log-streams.ts";

export const logsActions = {
  ...logGroupActions,
  ...logStreamActions,
  FilterLogEvents: filterLogEvents,
} satisfies Actions;
