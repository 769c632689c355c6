/** The actions of Resource Access Manager: sharing with other accounts by invitation. What is not listed is refused by name. */
import type { Actions } from "../action.ts";
import { associationActions } from "./associations.ts";
import { invitationActions } from "./invitations.ts";
import { listingActions } from "./listing.ts";
import { permissionActions } from "./permissions.ts";
import { shareActions } from "./shares.ts";

export const ramActions = {
  ...shareActions,
  ...associationActions,
  ...invitationActions,
  ...listingActions,
  ...permissionActions,
} satisfies Actions;
