/** Attachments of VPCs and of peerings to transit gateways; and their acceptance by our provider, which CloudFormation lacks. */
import type {
  TransitGatewayAttachmentId,
  TransitGatewayPeeringAttachment,
  TransitGatewayVpcAttachment,
} from "../../../../model/index.ts";
import { isUnknownValue } from "../../template/index.ts";
import { type Given, needed } from "../given.ts";
import { change, type NetworkDraft, nameOf, place, resourceFields } from "../network-draft.ts";
import type { StackResource } from "../read-stacks.ts";
import { deployingAccount } from "../template-stack.ts";
import type { NetworkType } from "./network-type.ts";
import { gatewayOf, joinDefaults } from "./transit-gateway.ts";

function vpcAttachmentType(name: string): NetworkType {
  return { name, prefix: "tgw-attach", idAttributes: ["Id"], losesToo: gatewayOf, build: addVpcAttachment };
}

/** The older and the newer name of one thing. */
export const transitGatewayAttachmentType: NetworkType = vpcAttachmentType("AWS::EC2::TransitGatewayAttachment");
export const transitGatewayVpcAttachmentType: NetworkType = vpcAttachmentType("AWS::EC2::TransitGatewayVpcAttachment");

function addVpcAttachment(resource: StackResource, draft: NetworkDraft): void {
  const given = resource.properties();
  const id = resource.id("tgw-attach");
  const transitGatewayId = needed("TransitGatewayId", given.id("TransitGatewayId", "tgw"));
  const options = given.item("Options");
  const isOn = (name: string, standard: boolean): boolean => {
    const text = options?.text(name);
    return text === undefined ? standard : text === "enable";
  };
  const gateway = draft.transitGateways.get(transitGatewayId);
  const isOwn = gateway === undefined || gateway.ownerId === resource.stack.accountId;
  const attachment: TransitGatewayVpcAttachment = {
    ...resourceFields(resource),
    transitGatewayAttachmentId: id,
    transitGatewayId,
    vpcId: needed("VpcId", given.id("VpcId", "vpc")),
    subnetIds: given.ids("SubnetIds", "subnet"),
    // At another account's gateway it waits for that, unless this gateway accepts by itself. [TG-81]
    state: isOwn || acceptsByItself(draft, transitGatewayId) ? "available" : "pendingAcceptance",
    applianceModeSupport: isOn("ApplianceModeSupport", false),
    dnsSupport: isOn("DnsSupport", true),
    ipv6Support: isOn("Ipv6Support", false),
    securityGroupReferencingSupport: isOn("SecurityGroupReferencingSupport", true),
  };
  draft.transitGatewayVpcAttachments.set(id, attachment);
  place(draft, id, resource);
  if (attachment.state === "available") joinDefaults(draft, id, transitGatewayId);
}

function acceptsByItself(draft: NetworkDraft, gateway: string): boolean {
  return draft.resource(gateway)?.properties().text("AutoAcceptSharedAttachments") === "enable";
}

/** Of our provider: accepted, or waited for until it is. */
export const transitGatewayVpcAttachmentWaitType: NetworkType = {
  name: "Custom::TransitGatewayVpcAttachment",
  ref: (resource) => resource.properties().raw("TransitGatewayAttachmentId"),
  attribute: attachmentAttribute,
  touches: attachmentOf,
  build(resource, draft) {
    if (resource.properties().text("Role") !== "accepter") return;
    for (const id of attachmentOf(resource)) {
      const before = draft.transitGatewayVpcAttachments.get(id);
      if (before === undefined || before.state === "available") continue;
      draft.transitGatewayVpcAttachments.set(id, { ...before, state: "available" });
      joinDefaults(draft, before.transitGatewayAttachmentId, before.transitGatewayId);
    }
  },
};

export const transitGatewayPeeringAttachmentType: NetworkType = {
  name: "AWS::EC2::TransitGatewayPeeringAttachment",
  prefix: "tgw-attach",
  idAttributes: ["TransitGatewayAttachmentId"],
  losesToo: gatewayOf,
  build(resource, draft) {
    const given = resource.properties();
    const id = resource.id("tgw-attach");
    const { accountId, region } = resource.stack;
    const peerRegion = textOr(given, "PeerRegion", region);
    const attachment: TransitGatewayPeeringAttachment = {
      transitGatewayAttachmentId: id,
      name: nameOf(resource),
      // Who owns the other gateway accepts, by a call of its own. [TG-61]
      state: "pendingAcceptance",
      requester: {
        ownerId: accountId,
        region,
        transitGatewayId: needed("TransitGatewayId", given.id("TransitGatewayId", "tgw")),
        transitGatewayAttachmentId: id,
      },
      accepter: {
        ownerId: textOr(given, "PeerAccountId", deployingAccount),
        region: peerRegion,
        transitGatewayId: needed("PeerTransitGatewayId", given.id("PeerTransitGatewayId", "tgw")),
        // Within one Region each side has its own. [TG-62]
        transitGatewayAttachmentId: peerRegion === region ? resource.id("tgw-attach", "accepter") : id,
      },
    };
    draft.transitGatewayPeeringAttachments.set(id, attachment);
    place(draft, id, resource);
  },
};

function textOr(given: Given, name: string, standard: string): string {
  return isUnknownValue(given.raw(name)) ? standard : needed(name, given.text(name));
}

/** Of our provider: one side of a peering, accepted where it is the accepter's. */
export const transitGatewayPeeringType: NetworkType = {
  name: "Custom::TransitGatewayPeering",
  ref: ownAttachment,
  attribute: (resource, name, draft) =>
    name === "TransitGatewayAttachmentId" ? ownAttachment(resource, draft) : undefined,
  touches: attachmentOf,
  build(resource, draft) {
    if (resource.properties().text("Role") !== "accepter") return;
    for (const id of attachmentOf(resource)) {
      change<TransitGatewayPeeringAttachment>(draft.transitGatewayPeeringAttachments, id, (peering) => ({
        ...peering,
        state: "available",
      }));
    }
  },
};

/** The id by which this side knows the attachment. */
function ownAttachment(resource: StackResource, draft: NetworkDraft) {
  const given = resource.properties();
  const id = given.id("TransitGatewayAttachmentId", "tgw-attach");
  const hasOwn = given.text("Role") === "accepter" && given.text("Region") === given.text("PeerRegion");
  if (!hasOwn || id === undefined) return given.raw("TransitGatewayAttachmentId");
  return draft.resource(id)?.id("tgw-attach", "accepter");
}

function attachmentAttribute(resource: StackResource, name: string) {
  return name === "TransitGatewayAttachmentId" ? resource.properties().raw(name) : undefined;
}

function attachmentOf(resource: StackResource): readonly TransitGatewayAttachmentId[] {
  const id = resource.properties().id("TransitGatewayAttachmentId", "tgw-attach");
  return id === undefined ? [] : [id];
}
