/** AWS::EC2::Route. */
import { ResourceFailure, type ResourceWork, resourceType } from "./resource-type.ts";

interface Properties {
  readonly RouteTableId: string;
  readonly DestinationCidrBlock?: string;
  readonly DestinationIpv6CidrBlock?: string;
  readonly DestinationPrefixListId?: string;
  readonly GatewayId?: string;
  readonly EgressOnlyInternetGatewayId?: string;
  readonly InstanceId?: string;
  readonly NatGatewayId?: string;
  readonly NetworkInterfaceId?: string;
  readonly TransitGatewayId?: string;
  readonly VpcPeeringConnectionId?: string;
  readonly VpcEndpointId?: string;
}

export const routeType = resourceType<Properties>({
  name: "AWS::EC2::Route",
  properties: [
    "RouteTableId",
    "DestinationCidrBlock",
    "DestinationIpv6CidrBlock",
    "DestinationPrefixListId",
    "GatewayId",
    "EgressOnlyInternetGatewayId",
    "InstanceId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "VpcEndpointId",
  ],
  create(work) {
    work.call("ec2:CreateRoute", work.properties);
    return `${work.properties.RouteTableId}|${destinationOf(work.properties)}`;
  },
  update: (work) => void work.call("ec2:ReplaceRoute", work.properties),
  delete: (work) => void work.call("ec2:DeleteRoute", destination(work)),
  attributes: ({ properties }) => ({ CidrBlock: destinationOf(properties) }),
});

function destinationOf(properties: Properties): string {
  const { DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId } = properties;
  const [destination] = [DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId].filter(Boolean);
  if (destination === undefined) throw new ResourceFailure("A route needs a destination.");
  return destination;
}

function destination({ properties }: ResourceWork<Properties>) {
  const { RouteTableId, DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId } = properties;
  return { RouteTableId, DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId };
}
