/** AWS::EC2::Instance. */
import type { DescribeInstancesCommandOutput, RunInstancesCommandOutput } from "@aws-sdk/client-ec2";
import { ResourceFailure, type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

interface Properties {
  readonly AvailabilityZone?: string;
  readonly BlockDeviceMappings?: readonly object[];
  readonly CreditSpecification?: { readonly CPUCredits?: string };
  readonly DisableApiTermination?: boolean;
  readonly EbsOptimized?: boolean;
  readonly IamInstanceProfile?: string;
  readonly ImageId?: string;
  readonly InstanceInitiatedShutdownBehavior?: string;
  readonly InstanceType?: string;
  readonly Ipv6AddressCount?: number;
  readonly Ipv6Addresses?: readonly object[];
  readonly KeyName?: string;
  readonly MetadataOptions?: object;
  readonly Monitoring?: boolean;
  readonly NetworkInterfaces?: readonly InterfaceProperties[];
  readonly PrivateIpAddress?: string;
  readonly PropagateTagsToVolumeOnCreation?: boolean;
  readonly SecurityGroupIds?: readonly string[];
  readonly SecurityGroups?: readonly string[];
  readonly SourceDestCheck?: boolean;
  readonly SubnetId?: string;
  readonly Tags?: readonly ResourceTag[];
  readonly Tenancy?: string;
  readonly UserData?: string;
}

interface InterfaceProperties {
  readonly DeviceIndex: string;
  readonly GroupSet?: readonly string[];
  readonly [name: string]: unknown;
}

export const instanceType = resourceType<Properties>({
  name: "AWS::EC2::Instance",
  properties: [
    "AvailabilityZone",
    "BlockDeviceMappings",
    "CreditSpecification",
    "DisableApiTermination",
    "EbsOptimized",
    "IamInstanceProfile",
    "ImageId",
    "InstanceInitiatedShutdownBehavior",
    "InstanceType",
    "Ipv6AddressCount",
    "Ipv6Addresses",
    "KeyName",
    "MetadataOptions",
    "Monitoring",
    "NetworkInterfaces",
    "PrivateIpAddress",
    "PropagateTagsToVolumeOnCreation",
    "SecurityGroupIds",
    "SecurityGroups",
    "SourceDestCheck",
    "SubnetId",
    "Tags",
    "Tenancy",
    "UserData",
  ],
  create(work) {
    const { properties } = work;
    const { Instances = [] } = work.call<RunInstancesCommandOutput>("ec2:RunInstances", {
      MinCount: 1,
      MaxCount: 1,
      ...direct(properties),
      CreditSpecification: properties.CreditSpecification && { CpuCredits: properties.CreditSpecification.CPUCredits },
      IamInstanceProfile: properties.IamInstanceProfile && { Name: properties.IamInstanceProfile },
      Monitoring: properties.Monitoring === undefined ? undefined : { Enabled: properties.Monitoring },
      NetworkInterfaces: properties.NetworkInterfaces?.map(({ GroupSet: Groups, DeviceIndex, ...rest }) => ({
        ...rest,
        Groups,
        DeviceIndex: Number(DeviceIndex),
      })),
      Placement: placementOf(properties),
      TagSpecifications: [
        ...(tagsFor("instance", work) ?? []),
        ...(properties.PropagateTagsToVolumeOnCreation ? (tagsFor("volume", work) ?? []) : []),
      ],
    });
    const InstanceId = Instances[0]?.InstanceId ?? "";
    work.tagAsOwn("instance", InstanceId);
    if (properties.SourceDestCheck === false) modify(work, InstanceId, { SourceDestCheck: { Value: false } });
    return InstanceId;
  },
  created(work) {
    const { State, StateReason } = describe(work) ?? {};
    if (State?.Name !== "pending" && State?.Name !== "running")
      throw new ResourceFailure(
        `Instance ${work.physicalId} did not stabilize: ${StateReason?.Message ?? State?.Name}`,
      );
    return State.Name === "running";
  },
  update(work, before) {
    const { SecurityGroupIds, SourceDestCheck = true, DisableApiTermination = false } = work.properties;
    const id = work.physicalId;
    if (String(SecurityGroupIds) !== String(before.SecurityGroupIds)) modify(work, id, { Groups: SecurityGroupIds });
    if (SourceDestCheck !== (before.SourceDestCheck ?? true))
      modify(work, id, { SourceDestCheck: { Value: SourceDestCheck } });
    if (DisableApiTermination !== (before.DisableApiTermination ?? false))
      modify(work, id, { DisableApiTermination: { Value: DisableApiTermination } });
    changeTags(work);
  },
  /** What would need the instance stopped, or a call that there is none of here: another instance takes its place. */
  replaces: (properties, before) =>
    Object.keys({ ...properties, ...before })
      .filter((name): name is keyof Properties => !inPlace.includes(name))
      .some((name) => JSON.stringify(properties[name]) !== JSON.stringify(before[name])),
  delete: (work) => void work.call("ec2:TerminateInstances", { InstanceIds: [work.physicalId] }),
  deleted: (work) => (describe(work)?.State?.Name ?? "terminated") === "terminated",
  attributes(work) {
    const instance = describe(work);
    return {
      AvailabilityZone: instance?.Placement?.AvailabilityZone,
      InstanceId: work.physicalId,
      PrivateDnsName: instance?.PrivateDnsName,
      PrivateIp: instance?.PrivateIpAddress,
      PublicDnsName: instance?.PublicDnsName ?? "",
      PublicIp: instance?.PublicIpAddress ?? "",
      VpcId: instance?.VpcId,
    };
  },
});

const inPlace: readonly string[] = ["SecurityGroupIds", "SourceDestCheck", "DisableApiTermination", "Tags"];

/** What RunInstances takes in the same words. */
function direct(properties: Properties) {
  const { BlockDeviceMappings, DisableApiTermination, EbsOptimized, ImageId, InstanceType, KeyName } = properties;
  const { InstanceInitiatedShutdownBehavior, Ipv6AddressCount, Ipv6Addresses, MetadataOptions } = properties;
  const { PrivateIpAddress, SecurityGroupIds, SecurityGroups, SubnetId, UserData } = properties;
  return {
    BlockDeviceMappings,
    DisableApiTermination,
    EbsOptimized,
    ImageId,
    InstanceType,
    KeyName,
    InstanceInitiatedShutdownBehavior,
    Ipv6AddressCount,
    Ipv6Addresses,
    MetadataOptions,
    PrivateIpAddress,
    SecurityGroupIds,
    SecurityGroups,
    SubnetId,
    UserData,
  };
}

function placementOf({ AvailabilityZone, Tenancy }: Properties) {
  return AvailabilityZone === undefined && Tenancy === undefined ? undefined : { AvailabilityZone, Tenancy };
}

function modify(work: ResourceWork<Properties>, InstanceId: string, change: object): void {
  work.call("ec2:ModifyInstanceAttribute", { InstanceId, ...change });
}

function describe(work: ResourceWork<Properties>) {
  const Filters = [{ Name: "instance-id", Values: [work.physicalId] }];
  const answer = work.call<DescribeInstancesCommandOutput>("ec2:DescribeInstances", { Filters });
  return answer.Reservations?.[0]?.Instances?.[0];
}
