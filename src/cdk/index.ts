/** Constructs for AWS CDK: both sides of every connection, from the request to the last route, and undone in the right order. */
export { Endpoint } from "./endpoint.ts";
export {
  GlobalNetwork,
  type GlobalNetworkProps,
  type GlobalNetworkRegion,
  type GlobalNetworkSite,
} from "./global-network.ts";
export { HandOverSheet, type HandOverSheetProps } from "./hand-over-sheet.ts";
export {
  NetworkSide,
  type NetworkSideAttributes,
  type NetworkSideOptions,
  type VpcSideOptions,
} from "./network-side.ts";
export { PrivateVpc, type PrivateVpcProps } from "./private-vpc.ts";
export { ProbeInstance, type ProbeInstanceProps } from "./probe-instance.ts";
export { Reachability, type ReachabilityOptions } from "./reachability.ts";
export { SessionManagerEndpoints, type SessionManagerEndpointsProps } from "./session-manager-endpoints.ts";
export { Traffic } from "./traffic.ts";
export {
  type ITransitGatewayHub,
  type TransitGatewayAttributes,
  TransitGatewayHub,
  type TransitGatewayHubProps,
  type TransitGatewaySegment,
  type TransitGatewaySegmentAttributes,
} from "./transit-gateway-hub.ts";
export {
  TransitGatewayPeering,
  TransitGatewayPeeringEnd,
  type TransitGatewayPeeringEndOptions,
  type TransitGatewayPeeringEndProps,
  type TransitGatewayPeeringProps,
} from "./transit-gateway-peering.ts";
export {
  TransitGatewayVpcAttachment,
  TransitGatewayVpcAttachmentAcceptance,
  type TransitGatewayVpcAttachmentAcceptanceProps,
  type TransitGatewayVpcAttachmentProps,
} from "./transit-gateway-vpc-attachment.ts";
export { VpcPeering, type VpcPeeringProps } from "./vpc-peering.ts";
