/** The cloud's state as a NetworkModel, over every account and Region. Entities keep their identity while nothing they tell has changed. */
import { type NetworkModel, networkModelVersion } from "../model/index.ts";
import { projectEgressOnlyInternetGateway } from "./services/ec2/egress-only-internet-gateway/model.ts";
import { projectInstance } from "./services/ec2/instance/model.ts";
import { projectInternetGateway } from "./services/ec2/internet-gateway/model.ts";
import { projectManagedPrefixList } from "./services/ec2/managed-prefix-list/model.ts";
import { projectNatGateway } from "./services/ec2/nat-gateway/model.ts";
import { projectNetworkAcl } from "./services/ec2/network-acl/model.ts";
import { projectNetworkInterface } from "./services/ec2/network-interface/model.ts";
import { projectRouteTable } from "./services/ec2/route-table/model.ts";
import { projectSecurityGroup } from "./services/ec2/security-group/model.ts";
import { projectSubnet } from "./services/ec2/subnet/model.ts";
import { projectTransitGateway } from "./services/ec2/transit-gateway/model.ts";
import { projectTransitGatewayPeeringAttachment } from "./services/ec2/transit-gateway-peering-attachment/model.ts";
import { projectTransitGatewayRouteTable } from "./services/ec2/transit-gateway-route-table/model.ts";
import { projectTransitGatewayVpcAttachment } from "./services/ec2/transit-gateway-vpc-attachment/model.ts";
import { projectVpc } from "./services/ec2/vpc/model.ts";
import { projectVpcEndpoint } from "./services/ec2/vpc-endpoint/model.ts";
import { projectVpcPeeringConnection } from "./services/ec2/vpc-peering-connection/model.ts";
import type { StateView, VersionedView } from "./state/state.ts";
import { type TableName, type Tables, tables } from "./state/tables.ts";
import { tableProjection } from "./state/tracked-view.ts";

/** A function that gives the model of the current state; call it again after a change. */
export function networkModelOf(view: VersionedView): () => NetworkModel {
  const vpcs = projection("vpc", projectVpc);
  const subnets = projection("subnet", projectSubnet);
  const routeTables = projection("routeTable", projectRouteTable);
  const networkAcls = projection("networkAcl", projectNetworkAcl);
  const securityGroups = projection("securityGroup", projectSecurityGroup);
  const networkInterfaces = projection("networkInterface", projectNetworkInterface);
  const instances = projection("instance", projectInstance);
  const internetGateways = projection("internetGateway", projectInternetGateway);
  const egressOnlyInternetGateways = projection("egressOnlyInternetGateway", projectEgressOnlyInternetGateway);
  const natGateways = projection("natGateway", projectNatGateway);
  const vpcPeeringConnections = projection("vpcPeeringConnection", projectVpcPeeringConnection);
  const transitGateways = projection("transitGateway", projectTransitGateway);
  const vpcAttachments = projection("transitGatewayVpcAttachment", projectTransitGatewayVpcAttachment);
  const peeringAttachments = projection("transitGatewayPeeringAttachment", projectTransitGatewayPeeringAttachment);
  const transitGatewayRouteTables = projection("transitGatewayRouteTable", projectTransitGatewayRouteTable);
  const prefixLists = projection("managedPrefixList", projectManagedPrefixList);
  const unknowns = projection("vpcEndpoint", projectVpcEndpoint);

  let last: NetworkModel | undefined;

  const current = (): NetworkModel => ({
    version: networkModelVersion,
    vpcs: vpcs(view),
    subnets: subnets(view),
    routeTables: routeTables(view),
    networkAcls: networkAcls(view),
    securityGroups: securityGroups(view),
    networkInterfaces: networkInterfaces(view),
    instances: instances(view),
    internetGateways: internetGateways(view),
    egressOnlyInternetGateways: egressOnlyInternetGateways(view),
    natGateways: natGateways(view),
    vpcPeeringConnections: vpcPeeringConnections(view),
    transitGateways: transitGateways(view),
    transitGatewayVpcAttachments: vpcAttachments(view),
    transitGatewayPeeringAttachments: peeringAttachments(view),
    transitGatewayRouteTables: transitGatewayRouteTables(view),
    prefixLists: prefixLists(view),
    unknowns: unknowns(view),
  });

  return () => {
    const next = current();
    // One object for one network, so that what is worked out for it can be kept with it.
    if (last === undefined || !sameMembers(last, next)) last = next;
    return last;
  };
}

function sameMembers(a: NetworkModel, b: NetworkModel): boolean {
  const known: ReadonlyMap<string, unknown> = new Map(Object.entries(a));
  return Object.entries(b).every(([name, member]) => known.get(name) === member);
}

function projection<K extends TableName, T>(
  table: K,
  make: (record: Tables[K], view: StateView) => T | undefined,
): (view: VersionedView) => readonly T[] {
  // The register pairs each definition with its own record type.
  const idOf = tables[table].id as (record: Tables[K]) => string;
  return tableProjection(table, (view) => view.all(table), idOf, make);
}
