/** ModifyVpcEndpoint: subnets, groups and private DNS of an interface endpoint, route tables of a gateway endpoint, the policy of both. [PL-22, PL-35, PL-50] */
import type { ModifyVpcEndpointCommandInput, ModifyVpcEndpointCommandOutput } from "@aws-sdk/client-ec2";
import { AwsError, incorrectState } from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { releaseNetworkInterface } from "../network-interface/create-network-interface.ts";
import { groupsFor } from "../network-interface/limits.ts";
import { named } from "../required.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import { refuseInterfaceSettings } from "./create-gateway-endpoint.ts";
import { refuseRouteTables, unmodelledDns } from "./create-vpc-endpoint.ts";
import { vpcEndpointDescription } from "./describe.ts";
import { endpointServiceNamed } from "./describe-services.ts";
import { addInterfaces } from "./endpoint-interfaces.ts";
import { addGatewayRoutes, removeGatewayRoutes } from "./gateway-routes.ts";
import { checkedPolicy, fullAccess } from "./policy.ts";
import { checkPrivateDns } from "./private-dns.ts";
import type { VpcEndpointRecord } from "./record.ts";

export const modifyVpcEndpoint: Action<ModifyVpcEndpointCommandInput, ModifyVpcEndpointCommandOutput> = (
  input,
  context,
) => {
  const { SubnetConfigurations, IpAddressType } = input;
  refuseUnmodelled("ModifyVpcEndpoint", {
    SubnetConfigurations,
    ...unmodelledDns(input),
    IpAddressType: IpAddressType === "ipv4" ? undefined : IpAddressType,
  });
  const endpoint = named(vpcEndpointDescription, "VpcEndpointId", input.VpcEndpointId, context);
  if (endpoint.State !== "available") throw wrongState(endpoint);
  const withPolicy = { ...endpoint, PolicyDocument: policyAfter(endpoint, input) };
  context.put("vpcEndpoint", withPolicy);
  if (endpoint.VpcEndpointType === "Gateway") {
    changeRoutes(withPolicy, input, context);
    return { Return: true };
  }
  refuseRouteTables([...(input.AddRouteTableIds ?? []), ...(input.RemoveRouteTableIds ?? [])]);
  if (!changesNetwork(input)) return { Return: true };
  const changed = networkAfter(withPolicy, input, context);
  if (context.fire("vpcEndpoint", changed, "ModifyVpcEndpoint") === undefined) throw wrongState(endpoint);
  return { Return: true };
};

/** The tables that go first, so that another endpoint's may come. */
function changeRoutes(endpoint: VpcEndpointRecord, input: ModifyVpcEndpointCommandInput, context: ActionContext): void {
  refuseInterfaceSettings({
    SubnetIds: [...(input.AddSubnetIds ?? []), ...(input.RemoveSubnetIds ?? [])],
    SecurityGroupIds: [...(input.AddSecurityGroupIds ?? []), ...(input.RemoveSecurityGroupIds ?? [])],
    PrivateDnsEnabled: input.PrivateDnsEnabled,
  });
  removeGatewayRoutes(endpoint, input.RemoveRouteTableIds ?? [], context);
  addGatewayRoutes(endpoint, input.AddRouteTableIds ?? [], context);
}

/** What makes an endpoint pending again: not its policy. [PL-22] */
function changesNetwork(input: ModifyVpcEndpointCommandInput): boolean {
  const { AddSubnetIds, RemoveSubnetIds, AddSecurityGroupIds, RemoveSecurityGroupIds, PrivateDnsEnabled } = input;
  const lists = [AddSubnetIds, RemoveSubnetIds, AddSecurityGroupIds, RemoveSecurityGroupIds];
  return PrivateDnsEnabled !== undefined || lists.some((list) => list !== undefined && list.length > 0);
}

function policyAfter(
  { PolicyDocument }: VpcEndpointRecord,
  { ResetPolicy, PolicyDocument: wanted }: ModifyVpcEndpointCommandInput,
): string {
  if (ResetPolicy) return fullAccess;
  return wanted === undefined ? PolicyDocument : checkedPolicy(wanted);
}

/** Groups first, so that new interfaces have them; then the subnets that go, so that another of the zone can come. */
function networkAfter(
  endpoint: VpcEndpointRecord,
  input: ModifyVpcEndpointCommandInput,
  context: ActionContext,
): VpcEndpointRecord {
  const Groups = groupsAfter(endpoint, input, context);
  const kept = withoutSubnets(endpoint, input.RemoveSubnetIds ?? [], context);
  for (const { NetworkInterfaceId } of kept) {
    context.put("networkInterface", { ...context.must("networkInterface", NetworkInterfaceId), Groups });
  }
  const wanted = (input.AddSubnetIds ?? []).filter((id) => !kept.some(({ SubnetId }) => SubnetId === id));
  const Interfaces = addInterfaces({ ...endpoint, Groups, Interfaces: kept }, wanted, context);
  const { PrivateDnsEnabled = endpoint.PrivateDnsEnabled } = input;
  if (PrivateDnsEnabled && !endpoint.PrivateDnsEnabled) {
    const service = endpointServiceNamed(endpoint.ServiceName, context);
    checkPrivateDns(context.must("vpc", endpoint.VpcId), service, endpoint.VpcEndpointId, context);
  }
  return { ...endpoint, Groups, Interfaces, PrivateDnsEnabled };
}

function groupsAfter(
  { Groups, VpcId }: VpcEndpointRecord,
  { AddSecurityGroupIds = [], RemoveSecurityGroupIds = [] }: ModifyVpcEndpointCommandInput,
  context: ActionContext,
): readonly string[] {
  const groups = [...Groups.filter((id) => !RemoveSecurityGroupIds.includes(id)), ...AddSecurityGroupIds];
  if (groups.length === 0) {
    throw new AwsError("InvalidParameter", "An interface endpoint needs at least one security group.");
  }
  return groupsFor(context, VpcId, VpcId, groups);
}

function withoutSubnets(
  { VpcEndpointId, Interfaces }: VpcEndpointRecord,
  subnetIds: readonly string[],
  context: ActionContext,
): VpcEndpointRecord["Interfaces"] {
  const foreign = subnetIds.find((id) => !Interfaces.some(({ SubnetId }) => SubnetId === id));
  if (foreign !== undefined)
    throw new AwsError(
      "InvalidParameter",
      `The subnet ${foreign} is not a subnet of the VPC endpoint ${VpcEndpointId}.`,
    );
  for (const { SubnetId, NetworkInterfaceId } of Interfaces)
    if (subnetIds.includes(SubnetId)) releaseNetworkInterface(context, NetworkInterfaceId);
  return Interfaces.filter(({ SubnetId }) => !subnetIds.includes(SubnetId));
}

function wrongState({ VpcEndpointId, State }: VpcEndpointRecord): AwsError {
  return incorrectState(`The VPC endpoint ${VpcEndpointId} is '${State}'; it must be 'available' to be modified.`);
}
