/** CreateTransitGatewayVpcAttachment. [TG-10 to TG-14, TG-82] */
import type {
  CreateTransitGatewayVpcAttachmentCommandInput,
  CreateTransitGatewayVpcAttachmentCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError, missingParameter } from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { named } from "../required.ts";
import { tagNewResource } from "../tag/tags.ts";
import { checkAvailable, gatewayNamed } from "../transit-gateway/named.ts";
import type { TransitGatewayRecord } from "../transit-gateway/record.ts";
import { withSwitches } from "../transit-gateway/switches.ts";
import { hasEnded } from "../transit-gateway-attachment/states.ts";
import { vpcDescription } from "../vpc/describe.ts";
import { checkQuota } from "../vpc/quotas.ts";
import type { VpcRecord } from "../vpc/record.ts";
import { toVpcAttachment } from "./describe.ts";
import { enterState } from "./lifecycle.ts";
import type { TransitGatewayVpcAttachmentRecord } from "./record.ts";
import { checkedSubnets } from "./subnets.ts";

export const createTransitGatewayVpcAttachment: Action<
  CreateTransitGatewayVpcAttachmentCommandInput,
  CreateTransitGatewayVpcAttachmentCommandOutput
> = (input, context) => {
  const gateway = gatewayNamed(input.TransitGatewayId, context);
  checkAvailable(gateway.TransitGatewayId, gateway);
  const vpc = named(vpcDescription, "VpcId", input.VpcId, context);
  if (!input.SubnetIds?.length) throw missingParameter("SubnetIds");
  const SubnetIds = checkedSubnets(input.SubnetIds, vpc.VpcId, context);
  checkNotAttached(gateway, vpc, context);
  const base: TransitGatewayVpcAttachmentRecord = {
    OwnerId: vpc.OwnerId,
    Region: vpc.Region,
    CreatedAt: context.now,
    TransitGatewayAttachmentId: context.newId("tgw-attach"),
    TransitGatewayId: gateway.TransitGatewayId,
    TransitGatewayOwnerId: gateway.OwnerId,
    VpcId: vpc.VpcId,
    SubnetIds,
    Options: withSwitches(defaults, input.Options ?? {}),
    State: "pendingAcceptance",
    Interfaces: [],
  };
  const record = needsAcceptance(gateway, context) ? base : enterState(base, "pending", context);
  context.put("transitGatewayVpcAttachment", record);
  const { TransitGatewayAttachmentId } = record;
  tagNewResource(context, input.TagSpecifications, "transit-gateway-attachment", TransitGatewayAttachmentId);
  return { TransitGatewayVpcAttachment: toVpcAttachment(record, context) };
};

/** [TG-11] */
const defaults = {
  DnsSupport: "enable",
  SecurityGroupReferencingSupport: "enable",
  Ipv6Support: "disable",
  ApplianceModeSupport: "disable",
} as const;

/** The gateway's owner need not ask itself. [TG-10] */
function needsAcceptance({ OwnerId, Options }: TransitGatewayRecord, { caller }: ActionContext): boolean {
  return OwnerId !== caller.accountId && Options.AutoAcceptSharedAttachments === "disable";
}

/** One attachment of a VPC to a gateway [TG-13]; equal addresses of two VPCs are no obstacle [TG-14]. */
function checkNotAttached(
  { TransitGatewayId }: TransitGatewayRecord,
  { VpcId }: VpcRecord,
  context: ActionContext,
): void {
  const attached = context.by("transitGatewayVpcAttachment", "vpc", VpcId).filter((each) => !hasEnded(each));
  if (attached.some((each) => each.TransitGatewayId === TransitGatewayId)) {
    throw new AwsError(
      "DuplicateTransitGatewayAttachment",
      `${TransitGatewayId} has non-deleted Transit Gateway Attachments with same VPC ID.`,
    );
  }
  checkQuota("transitGatewaysPerVpc", attached.length + 1, VpcId);
}
