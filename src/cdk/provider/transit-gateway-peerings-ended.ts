/**
 * Custom::TransitGatewayPeeringsEnded: nothing while it is there. Deleted, it waits until no peering is left at its gateway: the requester's
 * Region shows `deleted` before the accepter's does, and a gateway with a peering that is still `deleting` is not deleted.
 */
import {
  DescribeTransitGatewayPeeringAttachmentsCommand,
  type EC2Client,
  type TransitGatewayPeeringAttachment,
} from "@aws-sdk/client-ec2";
import { hasEnded } from "./attachment.ts";
import { placeOf, Refusal, required, type Verb } from "./custom-resource.ts";
import { type Look, waitFor } from "./waiting.ts";

export const transitGatewayPeeringsEnded: Verb = {
  async put(properties, { keepId }) {
    keepId(required(properties, "TransitGatewayId"));
    return {};
  },
  async remove(properties, { clients, clock }) {
    const gateway = required(properties, "TransitGatewayId");
    const ec2 = clients.ec2(placeOf(properties));
    await waitFor(`The peerings of ${gateway}`, clock, async (): Promise<Look<true>> => {
      const left = await liveAt(gateway, ec2);
      if (left.length === 0) return { done: true };
      const used = left.find(({ State }) => !isEnding(State));
      if (used !== undefined) {
        const { TransitGatewayAttachmentId: id, State } = used;
        throw new Refusal(`${gateway} has a peering that is ${State}: ${id}. It has to be deleted first.`);
      }
      return { still: left.map(({ State }) => State).join(", ") };
    });
  },
};

async function liveAt(gateway: string, ec2: EC2Client): Promise<readonly TransitGatewayPeeringAttachment[]> {
  const Filters = [{ Name: "transit-gateway-id", Values: [gateway] }];
  const live: TransitGatewayPeeringAttachment[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2.send(new DescribeTransitGatewayPeeringAttachmentsCommand({ Filters, NextToken }));
    live.push(...(page.TransitGatewayPeeringAttachments ?? []).filter(({ State }) => !hasEnded(State)));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return live;
}

const isEnding = (state: string | undefined): boolean =>
  state === "deleting" || state === "failing" || state === "rejecting";
