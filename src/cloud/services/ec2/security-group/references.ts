/**
 * Rules that name another security group: when such a reference may be made [SG-30, SG-35], what became of it since, and
 * whether it is stale [SG-50, SG-52].
 */
import type { UserIdGroupPair } from "@aws-sdk/client-ec2";
import { AwsError, ec2Errors, isWellFormedId, missingParameter } from "../../../../aws/index.ts";
import type { StateView } from "../../../state/state.ts";
import type { ActionContext } from "../../action.ts";
import { referencingGatewayBetween } from "../transit-gateway-vpc-attachment/references.ts";
import { activePeeringBetween } from "../vpc-peering-connection/between.ts";
import { groupInDefaultVpc } from "./lookup.ts";
import type { SecurityGroupRecord, SecurityGroupRuleRecord } from "./record.ts";

export type ReferencedGroup = NonNullable<SecurityGroupRuleRecord["ReferencedGroup"]>;

/** How a reference into another VPC stands today. */
export interface PeerReference {
  readonly VpcId: string;
  /** The connection that carries it: the active one of the two VPCs when there is one, else the one it was made over. */
  readonly VpcPeeringConnectionId?: string;
  readonly PeeringStatus?: string;
  /** Whether a peering or a transit gateway carries it now. */
  readonly joined: boolean;
  readonly groupExists: boolean;
}

/** The group that a new rule of `group` may name. Throws when the caller cannot name it, or when nothing joins the VPCs that lets references through. */
export function referenceTo(
  pair: UserIdGroupPair,
  group: SecurityGroupRecord,
  isEgress: boolean,
  context: ActionContext,
): ReferencedGroup {
  const { accountId, region } = context.caller;
  const GroupId = referencedGroupId(pair, context);
  // The only place where a caller reaches another account's group: by naming the account, and then only to refer to it. [SG-34]
  const found = context.visible("securityGroup", GroupId, pair.UserId || accountId, region);
  if (found === undefined) throw ec2Errors.notFound("security-group", GroupId);
  if (found.VpcId === group.VpcId) return { GroupId, UserId: found.OwnerId };
  const reference = { GroupId, UserId: found.OwnerId, VpcId: found.VpcId };
  const peering = activePeeringBetween(context, group.VpcId, found.VpcId);
  if (peering !== undefined) return { ...reference, VpcPeeringConnectionId: peering.VpcPeeringConnectionId };
  // Over a transit gateway only what comes in may be told by group. [SG-40]
  const gateway = isEgress ? undefined : referencingGatewayBetween(context, group.VpcId, found.VpcId);
  if (gateway !== undefined) return { ...reference, TransitGatewayId: gateway };
  throw new AwsError("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.");
}

/** The id that a request's pair means. Throws when it is no id, or a name that the default VPC does not have. */
export function referencedGroupId({ GroupId, GroupName }: UserIdGroupPair, context: ActionContext): string {
  if (GroupId) {
    if (!isWellFormedId("sg", GroupId)) throw ec2Errors.malformed("security-group", GroupId);
    return GroupId;
  }
  if (GroupName) return groupInDefaultVpc(GroupName, context).GroupId;
  throw missingParameter("GroupId");
}

/** Where a reference from a group of `vpcId` leads across a peering or a transit gateway; undefined for one within the VPC. */
export function peerReference(
  vpcId: string,
  { GroupId, VpcId, VpcPeeringConnectionId }: ReferencedGroup,
  view: Pick<StateView, "get" | "by">,
): PeerReference | undefined {
  if (VpcId === undefined) return undefined;
  const groupExists = view.get("securityGroup", GroupId) !== undefined;
  const active = activePeeringBetween(view, vpcId, VpcId);
  if (active !== undefined) {
    const { VpcPeeringConnectionId: id } = active;
    return { VpcId, VpcPeeringConnectionId: id, PeeringStatus: "active", joined: true, groupExists };
  }
  if (VpcPeeringConnectionId === undefined) {
    return { VpcId, joined: referencingGatewayBetween(view, vpcId, VpcId) !== undefined, groupExists };
  }
  // A connection that was forgotten was deleted. [SG-54]
  const PeeringStatus = view.get("vpcPeeringConnection", VpcPeeringConnectionId)?.StatusCode ?? "deleted";
  return { VpcId, VpcPeeringConnectionId, PeeringStatus, joined: false, groupExists };
}

/** Whether the rule names a group that it no longer reaches: it stays, and matches nothing. [SG-50] */
export function stale(
  rule: SecurityGroupRuleRecord,
  group: Pick<SecurityGroupRecord, "VpcId">,
  view: Pick<StateView, "get" | "by">,
): boolean {
  const peer = rule.ReferencedGroup && peerReference(group.VpcId, rule.ReferencedGroup, view);
  return peer !== undefined && !(peer.joined && peer.groupExists);
}
