/** Transit gateways and VPCs for tests, made through the API in a few words. */
import type {
  CreateSubnetCommandOutput,
  CreateTransitGatewayCommandOutput,
  CreateTransitGatewayPeeringAttachmentCommandOutput,
  CreateTransitGatewayRouteTableCommandOutput,
  CreateTransitGatewayVpcAttachmentCommandOutput,
  CreateVpcCommandOutput,
  DescribeRouteTablesCommandOutput,
  DescribeTransitGatewaysCommandOutput,
  SearchTransitGatewayRoutesCommandOutput,
  TransitGateway,
  TransitGatewayPeeringAttachment,
} from "@aws-sdk/client-ec2";
import type { GetResourceShareInvitationsCommandOutput, GetResourceSharesCommandOutput } from "@aws-sdk/client-ram";
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
  /** A VPC with one subnet, in the Region's first zone. */
  vpc(CidrBlock: string, caller?: TestCaller): { readonly VpcId: string; readonly SubnetId: string };
  subnet(vpcId: string, CidrBlock: string, zoneLetter: string, caller?: TestCaller): string;
  mainTable(vpcId: string, caller?: TestCaller): string;
  /** Shares the gateway with another account, which accepts. */
  share(gatewayId: string, account: string, caller?: TestCaller): void;
  /** Ends every share of the gateway. */
  unshare(gatewayId: string, caller?: TestCaller): void;
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
  const subnet = (VpcId: string, CidrBlock: string, letter: string, caller: TestCaller = asA): string => {
    const input = { VpcId, CidrBlock, AvailabilityZone: `${caller.region}${letter}` };
    return cloud.call<CreateSubnetCommandOutput>("CreateSubnet", input, caller).Subnet?.SubnetId ?? "";
  };
  const vpc = (CidrBlock: string, caller: TestCaller = asA) => {
    const VpcId = cloud.call<CreateVpcCommandOutput>("CreateVpc", { CidrBlock }, caller).Vpc?.VpcId ?? "";
    return { VpcId, SubnetId: subnet(VpcId, CidrBlock.replace(/\d+$/, "24"), "a", caller) };
  };
  const attachVpc = (input: object, caller: TestCaller = asA): string =>
    cloud.call<CreateTransitGatewayVpcAttachmentCommandOutput>("CreateTransitGatewayVpcAttachment", input, caller)
      .TransitGatewayVpcAttachment?.TransitGatewayAttachmentId ?? "";

  return {
    outcome,
    subnet,
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
    mainTable(vpcId, caller = asA) {
      const Filters = [
        { Name: "vpc-id", Values: [vpcId] },
        { Name: "association.main", Values: ["true"] },
      ];
      return (
        cloud.call<DescribeRouteTablesCommandOutput>("DescribeRouteTables", { Filters }, caller).RouteTables?.[0]
          ?.RouteTableId ?? ""
      );
    },
    share(gatewayId, account, caller = asA) {
      const resourceArns = [`arn:aws:ec2:${caller.region}:${caller.account}:transit-gateway/${gatewayId}`];
      const ram = (by: TestCaller) => ({ ...by, service: "ram" });
      cloud.call("CreateResourceShare", { name: gatewayId, resourceArns, principals: [account] }, ram(caller));
      const sharee = ram({ ...caller, account });
      const asked = cloud.call<GetResourceShareInvitationsCommandOutput>("GetResourceShareInvitations", {}, sharee);
      for (const { resourceShareInvitationArn, status } of asked.resourceShareInvitations ?? []) {
        if (status !== "PENDING") continue;
        cloud.call("AcceptResourceShareInvitation", { resourceShareInvitationArn }, sharee);
      }
    },
    unshare(gatewayId, caller = asA) {
      const by = { ...caller, service: "ram" };
      const input = { resourceOwner: "SELF", name: gatewayId };
      const { resourceShares = [] } = cloud.call<GetResourceSharesCommandOutput>("GetResourceShares", input, by);
      for (const { resourceShareArn } of resourceShares) cloud.call("DeleteResourceShare", { resourceShareArn }, by);
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
