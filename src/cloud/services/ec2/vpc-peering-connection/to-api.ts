/** A peering connection as one account sees it: who is told what about the other side, and when. [PX-10] */
import type { VpcPeeringConnection, VpcPeeringConnectionVpcInfo } from "@aws-sdk/client-ec2";
import type { StateView } from "../../../state/state.ts";
import type { ActionContext } from "../../action.ts";
import { tagsOf } from "../tag/tags.ts";
import { currentBlocks } from "./feasibility.ts";
import type { PeeringSide, VpcPeeringConnectionRecord } from "./record.ts";

export function toVpcPeeringConnection(
  record: VpcPeeringConnectionRecord,
  context: ActionContext,
): VpcPeeringConnection {
  const { VpcPeeringConnectionId, StatusCode, StatusMessage, ExpirationTime } = record;
  return {
    VpcPeeringConnectionId,
    Status: { Code: StatusCode, Message: StatusMessage },
    RequesterVpcInfo: toVpcInfo(record, "Requester", context),
    AccepterVpcInfo: toVpcInfo(record, "Accepter", context),
    ...(ExpirationTime !== undefined && { ExpirationTime: new Date(ExpirationTime) }),
    Tags: tagsOf(context, VpcPeeringConnectionId),
  };
}

/** What is told of a side's addresses: the VPC's as they are, or as they last were; nothing of an accepter that has not accepted. */
export function cidrsShown(
  record: VpcPeeringConnectionRecord,
  side: "Requester" | "Accepter",
  view: Pick<StateView, "get">,
): { readonly ipv4: readonly string[]; readonly ipv6: readonly string[] } | undefined {
  const known = record[side];
  // The accepter's blocks are written down at acceptance, and every VPC has one.
  if (known.CidrBlockSet.length === 0) return undefined;
  const joined = record.EndedAt === undefined ? currentBlocks(known, view) : undefined;
  return joined ?? { ipv4: known.CidrBlockSet, ipv6: known.Ipv6CidrBlockSet };
}

/** A side's DNS option with the two ClassicLink ones, which are dead. [PX-40] */
export function toPeeringOptions({ AllowDnsResolutionFromRemoteVpc }: PeeringSide) {
  return {
    AllowDnsResolutionFromRemoteVpc,
    AllowEgressFromLocalClassicLinkToRemoteVpc: false,
    AllowEgressFromLocalVpcToRemoteClassicLink: false,
  };
}

function toVpcInfo(
  record: VpcPeeringConnectionRecord,
  side: "Requester" | "Accepter",
  context: ActionContext,
): VpcPeeringConnectionVpcInfo {
  const { OwnerId, VpcId, Region } = record[side];
  const info = { OwnerId, VpcId, Region };
  const cidrs = cidrsShown(record, side, context);
  if (cidrs === undefined) return info;
  return {
    ...info,
    CidrBlock: cidrs.ipv4[0],
    CidrBlockSet: cidrs.ipv4.map((CidrBlock) => ({ CidrBlock })),
    ...(cidrs.ipv6.length > 0 && { Ipv6CidrBlockSet: cidrs.ipv6.map((Ipv6CidrBlock) => ({ Ipv6CidrBlock })) }),
    // Another account's options are its own affair.
    ...(OwnerId === context.caller.accountId && { PeeringOptions: toPeeringOptions(record[side]) }),
  };
}
