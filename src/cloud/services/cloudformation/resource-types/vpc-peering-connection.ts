/** AWS::EC2::VPCPeeringConnection. CloudFormation accepts it too: in the same account by itself, in another as the role it is given. (semantics 5.11) */
import type {
  CreateVpcPeeringConnectionCommandOutput,
  DescribeVpcPeeringConnectionsCommandOutput,
} from "@aws-sdk/client-ec2";
import { parseArn } from "../../../../aws/index.ts";
import { ResourceFailure, type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

interface Properties {
  readonly VpcId: string;
  readonly PeerVpcId: string;
  readonly PeerOwnerId?: string;
  readonly PeerRegion?: string;
  readonly PeerRoleArn?: string;
  readonly Tags?: readonly ResourceTag[];
}

export const vpcPeeringConnectionType = resourceType<Properties>({
  name: "AWS::EC2::VPCPeeringConnection",
  properties: ["VpcId", "PeerVpcId", "PeerOwnerId", "PeerRegion", "PeerRoleArn", "Tags"],
  create(work) {
    const { VpcId, PeerVpcId, PeerOwnerId, PeerRegion } = work.properties;
    const { VpcPeeringConnection } = work.call<CreateVpcPeeringConnectionCommandOutput>(
      "ec2:CreateVpcPeeringConnection",
      {
        VpcId,
        PeerVpcId,
        PeerOwnerId,
        PeerRegion,
        TagSpecifications: tagsFor("vpc-peering-connection", work),
      },
    );
    const id = VpcPeeringConnection?.VpcPeeringConnectionId ?? "";
    work.tagAsOwn("vpc-peering-connection", id);
    return id;
  },
  created(work) {
    const { Status } = describe(work) ?? {};
    switch (Status?.Code) {
      case "active":
        return true;
      case "initiating-request":
      case "provisioning":
        return false;
      case "pending-acceptance":
        accept(work);
        return false;
      default:
        throw new ResourceFailure(
          `VpcPeeringConnection ${work.physicalId} did not stabilize: ${Status?.Message ?? Status?.Code}`,
        );
    }
  },
  update: (work) => changeTags(work),
  delete: (work) => void work.call("ec2:DeleteVpcPeeringConnection", { VpcPeeringConnectionId: work.physicalId }),
  deleted: (work) => (describe(work)?.Status?.Code ?? "deleted") === "deleted",
  attributes: ({ physicalId }) => ({ Id: physicalId }),
});

function describe(work: ResourceWork<Properties>) {
  const Filters = [{ Name: "vpc-peering-connection-id", Values: [work.physicalId] }];
  const answer = work.call<DescribeVpcPeeringConnectionsCommandOutput>("ec2:DescribeVpcPeeringConnections", {
    Filters,
  });
  return answer.VpcPeeringConnections?.[0];
}

function accept(work: ResourceWork<Properties>): void {
  const { PeerOwnerId = work.accountId, PeerRegion: region = work.region, PeerRoleArn } = work.properties;
  const role = PeerRoleArn === undefined ? undefined : parseArn(PeerRoleArn);
  if (PeerOwnerId !== work.accountId && role?.accountId !== PeerOwnerId) {
    throw new ResourceFailure(
      `VpcPeeringConnection ${work.physicalId} did not stabilize: a peering with another account needs PeerRoleArn, a role of account ${PeerOwnerId} that may accept it.`,
    );
  }
  if (PeerRoleArn !== undefined)
    work.call("sts:AssumeRole", { RoleArn: PeerRoleArn, RoleSessionName: "AWSCloudFormation" });
  const input = { VpcPeeringConnectionId: work.physicalId };
  work.call("ec2:AcceptVpcPeeringConnection", input, { accountId: PeerOwnerId, region });
}
