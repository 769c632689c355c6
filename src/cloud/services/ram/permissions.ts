/**
 * Managed permissions: what those with whom a resource is shared may do. AWS's defaults only; permissions are not evaluated.
 * https://docs.aws.amazon.com/ram/latest/userguide/getting-started-terms-and-concepts.html
 */
import type {
  ListPermissionsCommandInput,
  ListPermissionsCommandOutput,
  ListResourceSharePermissionsCommandInput,
  ListResourceSharePermissionsCommandOutput,
  ResourceSharePermissionSummary,
} from "@aws-sdk/client-ram";
import { unsupportedOperation } from "../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../action.ts";
import { malformedArn } from "./errors.ts";
import { ramPage } from "./page.ts";
import type { ResourceShareRecord } from "./record.ts";
import { shareByArn } from "./share-look-up.ts";
import { shareableResource } from "./shareable-resources.ts";

const createdAt = new Date(Date.UTC(2022, 5, 30));

const permissions: readonly ResourceSharePermissionSummary[] = [
  defaultPermission("AWSRAMDefaultPermissionPrefixList", "ec2:PrefixList"),
  defaultPermission("AWSRAMDefaultPermissionTransitGateway", "ec2:TransitGateway"),
];

const listPermissions: Action<ListPermissionsCommandInput, ListPermissionsCommandOutput> = (input) => {
  const { resourceType, permissionType = "ALL" } = input;
  const rows = permissions
    .filter((permission) => permissionType === "ALL" || permission.permissionType === permissionType)
    .filter(({ resourceType: type }) => !resourceType || type?.toLowerCase() === resourceType.toLowerCase());
  const { items, page } = ramPage(rows, input);
  return { permissions: items, ...page };
};

const listResourceSharePermissions: Action<
  ListResourceSharePermissionsCommandInput,
  ListResourceSharePermissionsCommandOutput
> = (input, context) => {
  const share = shareByArn(input.resourceShareArn, context);
  const { items, page } = ramPage(permissionsOf(share, context), input);
  return { permissions: items, ...page };
};

export const permissionActions = {
  ListPermissions: listPermissions,
  ListResourceSharePermissions: listResourceSharePermissions,
} satisfies Actions;

/** The permissions that a new share names. Refuses what is none, and those of AWS's that are not here. */
export function checkedPermissions(arns: readonly string[]): readonly string[] {
  for (const arn of arns) {
    if (permissions.some((permission) => permission.arn === arn)) continue;
    if (!/^arn:aws:ram:[^:]*:(aws|\d{12}):permission\//.test(arn))
      throw malformedArn(`The permission ARN ${arn} is malformed. Verify the ARN and try again.`);
    throw unsupportedOperation("CreateResourceShare", `with the permission ${arn} is not modelled by this local cloud`);
  }
  return [...new Set(arns)];
}

/** Those that the share names, and the default for each type of resource in it. */
function permissionsOf(share: ResourceShareRecord, context: ActionContext): ResourceSharePermissionSummary[] {
  const types = context
    .by("resourceAssociation", "share", share.ResourceShareArn)
    .filter(({ Status }) => Status !== "DISASSOCIATED")
    .map(({ ResourceArn }): string => shareableResource(ResourceArn).type);
  return permissions
    .filter(({ arn = "", resourceType = "" }) => share.PermissionArns.includes(arn) || types.includes(resourceType))
    .map((permission) => ({ ...permission, status: "ASSOCIATED" }));
}

function defaultPermission(name: string, resourceType: string): ResourceSharePermissionSummary {
  return {
    arn: `arn:aws:ram::aws:permission/${name}`,
    version: "1",
    defaultVersion: true,
    name,
    resourceType,
    status: "ATTACHABLE",
    creationTime: createdAt,
    lastUpdatedTime: createdAt,
    isResourceTypeDefault: true,
    permissionType: "AWS_MANAGED",
    featureSet: "STANDARD",
  };
}
