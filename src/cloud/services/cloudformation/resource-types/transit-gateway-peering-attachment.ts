/** AWS::EC2::TransitGatewayPeeringAttachment. CloudFormation asks; who owns the other gateway accepts, by a call of its own. */
import type {
  CreateTransitGatewayPeeringAttachmentCommandOutput,
  DescribeTransitGatewayPeeringAttachmentsCommandOutput,
} from "@aws-sdk/client-ec2";
import { ResourceFailure, type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

interface Properties {
  readonly TransitGatewayId: string;
  readonly PeerTransitGatewayId: string;
  readonly PeerAccountId: string;
  readonly PeerRegion: string;
  readonly Tags?: readonly ResourceTag[];
}

export const transitGatewayPeeringAttachmentType = resourceType<Properties>({
  name: "AWS::EC2::TransitGatewayPeeringAttachment",
  properties: ["TransitGatewayId", "PeerTransitGatewayId", "PeerAccountId", "PeerRegion", "Tags"],
  create(work) {
    const { TransitGatewayId, PeerTransitGatewayId, PeerAccountId, PeerRegion } = work.properties;
    const answer = work.call<CreateTransitGatewayPeeringAttachmentCommandOutput>(
      "ec2:CreateTransitGatewayPeeringAttachment",
      {
        TransitGatewayId,
        PeerTransitGatewayId,
        PeerAccountId,
        PeerRegion,
        TagSpecifications: tagsFor("transit-gateway-attachment", work),
      },
    );
    return answer.TransitGatewayPeeringAttachment?.TransitGatewayAttachmentId ?? "";
  },
  // Waiting for the other side would be waiting for ever: acceptance is no part of the resource.
  created(work) {
    const { State, Status } = describe(work) ?? {};
    if (State === "failed" || State === "rejected")
      throw new ResourceFailure(
        `TransitGatewayPeeringAttachment ${work.physicalId} is in state ${State}: ${Status?.Message ?? ""}`,
      );
    return State === "pendingAcceptance" || State === "available";
  },
  update: (work) => changeTags(work),
  delete({ call, physicalId }) {
    call("ec2:DeleteTransitGatewayPeeringAttachment", { TransitGatewayAttachmentId: physicalId });
  },
  deleted: (work) => (describe(work)?.State ?? "deleted") === "deleted",
  attributes(work) {
    const attachment = describe(work);
    return {
      TransitGatewayAttachmentId: work.physicalId,
      State: attachment?.State,
      CreationTime: attachment?.CreationTime?.toISOString(),
    };
  },
});

function describe(work: ResourceWork<Properties>) {
  const Filters = [{ Name: "transit-gateway-attachment-id", Values: [work.physicalId] }];
  return work.call<DescribeTransitGatewayPeeringAttachmentsCommandOutput>(
    "ec2:DescribeTransitGatewayPeeringAttachments",
    { Filters },
  ).TransitGatewayPeeringAttachments?.[0];
}
