/** Giving interfaces more addresses and taking them back. [AD-50] [AD-51] [AD-58] */
import type {
  AssignIpv6AddressesCommandInput,
  AssignIpv6AddressesCommandOutput,
  AssignPrivateIpAddressesCommandInput,
  AssignPrivateIpAddressesCommandOutput,
  UnassignIpv6AddressesCommandInput,
  UnassignIpv6AddressesCommandOutput,
  UnassignPrivateIpAddressesCommandInput,
  UnassignPrivateIpAddressesCommandOutput,
} from "@aws-sdk/client-ec2";
import { invalidParameterCombination, invalidParameterValue, missingParameter } from "../../../../aws/index.ts";
import { canonicalAddress } from "../../../../ip/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { addIpv6Addresses, addPrivateIpAddresses, unmapElasticIps } from "./create-network-interface.ts";
import { networkInterfaceById } from "./describe-network-interfaces.ts";
import { checkAddressLimit } from "./limits.ts";
import { refusePrefixes } from "./prefixes.ts";
import type { NetworkInterfaceRecord } from "./record.ts";

export const assignPrivateIpAddresses: Action<
  AssignPrivateIpAddressesCommandInput,
  AssignPrivateIpAddressesCommandOutput
> = (input, context) => {
  refusePrefixes(input);
  const { PrivateIpAddresses = [], SecondaryPrivateIpAddressCount: count = 0, AllowReassignment = false } = input;
  const record = networkInterfaceById(input.NetworkInterfaceId, context);
  if (PrivateIpAddresses.length > 0 && count > 0) {
    throw invalidParameterCombination(
      "Only one of privateIpAddresses and secondaryPrivateIpAddressCount can be specified.",
    );
  }
  if (PrivateIpAddresses.length === 0 && count === 0)
    throw missingParameter("privateIpAddresses or secondaryPrivateIpAddressCount");
  const wanted = PrivateIpAddresses.filter(
    (address) => !record.PrivateIpAddresses.some((own) => own.PrivateIpAddress === address),
  );
  checkAddressLimit(context, record, wanted.length + count, "IPv4");
  if (AllowReassignment) for (const address of wanted) takeFromHolder(context, record, address);
  const added = addPrivateIpAddresses(context, record, { wanted, count });
  return {
    NetworkInterfaceId: record.NetworkInterfaceId,
    AssignedPrivateIpAddresses: added.map((PrivateIpAddress) => ({ PrivateIpAddress })),
    AssignedIpv4Prefixes: [],
  };
};

export const unassignPrivateIpAddresses: Action<
  UnassignPrivateIpAddressesCommandInput,
  UnassignPrivateIpAddressesCommandOutput
> = ({ NetworkInterfaceId, PrivateIpAddresses = [], Ipv4Prefixes }, context) => {
  refusePrefixes({ Ipv4Prefixes });
  const record = networkInterfaceById(NetworkInterfaceId, context);
  for (const address of PrivateIpAddresses) {
    const own = record.PrivateIpAddresses.find((candidate) => candidate.PrivateIpAddress === address);
    if (own === undefined) {
      throw invalidParameterValue(
        `Some of the specified addresses are not assigned to interface ${record.NetworkInterfaceId}`,
      );
    }
    if (own.Primary)
      throw invalidParameterValue(
        `The primary private IP address ${address} of ${record.NetworkInterfaceId} cannot be unassigned`,
      );
  }
  withoutAddresses(context, record, PrivateIpAddresses);
  return {};
};

export const assignIpv6Addresses: Action<AssignIpv6AddressesCommandInput, AssignIpv6AddressesCommandOutput> = (
  input,
  context,
) => {
  refusePrefixes(input);
  const { Ipv6Addresses = [], Ipv6AddressCount: count = 0 } = input;
  const record = networkInterfaceById(input.NetworkInterfaceId, context);
  if (Ipv6Addresses.length > 0 && count > 0) {
    throw invalidParameterCombination("Only one of ipv6Addresses and ipv6AddressCount can be specified.");
  }
  if (Ipv6Addresses.length === 0 && count === 0) throw missingParameter("ipv6Addresses or ipv6AddressCount");
  checkAddressLimit(context, record, Ipv6Addresses.length + count, "IPv6");
  const added = addIpv6Addresses(context, record, { wanted: Ipv6Addresses, count });
  return { NetworkInterfaceId: record.NetworkInterfaceId, AssignedIpv6Addresses: [...added], AssignedIpv6Prefixes: [] };
};

export const unassignIpv6Addresses: Action<UnassignIpv6AddressesCommandInput, UnassignIpv6AddressesCommandOutput> = (
  { NetworkInterfaceId, Ipv6Addresses = [], Ipv6Prefixes },
  context,
) => {
  refusePrefixes({ Ipv6Prefixes });
  const record = networkInterfaceById(NetworkInterfaceId, context);
  const gone = Ipv6Addresses.map((address) => canonicalAddress(address) ?? address);
  if (gone.some((address) => !record.Ipv6Addresses.includes(address))) {
    throw invalidParameterValue(
      `Some of the specified addresses are not assigned to interface ${record.NetworkInterfaceId}`,
    );
  }
  context.put("networkInterface", {
    ...record,
    Ipv6Addresses: record.Ipv6Addresses.filter((address) => !gone.includes(address)),
  });
  return { NetworkInterfaceId: record.NetworkInterfaceId, UnassignedIpv6Addresses: gone, UnassignedIpv6Prefixes: [] };
};

/** With AllowReassignment an address moves away from the interface that holds it; a primary address stays. [AD-51] */
function takeFromHolder(context: ActionContext, record: NetworkInterfaceRecord, address: string): void {
  for (const other of context.by("networkInterface", "subnet", record.SubnetId)) {
    const held = other.PrivateIpAddresses.find((candidate) => candidate.PrivateIpAddress === address);
    if (held === undefined || held.Primary || other.OwnerId !== context.caller.accountId) continue;
    const elastic = context
      .by("address", "networkInterface", other.NetworkInterfaceId)
      .filter((candidate) => candidate.PrivateIpAddress === address);
    context.put("networkInterface", {
      ...other,
      PrivateIpAddresses: other.PrivateIpAddresses.filter((candidate) => candidate !== held),
    });
    for (const mapped of elastic) context.put("address", { ...mapped, NetworkInterfaceId: record.NetworkInterfaceId });
  }
}

function withoutAddresses(context: ActionContext, record: NetworkInterfaceRecord, addresses: readonly string[]): void {
  unmapElasticIps(context, record.NetworkInterfaceId, addresses);
  const PrivateIpAddresses = record.PrivateIpAddresses.filter((own) => !addresses.includes(own.PrivateIpAddress));
  context.put("networkInterface", { ...record, PrivateIpAddresses });
}
