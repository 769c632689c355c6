/** CreateTags, DeleteTags and DescribeTags, for every resource that can be tagged. (semantics 13.1 "Tags", [PX-6]) */
import type {
  CreateTagsCommandInput,
  CreateTagsCommandOutput,
  DeleteTagsCommandInput,
  DeleteTagsCommandOutput,
  DescribeTagsCommandInput,
  DescribeTagsCommandOutput,
  ResourceType,
} from "@aws-sdk/client-ec2";
import {
  AwsError,
  type Ec2ResourceKind,
  ec2Errors,
  isWellFormedId,
  missingParameter,
  prefixByResourceType,
  resourceTypeOfId,
} from "../../../../aws/index.ts";
import type { TableName } from "../../../state/tables.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { offsetPage } from "../../offset-page.ts";
import { matcher } from "../filters.ts";
import { attachmentNamed } from "../transit-gateway-attachment/attachments.ts";
import { peeringById } from "../vpc-peering-connection/describe-definition.ts";
import { setTags, unsetTags } from "./tags.ts";

export const createTags: Action<CreateTagsCommandInput, CreateTagsCommandOutput> = (
  { Resources = [], Tags = [] },
  context,
) => {
  if (Resources.length === 0) throw missingParameter("resourceIdSet");
  if (Tags.length === 0) throw missingParameter("tagSet");
  for (const id of Resources) setTags(context, taggable(id, context), id, Tags);
  return {};
};

export const deleteTags: Action<DeleteTagsCommandInput, DeleteTagsCommandOutput> = (
  { Resources = [], Tags },
  context,
) => {
  if (Resources.length === 0) throw missingParameter("resourceIdSet");
  for (const id of Resources) unsetTags(context, taggable(id, context), id, Tags);
  return {};
};

interface TagRow {
  readonly Key: string;
  readonly Value: string;
  readonly ResourceId: string;
  readonly ResourceType: string;
}

export const describeTags: Action<DescribeTagsCommandInput, DescribeTagsCommandOutput> = (input, context) => {
  const matches = matcher<TagRow>(
    input.Filters,
    {
      key: (row) => row.Key,
      value: (row) => row.Value,
      "resource-id": (row) => row.ResourceId,
      "resource-type": (row) => row.ResourceType,
    },
    (row) => row.ResourceId,
    context,
  );
  const { accountId, region } = context.caller;
  const rows = context
    .inScope("tag", accountId, region)
    .flatMap(({ ResourceId, ResourceType, Tags }) =>
      Tags.map(({ Key, Value }) => ({ Key, Value, ResourceId, ResourceType })),
    )
    .filter(matches)
    .sort((a, b) => compare(a.ResourceId, b.ResourceId) || compare(a.Key, b.Key));
  const { items, NextToken } = offsetPage(rows, input, { min: 5, max: 1000 });
  // Every stored type came from the table below, whose names are the enum's.
  return { Tags: items.map((row) => ({ ...row, ResourceType: row.ResourceType as ResourceType })), NextToken };
};

export const tagActions = {
  CreateTags: createTags,
  DeleteTags: deleteTags,
  DescribeTags: describeTags,
} satisfies Actions;

/** Where the records of a taggable type are. A rule is found inside its group, a peering by who still sees it, an attachment by its kind. */
const tableOf = {
  vpc: "vpc",
  subnet: "subnet",
  "route-table": "routeTable",
  "prefix-list": "managedPrefixList",
  "internet-gateway": "internetGateway",
  "egress-only-internet-gateway": "egressOnlyInternetGateway",
  natgateway: "natGateway",
  "elastic-ip": "address",
  "security-group": "securityGroup",
  "network-acl": "networkAcl",
  "network-interface": "networkInterface",
  "vpc-endpoint": "vpcEndpoint",
  instance: "instance",
  volume: "volume",
  "key-pair": "keyPair",
  "dhcp-options": "dhcpOptions",
  "network-insights-path": "networkInsightsPath",
  "network-insights-analysis": "networkInsightsAnalysis",
  "transit-gateway": "transitGateway",
  "transit-gateway-route-table": "transitGatewayRouteTable",
} as const satisfies { readonly [type in Ec2ResourceKind]?: TableName };

/** The resource type behind an id that the caller sees; otherwise refuses. */
function taggable(id: string, context: ActionContext): string {
  const type = resourceTypeOfId(id);
  if (type === undefined) throw new AwsError("InvalidID", `The ID '${id}' is not valid`);
  const { accountId, region } = context.caller;
  if (type === "security-group-rule") {
    const [group] = context.by("securityGroup", "rule", id);
    if (group === undefined || !context.visible("securityGroup", group.GroupId, accountId, region)) {
      throw ec2Errors.notFound("security-group-rule", id);
    }
    return type;
  }
  if (type === "vpc-peering-connection") {
    // Each side sees an ended one for a time of its own. [PX-2]
    peeringById(id, context);
    return type;
  }
  if (type === "transit-gateway-attachment") {
    attachmentNamed(id, context);
    return type;
  }
  if (!isIn(tableOf, type))
    throw new AwsError("InvalidID", `The ID '${id}' is not valid: this local cloud has no ${type}.`);
  if (!isWellFormedId(prefixByResourceType[type], id)) throw ec2Errors.malformed(type, id);
  if (context.visible(tableOf[type], id, accountId, region) === undefined) throw ec2Errors.notFound(type, id);
  return type;
}

function isIn<T extends object>(table: T, key: PropertyKey): key is keyof T {
  return Object.hasOwn(table, key);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
