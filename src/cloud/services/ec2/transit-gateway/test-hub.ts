/** Transit gateways and VPCs for tests, made through the API in a few words. */
import type {
  CreateSubnetCommandOutput,
  CreateTransitGatewayCommandOutput,
  CreateTransitGatewayPeeringAttachmentCommandOutput,
  CreateTransitGatewayRouteTableCommandOutput,
  CreateTransitGatewayVpcAttachmentCommandOutput,
  CreateVpcCommandOutput,
  DescribeTransitGatewaysCommandOutput,
  SearchTransitGatewayRoutesCommandOutput,
  TransitGateway,
  TransitGatewayPeeringAttachment,
} from "@aws-sdk/client-ec2";
import { isAwsError } from "../../../../aws/index.ts";
import { accountA, type TestCaller, type TestCloud } from "../../../test-cloud.ts";

export const asA: TestCaller = { account: accountA, region: "us-east-1" };

export interface AttachedVpc {
  readonly VpcId: string;
  readonly SubnetId: string;
  readonly attachmentId: string;
}

export interface Hub {
  gateway(options?: object, caller?: TestCaller): string;
  vpc(CidrBlock: string, caller?: TestCaller): { readonly VpcId: string; readonly SubnetId: string };
  /** A VPC with one subnet, attached to the gateway. */
  attach(gatewayId: string, CidrBlock: string, caller?: TestCaller): AttachedVpc;
  attachVpc(input: object, caller?: TestCaller): string;
  routeTable(gatewayId: string, caller?: TestCaller): string;
  peer(gatewayId: string, peerId: string, peer?: TestCaller, caller?: TestCaller): TransitGatewayPeeringAttachment;
  read(gatewayId: string, caller?: TestCaller): TransitGateway | undefined;
  /** `10.0.0.0/16 propagated active vpc-…`, one line for each route that the filters find; all when none is given. */
  routes(routeTableId: string | undefined, filters?: Readonly<Record<string, string>>, caller?: TestCaller): string[];
  /** `allowed`, or the refusal's code and message. */
  outcome(operation: string, input: object, caller?: TestCaller): string;
  code(operation: string, input: object, caller?: TestCaller): string;
}

export function hubOf(cloud: TestCloud): Hub {
  const outcome = (operation: string, input: object, caller: TestCaller = asA): string => {
    try {
      cloud.call(operation, input, caller);
      return "allowed";
    } catch (error) {
      if (isAwsError(error)) return `${error.code}: ${error.message}`;
      throw error;
    }
  };
  const vpc = (CidrBlock: string, caller: TestCaller = asA) => {
    const VpcId = cloud.call<CreateVpcCommandOutput>("CreateVpc", { CidrBlock }, caller).Vpc?.VpcId ?? "";
    const input = { VpcId, CidrBlock: CidrBlock.replace(/\d+$/, "24") };
    const SubnetId = cloud.call<CreateSubnetCommandOutput>("CreateSubnet", input, caller).Subnet?.SubnetId ?? "";
    return { VpcId, SubnetId };
  };
  const attachVpc = (input: object, caller: TestCaller = asA): string =>
    cloud.call<CreateTransitGatewayVpcAttachmentCommandOutput>("CreateTransitGatewayVpcAttachment", input, caller)
      .TransitGatewayVpcAttachment?.TransitGatewayAttachmentId ?? "";

  return {
    outcome,
    vpc,
    attachVpc,
    code: (operation, input, caller) => outcome(operation, input, caller).split(":")[0] ?? "",
    gateway: (Options = {}, caller = asA) =>
      cloud.call<CreateTransitGatewayCommandOutput>("CreateTransitGateway", { Options }, caller).TransitGateway
        ?.TransitGatewayId ?? "",
    attach(TransitGatewayId, CidrBlock, caller = asA) {
      const made = vpc(CidrBlock, caller);
      const input = { TransitGatewayId, VpcId: made.VpcId, SubnetIds: [made.SubnetId] };
      return { ...made, attachmentId: attachVpc(input, caller) };
    },
    routeTable: (TransitGatewayId, caller = asA) =>
      cloud.call<CreateTransitGatewayRouteTableCommandOutput>(
        "CreateTransitGatewayRouteTable",
        { TransitGatewayId },
        caller,
      ).TransitGatewayRouteTable?.TransitGatewayRouteTableId ?? "",
    peer: (TransitGatewayId, PeerTransitGatewayId, peer = asA, caller = asA) =>
      cloud.call<CreateTransitGatewayPeeringAttachmentCommandOutput>(
        "CreateTransitGatewayPeeringAttachment",
        { TransitGatewayId, PeerTransitGatewayId, PeerAccountId: peer.account, PeerRegion: peer.region },
        caller,
      ).TransitGatewayPeeringAttachment ?? {},
    read: (id, caller = asA) =>
      cloud.call<DescribeTransitGatewaysCommandOutput>("DescribeTransitGateways", { TransitGatewayIds: [id] }, caller)
        .TransitGateways?.[0],
    routes(TransitGatewayRouteTableId, filters = { type: "*" }, caller = asA) {
      const Filters = Object.entries(filters).map(([Name, value]) => ({ Name, Values: [value] }));
      const input = { TransitGatewayRouteTableId, Filters };
      const found = cloud.call<SearchTransitGatewayRoutesCommandOutput>("SearchTransitGatewayRoutes", input, caller);
      return (found.Routes ?? []).map((route) =>
        [
          route.DestinationCidrBlock,
          route.Type,
          route.State,
          ...(route.TransitGatewayAttachments ?? []).map(({ ResourceId }) => ResourceId),
        ].join(" "),
      );
    },
  };
}
