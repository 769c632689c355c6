/** Components as analyses name them: by id, ARN and Name tag. */
import type { AnalysisComponent } from "@aws-sdk/client-ec2";
import { ec2Arn, resourceTypeOfId } from "../../../../aws/index.ts";
import { indexNetworkModel, type NetworkModel } from "../../../../model/index.ts";

export interface ComponentNames {
  component(id: string): AnalysisComponent;
  /** Of what is there, in whatever account and Region. */
  placeOf(id: string): Place | undefined;
}

export interface Place {
  readonly ownerId: string;
  readonly region: string;
  readonly name?: string;
}

/** Names what the whole model has, also what the analysis itself may not look at. */
export function componentNames(model: NetworkModel): ComponentNames {
  const index = indexNetworkModel(model);
  const placeOf = (id: string): Place | undefined => {
    const peering = index.vpcPeeringConnection(id) ?? index.transitGatewayPeeringAttachment(id);
    if (peering !== undefined) {
      const { requester, name } = peering;
      return { ownerId: requester.ownerId, region: requester.region, ...(name !== undefined && { name }) };
    }
    return (
      index.networkInterface(id) ??
      index.instance(id) ??
      index.securityGroup(id) ??
      index.networkAcl(id) ??
      index.routeTable(id) ??
      index.subnet(id) ??
      index.vpc(id) ??
      index.internetGateway(id) ??
      index.natGateway(id) ??
      index.transitGateway(id) ??
      index.transitGatewayVpcAttachment(id) ??
      index.transitGatewayRouteTable(id) ??
      index.prefixList(id)
    );
  };
  return {
    placeOf,
    component(id) {
      const place = placeOf(id);
      const type = resourceTypeOfId(id);
      return {
        Id: id,
        ...(place !== undefined && type !== undefined && { Arn: ec2Arn(place.region, place.ownerId, type, id) }),
        ...(place?.name !== undefined && { Name: place.name }),
      };
    },
  };
}
