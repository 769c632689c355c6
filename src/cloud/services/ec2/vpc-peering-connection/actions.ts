/** VPC peering connections: asking, answering, ending, describing. (semantics 5.4 to 5.6) */
import type {
  AcceptVpcPeeringConnectionCommandInput,
  AcceptVpcPeeringConnectionCommandOutput,
  CreateVpcPeeringConnectionCommandInput,
  CreateVpcPeeringConnectionCommandOutput,
  DeleteVpcPeeringConnectionCommandInput,
  DeleteVpcPeeringConnectionCommandOutput,
  DescribeVpcPeeringConnectionsCommandInput,
  DescribeVpcPeeringConnectionsCommandOutput,
  RejectVpcPeeringConnectionCommandInput,
  RejectVpcPeeringConnectionCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError, ec2Errors, invalidParameterValue, isAccountId, isWellFormedId } from "../../../../aws/index.ts";
import { milliseconds } from "../../../lifecycle/lifecycle.ts";
import type { StateView } from "../../../state/state.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { describe } from "../describe.ts";
import { named, required } from "../required.ts";
import { tagNewResource } from "../tag/tags.ts";
import { vpcDescription } from "../vpc/describe.ts";
import { peeringsBetween } from "./between.ts";
import { peeringById, vpcPeeringConnections } from "./describe-definition.ts";
import { blocksOf, ipv6BlocksOf } from "./feasibility.ts";
import { requestLifetime, statusMessage, vpcPeeringConnectionLifecycle } from "./lifecycle.ts";
import { modifyVpcPeeringConnectionOptions } from "./options.ts";
import { activePeeringsPerVpc, outstandingRequestsPerAccount } from "./quotas.ts";
import type { PeeringSide, VpcPeeringConnectionRecord } from "./record.ts";
import { toVpcPeeringConnection } from "./to-api.ts";

/** Checks its own side; whether the other side exists and fits is found out later, and told alike. [PX-20, PX-21] */
export const createVpcPeeringConnection: Action<
  CreateVpcPeeringConnectionCommandInput,
  CreateVpcPeeringConnectionCommandOutput
> = (input, context) => {
  const PeerVpcId = required("PeerVpcId", input.PeerVpcId);
  const vpc = named(vpcDescription, "VpcId", input.VpcId, context);
  if (!isWellFormedId("vpc", PeerVpcId)) throw ec2Errors.malformed("vpc", PeerVpcId);
  const { accountId, region } = context.caller;
  // [PX-26]
  const OwnerId = input.PeerOwnerId || accountId;
  const Region = input.PeerRegion || region;
  if (!isAccountId(OwnerId)) {
    throw invalidParameterValue(
      `Value (${OwnerId}) for parameter peerOwnerId is invalid. An account id has 12 digits.`,
    );
  }

  const same = openRequestTo(vpc.VpcId, PeerVpcId, OwnerId, Region, context);
  if (same !== undefined) return { VpcPeeringConnection: toVpcPeeringConnection(same, context) };
  checkRequestQuotas(vpc.VpcId, context);

  const Requester: PeeringSide = {
    OwnerId: accountId,
    Region: region,
    VpcId: vpc.VpcId,
    CidrBlockSet: blocksOf(vpc),
    Ipv6CidrBlockSet: ipv6BlocksOf(vpc),
    AllowDnsResolutionFromRemoteVpc: false,
  };
  const Accepter: PeeringSide = {
    OwnerId,
    Region,
    VpcId: PeerVpcId,
    CidrBlockSet: [],
    Ipv6CidrBlockSet: [],
    AllowDnsResolutionFromRemoteVpc: false,
  };
  const StatusCode = vpcPeeringConnectionLifecycle.initial;
  const record: VpcPeeringConnectionRecord = {
    OwnerId: accountId,
    Region: region,
    CreatedAt: context.now,
    VpcPeeringConnectionId: context.newId("pcx"),
    Requester,
    Accepter,
    StatusCode,
    StatusMessage: statusMessage({ Requester, Accepter }, StatusCode),
    ExpirationTime: context.now + milliseconds(requestLifetime),
  };
  context.put("vpcPeeringConnection", record);
  // Tags are the requester's only. [PX-6]
  tagNewResource(context, input.TagSpecifications, "vpc-peering-connection", record.VpcPeeringConnectionId);
  return { VpcPeeringConnection: toVpcPeeringConnection(record, context) };
};

export const acceptVpcPeeringConnection: Action<
  AcceptVpcPeeringConnectionCommandInput,
  AcceptVpcPeeringConnectionCommandOutput
> = (input, context) => {
  const record = peeringById(input.VpcPeeringConnectionId, context);
  const { VpcPeeringConnectionId: id, StatusCode, Requester, Accepter } = record;
  checkAnswers(record, "accept", context);
  // Accepting once more what is accepted succeeds.
  if (StatusCode === "active" || StatusCode === "provisioning") {
    return { VpcPeeringConnection: toVpcPeeringConnection(record, context) };
  }
  if (StatusCode !== "pending-acceptance") throw invalidTransition(record, "active");
  // [PX-24]
  if (peeringsBetween(context, Requester.VpcId, Accepter.VpcId).some(isJoined)) {
    throw new AwsError(
      "VpcPeeringConnectionAlreadyExists",
      `The vpc peering connection identified by ${id} already exists.`,
    );
  }
  for (const { VpcId } of [Requester, Accepter]) {
    if (activePeerings(VpcId, context) >= activePeeringsPerVpc) {
      throw new AwsError(
        "ActiveVpcPeeringConnectionPerVpcLimitExceeded",
        `The maximum number of active VPC peering connections has been reached: ${activePeeringsPerVpc} in a VPC.`,
      );
    }
  }
  const accepted = context.fire("vpcPeeringConnection", record, "AcceptVpcPeeringConnection");
  if (accepted === undefined) throw invalidTransition(record, "active");
  return { VpcPeeringConnection: toVpcPeeringConnection(accepted, context) };
};

export const rejectVpcPeeringConnection: Action<
  RejectVpcPeeringConnectionCommandInput,
  RejectVpcPeeringConnectionCommandOutput
> = (input, context) => {
  const record = peeringById(input.VpcPeeringConnectionId, context);
  checkAnswers(record, "reject", context);
  if (context.fire("vpcPeeringConnection", record, "RejectVpcPeeringConnection") === undefined) {
    throw invalidTransition(record, "rejected");
  }
  return { Return: true };
};

export const deleteVpcPeeringConnection: Action<
  DeleteVpcPeeringConnectionCommandInput,
  DeleteVpcPeeringConnectionCommandOutput
> = (input, context) => {
  const record = peeringById(input.VpcPeeringConnectionId, context);
  const { accountId } = context.caller;
  const { VpcPeeringConnectionId, StatusCode, Requester } = record;
  // What is not accepted is the requester's to take back; the accepter rejects it.
  if (StatusCode === "pending-acceptance" && accountId !== Requester.OwnerId) {
    throw new AwsError(
      "OperationNotPermitted",
      `User ${accountId} cannot delete peering ${VpcPeeringConnectionId} that is pending acceptance. Reject it instead.`,
    );
  }
  const deleted = { ...record, DeletedBy: accountId };
  if (context.fire("vpcPeeringConnection", deleted, "DeleteVpcPeeringConnection") === undefined) {
    throw invalidTransition(record, "deleting");
  }
  return { Return: true };
};

export const describeVpcPeeringConnections: Action<
  DescribeVpcPeeringConnectionsCommandInput,
  DescribeVpcPeeringConnectionsCommandOutput
> = (input, context) => {
  const { records, NextToken } = describe(vpcPeeringConnections, input.VpcPeeringConnectionIds, input, context);
  return { VpcPeeringConnections: records.map((record) => toVpcPeeringConnection(record, context)), NextToken };
};

export const vpcPeeringConnectionActions = {
  CreateVpcPeeringConnection: createVpcPeeringConnection,
  AcceptVpcPeeringConnection: acceptVpcPeeringConnection,
  RejectVpcPeeringConnection: rejectVpcPeeringConnection,
  DeleteVpcPeeringConnection: deleteVpcPeeringConnection,
  DescribeVpcPeeringConnections: describeVpcPeeringConnections,
  ModifyVpcPeeringConnectionOptions: modifyVpcPeeringConnectionOptions,
} satisfies Actions;

/** A repeated request in the same direction is the one that there is already. [PX-23] */
function openRequestTo(
  vpcId: string,
  peerVpcId: string,
  OwnerId: string,
  Region: string,
  context: ActionContext,
): VpcPeeringConnectionRecord | undefined {
  return peeringsBetween(context, vpcId, peerVpcId).find(
    ({ Requester, Accepter, StatusCode, EndedAt }) =>
      Requester.VpcId === vpcId &&
      Accepter.OwnerId === OwnerId &&
      Accepter.Region === Region &&
      EndedAt === undefined &&
      StatusCode !== "deleting",
  );
}

function checkRequestQuotas(vpcId: string, context: ActionContext): void {
  if (activePeerings(vpcId, context) >= activePeeringsPerVpc) {
    throw new AwsError(
      "VpcPeeringConnectionsPerVpcLimitExceeded",
      `The maximum number of VPC peering connections has been reached for '${vpcId}': ${activePeeringsPerVpc}.`,
    );
  }
  const { accountId, region } = context.caller;
  const outstanding = context
    .inScope("vpcPeeringConnection", accountId, region)
    .filter(({ Requester, ExpirationTime }) => Requester.OwnerId === accountId && ExpirationTime !== undefined);
  if (outstanding.length >= outstandingRequestsPerAccount) {
    throw new AwsError(
      "OutstandingVpcPeeringConnectionLimitExceeded",
      `The maximum number of outstanding VPC peering connection requests has been reached: ${outstandingRequestsPerAccount}.`,
    );
  }
}

function activePeerings(vpcId: string, view: Pick<StateView, "by">): number {
  return view.by("vpcPeeringConnection", "vpc", vpcId).filter(isJoined).length;
}

function isJoined({ StatusCode }: VpcPeeringConnectionRecord): boolean {
  return StatusCode === "active" || StatusCode === "provisioning";
}

/** Only the accepter VPC's owner answers, and only in that VPC's Region. */
function checkAnswers(
  { VpcPeeringConnectionId: id, Accepter }: VpcPeeringConnectionRecord,
  answer: "accept" | "reject",
  { caller }: ActionContext,
): void {
  if (caller.accountId !== Accepter.OwnerId) {
    throw new AwsError("OperationNotPermitted", `User ${caller.accountId} cannot ${answer} peering ${id}`);
  }
  if (caller.region !== Accepter.Region) {
    const done = answer === "accept" ? "accepted" : "accepted or rejected";
    throw new AwsError(
      "OperationNotPermitted",
      `Incorrect region (${caller.region}) specified for this request. VPC peering connection ${id} must be ${done} in region ${Accepter.Region}`,
    );
  }
}

function invalidTransition({ VpcPeeringConnectionId, StatusCode }: VpcPeeringConnectionRecord, to: string): AwsError {
  return new AwsError(
    "InvalidStateTransition",
    `Invalid state transition for ${VpcPeeringConnectionId}, attempted to transition from ${StatusCode} to ${to}`,
  );
}
