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
import { projectVpc } from "./services/ec2/vpc/model.ts";
import { projectVpcPeeringConnection } from "./services/ec2/vpc-peering-connection/model.ts";
import type { StateView } from "./state/state.ts";
import { type TableName, type Tables, tables } from "./state/tables.ts";
import { projectionCache } from "./state/tracked-view.ts";

/** A function that gives the model of the current state; call it again after a change. */
export function networkModelOf(view: StateView): () => NetworkModel {
  const cache = projectionCache();

  function each<K extends TableName, T>(table: K, make: (record: Tables[K], view: StateView) => T | undefined): T[] {
    const found: T[] = [];
    // The register pairs each definition with its own record type.
    const idOf = tables[table].id as (record: Tables[K]) => string;
    for (const record of view.all(table)) {
      const entity = cache.project(`${table} ${idOf(record)}`, record, view, make);
      if (entity !== undefined) found.push(entity);
    }
    return found;
  }

  return () => {
    const model: NetworkModel = {
      version: networkModelVersion,
      vpcs: each("vpc", projectVpc),
      subnets: each("subnet", projectSubnet),
      routeTables: each("routeTable", projectRouteTable),
      networkAcls: each("networkAcl", projectNetworkAcl),
      securityGroups: each("securityGroup", projectSecurityGroup),
      networkInterfaces: each("networkInterface", projectNetworkInterface),
      instances: each("instance", projectInstance),
      internetGateways: each("internetGateway", projectInternetGateway),
      egressOnlyInternetGateways: each("egressOnlyInternetGateway", projectEgressOnlyInternetGateway),
      natGateways: each("natGateway", projectNatGateway),
      vpcPeeringConnections: each("vpcPeeringConnection", projectVpcPeeringConnection),
      prefixLists: each("managedPrefixList", projectManagedPrefixList),
      unknowns: [],
    };
    cache.sweep();
    return model;
  };
}
