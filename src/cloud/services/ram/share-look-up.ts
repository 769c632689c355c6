/** The share behind an ARN: one that the caller sees, or one that is theirs to change. */
import type { ResourceShare } from "@aws-sdk/client-ram";
import { AwsError, parseArn } from "../../../aws/index.ts";
import type { ActionContext } from "../action.ts";
import { malformedArn, operationNotPermitted, unknownResource } from "./errors.ts";
import type { ResourceShareRecord } from "./record.ts";

/** A share of the caller's, or one that they have accepted. */
export function shareByArn(arn: string | undefined, context: ActionContext): ResourceShareRecord {
  const parts = parseArn(arn ?? "");
  if (parts?.service !== "ram" || !parts.resource.startsWith("resource-share/"))
    throw malformedArn(`The resource share ARN ${arn} is malformed. Verify the ARN and try again.`);
  const { accountId, region } = context.caller;
  const share = context.visible("resourceShare", arn ?? "", accountId, region);
  if (share === undefined) throw unknownResource(`ResourceShare ${arn} could not be found.`);
  return share;
}

/** A share that the caller may change: their own, and not on its way out. */
export function ownShare(arn: string | undefined, context: ActionContext): ResourceShareRecord {
  const share = shareByArn(arn, context);
  if (share.OwnerId !== context.caller.accountId)
    throw operationNotPermitted(`Resource share ${arn} is owned by account ${share.OwnerId}.`);
  if (share.Status !== "ACTIVE") {
    throw new AwsError(
      "InvalidStateTransitionException",
      `Resource share ${arn} is ${share.Status}; only an ACTIVE one can be changed.`,
    );
  }
  return share;
}

export function toResourceShare(record: ResourceShareRecord, { caller }: Pick<ActionContext, "caller">): ResourceShare {
  const own = record.OwnerId === caller.accountId;
  return {
    resourceShareArn: record.ResourceShareArn,
    name: record.Name,
    owningAccountId: record.OwnerId,
    allowExternalPrincipals: record.AllowExternalPrincipals,
    status: record.Status,
    // Tags are for the owner alone to see.
    ...(own ? { tags: record.Tags.map((tag) => ({ ...tag })) } : {}),
    creationTime: new Date(record.CreatedAt),
    lastUpdatedTime: new Date(record.LastUpdatedAt),
    featureSet: "STANDARD",
  };
}
