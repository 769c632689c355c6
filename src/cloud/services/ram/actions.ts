/** The actions of Resource Access Manager. What is not listed is refused by name. */
import type { Actions } from "../action.ts";

export const ramActions: Actions = {};
