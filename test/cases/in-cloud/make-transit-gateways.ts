/** Transit gateways with their tables, attachments, peerings and static routes, made in a local cloud by calls of the real SDK. */
import type {
  NetworkModel,
  TransitGateway,
  TransitGatewayPeeringAttachment,
  TransitGatewayVpcAttachment,
} from "../../../src/model/index.ts";
import type { Place, Site } from "./site.ts";

export async function makeTransitGateways(site: Site, model: NetworkModel): Promise<void> {
  for (const gateway of model.transitGateways) await makeGateway(site, model, gateway);
  site.settle();
  for (const table of model.transitGatewayRouteTables) {
    if (table.transitGatewayRouteTableId.slice("tgw-rtb-".length) === table.transitGatewayId.slice("tgw-".length))
      continue;
    const made = await site
      .ec2(table)
      .createTransitGatewayRouteTable({ TransitGatewayId: site.id(table.transitGatewayId) });
    site.setId(table.transitGatewayRouteTableId, made.TransitGatewayRouteTable?.TransitGatewayRouteTableId);
  }
  site.settle();
  for (const attachment of model.transitGatewayVpcAttachments) await attach(site, model, attachment);
  for (const peering of model.transitGatewayPeeringAttachments) await peer(site, peering);
  site.settle();
  for (const { transitGatewayId, transitGatewayAttachmentId } of model.transitGatewayVpcAttachments) {
    await associate(site, model, transitGatewayId, transitGatewayAttachmentId);
    await propagate(site, model, transitGatewayId, transitGatewayAttachmentId);
  }
  for (const { requester, accepter, state, transitGatewayAttachmentId } of model.transitGatewayPeeringAttachments) {
    if (state !== "available") continue;
    await associate(site, model, requester.transitGatewayId, transitGatewayAttachmentId);
    await associate(site, model, accepter.transitGatewayId, accepter.transitGatewayAttachmentId ?? "");
  }
  site.settle();
}

async function makeGateway(site: Site, model: NetworkModel, gateway: TransitGateway): Promise<void> {
  const { transitGatewayId, securityGroupReferencingSupport: references, state } = gateway;
  if (state !== "available") throw new Error(`a transit gateway that is ${state}: cannot be made`);
  const Options = { SecurityGroupReferencingSupport: references ? ("enable" as const) : ("disable" as const) };
  const { TransitGateway: made } = await site.ec2(gateway).createTransitGateway({ Options });
  site.setId(transitGatewayId, made?.TransitGatewayId);
  site.setId(`tgw-rtb-${transitGatewayId.slice("tgw-".length)}`, made?.Options?.AssociationDefaultRouteTableId);
  const guests = model.transitGatewayVpcAttachments.filter(
    (each) => each.transitGatewayId === transitGatewayId && each.ownerId !== gateway.ownerId,
  );
  site.settle();
  for (const { ownerId } of guests) await share(site, gateway, site.id(transitGatewayId), ownerId);
}

async function share(site: Site, gateway: Place, id: string, ownerId: string): Promise<void> {
  const resourceArns = [`arn:aws:ec2:${gateway.region}:${gateway.ownerId}:transit-gateway/${id}`];
  await site.ram(gateway).createResourceShare({ name: id, resourceArns, principals: [ownerId] });
  const guest = site.ram({ ownerId, region: gateway.region });
  const { resourceShareInvitations = [] } = await guest.getResourceShareInvitations({});
  for (const { resourceShareInvitationArn, status } of resourceShareInvitations)
    if (status === "PENDING") await guest.acceptResourceShareInvitation({ resourceShareInvitationArn });
  site.settle();
}

async function attach(site: Site, model: NetworkModel, attachment: TransitGatewayVpcAttachment): Promise<void> {
  const { transitGatewayId, transitGatewayAttachmentId, state } = attachment;
  if (state !== "available" && state !== "deleted") throw new Error(`an attachment that is ${state}: cannot be made`);
  const word = (on: boolean) => (on ? ("enable" as const) : ("disable" as const));
  const made = await site.ec2(attachment).createTransitGatewayVpcAttachment({
    TransitGatewayId: site.id(transitGatewayId),
    VpcId: site.id(attachment.vpcId),
    SubnetIds: attachment.subnetIds.map((id) => site.id(id)),
    Options: {
      ApplianceModeSupport: word(attachment.applianceModeSupport),
      Ipv6Support: word(attachment.ipv6Support),
      SecurityGroupReferencingSupport: word(attachment.securityGroupReferencingSupport),
    },
  });
  const TransitGatewayAttachmentId = made.TransitGatewayVpcAttachment?.TransitGatewayAttachmentId;
  site.setId(transitGatewayAttachmentId, TransitGatewayAttachmentId);
  site.settle();
  const gateway = ownerOf(model, transitGatewayId);
  if (gateway.ownerId !== attachment.ownerId)
    await site.ec2(gateway).acceptTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
  site.settle();
}

async function peer(site: Site, peering: TransitGatewayPeeringAttachment): Promise<void> {
  const { requester, accepter, state, transitGatewayAttachmentId } = peering;
  const made = await site.ec2(requester).createTransitGatewayPeeringAttachment({
    TransitGatewayId: site.id(requester.transitGatewayId),
    PeerTransitGatewayId: site.id(accepter.transitGatewayId),
    PeerAccountId: accepter.ownerId,
    PeerRegion: accepter.region,
  });
  const attachment = made.TransitGatewayPeeringAttachment;
  site.settle();
  const Filters = [{ Name: "transit-gateway-id", Values: [site.id(accepter.transitGatewayId)] }];
  const seen = await site.ec2(accepter).describeTransitGatewayPeeringAttachments({ Filters });
  const TransitGatewayAttachmentId = seen.TransitGatewayPeeringAttachments?.find(
    ({ State }) => State === "pendingAcceptance",
  )?.TransitGatewayAttachmentId;
  // The accepter's first: where both are one, it is the requester's.
  if (accepter.transitGatewayAttachmentId !== undefined)
    site.setId(accepter.transitGatewayAttachmentId, TransitGatewayAttachmentId);
  site.setId(transitGatewayAttachmentId, attachment?.TransitGatewayAttachmentId);
  if (state === "available")
    await site.ec2(accepter).acceptTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId });
  site.settle();
}

/** Moves the association to where the case has it; the default table has it already unless the case says otherwise. */
async function associate(site: Site, model: NetworkModel, gatewayId: string, attachmentId: string): Promise<void> {
  const ec2 = site.ec2(ownerOf(model, gatewayId));
  const TransitGatewayAttachmentId = site.id(attachmentId);
  const wanted = tablesOf(model, gatewayId, "associations", attachmentId).map((id) => site.id(id));
  const { TransitGatewayAttachments } = await ec2.describeTransitGatewayAttachments({
    TransitGatewayAttachmentIds: [TransitGatewayAttachmentId],
  });
  const present = TransitGatewayAttachments?.[0]?.Association?.TransitGatewayRouteTableId;
  const [table] = wanted;
  if (present === table) return;
  if (present !== undefined)
    await ec2.disassociateTransitGatewayRouteTable({ TransitGatewayAttachmentId, TransitGatewayRouteTableId: present });
  site.settle();
  if (table !== undefined)
    await ec2.associateTransitGatewayRouteTable({ TransitGatewayAttachmentId, TransitGatewayRouteTableId: table });
}

async function propagate(site: Site, model: NetworkModel, gatewayId: string, attachmentId: string): Promise<void> {
  const ec2 = site.ec2(ownerOf(model, gatewayId));
  const TransitGatewayAttachmentId = site.id(attachmentId);
  const wanted = new Set(tablesOf(model, gatewayId, "propagations", attachmentId).map((id) => site.id(id)));
  const { TransitGatewayAttachmentPropagations = [] } = await ec2.getTransitGatewayAttachmentPropagations({
    TransitGatewayAttachmentId,
  });
  const present = new Set(TransitGatewayAttachmentPropagations.map((each) => each.TransitGatewayRouteTableId ?? ""));
  for (const TransitGatewayRouteTableId of [...present].filter((id) => !wanted.has(id)))
    await ec2.disableTransitGatewayRouteTablePropagation({ TransitGatewayRouteTableId, TransitGatewayAttachmentId });
  for (const TransitGatewayRouteTableId of [...wanted].filter((id) => !present.has(id)))
    await ec2.enableTransitGatewayRouteTablePropagation({ TransitGatewayRouteTableId, TransitGatewayAttachmentId });
}

export async function makeTransitGatewayRoutes(site: Site, model: NetworkModel): Promise<void> {
  for (const { routes, transitGatewayRouteTableId, transitGatewayId } of model.transitGatewayRouteTables) {
    for (const { type, destinationCidrBlock, transitGatewayAttachmentIds } of routes) {
      if (type !== "static") continue;
      const [target] = transitGatewayAttachmentIds;
      await site.ec2(ownerOf(model, transitGatewayId)).createTransitGatewayRoute({
        TransitGatewayRouteTableId: site.id(transitGatewayRouteTableId),
        DestinationCidrBlock: site.address(destinationCidrBlock),
        ...(target === undefined ? { Blackhole: true } : { TransitGatewayAttachmentId: site.id(target) }),
      });
    }
  }
}

export async function removeAttachments(site: Site, model: NetworkModel): Promise<void> {
  for (const attachment of model.transitGatewayVpcAttachments) {
    if (attachment.state !== "deleted") continue;
    const TransitGatewayAttachmentId = site.id(attachment.transitGatewayAttachmentId);
    await site.ec2(attachment).deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
  }
}

function ownerOf(model: NetworkModel, gatewayId: string): TransitGateway {
  const gateway = model.transitGateways.find((each) => each.transitGatewayId === gatewayId);
  if (gateway === undefined) throw new Error(`bug: no ${gatewayId}`);
  return gateway;
}

function tablesOf(
  model: NetworkModel,
  gatewayId: string,
  list: "associations" | "propagations",
  attachmentId: string,
): readonly string[] {
  return model.transitGatewayRouteTables
    .filter((each) => each.transitGatewayId === gatewayId)
    .filter((each) => each[list].some((one) => one.transitGatewayAttachmentId === attachmentId))
    .map((each) => each.transitGatewayRouteTableId);
}
