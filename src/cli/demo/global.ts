/**
 * The story of a global network: two Regions, a transit gateway in each, a peering between the gateways, and a ping both ways
 * between servers that no internet can reach. It goes the way of AWS's own sample, with the check after every change that the
 * sample leaves out, and takes everything away again in the order that AWS wants.
 */

import { text } from "../api/xml.ts";
import { buildSite, joinGateway, type Site, type SiteIds } from "./global-build.ts";
import { readGlobalPicture } from "./global-picture.ts";
import { takeAway } from "./global-teardown.ts";
import type { Picture } from "./picture.ts";
import type { PingClaim } from "./ping-claim.ts";
import type { Scene, Stage } from "./stage.ts";
import type { Story } from "./story.ts";

const virginia: Site = {
  name: "Virginia",
  region: "us-east-1",
  cidr: "172.16.0.0/24",
  address: "172.16.0.10",
  amazonSideAsn: 64512,
};
const ireland: Site = {
  name: "Ireland",
  region: "eu-west-1",
  cidr: "172.16.1.0/24",
  address: "172.16.1.10",
  amazonSideAsn: 64513,
};

/** Where the Regions stand in the picture. */
const [left, right] = [0, 1];

export const globalStory: Story = {
  title: "A global network",
  subtitle: "two Regions, two transit gateways, and a ping both ways",
  region: virginia.region,
  stages: globalStages,
  tries: [
    "npx causeway ping VirginiaServer IrelandServer",
    "npx causeway exec IrelandServer",
    `aws ec2 describe-transit-gateway-peering-attachments --region ${virginia.region}`,
  ],
};

/** The stages, in order; they share one network, so that each can be played once. The last one takes it away, unless it is kept. */
function globalStages({ keep }: { readonly keep: boolean }): readonly Stage[] {
  const built = new Map<Site, SiteIds>();
  const ids = (site: Site): SiteIds => {
    const found = built.get(site);
    if (found === undefined) throw new Error(`bug: ${site.name} is not built yet`);
    return found;
  };
  let attachmentId = "";
  let before: Picture | undefined;
  const picture = async (scene: Scene): Promise<Picture> => {
    before = await readGlobalPicture(scene, [ids(virginia), ids(ireland)], before);
    return before;
  };
  const stage = (title: string, why: string, play: Stage["play"]): Stage => ({ title, why, play, picture });
  const peeringState = (scene: Scene) => async () => peeringStateOf(scene, attachmentId);

  const stages = [
    stage(
      "Two Regions, two islands",
      "A VPC lives in one Region. Ours, in Virginia and Ireland, have no internet gateway and no public address: their servers are reached by Session Manager alone, through endpoints inside the VPC, with a role that allows it.",
      async (scene) => {
        built.set(virginia, await buildSite(scene.in(virginia.region), virginia));
        scene.changed("Ireland is built likewise, with the role and the image of its Region.");
        built.set(ireland, await buildSite(quiet(scene.in(ireland.region)), ireland));
      },
    ),

    stage(
      "A transit gateway in each Region",
      "A transit gateway is a Region's own router. A VPC is attached to it with one subnet in each zone, and sends it what it wants routed. The gateways know their own VPCs by themselves: attachments propagate their addresses. Of the other Region they know nothing, and the ping hangs.",
      async (scene) => {
        built.set(virginia, await joinGateway(scene.in(virginia.region), ids(virginia), "172.16.0.0/16"));
        scene.changed("The same in Ireland.");
        built.set(ireland, await joinGateway(quiet(scene.in(ireland.region)), ids(ireland), "172.16.0.0/16"));
        await scene.ping(pingIreland({ end: "own-router", because: "Virginia's gateway has no route to Ireland" }));
      },
    ),

    stage(
      "Ireland asks for a peering",
      "Gateways of two Regions are joined by a peering attachment. One side asks; the other accepts, in its own Region, even when both are one account's. Until then no route can lead there: AWS refuses it.",
      async (scene) => {
        const here = scene.in(ireland.region);
        const answer = await here.aws("CreateTransitGatewayPeeringAttachment", {
          TransitGatewayId: gatewayOf(ids(ireland)),
          PeerTransitGatewayId: gatewayOf(ids(virginia)),
          PeerAccountId: ids(virginia).accountId,
          PeerRegion: virginia.region,
        });
        attachmentId = text(answer, "transitGatewayPeeringAttachment", "transitGatewayAttachmentId");
        const first = text(answer, "transitGatewayPeeringAttachment", "state");
        await scene.states(attachmentId, first, peeringState(here), "pendingAcceptance");
        await scene
          .in(virginia.region)
          .refused("CreateTransitGatewayRoute", routeTo(ids(virginia), ireland.cidr, attachmentId), "IncorrectState");
      },
    ),

    stage(
      "Virginia accepts, and the ping still hangs",
      "The peering is available, but a peering attachment propagates nothing: neither gateway has been told what lies behind it.",
      async (scene) => {
        const here = scene.in(virginia.region);
        const answer = await here.aws("AcceptTransitGatewayPeeringAttachment", {
          TransitGatewayAttachmentId: attachmentId,
        });
        const first = text(answer, "transitGatewayPeeringAttachment", "state");
        await scene.states(attachmentId, first, peeringState(here), "available");
        await scene.ping(
          pingIreland(
            { end: "own-router", because: "the peering is there; no route leads to it" },
            { hop: attachmentId, requests: 0, replies: 0 },
          ),
        );
      },
    ),

    stage(
      "One static route, and the ping still hangs",
      "Virginia's gateway now sends Ireland's addresses into the peering. The packets arrive, and the server answers; yet the answer finds no route back in Ireland's own gateway. From Virginia it looks exactly as before. This is where the sample says: if the ping fails, go back over the steps.",
      async (scene) => {
        await addRoute(scene, ids(virginia), ireland.cidr, attachmentId);
        scene.changed("Virginia's transit gateway route table: 172.16.1.0/24 goes to the peering.");
        await scene.ping({
          ...pingIreland(
            { end: "own-router", because: "arrives; the answer has no route in Ireland's gateway" },
            { hop: attachmentId, requests: 2, replies: 0 },
          ),
          packet: {
            from: right,
            to: left,
            end: "own-router",
            because: "arrives; the answer has no route in Ireland's gateway",
          },
        });
      },
    ),

    stage(
      "The other static route: a ping both ways",
      "Peered gateways need a static route on both sides. With the second one the network is whole, and either server reaches the other, over AWS's own lines, never over the internet.",
      async (scene) => {
        await addRoute(scene, ids(ireland), virginia.cidr, attachmentId);
        scene.changed("Ireland's transit gateway route table: 172.16.0.0/24 goes to the peering.");
        await scene.ping({
          from: "IrelandServer",
          to: "VirginiaServer",
          replies: true,
          packet: { from: right, to: left, end: "reply", because: "a reply" },
          watch: { hop: attachmentId, called: `${attachmentId} (tcpdump)`, requests: 2, replies: 2 },
        });
        await scene.ping(
          pingIreland({ end: "reply", because: "replies, both ways" }, { hop: attachmentId, requests: 2, replies: 2 }),
        );
      },
    ),
  ];
  if (keep) return stages;
  return [
    ...stages,
    {
      title: "Taking it away",
      why: "A gateway with attachments is not deleted: AWS refuses, and most teardowns get stuck here. The order is routes, peering, endpoints and servers, VPC attachments, gateways, VPCs; and each is waited for until it says deleted.",
      play: (scene) => takeAway(scene, [ids(virginia), ids(ireland)], attachmentId),
    },
  ];
}

/** The scene for what the audience has just seen elsewhere: calls and states are told to programs only. */
function quiet(scene: Scene): Scene {
  return { ...scene, aws: scene.repeat, states: scene.repeatStates };
}

function gatewayOf({ gateway }: SiteIds): string {
  if (gateway === undefined) throw new Error("bug: there is no transit gateway yet");
  return gateway.transitGatewayId;
}

function routeTo({ gateway }: SiteIds, DestinationCidrBlock: string, TransitGatewayAttachmentId: string) {
  if (gateway === undefined) throw new Error("bug: there is no transit gateway yet");
  return {
    DestinationCidrBlock,
    TransitGatewayRouteTableId: gateway.transitGatewayRouteTableId,
    TransitGatewayAttachmentId,
  };
}

async function addRoute(scene: Scene, ids: SiteIds, destination: string, attachmentId: string): Promise<void> {
  const here = scene.in(ids.site.region);
  const route = routeTo(ids, destination, attachmentId);
  const answer = await here.aws("CreateTransitGatewayRoute", route);
  const read = async () => {
    const found = await here.look("SearchTransitGatewayRoutes", {
      TransitGatewayRouteTableId: route.TransitGatewayRouteTableId,
      Filters: [{ Name: "route-search.exact-match", Values: [destination] }],
    });
    return text(found, "routeSet", "item", "state");
  };
  await here.states(destination, text(answer, "route", "state"), read, "active");
}

async function peeringStateOf(scene: Scene, attachmentId: string): Promise<string> {
  const answer = await scene.look("DescribeTransitGatewayPeeringAttachments", {
    TransitGatewayAttachmentIds: [attachmentId],
  });
  return text(answer, "transitGatewayPeeringAttachments", "item", "state");
}

function pingIreland(
  { end, because }: Pick<NonNullable<Picture["packet"]>, "end" | "because">,
  watch?: { readonly hop: string; readonly requests: number; readonly replies: number },
): PingClaim {
  return {
    from: "VirginiaServer",
    to: "IrelandServer",
    replies: end === "reply",
    packet: { from: left, to: right, end, because },
    ...(watch !== undefined && { watch: { ...watch, called: `${watch.hop} (tcpdump)` } }),
  };
}
