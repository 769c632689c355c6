/**
 * Custom::TransitGatewayPeering: one side of a peering between transit gateways, accepted if it is the accepter's, and available. It is
 * what CloudFormation lacks: AWS::EC2::TransitGatewayPeeringAttachment ends at the request. [TG-61]
 */
import {
  AcceptTransitGatewayPeeringAttachmentCommand,
  DeleteTransitGatewayPeeringAttachmentCommand,
  DescribeTransitGatewayPeeringAttachmentsCommand,
  type EC2Client,
  RejectTransitGatewayPeeringAttachmentCommand,
  type TransitGatewayPeeringAttachment,
} from "@aws-sdk/client-ec2";
import { type Attachment, type AttachmentCalls, available, ended, hasEnded } from "./attachment.ts";
import { endsWithResource, NotMeant, type Properties, placeOf, required, type Verb } from "./custom-resource.ts";
import { isRefusedBy } from "./waiting.ts";

export const transitGatewayPeering: Verb = {
  async put(properties, { clients, clock, keepId }) {
    // Not for an id that will be another one: an update that fails would take that for something new, and take it back.
    if (!hasOwnId(properties)) keepId(required(properties, "TransitGatewayAttachmentId"));
    const calls = callsOf(properties, clients.ec2(placeOf(properties)));
    const { id } = await available(calls, accepts(properties), clock);
    keepId(id);
    return { TransitGatewayAttachmentId: id };
  },
  async remove(properties, { clients, clock }) {
    if (!endsWithResource(properties)) return;
    await ended(callsOf(properties, clients.ec2(placeOf(properties))), clock);
  },
};

const accepts = ({ Role }: Properties): boolean => Role === "accepter";

/** Across Regions both sides have one id. In one Region the accepter has another one. [TG-62] */
const hasOwnId = (properties: Properties): boolean =>
  accepts(properties) && properties.Region === properties.PeerRegion;

function callsOf(properties: Properties, ec2: EC2Client): AttachmentCalls {
  const id = required(properties, "TransitGatewayAttachmentId");
  return {
    name: `Transit gateway peering attachment ${id}`,
    find: () => find(properties, ec2),
    accept: (each) => ec2.send(new AcceptTransitGatewayPeeringAttachmentCommand({ TransitGatewayAttachmentId: each })),
    reject: (each) => ec2.send(new RejectTransitGatewayPeeringAttachmentCommand({ TransitGatewayAttachmentId: each })),
    end: (each) => ec2.send(new DeleteTransitGatewayPeeringAttachmentCommand({ TransitGatewayAttachmentId: each })),
  };
}

/** By the id that it has in this account and Region, or by the two gateways. [TG-64] */
async function find(properties: Properties, ec2: EC2Client): Promise<Attachment | undefined> {
  const row = hasOwnId(properties) ? await byPair(properties, ec2) : await byId(properties, ec2);
  if (row?.TransitGatewayAttachmentId === undefined) return undefined;
  return { id: row.TransitGatewayAttachmentId, state: row.State, message: row.Status?.Message };
}

async function byId(properties: Properties, ec2: EC2Client): Promise<TransitGatewayPeeringAttachment | undefined> {
  const id = required(properties, "TransitGatewayAttachmentId");
  try {
    const command = new DescribeTransitGatewayPeeringAttachmentsCommand({ TransitGatewayAttachmentIds: [id] });
    const [row] = (await ec2.send(command)).TransitGatewayPeeringAttachments ?? [];
    if (row !== undefined && !joins(row, properties)) {
      const [own, peer] = gatewaysOf(properties);
      throw new NotMeant(`Transit gateway peering attachment ${id} does not join ${own} and ${peer}.`);
    }
    return row;
  } catch (error) {
    if (isRefusedBy(error, "InvalidTransitGatewayAttachmentID.NotFound")) return undefined;
    throw error;
  }
}

/** There is one that has not ended, at most. [TG-64] */
async function byPair(properties: Properties, ec2: EC2Client): Promise<TransitGatewayPeeringAttachment | undefined> {
  const requesters = required(properties, "TransitGatewayAttachmentId");
  const Filters = [{ Name: "transit-gateway-id", Values: [required(properties, "TransitGatewayId")] }];
  let NextToken: string | undefined;
  do {
    const page = await ec2.send(new DescribeTransitGatewayPeeringAttachmentsCommand({ Filters, NextToken }));
    const found = page.TransitGatewayPeeringAttachments?.find(
      (row) => joins(row, properties) && row.TransitGatewayAttachmentId !== requesters && !hasEnded(row.State),
    );
    if (found !== undefined) return found;
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return undefined;
}

function joins(row: TransitGatewayPeeringAttachment, properties: Properties): boolean {
  const [own, peer] = gatewaysOf(properties);
  const [accepter, requester] = accepts(properties) ? [own, peer] : [peer, own];
  return row.AccepterTgwInfo?.TransitGatewayId === accepter && row.RequesterTgwInfo?.TransitGatewayId === requester;
}

function gatewaysOf(properties: Properties): readonly [own: string, peer: string] {
  return [required(properties, "TransitGatewayId"), required(properties, "PeerTransitGatewayId")];
}
