/** Resource shares: making, changing, deleting, describing and tagging them. */
import type {
  CreateResourceShareCommandInput,
  CreateResourceShareCommandOutput,
  DeleteResourceShareCommandInput,
  DeleteResourceShareCommandOutput,
  EnableSharingWithAwsOrganizationCommandInput,
  EnableSharingWithAwsOrganizationCommandOutput,
  GetResourceSharesCommandInput,
  GetResourceSharesCommandOutput,
  TagFilter,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
  UpdateResourceShareCommandInput,
  UpdateResourceShareCommandOutput,
} from "@aws-sdk/client-ram";
import { AwsError, unsupportedOperation } from "../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../action.ts";
import { refuseUnmodelled } from "../ec2/unmodelled.ts";
import { uuid } from "../uuid.ts";
import { associate, dissolve } from "./associations.ts";
import { invalidParameter, operationNotPermitted } from "./errors.ts";
import { resourceShareLifecycle } from "./lifecycle.ts";
import { ramPage } from "./page.ts";
import { checkedPermissions } from "./permissions.ts";
import type { RamTag, ResourceShareRecord } from "./record.ts";
import { ownShare, shareByArn, toResourceShare } from "./share-look-up.ts";
import { sharesOf } from "./shares-of.ts";

const createResourceShare: Action<CreateResourceShareCommandInput, CreateResourceShareCommandOutput> = (
  input,
  context,
) => {
  const { name = "", resourceArns = [], principals = [], clientToken, sources, resourceShareConfiguration } = input;
  refuseUnmodelled("CreateResourceShare", { sources, resourceShareConfiguration });
  const { accountId: OwnerId, region: Region } = context.caller;
  if (name === "") throw invalidParameter("The name of a resource share must not be empty.");
  const record: ResourceShareRecord = {
    OwnerId,
    Region,
    CreatedAt: context.now,
    ResourceShareArn: `arn:aws:ram:${Region}:${OwnerId}:resource-share/${uuid(context.randomBytes(16))}`,
    Name: name,
    AllowExternalPrincipals: input.allowExternalPrincipals ?? true,
    Status: resourceShareLifecycle.initial,
    LastUpdatedAt: context.now,
    PermissionArns: checkedPermissions(input.permissionArns ?? []),
    Tags: withTags([], input.tags ?? []),
    SharedWith: [],
  };
  context.put("resourceShare", record);
  associate(record, { resourceArns, principals }, context);
  return { resourceShare: toResourceShare(record, context), ...echo(clientToken) };
};

const updateResourceShare: Action<UpdateResourceShareCommandInput, UpdateResourceShareCommandOutput> = (
  input,
  context,
) => {
  const share = ownShare(input.resourceShareArn, context);
  const { allowExternalPrincipals: AllowExternalPrincipals = share.AllowExternalPrincipals } = input;
  const isShared = context
    .by("principalAssociation", "share", share.ResourceShareArn)
    .some(({ Principal, Status }) => Principal !== share.OwnerId && Status !== "DISASSOCIATED");
  if (!AllowExternalPrincipals && isShared) {
    throw operationNotPermitted(
      `Resource share ${share.ResourceShareArn} has principals outside of an organization. Disassociate them first.`,
    );
  }
  const changed = { ...share, Name: input.name || share.Name, AllowExternalPrincipals, LastUpdatedAt: context.now };
  context.put("resourceShare", changed);
  return { resourceShare: toResourceShare(changed, context), ...echo(input.clientToken) };
};

const deleteResourceShare: Action<DeleteResourceShareCommandInput, DeleteResourceShareCommandOutput> = (
  { resourceShareArn, clientToken },
  context,
) => {
  const share = ownShare(resourceShareArn, context);
  dissolve(share, context);
  context.fire("resourceShare", context.must("resourceShare", share.ResourceShareArn), "DeleteResourceShare");
  return { returnValue: true, ...echo(clientToken) };
};

const getResourceShares: Action<GetResourceSharesCommandInput, GetResourceSharesCommandOutput> = (input, context) => {
  const { resourceOwner, resourceShareArns = [], resourceShareStatus, name, tagFilters = [] } = input;
  refuseUnmodelled("GetResourceShares", { permissionVersion: input.permissionVersion });
  const rows = sharesOf(resourceOwner, resourceShareArns, context)
    .filter(({ Status }) => resourceShareStatus === undefined || Status === resourceShareStatus)
    .filter(({ Name }) => name === undefined || Name === name)
    .filter(({ PermissionArns }) => !input.permissionArn || PermissionArns.includes(input.permissionArn))
    .filter(({ Tags }) => tagFilters.every((filter) => hasTag(Tags, filter)));
  const { items, page } = ramPage(rows, input);
  return { resourceShares: items.map((record) => toResourceShare(record, context)), ...page };
};

const tagResource: Action<TagResourceCommandInput, TagResourceCommandOutput> = (input, context) => {
  const share = taggedShare("TagResource", input, context);
  context.put("resourceShare", { ...share, Tags: withTags(share.Tags, input.tags ?? []) });
  return {};
};

const untagResource: Action<UntagResourceCommandInput, UntagResourceCommandOutput> = (input, context) => {
  const share = taggedShare("UntagResource", input, context);
  context.put("resourceShare", { ...share, Tags: share.Tags.filter(({ key }) => !input.tagKeys?.includes(key)) });
  return {};
};

const enableSharingWithAwsOrganization: Action<
  EnableSharingWithAwsOrganizationCommandInput,
  EnableSharingWithAwsOrganizationCommandOutput
> = () => {
  throw unsupportedOperation(
    "EnableSharingWithAwsOrganization",
    "is not modelled: this local cloud has no organizations. Share with account ids, which accept an invitation",
  );
};

export const shareActions = {
  CreateResourceShare: createResourceShare,
  UpdateResourceShare: updateResourceShare,
  DeleteResourceShare: deleteResourceShare,
  GetResourceShares: getResourceShares,
  TagResource: tagResource,
  UntagResource: untagResource,
  EnableSharingWithAwsOrganization: enableSharingWithAwsOrganization,
} satisfies Actions;

/** RAM tells a caller's token back. */
function echo(clientToken: string | undefined): { readonly clientToken?: string } {
  return clientToken === undefined ? {} : { clientToken };
}

function taggedShare(
  operation: string,
  { resourceShareArn, resourceArn }: Pick<TagResourceCommandInput, "resourceShareArn" | "resourceArn">,
  context: ActionContext,
): ResourceShareRecord {
  const arn = resourceShareArn ?? resourceArn;
  if (arn?.includes(":permission/"))
    throw unsupportedOperation(operation, "for a permission is not modelled by this local cloud");
  const share = shareByArn(arn, context);
  if (share.OwnerId !== context.caller.accountId)
    throw operationNotPermitted(`Resource share ${arn} is owned by account ${share.OwnerId}.`);
  return share;
}

const maxTags = 50;

function withTags(
  before: readonly RamTag[],
  added: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[],
): readonly RamTag[] {
  const tags = new Map(before.map(({ key, value }) => [key, value]));
  for (const { key, value = "" } of added) {
    if (!key) throw invalidParameter("A tag key must not be empty.");
    if (/^aws:/i.test(key)) throw invalidParameter("Tag keys that begin with aws: are reserved for AWS.");
    tags.set(key, value);
  }
  if (tags.size > maxTags)
    throw new AwsError("TagLimitExceededException", `A resource share can have up to ${maxTags} tags.`);
  return [...tags].map(([key, value]) => ({ key, value }));
}

function hasTag(tags: readonly RamTag[], { tagKey, tagValues = [] }: TagFilter): boolean {
  return tags.some(({ key, value }) => key === tagKey && (tagValues.length === 0 || tagValues.includes(value)));
}
