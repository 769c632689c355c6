/** What is shared, and with whom: across all shares of the caller's, or of those that share with the caller. */
import type {
  ListPrincipalsCommandInput,
  ListPrincipalsCommandOutput,
  ListResourcesCommandInput,
  ListResourcesCommandOutput,
  Principal,
  Resource,
} from "@aws-sdk/client-ram";
import type { Action, ActionContext, Actions } from "../action.ts";
import { ramPage } from "./page.ts";
import type { ResourceAssociationRecord, ResourceShareRecord } from "./record.ts";
import { shareableResource } from "./shareable-resources.ts";
import { sharesOf } from "./shares-of.ts";

const listResources: Action<ListResourcesCommandInput, ListResourcesCommandOutput> = (input, context) => {
  const { resourceOwner, principal, resourceType, resourceArns = [], resourceShareArns = [] } = input;
  const rows = sharesOf(resourceOwner, resourceShareArns, context)
    .filter((share) => principal === undefined || principalsOf(share, context).includes(principal))
    .flatMap((share) => resourcesOf(share, context))
    .filter(({ ResourceArn }) => resourceArns.length === 0 || resourceArns.includes(ResourceArn))
    .map(resourceToApi)
    .filter(({ type }) => !resourceType || type?.toLowerCase() === resourceType.toLowerCase())
    // Everything that can be shared here is of one Region.
    .filter(() => input.resourceRegionScope !== "GLOBAL");
  const { items, page } = ramPage(rows, input);
  return { resources: items, ...page };
};

const listPrincipals: Action<ListPrincipalsCommandInput, ListPrincipalsCommandOutput> = (input, context) => {
  const { resourceOwner, resourceArn, resourceType, principals = [], resourceShareArns = [] } = input;
  const rows = sharesOf(resourceOwner, resourceShareArns, context)
    .filter((share) => hasResource(share, { resourceArn, resourceType }, context))
    .flatMap((share) => (share.OwnerId === context.caller.accountId ? receivers(share, context) : [sender(share)]))
    .filter(({ id = "" }) => principals.length === 0 || principals.includes(id));
  const { items, page } = ramPage(rows, input);
  return { principals: items, ...page };
};

export const listingActions = { ListResources: listResources, ListPrincipals: listPrincipals } satisfies Actions;

export function resourceToApi(record: ResourceAssociationRecord): Resource {
  return {
    arn: record.ResourceArn,
    type: shareableResource(record.ResourceArn).type,
    resourceShareArn: record.ResourceShareArn,
    status: record.Status === "ASSOCIATED" ? "AVAILABLE" : "PENDING",
    creationTime: new Date(record.CreatedAt),
    lastUpdatedTime: new Date(record.LastUpdatedAt),
    resourceRegionScope: "REGIONAL",
  };
}

/** The owner sees what is on its way, others what has arrived. */
function resourcesOf(share: ResourceShareRecord, context: ActionContext): readonly ResourceAssociationRecord[] {
  const own = share.OwnerId === context.caller.accountId;
  return context
    .by("resourceAssociation", "share", share.ResourceShareArn)
    .filter(({ Status }) => Status === "ASSOCIATED" || (own && Status === "ASSOCIATING"));
}

function hasResource(
  share: ResourceShareRecord,
  { resourceArn, resourceType }: Pick<ListPrincipalsCommandInput, "resourceArn" | "resourceType">,
  context: ActionContext,
): boolean {
  if (resourceArn === undefined && resourceType === undefined) return true;
  return resourcesOf(share, context).some(
    ({ ResourceArn }) =>
      (resourceArn ?? ResourceArn) === ResourceArn &&
      (!resourceType || shareableResource(ResourceArn).type.toLowerCase() === resourceType.toLowerCase()),
  );
}

function principalsOf({ ResourceShareArn }: ResourceShareRecord, context: ActionContext): string[] {
  return context
    .by("principalAssociation", "share", ResourceShareArn)
    .filter(({ Status }) => Status === "ASSOCIATED" || Status === "ASSOCIATING")
    .map(({ Principal: account }) => account);
}

function receivers({ ResourceShareArn, OwnerId }: ResourceShareRecord, context: ActionContext): Principal[] {
  return context
    .by("principalAssociation", "share", ResourceShareArn)
    .filter(({ Status }) => Status === "ASSOCIATED" || Status === "ASSOCIATING")
    .map((record) => ({
      id: record.Principal,
      resourceShareArn: ResourceShareArn,
      creationTime: new Date(record.CreatedAt),
      lastUpdatedTime: new Date(record.LastUpdatedAt),
      external: record.Principal !== OwnerId,
    }));
}

/** To whoever a share was given, its owner is the principal. */
function sender({ ResourceShareArn, OwnerId, CreatedAt, LastUpdatedAt }: ResourceShareRecord): Principal {
  const times = { creationTime: new Date(CreatedAt), lastUpdatedTime: new Date(LastUpdatedAt) };
  return { id: OwnerId, resourceShareArn: ResourceShareArn, ...times, external: true };
}
