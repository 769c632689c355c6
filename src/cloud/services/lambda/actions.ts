/** The actions of Lambda: functions of Node, as child processes of the cloud. Who may call whom is kept and not evaluated. */
import type { Actions } from "../action.ts";
import { functionActions } from "./functions.ts";
import { invoke } from "./invoke.ts";
import { permissionActions } from "./permissions.ts";
import { tagActions } from "./tags.ts";

export const lambdaActions = {
  ...functionActions,
  ...permissionActions,
  ...tagActions,
  Invoke: invoke,
} satisfies Actions;
