/** Invitations, seen and answered by the account that a resource is shared with. */
import type {
  AcceptResourceShareInvitationCommandInput,
  AcceptResourceShareInvitationCommandOutput,
  GetResourceShareInvitationsCommandInput,
  GetResourceShareInvitationsCommandOutput,
  ListPendingInvitationResourcesCommandInput,
  ListPendingInvitationResourcesCommandOutput,
  RejectResourceShareInvitationCommandInput,
  RejectResourceShareInvitationCommandOutput,
  ResourceShareInvitation,
} from "@aws-sdk/client-ram";
import { AwsError, parseArn } from "../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../action.ts";
import { malformedArn } from "./errors.ts";
import { resourceToApi } from "./listing.ts";
import { ramPage } from "./page.ts";
import type { ResourceShareInvitationRecord } from "./record.ts";

const getResourceShareInvitations: Action<
  GetResourceShareInvitationsCommandInput,
  GetResourceShareInvitationsCommandOutput
> = (input, context) => {
  const { resourceShareInvitationArns = [], resourceShareArns = [] } = input;
  const { accountId, region } = context.caller;
  const rows =
    resourceShareInvitationArns.length > 0
      ? resourceShareInvitationArns.map((arn) => invitationByArn(arn, context))
      : context.inScope("resourceShareInvitation", accountId, region);
  const { items, page } = ramPage(
    rows.filter(
      ({ ResourceShareArn }) => resourceShareArns.length === 0 || resourceShareArns.includes(ResourceShareArn),
    ),
    input,
  );
  return { resourceShareInvitations: items.map((record) => toApi(record, context)), ...page };
};

const acceptResourceShareInvitation: Action<
  AcceptResourceShareInvitationCommandInput,
  AcceptResourceShareInvitationCommandOutput
> = (input, context) => {
  const record = invitationByArn(input.resourceShareInvitationArn, context);
  const accepted = context.fire("resourceShareInvitation", record, "AcceptResourceShareInvitation");
  if (accepted === undefined) throw answered(record);
  return {
    resourceShareInvitation: toApi(accepted, context),
    ...(input.clientToken && { clientToken: input.clientToken }),
  };
};

const rejectResourceShareInvitation: Action<
  RejectResourceShareInvitationCommandInput,
  RejectResourceShareInvitationCommandOutput
> = (input, context) => {
  const record = invitationByArn(input.resourceShareInvitationArn, context);
  const rejected = context.fire("resourceShareInvitation", record, "RejectResourceShareInvitation");
  if (rejected === undefined) throw answered(record);
  return {
    resourceShareInvitation: toApi(rejected, context),
    ...(input.clientToken && { clientToken: input.clientToken }),
  };
};

const listPendingInvitationResources: Action<
  ListPendingInvitationResourcesCommandInput,
  ListPendingInvitationResourcesCommandOutput
> = (input, context) => {
  const record = invitationByArn(input.resourceShareInvitationArn, context);
  if (record.Status !== "PENDING") throw answered(record);
  const rows = context
    .by("resourceAssociation", "share", record.ResourceShareArn)
    .filter(({ Status }) => Status === "ASSOCIATED" || Status === "ASSOCIATING")
    // Everything that can be shared here is of one Region.
    .filter(() => input.resourceRegionScope !== "GLOBAL");
  const { items, page } = ramPage(rows, input);
  return { resources: items.map(resourceToApi), ...page };
};

export const invitationActions = {
  GetResourceShareInvitations: getResourceShareInvitations,
  AcceptResourceShareInvitation: acceptResourceShareInvitation,
  RejectResourceShareInvitation: rejectResourceShareInvitation,
  ListPendingInvitationResources: listPendingInvitationResources,
} satisfies Actions;

function invitationByArn(arn: string | undefined, context: ActionContext): ResourceShareInvitationRecord {
  const parts = parseArn(arn ?? "");
  if (parts?.service !== "ram" || !parts.resource.startsWith("resource-share-invitation/"))
    throw malformedArn(`The resource share invitation ARN ${arn} is malformed. Verify the ARN and try again.`);
  const { accountId, region } = context.caller;
  const record = context.visible("resourceShareInvitation", arn ?? "", accountId, region);
  if (record === undefined) {
    throw new AwsError(
      "ResourceShareInvitationArnNotFoundException",
      `ResourceShareInvitation ${arn} could not be found.`,
    );
  }
  return record;
}

const answerCodes = {
  ACCEPTED: "ResourceShareInvitationAlreadyAcceptedException",
  REJECTED: "ResourceShareInvitationAlreadyRejectedException",
  EXPIRED: "ResourceShareInvitationExpiredException",
} as const;

/** The refusal to answer what is answered, or too late. */
function answered({ ResourceShareInvitationArn: arn, Status }: ResourceShareInvitationRecord): Error {
  if (Status === "PENDING") return new Error(`bug: ${arn} is pending, and could not be answered`);
  return new AwsError(answerCodes[Status], `ResourceShareInvitation ${arn} is already ${Status.toLowerCase()}.`);
}

function toApi(record: ResourceShareInvitationRecord, context: ActionContext): ResourceShareInvitation {
  return {
    resourceShareInvitationArn: record.ResourceShareInvitationArn,
    resourceShareName: context.get("resourceShare", record.ResourceShareArn)?.Name,
    resourceShareArn: record.ResourceShareArn,
    senderAccountId: record.SenderAccountId,
    receiverAccountId: record.OwnerId,
    invitationTimestamp: new Date(record.CreatedAt),
    status: record.Status,
  };
}
