/** What a share joins: resources that are given, accounts that they are given to. Another account is invited, and accepts. */
import type {
  AssociateResourceShareCommandInput,
  AssociateResourceShareCommandOutput,
  DisassociateResourceShareCommandInput,
  DisassociateResourceShareCommandOutput,
  GetResourceShareAssociationsCommandInput,
  GetResourceShareAssociationsCommandOutput,
  ResourceShareAssociation,
} from "@aws-sdk/client-ram";
import { isAccountId, unsupportedOperation } from "../../../aws/index.ts";
import type { Transaction } from "../../state/transaction.ts";
import type { Action, ActionContext, Actions } from "../action.ts";
import { refuseUnmodelled } from "../ec2/unmodelled.ts";
import { uuid } from "../uuid.ts";
import { invalidParameter, operationNotPermitted, unknownResource } from "./errors.ts";
import {
  principalAssociationLifecycle,
  resourceAssociationLifecycle,
  resourceShareInvitationLifecycle,
} from "./lifecycle.ts";
import { ramPage } from "./page.ts";
import {
  type PrincipalAssociationRecord,
  principalAssociationId,
  type ResourceAssociationRecord,
  type ResourceShareRecord,
  resourceAssociationId,
} from "./record.ts";
import { ownShare, shareByArn } from "./share-look-up.ts";
import { checkOwned } from "./shareable-resources.ts";
import { sharesOf } from "./shares-of.ts";

interface Members {
  readonly resourceArns: readonly string[];
  readonly principals: readonly string[];
}

const associateResourceShare: Action<AssociateResourceShareCommandInput, AssociateResourceShareCommandOutput> = (
  input,
  context,
) => {
  const members = membersOf("AssociateResourceShare", input);
  const share = ownShare(input.resourceShareArn, context);
  const resourceShareAssociations = associate(share, members, context);
  return { resourceShareAssociations, ...(input.clientToken && { clientToken: input.clientToken }) };
};

/** The owner takes anything out of a share; an account that it is shared with leaves it. */
const disassociateResourceShare: Action<
  DisassociateResourceShareCommandInput,
  DisassociateResourceShareCommandOutput
> = (input, context) => {
  const { resourceArns, principals } = membersOf("DisassociateResourceShare", input);
  const share = shareByArn(input.resourceShareArn, context);
  const { accountId } = context.caller;
  const leaves = resourceArns.length === 0 && principals.every((principal) => principal === accountId);
  if (share.OwnerId !== accountId && !leaves) {
    throw operationNotPermitted(
      `Resource share ${share.ResourceShareArn} is owned by account ${share.OwnerId}. You can only disassociate your own account.`,
    );
  }
  const resources = resourceArns.map((arn) => {
    const record = context.get("resourceAssociation", resourceAssociationId(share.ResourceShareArn, arn));
    if (record === undefined || record.Status === "DISASSOCIATED") throw notAssociated(`Resource ${arn}`, share);
    return removeResource(record, context);
  });
  const accounts = principals.map((principal) => {
    const record = context.get("principalAssociation", principalAssociationId(share.ResourceShareArn, principal));
    if (record === undefined || record.Status === "DISASSOCIATED") throw notAssociated(`Principal ${principal}`, share);
    return removePrincipal(record, context);
  });
  const resourceShareAssociations = [
    ...resources.map((record) => resourceToApi(record, share)),
    ...accounts.map((record) => principalToApi(record, share)),
  ];
  return { resourceShareAssociations, ...(input.clientToken && { clientToken: input.clientToken }) };
};

const getResourceShareAssociations: Action<
  GetResourceShareAssociationsCommandInput,
  GetResourceShareAssociationsCommandOutput
> = (input, context) => {
  const { associationType, resourceArn, principal, associationStatus, resourceShareArns = [] } = input;
  if (associationType === "PRINCIPAL" && resourceArn !== undefined)
    throw invalidParameter("resourceArn cannot be used with the association type PRINCIPAL.");
  if (associationType === "RESOURCE" && principal !== undefined)
    throw invalidParameter("principal cannot be used with the association type RESOURCE.");
  const rows = sharesOf("SELF", resourceShareArns, context)
    .flatMap((share) => associationsOf(share, associationType, context))
    .filter(({ associatedEntity }) => (resourceArn ?? principal ?? associatedEntity) === associatedEntity)
    .filter(({ status }) => associationStatus === undefined || status === associationStatus);
  const { items, page } = ramPage(rows, input);
  return { resourceShareAssociations: items, ...page };
};

export const associationActions = {
  AssociateResourceShare: associateResourceShare,
  DisassociateResourceShare: disassociateResourceShare,
  GetResourceShareAssociations: getResourceShareAssociations,
} satisfies Actions;

/** Adds resources and accounts to a share. What is in it already stays as it is. */
export function associate(
  share: ResourceShareRecord,
  { resourceArns, principals }: Members,
  context: ActionContext,
): ResourceShareAssociation[] {
  for (const arn of resourceArns) checkOwned(arn, context);
  for (const principal of principals) checkPrincipal(principal, share);
  return [
    ...resourceArns.map((arn) => resourceToApi(addResource(share, arn, context), share)),
    ...principals.map((principal) => principalToApi(addPrincipal(share, principal, context), share)),
  ];
}

/** Takes everything out of a share that is being deleted. */
export function dissolve({ ResourceShareArn }: ResourceShareRecord, context: ActionContext): void {
  for (const record of context.by("resourceAssociation", "share", ResourceShareArn)) removeResource(record, context);
  for (const record of context.by("principalAssociation", "share", ResourceShareArn)) removePrincipal(record, context);
}

function membersOf(
  operation: string,
  { resourceArns = [], principals = [], sources }: AssociateResourceShareCommandInput,
): Members {
  refuseUnmodelled(operation, { sources });
  if (resourceArns.length === 0 && principals.length === 0)
    throw invalidParameter("You must specify at least one resource ARN or principal.");
  return { resourceArns: [...new Set(resourceArns)], principals: [...new Set(principals)] };
}

/** Accounts only. There is no organization, so every other account is outside of the owner's. */
function checkPrincipal(principal: string, { OwnerId, AllowExternalPrincipals }: ResourceShareRecord): void {
  if (/^arn:aws:(organizations|iam)::/.test(principal) || principal.endsWith(".amazonaws.com")) {
    throw unsupportedOperation(
      "AssociateResourceShare",
      `with the principal ${principal} is not modelled by this local cloud, which shares with account ids`,
    );
  }
  if (!isAccountId(principal))
    throw invalidParameter(`Principal ID ${principal} is malformed. Verify the ID and try again.`);
  if (principal !== OwnerId && !AllowExternalPrincipals) {
    throw operationNotPermitted(
      `Account ${principal} is not in an organization of account ${OwnerId}, and this resource share does not allow external principals.`,
    );
  }
}

function addResource(share: ResourceShareRecord, arn: string, context: ActionContext): ResourceAssociationRecord {
  const id = resourceAssociationId(share.ResourceShareArn, arn);
  const known = context.get("resourceAssociation", id);
  if (known !== undefined && known.Status !== "DISASSOCIATED" && known.Status !== "DISASSOCIATING") return known;
  context.put("resourceAssociation", {
    ...beginning(share, context),
    ResourceArn: arn,
    Status: resourceAssociationLifecycle.initial,
  });
  return context.must("resourceAssociation", id);
}

function addPrincipal(share: ResourceShareRecord, Principal: string, context: ActionContext) {
  const id = principalAssociationId(share.ResourceShareArn, Principal);
  const known = context.get("principalAssociation", id);
  if (known !== undefined && known.Status !== "DISASSOCIATED" && known.Status !== "DISASSOCIATING") return known;
  const record: PrincipalAssociationRecord = {
    ...beginning(share, context),
    Principal,
    Status: principalAssociationLifecycle.initial,
  };
  context.put("principalAssociation", record);
  if (Principal === share.OwnerId) context.fire("principalAssociation", record, "AssociateResourceShare");
  else invite(share, Principal, context);
  return context.must("principalAssociation", id);
}

function beginning({ OwnerId, Region, ResourceShareArn }: ResourceShareRecord, { now }: ActionContext) {
  return { OwnerId, Region, CreatedAt: now, ResourceShareArn, LastUpdatedAt: now };
}

function invite(
  { ResourceShareArn, OwnerId: sender, Region }: ResourceShareRecord,
  to: string,
  context: ActionContext,
) {
  context.put("resourceShareInvitation", {
    OwnerId: to,
    Region,
    CreatedAt: context.now,
    ResourceShareInvitationArn: `arn:aws:ram:${Region}:${sender}:resource-share-invitation/${uuid(context.randomBytes(16))}`,
    ResourceShareArn,
    SenderAccountId: sender,
    Status: resourceShareInvitationLifecycle.initial,
  });
}

function removeResource(record: ResourceAssociationRecord, transaction: Transaction): ResourceAssociationRecord {
  return transaction.fire("resourceAssociation", record, "DisassociateResourceShare") ?? record;
}

/** An invitation that was not answered goes with it. */
function removePrincipal(record: PrincipalAssociationRecord, transaction: Transaction): PrincipalAssociationRecord {
  for (const invitation of transaction.by("resourceShareInvitation", "share", record.ResourceShareArn)) {
    if (invitation.OwnerId === record.Principal && invitation.Status === "PENDING")
      transaction.delete("resourceShareInvitation", invitation.ResourceShareInvitationArn);
  }
  return transaction.fire("principalAssociation", record, "DisassociateResourceShare") ?? record;
}

function notAssociated(what: string, { ResourceShareArn }: ResourceShareRecord) {
  return unknownResource(`${what} is not associated with resource share ${ResourceShareArn}.`);
}

function associationsOf(
  share: ResourceShareRecord,
  type: string | undefined,
  context: ActionContext,
): ResourceShareAssociation[] {
  if (type === "RESOURCE") {
    const records = context.by("resourceAssociation", "share", share.ResourceShareArn);
    return records.map((record) => resourceToApi(record, share));
  }
  if (type === "PRINCIPAL") {
    const records = context.by("principalAssociation", "share", share.ResourceShareArn);
    return records.map((record) => principalToApi(record, share));
  }
  throw invalidParameter(`The associationType '${type}' is not valid. Valid values are PRINCIPAL and RESOURCE.`);
}

function resourceToApi(record: ResourceAssociationRecord, share: ResourceShareRecord): ResourceShareAssociation {
  return {
    ...toApi(record, share),
    associatedEntity: record.ResourceArn,
    associationType: "RESOURCE",
    external: false,
  };
}

function principalToApi(record: PrincipalAssociationRecord, share: ResourceShareRecord): ResourceShareAssociation {
  const external = record.Principal !== record.OwnerId;
  return { ...toApi(record, share), associatedEntity: record.Principal, associationType: "PRINCIPAL", external };
}

function toApi(
  { ResourceShareArn, Status, CreatedAt, LastUpdatedAt }: ResourceAssociationRecord | PrincipalAssociationRecord,
  { Name }: ResourceShareRecord,
): ResourceShareAssociation {
  return {
    resourceShareArn: ResourceShareArn,
    resourceShareName: Name,
    status: Status,
    creationTime: new Date(CreatedAt),
    lastUpdatedTime: new Date(LastUpdatedAt),
  };
}
