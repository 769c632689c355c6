/** The shares that a listing is about: the caller's own, or those that others have shared with them. */
import type { ActionContext } from "../action.ts";
import { invalidParameter } from "./errors.ts";
import type { ResourceShareRecord } from "./record.ts";
import { shareByArn } from "./share-look-up.ts";

/** Those with these ARNs, or all when none is named. A named one must be there; a named one of the other kind is left out. */
export function sharesOf(
  resourceOwner: string | undefined,
  arns: readonly string[],
  context: ActionContext,
): readonly ResourceShareRecord[] {
  if (resourceOwner !== "SELF" && resourceOwner !== "OTHER-ACCOUNTS")
    throw invalidParameter(
      `The resourceOwner '${resourceOwner}' is not valid. Valid values are SELF and OTHER-ACCOUNTS.`,
    );
  const { accountId, region } = context.caller;
  const rows =
    arns.length === 0
      ? context.inScope("resourceShare", accountId, region)
      : [...new Set(arns)].map((arn) => shareByArn(arn, context));
  return rows.filter(({ OwnerId }) => (OwnerId === accountId) === (resourceOwner === "SELF"));
}
