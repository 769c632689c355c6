/** Transit gateways: making, changing, removing and describing them. [TG-1 to TG-5] (semantics 6.7) */
import type {
  CreateTransitGatewayCommandInput,
  CreateTransitGatewayCommandOutput,
  DeleteTransitGatewayCommandInput,
  DeleteTransitGatewayCommandOutput,
  DescribeTransitGatewaysCommandInput,
  DescribeTransitGatewaysCommandOutput,
  ModifyTransitGatewayCommandInput,
  ModifyTransitGatewayCommandOutput,
} from "@aws-sdk/client-ec2";
import { incorrectState } from "../../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { describe } from "../describe.ts";
import { tagNewResource } from "../tag/tags.ts";
import { attachmentsOfGateway } from "../transit-gateway-attachment/attachments.ts";
import { hasEnded } from "../transit-gateway-attachment/states.ts";
import { createRouteTableRecord } from "../transit-gateway-route-table/create-record.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import { checkQuota } from "../vpc/quotas.ts";
import { changedDefaultTables } from "./default-route-tables.ts";
import { toTransitGateway, transitGatewayDescription } from "./describe.ts";
import { invalidState, ownGatewayNamed } from "./named.ts";
import { changedCidrBlocks, checkedAsn, defaultAsn } from "./options.ts";
import type { TransitGatewayRecord } from "./record.ts";
import { withSwitches } from "./switches.ts";

const createTransitGateway: Action<CreateTransitGatewayCommandInput, CreateTransitGatewayCommandOutput> = (
  input,
  context,
) => {
  const { AmazonSideAsn, TransitGatewayCidrBlocks = [], MulticastSupport, ...switches } = input.Options ?? {};
  refuseUnmodelled("CreateTransitGateway", {
    "Options.MulticastSupport": MulticastSupport === "disable" ? undefined : MulticastSupport,
  });
  const { accountId: OwnerId, region: Region } = context.caller;
  checkQuota("transitGatewaysPerRegion", gatewaysOwned(context) + 1);
  const TransitGatewayId = context.newId("tgw");
  const base: TransitGatewayRecord = {
    OwnerId,
    Region,
    CreatedAt: context.now,
    TransitGatewayId,
    State: "pending",
    Description: input.Description ?? "",
    Options: {
      AmazonSideAsn: checkedAsn(AmazonSideAsn ?? defaultAsn),
      TransitGatewayCidrBlocks: changedCidrBlocks([], TransitGatewayCidrBlocks, [], { TransitGatewayId }, context),
      ...withSwitches(defaults, switches),
    },
    SharedWith: [],
  };
  const gateway = withDefaultTable(base, context);
  context.put("transitGateway", gateway);
  tagNewResource(context, input.TagSpecifications, "transit-gateway", TransitGatewayId);
  return { TransitGateway: toTransitGateway(gateway, context) };
};

/** Changes of the default tables act on attachments made from here on. [TG-4] */
const modifyTransitGateway: Action<ModifyTransitGatewayCommandInput, ModifyTransitGatewayCommandOutput> = (
  input,
  context,
) => {
  const gateway = ownGatewayNamed(input.TransitGatewayId, context);
  const asked = input.Options ?? {};
  refuseUnmodelled("ModifyTransitGateway", {
    "Options.EncryptionSupport": asked.EncryptionSupport === "disable" ? undefined : asked.EncryptionSupport,
  });
  const { Options } = gateway;
  const { AutoAcceptSharedAttachments, VpnEcmpSupport, DnsSupport, SecurityGroupReferencingSupport } = Options;
  const { AddTransitGatewayCidrBlocks: added = [], RemoveTransitGatewayCidrBlocks: removed = [] } = asked;
  const blocks = changedCidrBlocks(Options.TransitGatewayCidrBlocks, added, removed, gateway, context);
  const after: TransitGatewayRecord = {
    ...gateway,
    Description: input.Description ?? gateway.Description,
    Options: {
      AmazonSideAsn: checkedAsn(asked.AmazonSideAsn ?? Options.AmazonSideAsn),
      TransitGatewayCidrBlocks: blocks,
      ...withSwitches(
        { AutoAcceptSharedAttachments, VpnEcmpSupport, DnsSupport, SecurityGroupReferencingSupport },
        asked,
      ),
      ...changedDefaultTables(gateway, asked, context),
    },
  };
  const modified = context.fire("transitGateway", after, "ModifyTransitGateway");
  if (modified === undefined) throw invalidState(gateway.TransitGatewayId);
  return { TransitGateway: toTransitGateway(modified, context) };
};

const deleteTransitGateway: Action<DeleteTransitGatewayCommandInput, DeleteTransitGatewayCommandOutput> = (
  input,
  context,
) => {
  const gateway = ownGatewayNamed(input.TransitGatewayId, context);
  const { TransitGatewayId } = gateway;
  const attached = attachmentsOfGateway(TransitGatewayId, context).filter((attachment) => !hasEnded(attachment));
  const vpcs = attached.filter(({ ResourceType }) => ResourceType === "vpc");
  const [what, blocking] = vpcs.length > 0 ? (["", vpcs] as const) : (["Cross Region Peering ", attached] as const);
  if (blocking.length > 0) {
    const ids = blocking.map((attachment) => attachment.TransitGatewayAttachmentId).join(", ");
    throw incorrectState(`${TransitGatewayId} has non-deleted Transit Gateway ${what}Attachments: ${ids}.`);
  }
  const deleting = context.fire("transitGateway", gateway, "DeleteTransitGateway");
  if (deleting === undefined) throw invalidState(TransitGatewayId);
  return { TransitGateway: toTransitGateway(deleting, context) };
};

const describeTransitGateways: Action<DescribeTransitGatewaysCommandInput, DescribeTransitGatewaysCommandOutput> = (
  input,
  context,
) => {
  const { records, NextToken } = describe(transitGatewayDescription, input.TransitGatewayIds, input, context);
  return { TransitGateways: records.map((gateway) => toTransitGateway(gateway, context)), NextToken };
};

export const transitGatewayActions = {
  CreateTransitGateway: createTransitGateway,
  ModifyTransitGateway: modifyTransitGateway,
  DeleteTransitGateway: deleteTransitGateway,
  DescribeTransitGateways: describeTransitGateways,
} satisfies Actions;

const defaults = {
  AutoAcceptSharedAttachments: "disable",
  DefaultRouteTableAssociation: "enable",
  DefaultRouteTablePropagation: "enable",
  VpnEcmpSupport: "enable",
  DnsSupport: "enable",
  SecurityGroupReferencingSupport: "disable",
} as const;

/** One table for whichever of the two switches are on. [TG-3] */
function withDefaultTable(gateway: TransitGatewayRecord, context: ActionContext): TransitGatewayRecord {
  const { Options } = gateway;
  const associates = Options.DefaultRouteTableAssociation === "enable";
  const propagates = Options.DefaultRouteTablePropagation === "enable";
  if (!associates && !propagates) return gateway;
  const { TransitGatewayRouteTableId: id } = createRouteTableRecord(context, gateway);
  return {
    ...gateway,
    Options: {
      ...Options,
      ...(associates && { AssociationDefaultRouteTableId: id }),
      ...(propagates && { PropagationDefaultRouteTableId: id }),
    },
  };
}

function gatewaysOwned({ caller, inScope }: ActionContext): number {
  return inScope("transitGateway", caller.accountId, caller.region).filter(
    ({ OwnerId, State }) => OwnerId === caller.accountId && State !== "deleted",
  ).length;
}
