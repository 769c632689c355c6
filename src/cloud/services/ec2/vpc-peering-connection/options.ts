/** The DNS option of each side of a peering connection. [PX-40 to PX-44] */
import type {
  ModifyVpcPeeringConnectionOptionsCommandInput,
  ModifyVpcPeeringConnectionOptionsCommandOutput,
  PeeringConnectionOptionsRequest,
} from "@aws-sdk/client-ec2";
import { AwsError, invalidParameterValue, missingParameter } from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { peeringById } from "./describe-definition.ts";
import type { PeeringSide, VpcPeeringConnectionRecord } from "./record.ts";
import { toPeeringOptions } from "./to-api.ts";

export const modifyVpcPeeringConnectionOptions: Action<
  ModifyVpcPeeringConnectionOptionsCommandInput,
  ModifyVpcPeeringConnectionOptionsCommandOutput
> = (input, context) => {
  const record = peeringById(input.VpcPeeringConnectionId, context);
  const { RequesterPeeringConnectionOptions: requester, AccepterPeeringConnectionOptions: accepter } = input;
  if (requester === undefined && accepter === undefined) {
    throw missingParameter("RequesterPeeringConnectionOptions or AccepterPeeringConnectionOptions");
  }
  if (record.StatusCode !== "active") {
    throw new AwsError(
      "OperationNotPermitted",
      `Peering ${record.VpcPeeringConnectionId} is not active. Peering options can be added only to active peerings.`,
    );
  }
  const Requester = requester ? withOptions(record, record.Requester, requester, context) : record.Requester;
  const Accepter = accepter ? withOptions(record, record.Accepter, accepter, context) : record.Accepter;
  context.put("vpcPeeringConnection", { ...record, Requester, Accepter });
  return {
    ...(requester && { RequesterPeeringConnectionOptions: toPeeringOptions(Requester) }),
    ...(accepter && { AccepterPeeringConnectionOptions: toPeeringOptions(Accepter) }),
  };
};

function withOptions(
  record: VpcPeeringConnectionRecord,
  side: PeeringSide,
  options: PeeringConnectionOptionsRequest,
  context: ActionContext,
): PeeringSide {
  const { accountId, region } = context.caller;
  // A side is set by its owner, in its own Region. [PX-42]
  if (side.OwnerId !== accountId || side.Region !== region) {
    const name = side === record.Requester ? "requester" : "accepter";
    throw new AwsError(
      "OperationNotPermitted",
      `User ${accountId} cannot modify the ${name} peering options of ${record.VpcPeeringConnectionId} in region ${region}`,
    );
  }
  if (options.AllowEgressFromLocalClassicLinkToRemoteVpc || options.AllowEgressFromLocalVpcToRemoteClassicLink) {
    throw invalidParameterValue(
      "EC2-Classic has been retired: the ClassicLink options of a peering can only be false.",
    );
  }
  const wanted = options.AllowDnsResolutionFromRemoteVpc;
  if (wanted === undefined) return side;
  if (wanted) checkDns(record, context);
  return { ...side, AllowDnsResolutionFromRemoteVpc: wanted };
}

/** Both VPCs need DNS support and DNS hostnames. [PX-43] */
function checkDns({ Requester, Accepter }: VpcPeeringConnectionRecord, context: ActionContext): void {
  for (const { VpcId } of [Requester, Accepter]) {
    const { EnableDnsSupport, EnableDnsHostnames } = context.must("vpc", VpcId);
    if (EnableDnsSupport && EnableDnsHostnames) continue;
    throw new AwsError(
      "InvalidVpcPeeringConnectionState.DnsHostnamesDisabled",
      `DNS support and DNS hostnames must be enabled for ${VpcId} before DNS resolution can be enabled over the peering.`,
    );
  }
}
