/** The part of the test of walls between accounts that is about transit gateways: one of everything, and every action's inputs. */
import { accountA, type TestCaller, type TestCloud } from "../../../test-cloud.ts";
import { hubOf } from "./test-hub.ts";

/** The ids of one network, with one of everything. */
type Network = Readonly<Record<string, string>>;
type Way = (n: Network) => object;

const accountC = "333333333333";
const table: Way = (n) => ({ TransitGatewayRouteTableId: n.gatewayTable });
const vpcAttachment: Way = (n) => ({ TransitGatewayAttachmentId: n.vpcAttachment });
const inTable: Way = (n) => ({ ...table(n), ...vpcAttachment(n) });
const reference: Way = (n) => ({ ...table(n), PrefixListId: n.routedPrefixList });
const route: Way = (n) => ({ ...table(n), DestinationCidrBlock: "192.0.2.0/24" });

/** For each action, inputs that its owner could give. `own` is that owner's network. */
export function transitGatewayInputs(own: () => Network): Readonly<Record<string, readonly Way[]>> {
  return {
    AcceptTransitGatewayPeeringAttachment: [(n) => ({ TransitGatewayAttachmentId: n.pendingGatewayPeering })],
    AcceptTransitGatewayVpcAttachment: [(n) => ({ TransitGatewayAttachmentId: n.pendingVpcAttachment })],
    AssociateTransitGatewayRouteTable: [(n) => ({ ...table(n), TransitGatewayAttachmentId: n.looseAttachment })],
    // Whether the peer exists, and whose it is, comes out later: transit-gateway-peering-attachment/actions.test.ts.
    CreateTransitGatewayPeeringAttachment: [
      (n) => ({
        TransitGatewayId: n.hub,
        PeerTransitGatewayId: own().bareHub,
        PeerAccountId: accountA,
        PeerRegion: "us-east-1",
      }),
    ],
    CreateTransitGatewayPrefixListReference: [(n) => ({ ...inTable(n), PrefixListId: n.prefixList })],
    CreateTransitGatewayRoute: [(n) => ({ ...inTable(n), DestinationCidrBlock: "198.51.100.0/24" })],
    CreateTransitGatewayRouteTable: [(n) => ({ TransitGatewayId: n.hub })],
    CreateTransitGatewayVpcAttachment: [
      (n) => ({ TransitGatewayId: n.bareHub, VpcId: n.hubVpc, SubnetIds: [n.hubSubnet] }),
    ],
    DeleteTransitGateway: [(n) => ({ TransitGatewayId: n.bareHub })],
    DeleteTransitGatewayPeeringAttachment: [(n) => ({ TransitGatewayAttachmentId: n.pendingGatewayPeering })],
    DeleteTransitGatewayPrefixListReference: [reference],
    DeleteTransitGatewayRoute: [route],
    DeleteTransitGatewayRouteTable: [(n) => ({ TransitGatewayRouteTableId: n.freeGatewayTable })],
    DeleteTransitGatewayVpcAttachment: [vpcAttachment],
    DescribeTransitGatewayAttachments: [
      (n) => ({ TransitGatewayAttachmentIds: [n.vpcAttachment] }),
      (n) => ({ TransitGatewayAttachmentIds: [n.pendingGatewayPeering] }),
    ],
    DescribeTransitGatewayPeeringAttachments: [(n) => ({ TransitGatewayAttachmentIds: [n.pendingGatewayPeering] })],
    DescribeTransitGatewayRouteTables: [(n) => ({ TransitGatewayRouteTableIds: [n.gatewayTable] })],
    DescribeTransitGatewayVpcAttachments: [(n) => ({ TransitGatewayAttachmentIds: [n.vpcAttachment] })],
    DescribeTransitGateways: [(n) => ({ TransitGatewayIds: [n.hub] })],
    DisableTransitGatewayRouteTablePropagation: [inTable],
    DisassociateTransitGatewayRouteTable: [
      (n) => ({ ...vpcAttachment(n), TransitGatewayRouteTableId: n.gatewayDefaultTable }),
    ],
    EnableTransitGatewayRouteTablePropagation: [
      (n) => ({ ...vpcAttachment(n), TransitGatewayRouteTableId: n.freeGatewayTable }),
    ],
    GetTransitGatewayAttachmentPropagations: [vpcAttachment],
    GetTransitGatewayPrefixListReferences: [table],
    GetTransitGatewayRouteTableAssociations: [table],
    GetTransitGatewayRouteTablePropagations: [table],
    ModifyTransitGateway: [
      (n) => ({ TransitGatewayId: n.hub, Description: "renamed" }),
      (n) => ({ TransitGatewayId: n.hub, Options: { AssociationDefaultRouteTableId: n.gatewayTable } }),
    ],
    ModifyTransitGatewayPrefixListReference: [(n) => ({ ...reference(n), ...vpcAttachment(n) })],
    ModifyTransitGatewayVpcAttachment: [
      (n) => ({ ...vpcAttachment(n), AddSubnetIds: [n.hubOtherSubnet] }),
      (n) => ({ ...vpcAttachment(n), AddSubnetIds: [n.hubOtherSubnet], RemoveSubnetIds: [n.hubSubnet] }),
    ],
    RejectTransitGatewayPeeringAttachment: [(n) => ({ TransitGatewayAttachmentId: n.pendingGatewayPeering })],
    RejectTransitGatewayVpcAttachment: [(n) => ({ TransitGatewayAttachmentId: n.pendingVpcAttachment })],
    ReplaceTransitGatewayRoute: [(n) => ({ ...route(n), ...vpcAttachment(n) })],
    SearchTransitGatewayRoutes: [(n) => ({ ...table(n), Filters: [{ Name: "type", Values: ["static"] }] })],
  };
}

/** A route of a VPC, and tags, of which the rest of the test tries the other kinds. */
export const routeToGateway: Way = (n) => ({
  RouteTableId: n.hubVpcTable,
  DestinationCidrBlock: "198.51.100.0/24",
  TransitGatewayId: n.hub,
});
export const taggableKinds = ["hub", "gatewayTable", "vpcAttachment", "pendingGatewayPeering"] as const;

/** One of everything, made through the API. */
export function transitGatewayNetwork(
  cloud: TestCloud,
  caller: TestCaller,
  { prefixList, routedPrefixList }: { readonly prefixList: string; readonly routedPrefixList: string },
): Network {
  const hub = hubOf(cloud);
  const gateway = hub.gateway({}, caller);
  const bareHub = hub.gateway({}, caller);
  const peerHub = hub.gateway({}, caller);
  const sharedHub = hub.gateway({}, caller);
  const attached = hub.attach(gateway, "10.10.0.0/16", caller);
  const loose = hub.attach(gateway, "10.11.0.0/16", caller);
  const hubOtherSubnet = hub.subnet(attached.VpcId, "10.10.1.0/24", "b", caller);
  const gatewayTable = hub.routeTable(gateway, caller);
  const gatewayDefaultTable = hub.read(gateway, caller)?.Options?.AssociationDefaultRouteTableId ?? "";
  const inTable = { TransitGatewayRouteTableId: gatewayTable, TransitGatewayAttachmentId: attached.attachmentId };
  cloud.call("EnableTransitGatewayRouteTablePropagation", inTable, caller);
  cloud.call("CreateTransitGatewayRoute", { ...inTable, DestinationCidrBlock: "192.0.2.0/24" }, caller);
  cloud.call("CreateTransitGatewayPrefixListReference", { ...inTable, PrefixListId: routedPrefixList }, caller);
  cloud.call(
    "DisassociateTransitGatewayRouteTable",
    { TransitGatewayRouteTableId: gatewayDefaultTable, TransitGatewayAttachmentId: loose.attachmentId },
    caller,
  );
  const { AccepterTransitGatewayAttachmentId: pendingGatewayPeering = "" } = hub.peer(gateway, peerHub, caller, caller);
  hub.share(sharedHub, accountC, caller);
  const pending = hub.attach(sharedHub, "10.12.0.0/16", { ...caller, account: accountC });
  return {
    prefixList,
    routedPrefixList,
    hub: gateway,
    bareHub,
    hubVpc: attached.VpcId,
    hubSubnet: attached.SubnetId,
    hubOtherSubnet,
    hubVpcTable: hub.mainTable(attached.VpcId, caller),
    vpcAttachment: attached.attachmentId,
    looseAttachment: loose.attachmentId,
    pendingVpcAttachment: pending.attachmentId,
    pendingGatewayPeering,
    gatewayTable,
    freeGatewayTable: hub.routeTable(gateway, caller),
    gatewayDefaultTable,
  };
}
