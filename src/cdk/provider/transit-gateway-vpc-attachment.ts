/**
 * Custom::TransitGatewayVpcAttachment: a VPC at a transit gateway of another account, available: for the gateway's owner, who accepts it, and for
 * the VPC's, who waits for that. [TG-81]
 */
import {
  AcceptTransitGatewayVpcAttachmentCommand,
  DeleteTransitGatewayVpcAttachmentCommand,
  DescribeTransitGatewayVpcAttachmentsCommand,
  type EC2Client,
  RejectTransitGatewayVpcAttachmentCommand,
} from "@aws-sdk/client-ec2";
import { type Attachment, type AttachmentCalls, available, ended } from "./attachment.ts";
import { endsWithResource, NotMeant, type Properties, placeOf, required, type Verb } from "./custom-resource.ts";
import { isRefusedBy } from "./waiting.ts";

export const transitGatewayVpcAttachment: Verb = {
  async put(properties, { clients, clock, keepId }) {
    const id = required(properties, "TransitGatewayAttachmentId");
    keepId(id);
    await available(callsOf(properties, clients.ec2(placeOf(properties))), properties.Role === "accepter", clock);
    return { TransitGatewayAttachmentId: id };
  },
  // The gateway's owner may end it too. [TG-18]
  async remove(properties, { clients, clock }) {
    if (!endsWithResource(properties)) return;
    await ended(callsOf(properties, clients.ec2(placeOf(properties))), clock);
  },
};

function callsOf(properties: Properties, ec2: EC2Client): AttachmentCalls {
  const id = required(properties, "TransitGatewayAttachmentId");
  return {
    name: `Transit gateway VPC attachment ${id}`,
    find: () => find(id, required(properties, "TransitGatewayId"), ec2),
    accept: (each) => ec2.send(new AcceptTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId: each })),
    reject: (each) => ec2.send(new RejectTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId: each })),
    end: (each) => ec2.send(new DeleteTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId: each })),
  };
}

async function find(id: string, gateway: string, ec2: EC2Client): Promise<Attachment | undefined> {
  try {
    const command = new DescribeTransitGatewayVpcAttachmentsCommand({ TransitGatewayAttachmentIds: [id] });
    const [row] = (await ec2.send(command)).TransitGatewayVpcAttachments ?? [];
    if (row === undefined) return undefined;
    if (row.TransitGatewayId !== gateway) {
      throw new NotMeant(`Transit gateway VPC attachment ${id} is not at ${gateway}, but at ${row.TransitGatewayId}.`);
    }
    return { id, state: row.State };
  } catch (error) {
    if (isRefusedBy(error, "InvalidTransitGatewayAttachmentID.NotFound")) return undefined;
    throw error;
  }
}
