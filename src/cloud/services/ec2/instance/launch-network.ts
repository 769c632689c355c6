/** The interfaces that a launch asks for: its own list of them, or a subnet, groups and addresses for a single one. [IN-2] [IN-3] */
import type { InstanceNetworkInterfaceSpecification, RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import {
  AwsError,
  ec2Errors,
  invalidParameterCombination,
  invalidParameterValue,
  unsupportedOperation,
} from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import { type AddressParameters, addressesOf, subnetById } from "../network-interface/actions.ts";
import { attach, inUse } from "../network-interface/attachment.ts";
import { createNetworkInterface } from "../network-interface/create-network-interface.ts";
import { networkInterfaceById } from "../network-interface/describe-network-interfaces.ts";
import { groupsFor } from "../network-interface/limits.ts";
import type { NetworkInterfaceRecord } from "../network-interface/record.ts";
import type { SubnetRecord } from "../subnet/record.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import type { InstanceRecord } from "./record.ts";

/** An interface to make in a subnet, or one that exists. */
export type LaunchInterface = { readonly deviceIndex: number; readonly deleteOnTermination: boolean } & (
  | { readonly existing: NetworkInterfaceRecord }
  | {
      readonly subnet: SubnetRecord;
      readonly description: string;
      readonly groups: readonly string[];
      readonly associatePublicIpAddress: boolean;
      readonly addresses: ReturnType<typeof addressesOf>;
    }
);

export interface LaunchNetwork {
  readonly subnet: SubnetRecord;
  /** In order of device index; the first is 0. */
  readonly interfaces: readonly LaunchInterface[];
}

/** What the launch's parameters mean. Refuses combinations that AWS refuses. */
export function launchNetwork(input: RunInstancesCommandInput, context: ActionContext): LaunchNetwork {
  const specifications = input.NetworkInterfaces ?? [];
  const interfaces =
    specifications.length > 0
      ? listed(input, specifications, context)
      : [single(input, subnetOf(input, context), context)];
  const [primary] = interfaces;
  if (primary === undefined) throw new Error("bug: a launch without an interface");
  const subnet = "existing" in primary ? context.must("subnet", primary.existing.SubnetId) : primary.subnet;
  const zone = input.Placement?.AvailabilityZone;
  if (zone !== undefined && zone !== "" && zone !== subnet.AvailabilityZone) {
    throw invalidParameterValue(
      `The availability zone '${zone}' of the placement is not that of subnet '${subnet.SubnetId}', '${subnet.AvailabilityZone}'.`,
    );
  }
  for (const each of interfaces) {
    const other = "existing" in each ? each.existing : each.subnet;
    if (other.AvailabilityZone !== subnet.AvailabilityZone) {
      throw invalidParameterCombination("All network interfaces of an instance must be in the same availability zone.");
    }
  }
  return { subnet, interfaces };
}

/** Makes or attaches the interfaces for one instance. Returns them as stored, the primary one first. */
export function launchInterfaces(
  { interfaces }: LaunchNetwork,
  instance: Pick<InstanceRecord, "InstanceId" | "InstanceType" | "OwnerId">,
  context: ActionContext,
): readonly NetworkInterfaceRecord[] {
  return interfaces.map((each) => {
    const { deviceIndex, deleteOnTermination } = each;
    if ("existing" in each) {
      const current = context.must("networkInterface", each.existing.NetworkInterfaceId);
      return attach(context, current, instance, deviceIndex, deleteOnTermination);
    }
    const { subnet, description, groups, associatePublicIpAddress, addresses } = each;
    return createNetworkInterface(context, {
      subnet,
      description,
      groups,
      associatePublicIpAddress,
      ...addresses,
      attachment: {
        AttachmentId: context.newId("eni-attach"),
        InstanceId: instance.InstanceId,
        InstanceOwnerId: instance.OwnerId,
        DeviceIndex: deviceIndex,
        DeleteOnTermination: deleteOnTermination,
        AttachTime: context.now,
      },
    });
  });
}

function listed(
  input: RunInstancesCommandInput,
  specifications: readonly InstanceNetworkInterfaceSpecification[],
  context: ActionContext,
): LaunchInterface[] {
  const forbidden: readonly [boolean, string][] = [
    [input.SubnetId !== undefined, "an instance-level subnet ID"],
    [(input.SecurityGroupIds ?? input.SecurityGroups ?? []).length > 0, "an instance-level security groups"],
    [input.PrivateIpAddress !== undefined, "an instance-level private IP address"],
    [(input.Ipv6Addresses ?? []).length > 0 || Boolean(input.Ipv6AddressCount), "an instance-level IPv6 addresses"],
  ];
  for (const [given, what] of forbidden) {
    if (given)
      throw invalidParameterCombination(`Network interfaces and ${what} may not be specified on the same request`);
  }
  if (specifications.length > 1 && specifications.some((each) => each.AssociatePublicIpAddress !== undefined)) {
    throw invalidParameterCombination(
      "The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.",
    );
  }
  const interfaces = specifications
    .map((each, index) => fromSpecification(each, each.DeviceIndex ?? index, specifications.length, context))
    .sort((a, b) => a.deviceIndex - b.deviceIndex);
  if (interfaces[0]?.deviceIndex !== 0) {
    throw invalidParameterCombination("When specifying network interfaces, you must include a device at index 0.");
  }
  if (new Set(interfaces.map((each) => each.deviceIndex)).size < interfaces.length) {
    throw invalidParameterCombination("Each network interface requires a unique device index.");
  }
  return interfaces;
}

function fromSpecification(
  each: InstanceNetworkInterfaceSpecification,
  deviceIndex: number,
  count: number,
  context: ActionContext,
): LaunchInterface {
  if (each.InterfaceType !== undefined && each.InterfaceType !== "interface") {
    throw unsupportedOperation(`RunInstances with InterfaceType ${each.InterfaceType}`);
  }
  const { ConnectionTrackingSpecification, EnaSrdSpecification, EnaQueueCount, PrimaryIpv6 } = each;
  refuseUnmodelled("RunInstances", {
    ConnectionTrackingSpecification,
    EnaSrdSpecification,
    EnaQueueCount,
    PrimaryIpv6,
    AssociateCarrierIpAddress: each.AssociateCarrierIpAddress,
  });
  if (each.NetworkInterfaceId !== undefined) {
    if (each.AssociatePublicIpAddress !== undefined || each.SubnetId !== undefined || each.Groups?.length) {
      throw invalidParameterCombination(
        "A network interface that exists already has its subnet, its groups and its addresses; leave them out.",
      );
    }
    const existing = networkInterfaceById(each.NetworkInterfaceId, context);
    if (existing.Attachment !== undefined) throw inUse(existing.NetworkInterfaceId);
    return { existing, deviceIndex, deleteOnTermination: each.DeleteOnTermination ?? false };
  }
  const subnet = each.SubnetId === undefined ? defaultSubnet(undefined, context) : subnetById(each.SubnetId, context);
  return {
    subnet,
    deviceIndex,
    deleteOnTermination: each.DeleteOnTermination ?? true,
    description: each.Description ?? "",
    groups: groupsFor(context, subnet.VpcId, subnet.SubnetId, each.Groups),
    // Only a single interface at launch gets one by itself. [IN-2]
    associatePublicIpAddress: each.AssociatePublicIpAddress ?? (count === 1 && subnet.MapPublicIpOnLaunch),
    addresses: addressesOf(each),
  };
}

function single(input: RunInstancesCommandInput, subnet: SubnetRecord, context: ActionContext): LaunchInterface {
  const parameters: AddressParameters = {
    PrivateIpAddress: input.PrivateIpAddress,
    Ipv6Addresses: input.Ipv6Addresses,
    Ipv6AddressCount: input.Ipv6AddressCount,
  };
  const wanted = [...(input.SecurityGroupIds ?? []), ...groupsByName(input.SecurityGroups ?? [], subnet, context)];
  return {
    subnet,
    deviceIndex: 0,
    deleteOnTermination: true,
    description: "",
    groups: groupsFor(context, subnet.VpcId, subnet.SubnetId, wanted),
    associatePublicIpAddress: subnet.MapPublicIpOnLaunch,
    addresses: addressesOf(parameters),
  };
}

function subnetOf(input: RunInstancesCommandInput, context: ActionContext): SubnetRecord {
  if (input.SubnetId !== undefined) return subnetById(input.SubnetId, context);
  return defaultSubnet(input.Placement?.AvailabilityZone || undefined, context);
}

/** The default VPC's default subnet, in the zone when one is named. */
function defaultSubnet(zone: string | undefined, context: ActionContext): SubnetRecord {
  const { accountId, region } = context.caller;
  const vpc = context.inScope("vpc", accountId, region).find((candidate) => candidate.IsDefault);
  if (vpc === undefined) {
    throw new AwsError(
      "VPCIdNotSpecified",
      "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.",
    );
  }
  const subnets = context.by("subnet", "vpc", vpc.VpcId).filter((subnet) => subnet.DefaultForAz);
  const subnet = zone === undefined ? subnets[0] : subnets.find((candidate) => candidate.AvailabilityZone === zone);
  if (subnet === undefined) {
    throw new AwsError(
      "MissingInput",
      zone === undefined
        ? `No subnets found for the default VPC '${vpc.VpcId}'. Please specify a subnet.`
        : `No default subnet for availability zone: '${zone}'.`,
    );
  }
  return subnet;
}

/** Groups by name are the default VPC's. */
function groupsByName(names: readonly string[], subnet: SubnetRecord, context: ActionContext): string[] {
  if (names.length > 0 && context.get("vpc", subnet.VpcId)?.IsDefault !== true) {
    throw invalidParameterCombination("The parameter groupName cannot be used with the parameter subnet");
  }
  const groups = context.by("securityGroup", "vpc", subnet.VpcId);
  return names.map((name) => {
    const group = groups.find((candidate) => candidate.GroupName === name);
    if (group === undefined) throw ec2Errors.notFound("security-group", name);
    return group.GroupId;
  });
}
