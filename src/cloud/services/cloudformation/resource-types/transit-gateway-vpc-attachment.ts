/** AWS::EC2::TransitGatewayAttachment and AWS::EC2::TransitGatewayVpcAttachment: the older and the newer name of one thing. */
import type {
  CreateTransitGatewayVpcAttachmentCommandOutput,
  DescribeTransitGatewayVpcAttachmentsCommandOutput,
} from "@aws-sdk/client-ec2";
import { ResourceFailure, type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

interface Properties {
  readonly TransitGatewayId: string;
  readonly VpcId: string;
  readonly SubnetIds: readonly string[];
  readonly AddSubnetIds?: readonly string[];
  readonly RemoveSubnetIds?: readonly string[];
  readonly Options?: {
    readonly ApplianceModeSupport?: string;
    readonly DnsSupport?: string;
    readonly Ipv6Support?: string;
    readonly SecurityGroupReferencingSupport?: string;
  };
  readonly Tags?: readonly ResourceTag[];
}

const shared = ["TransitGatewayId", "VpcId", "SubnetIds", "Options", "Tags"] as const;

function attachmentType(name: string, more: readonly (keyof Properties)[]) {
  return resourceType<Properties>({
    name,
    properties: [...shared, ...more],
    create(work) {
      const { TransitGatewayId, VpcId, SubnetIds, Options } = work.properties;
      const answer = work.call<CreateTransitGatewayVpcAttachmentCommandOutput>(
        "ec2:CreateTransitGatewayVpcAttachment",
        {
          TransitGatewayId,
          VpcId,
          SubnetIds,
          Options,
          TagSpecifications: tagsFor("transit-gateway-attachment", work),
        },
      );
      return answer.TransitGatewayVpcAttachment?.TransitGatewayAttachmentId ?? "";
    },
    created: isAvailable,
    update(work, before) {
      const { SubnetIds, AddSubnetIds = [], RemoveSubnetIds = [], Options } = work.properties;
      const added = [...SubnetIds.filter((id) => !before.SubnetIds.includes(id)), ...AddSubnetIds];
      const removed = [...before.SubnetIds.filter((id) => !SubnetIds.includes(id)), ...RemoveSubnetIds];
      const optionsChange = JSON.stringify(Options) !== JSON.stringify(before.Options);
      if (added.length > 0 || removed.length > 0 || optionsChange) {
        work.call("ec2:ModifyTransitGatewayVpcAttachment", {
          TransitGatewayAttachmentId: work.physicalId,
          ...(added.length > 0 && { AddSubnetIds: added }),
          ...(removed.length > 0 && { RemoveSubnetIds: removed }),
          ...(optionsChange && { Options }),
        });
      }
      changeTags(work);
    },
    updated: isAvailable,
    delete({ call, physicalId }) {
      call("ec2:DeleteTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: physicalId });
    },
    deleted: (work) => (stateOf(work) ?? "deleted") === "deleted",
    attributes: ({ physicalId }) => ({ Id: physicalId }),
  });
}

export const transitGatewayAttachmentType = attachmentType("AWS::EC2::TransitGatewayAttachment", []);
export const transitGatewayVpcAttachmentType = attachmentType("AWS::EC2::TransitGatewayVpcAttachment", [
  "AddSubnetIds",
  "RemoveSubnetIds",
]);

function isAvailable(work: ResourceWork<Properties>): boolean {
  const state = stateOf(work) ?? "gone";
  if (["available", "pending", "modifying", "initiating"].includes(state)) return state === "available";
  throw new ResourceFailure(`TransitGatewayAttachment ${work.physicalId} did not stabilize: it is in state ${state}`);
}

function stateOf(work: ResourceWork<Properties>): string | undefined {
  const Filters = [{ Name: "transit-gateway-attachment-id", Values: [work.physicalId] }];
  return work.call<DescribeTransitGatewayVpcAttachmentsCommandOutput>("ec2:DescribeTransitGatewayVpcAttachments", {
    Filters,
  }).TransitGatewayVpcAttachments?.[0]?.State;
}
