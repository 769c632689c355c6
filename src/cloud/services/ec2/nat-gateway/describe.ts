/** NAT gateways as the API shows them. Deleted and failed ones are shown for an hour. [NG-2] */
import type { NatGateway, NatGatewayAddress } from "@aws-sdk/client-ec2";
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import { tagsOf } from "../tag/tags.ts";
import type { NatGatewayRecord } from "./record.ts";

export const natGatewayDescription: DescribeDefinition<"natGateway"> = {
  table: "natGateway",
  kind: "natgateway",
  idPrefix: "nat",
  filters: {
    "nat-gateway-id": (gateway) => gateway.NatGatewayId,
    state: (gateway) => gateway.State,
    "subnet-id": (gateway) => gateway.SubnetId,
    "vpc-id": (gateway) => gateway.VpcId,
  },
  indexed: { "vpc-id": "vpc", "subnet-id": "subnet" },
};

export function natGatewayToApi(gateway: NatGatewayRecord, context: ActionContext): NatGateway {
  const failed = gateway.State === "failed";
  return {
    NatGatewayId: gateway.NatGatewayId,
    VpcId: gateway.VpcId,
    SubnetId: gateway.SubnetId,
    ConnectivityType: gateway.ConnectivityType,
    AvailabilityMode: "zonal",
    State: gateway.State,
    CreateTime: new Date(gateway.CreatedAt),
    ...(gateway.DeletedAt === undefined ? {} : { DeleteTime: new Date(gateway.DeletedAt) }),
    // What will make it fail is found out, and told, when it fails.
    ...(failed ? { FailureCode: gateway.FailureCode, FailureMessage: gateway.FailureMessage } : {}),
    NatGatewayAddresses: [address(gateway)],
    Tags: tagsOf(context, gateway.NatGatewayId),
  };
}

/** A private gateway's address is its own from the start; an Elastic IP is brought to it. */
function addressStatus({ State, AllocationId, PrivateIp }: NatGatewayRecord): NatGatewayAddress["Status"] {
  if (State === "failed") return "failed";
  if (State !== "pending") return "succeeded";
  if (AllocationId !== undefined) return "associating";
  return PrivateIp === undefined ? "assigning" : "succeeded";
}

function address(gateway: NatGatewayRecord): NatGatewayAddress {
  return {
    AllocationId: gateway.AllocationId,
    AssociationId: gateway.AssociationId,
    NetworkInterfaceId: gateway.NetworkInterfaceId,
    PrivateIp: gateway.PrivateIp,
    PublicIp: gateway.PublicIp,
    IsPrimary: true,
    Status: addressStatus(gateway),
  };
}
