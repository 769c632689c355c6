/** The actions of network interfaces. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html */
import type {
  CreateNetworkInterfaceCommandInput,
  CreateNetworkInterfaceCommandOutput,
  DeleteNetworkInterfaceCommandInput,
  DeleteNetworkInterfaceCommandOutput,
  InstanceIpv6Address,
  PrivateIpAddressSpecification,
} from "@aws-sdk/client-ec2";
import { ec2Errors, invalidParameterCombination, isWellFormedId, unsupportedOperation } from "../../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import type { SubnetRecord } from "../subnet/record.ts";
import { tagNewResource } from "../tag/tags.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import {
  assignIpv6Addresses,
  assignPrivateIpAddresses,
  unassignIpv6Addresses,
  unassignPrivateIpAddresses,
} from "./addresses.ts";
import { attachNetworkInterface, detachNetworkInterface, inUse } from "./attachment.ts";
import {
  describeNetworkInterfaceAttribute,
  modifyNetworkInterfaceAttribute,
  resetNetworkInterfaceAttribute,
} from "./attributes.ts";
import {
  createNetworkInterface as create,
  type NetworkInterfaceSpecification,
  releaseNetworkInterface,
} from "./create-network-interface.ts";
import { describeNetworkInterfaces, networkInterfaceById } from "./describe-network-interfaces.ts";
import { groupsFor } from "./limits.ts";
import { type PrefixRequest, refusePrefixes } from "./prefixes.ts";
import { toNetworkInterface } from "./to-api.ts";

export const createNetworkInterface: Action<CreateNetworkInterfaceCommandInput, CreateNetworkInterfaceCommandOutput> = (
  input,
  context,
) => {
  if (input.InterfaceType !== undefined) {
    throw unsupportedOperation(`CreateNetworkInterface with InterfaceType ${input.InterfaceType}`);
  }
  const { ConnectionTrackingSpecification, EnablePrimaryIpv6, Operator } = input;
  refuseUnmodelled("CreateNetworkInterface", { ConnectionTrackingSpecification, EnablePrimaryIpv6, Operator });
  const subnet = subnetById(input.SubnetId, context);
  const groups = groupsFor(context, subnet.VpcId, subnet.SubnetId, input.Groups);
  const record = create(context, { subnet, description: input.Description, groups, ...addressesOf(input) });
  tagNewResource(context, input.TagSpecifications, "network-interface", record.NetworkInterfaceId);
  const NetworkInterface = toNetworkInterface(record, context);
  return { NetworkInterface, ...(input.ClientToken === undefined ? {} : { ClientToken: input.ClientToken }) };
};

export const deleteNetworkInterface: Action<DeleteNetworkInterfaceCommandInput, DeleteNetworkInterfaceCommandOutput> = (
  { NetworkInterfaceId },
  context,
) => {
  const record = networkInterfaceById(NetworkInterfaceId, context);
  if (record.Attachment !== undefined) throw inUse(record.NetworkInterfaceId);
  releaseNetworkInterface(context, record.NetworkInterfaceId);
  return {};
};

export const networkInterfaceActions = {
  CreateNetworkInterface: createNetworkInterface,
  DeleteNetworkInterface: deleteNetworkInterface,
  DescribeNetworkInterfaces: describeNetworkInterfaces,
  AttachNetworkInterface: attachNetworkInterface,
  DetachNetworkInterface: detachNetworkInterface,
  ModifyNetworkInterfaceAttribute: modifyNetworkInterfaceAttribute,
  DescribeNetworkInterfaceAttribute: describeNetworkInterfaceAttribute,
  ResetNetworkInterfaceAttribute: resetNetworkInterfaceAttribute,
  AssignPrivateIpAddresses: assignPrivateIpAddresses,
  UnassignPrivateIpAddresses: unassignPrivateIpAddresses,
  AssignIpv6Addresses: assignIpv6Addresses,
  UnassignIpv6Addresses: unassignIpv6Addresses,
} satisfies Actions;

/** The subnet by id, if the caller sees it; otherwise refuses. */
export function subnetById(id: string | undefined, context: ActionContext): SubnetRecord {
  if (id === undefined || !isWellFormedId("subnet", id)) throw ec2Errors.malformed("subnet", id ?? "");
  const subnet = context.visible("subnet", id, context.caller.accountId, context.caller.region);
  if (subnet === undefined) throw ec2Errors.notFound("subnet", id);
  return subnet;
}

export interface AddressParameters extends PrefixRequest {
  readonly PrivateIpAddress?: string | undefined;
  readonly PrivateIpAddresses?: readonly PrivateIpAddressSpecification[] | undefined;
  readonly SecondaryPrivateIpAddressCount?: number | undefined;
  readonly Ipv6Addresses?: readonly InstanceIpv6Address[] | undefined;
  readonly Ipv6AddressCount?: number | undefined;
}

type Addresses = Pick<
  NetworkInterfaceSpecification,
  | "privateIpAddress"
  | "secondaryPrivateIpAddresses"
  | "secondaryPrivateIpAddressCount"
  | "ipv6Addresses"
  | "ipv6AddressCount"
>;

/** The addresses that a create call or a launch asks for. Refuses what contradicts itself. */
export function addressesOf(input: AddressParameters): Addresses {
  refusePrefixes(input);
  const { PrivateIpAddress, PrivateIpAddresses = [], Ipv6Addresses = [] } = input;
  const primaries = PrivateIpAddresses.filter((address) => address.Primary);
  if (primaries.length > 1) throw invalidParameterCombination("Only one primary private IP address can be specified.");
  const primary = primaries[0]?.PrivateIpAddress;
  if (PrivateIpAddress !== undefined && primary !== undefined && primary !== PrivateIpAddress) {
    throw invalidParameterCombination(
      "The primary address is given twice: privateIpAddress and privateIpAddresses differ.",
    );
  }
  const rest = PrivateIpAddresses.filter((address) => !address.Primary).flatMap(
    (address) => address.PrivateIpAddress ?? [],
  );
  const secondary = rest.filter((address) => address !== PrivateIpAddress);
  if (secondary.length > 0 && input.SecondaryPrivateIpAddressCount) {
    throw invalidParameterCombination(
      "Only one of privateIpAddresses and secondaryPrivateIpAddressCount can be specified.",
    );
  }
  if (Ipv6Addresses.length > 0 && input.Ipv6AddressCount) {
    throw invalidParameterCombination("Only one of ipv6Addresses and ipv6AddressCount can be specified.");
  }
  return {
    privateIpAddress: PrivateIpAddress ?? primary,
    secondaryPrivateIpAddresses: secondary,
    secondaryPrivateIpAddressCount: input.SecondaryPrivateIpAddressCount,
    ipv6Addresses: Ipv6Addresses.flatMap((address) => address.Ipv6Address ?? []),
    ipv6AddressCount: input.Ipv6AddressCount,
  };
}
