/** Every EC2 action that this cloud implements. What is not listed is refused by name. */
import type { Actions } from "../action.ts";
import { addressActions } from "./address/actions.ts";
import { dhcpOptionsActions } from "./dhcp-options/actions.ts";
import { egressOnlyInternetGatewayActions } from "./egress-only-internet-gateway/actions.ts";
import { imageActions } from "./image/actions.ts";
import { instanceActions } from "./instance/actions.ts";
import { internetGatewayActions } from "./internet-gateway/actions.ts";
import { keyPairActions } from "./key-pair/actions.ts";
import { managedPrefixListActions } from "./managed-prefix-list/actions.ts";
import { natGatewayActions } from "./nat-gateway/actions.ts";
import { networkAclActions } from "./network-acl/actions.ts";
import { networkInsightsAnalysisActions } from "./network-insights-analysis/actions.ts";
import { networkInsightsPathActions } from "./network-insights-path/actions.ts";
import { networkInterfaceActions } from "./network-interface/actions.ts";
import { regionActions } from "./region/actions.ts";
import { routeTableActions } from "./route-table/actions.ts";
import { securityGroupActions } from "./security-group/actions.ts";
import { subnetActions } from "./subnet/actions.ts";
import { tagActions } from "./tag/actions.ts";
import { transitGatewayActions } from "./transit-gateway/actions.ts";
import { transitGatewayAttachmentActions } from "./transit-gateway-attachment/actions.ts";
import { transitGatewayPeeringAttachmentActions } from "./transit-gateway-peering-attachment/actions.ts";
import { transitGatewayRouteTableActions } from "./transit-gateway-route-table/actions.ts";
import { transitGatewayVpcAttachmentActions } from "./transit-gateway-vpc-attachment/actions.ts";
import { volumeActions } from "./volume/actions.ts";
import { vpcActions } from "./vpc/actions.ts";
import { vpcEndpointActions } from "./vpc-endpoint/actions.ts";
import { vpcPeeringConnectionActions } from "./vpc-peering-connection/actions.ts";

export const ec2Actions: Actions = {
  ...regionActions,
  ...vpcActions,
  ...dhcpOptionsActions,
  ...subnetActions,
  ...routeTableActions,
  ...managedPrefixListActions,
  ...internetGatewayActions,
  ...egressOnlyInternetGatewayActions,
  ...natGatewayActions,
  ...addressActions,
  ...securityGroupActions,
  ...networkAclActions,
  ...vpcPeeringConnectionActions,
  ...transitGatewayActions,
  ...transitGatewayAttachmentActions,
  ...transitGatewayVpcAttachmentActions,
  ...transitGatewayPeeringAttachmentActions,
  ...transitGatewayRouteTableActions,
  ...networkInterfaceActions,
  ...vpcEndpointActions,
  ...instanceActions,
  ...imageActions,
  ...keyPairActions,
  ...volumeActions,
  ...networkInsightsPathActions,
  ...networkInsightsAnalysisActions,
  ...tagActions,
};
