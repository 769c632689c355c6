/** ModifySubnetAttribute: one attribute per call. */
import type { ModifySubnetAttributeCommandInput, ModifySubnetAttributeCommandOutput } from "@aws-sdk/client-ec2";
import { invalidParameterCombination, invalidParameterValue, missingParameter } from "../../../../aws/index.ts";
import type { Action } from "../../action.ts";
import { named } from "../required.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import { blocksInForce } from "../vpc/block-states.ts";
import { subnetDescription } from "./describe.ts";
import type { SubnetRecord } from "./record.ts";

export const modifySubnetAttribute: Action<ModifySubnetAttributeCommandInput, ModifySubnetAttributeCommandOutput> = (
  input,
  context,
) => {
  refuseUnmodelled("ModifySubnetAttribute", {
    MapCustomerOwnedIpOnLaunch: input.MapCustomerOwnedIpOnLaunch?.Value,
    CustomerOwnedIpv4Pool: input.CustomerOwnedIpv4Pool,
    EnableLniAtDeviceIndex: input.EnableLniAtDeviceIndex,
  });
  const subnet = named(subnetDescription, "SubnetId", input.SubnetId, context);
  const changes = changesOf(input, subnet);
  const [change] = changes;
  // Switching off what this cloud does not have is no change, and not a mistake.
  const nothingToDo =
    input.MapCustomerOwnedIpOnLaunch?.Value === false || input.DisableLniAtDeviceIndex?.Value !== undefined;
  if (change === undefined) {
    if (nothingToDo) return {};
    throw missingParameter("MapPublicIpOnLaunch.Value");
  }
  if (changes.length > 1) throw invalidParameterCombination("Fields for multiple attribute types specified");
  context.put("subnet", { ...subnet, ...change });
  return {};
};

function changesOf(input: ModifySubnetAttributeCommandInput, subnet: SubnetRecord): readonly Partial<SubnetRecord>[] {
  const changes: Partial<SubnetRecord>[] = [];
  const names = subnet.PrivateDnsNameOptionsOnLaunch;
  const publicIp = input.MapPublicIpOnLaunch?.Value;
  if (publicIp !== undefined) changes.push({ MapPublicIpOnLaunch: publicIp });
  const ipv6 = input.AssignIpv6AddressOnCreation?.Value;
  if (ipv6 !== undefined) {
    if (ipv6 && blocksInForce(subnet.Ipv6CidrBlockAssociationSet).length === 0) {
      throw invalidParameterValue(
        `Invalid value 'true' for assignIpv6AddressOnCreation. The subnet ${subnet.SubnetId} has no IPv6 CIDR block.`,
      );
    }
    changes.push({ AssignIpv6AddressOnCreation: ipv6 });
  }
  const dns64 = input.EnableDns64?.Value;
  if (dns64 !== undefined) changes.push({ EnableDns64: dns64 });
  const hostnameType: string | undefined = input.PrivateDnsHostnameTypeOnLaunch;
  if (hostnameType !== undefined) {
    if (hostnameType !== "ip-name" && hostnameType !== "resource-name") {
      throw invalidParameterValue(
        `Value (${hostnameType}) for parameter privateDnsHostnameTypeOnLaunch is invalid. Valid values are 'ip-name' and 'resource-name'.`,
      );
    }
    changes.push({ PrivateDnsNameOptionsOnLaunch: { ...names, HostnameType: hostnameType } });
  }
  const a = input.EnableResourceNameDnsARecordOnLaunch?.Value;
  if (a !== undefined) {
    changes.push({ PrivateDnsNameOptionsOnLaunch: { ...names, EnableResourceNameDnsARecord: a } });
  }
  const aaaa = input.EnableResourceNameDnsAAAARecordOnLaunch?.Value;
  if (aaaa !== undefined) {
    changes.push({ PrivateDnsNameOptionsOnLaunch: { ...names, EnableResourceNameDnsAAAARecord: aaaa } });
  }
  return changes;
}
