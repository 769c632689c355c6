/** DescribeInstanceTypes and DescribeInstanceTypeOfferings over the table of types. */
import type {
  _InstanceType,
  DescribeInstanceTypeOfferingsCommandInput,
  DescribeInstanceTypeOfferingsCommandOutput,
  DescribeInstanceTypesCommandInput,
  DescribeInstanceTypesCommandOutput,
  InstanceTypeInfo,
} from "@aws-sdk/client-ec2";
import { invalidParameterValue } from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { offsetPage } from "../../offset-page.ts";
import { type FilterTable, matcher } from "../filters.ts";
import { type InstanceTypeDescription, instanceTypeOf, instanceTypes } from "./instance-types.ts";

const filters: FilterTable<InstanceTypeDescription> = {
  "auto-recovery-supported": () => true,
  "bare-metal": (type) => isMetal(type),
  "burstable-performance-supported": (type) => type.burstable,
  "current-generation": (type) => type.currentGeneration,
  "free-tier-eligible": (type) => isFree(type),
  hypervisor: (type) => (isMetal(type) ? undefined : type.hypervisor),
  "instance-type": (type) => type.instanceType,
  "memory-info.size-in-mib": (type) => type.memoryMib,
  "network-info.ipv4-addresses-per-interface": (type) => type.ipv4AddressesPerInterface,
  "network-info.ipv6-addresses-per-interface": (type) => type.ipv6AddressesPerInterface,
  "network-info.ipv6-supported": (type) => type.ipv6AddressesPerInterface > 0,
  "network-info.maximum-network-interfaces": (type) => type.maximumNetworkInterfaces,
  "processor-info.supported-architecture": (type) => type.architecture,
  "supported-root-device-type": () => "ebs",
  "supported-usage-class": () => ["on-demand", "spot"],
  "supported-virtualization-type": () => "hvm",
  "vcpu-info.default-vcpus": (type) => type.vcpus,
};

export const describeInstanceTypes: Action<DescribeInstanceTypesCommandInput, DescribeInstanceTypesCommandOutput> = (
  input,
  context,
) => {
  const wanted = input.InstanceTypes ?? [];
  const unknown = wanted.filter((name) => instanceTypeOf(name) === undefined);
  if (unknown.length > 0) {
    throw invalidParameterValue(
      `The following supplied instance types do not exist: [${unknown.join(", ")}]`,
      "InvalidInstanceType",
    );
  }
  const types = wanted.length > 0 ? wanted.flatMap((name) => instanceTypeOf(name) ?? []) : instanceTypes();
  const matches = matcher(input.Filters, filters, (type) => type.instanceType, context);
  const { items, NextToken } = offsetPage(
    types.filter(matches),
    { ...input, MaxResults: input.MaxResults ?? 100 },
    { min: 5, max: 100 },
  );
  return { InstanceTypes: items.map(toInstanceTypeInfo), NextToken };
};

interface Offering {
  readonly instanceType: string;
  readonly location: string;
}

/** Every type is offered in every zone. */
export const describeInstanceTypeOfferings: Action<
  DescribeInstanceTypeOfferingsCommandInput,
  DescribeInstanceTypeOfferingsCommandOutput
> = (input, context) => {
  const LocationType = input.LocationType ?? "region";
  const matches = matcher<Offering>(
    input.Filters,
    { "instance-type": (offering) => offering.instanceType, location: (offering) => offering.location },
    (offering) => offering.instanceType,
    context,
  );
  const offerings = instanceTypes()
    .flatMap(({ instanceType }) => locations(LocationType, context).map((location) => ({ instanceType, location })))
    .filter(matches);
  const { items, NextToken } = offsetPage(
    offerings,
    { ...input, MaxResults: input.MaxResults ?? 1000 },
    { min: 5, max: 1000 },
  );
  return {
    InstanceTypeOfferings: items.map(({ instanceType, location }) => ({
      // From the table, whose names are the enum's.
      InstanceType: instanceType as _InstanceType,
      LocationType,
      Location: location,
    })),
    NextToken,
  };
};

function locations(type: string, context: ActionContext): readonly string[] {
  const { accountId, region } = context.caller;
  if (type === "region") return [region];
  if (type === "availability-zone" || type === "availability-zone-id") {
    const member = type === "availability-zone" ? "AvailabilityZone" : "AvailabilityZoneId";
    return [...new Set(context.inScope("subnet", accountId, region).map((subnet) => subnet[member]))].sort();
  }
  throw invalidParameterValue(`Value (${type}) for parameter locationType is invalid.`);
}

function toInstanceTypeInfo(type: InstanceTypeDescription): InstanceTypeInfo {
  const threads = type.architecture === "arm64" || type.vcpus === 1 ? 1 : 2;
  return {
    InstanceType: type.instanceType as _InstanceType,
    CurrentGeneration: type.currentGeneration,
    FreeTierEligible: isFree(type),
    SupportedUsageClasses: ["on-demand", "spot"],
    SupportedRootDeviceTypes: ["ebs"],
    SupportedVirtualizationTypes: ["hvm"],
    BareMetal: isMetal(type),
    ...(isMetal(type) ? {} : { Hypervisor: type.hypervisor }),
    ProcessorInfo: { SupportedArchitectures: [type.architecture] },
    VCpuInfo: {
      DefaultVCpus: type.vcpus,
      DefaultCores: Math.max(1, type.vcpus / threads),
      DefaultThreadsPerCore: threads,
    },
    MemoryInfo: { SizeInMiB: type.memoryMib },
    InstanceStorageSupported: false,
    EbsInfo: {
      EbsOptimizedSupport: type.hypervisor === "nitro" ? "default" : "unsupported",
      EncryptionSupport: "supported",
    },
    NetworkInfo: {
      NetworkPerformance: type.networkPerformance,
      MaximumNetworkInterfaces: type.maximumNetworkInterfaces,
      MaximumNetworkCards: 1,
      DefaultNetworkCardIndex: 0,
      NetworkCards: [
        {
          NetworkCardIndex: 0,
          NetworkPerformance: type.networkPerformance,
          MaximumNetworkInterfaces: type.maximumNetworkInterfaces,
        },
      ],
      Ipv4AddressesPerInterface: type.ipv4AddressesPerInterface,
      Ipv6AddressesPerInterface: type.ipv6AddressesPerInterface,
      Ipv6Supported: type.ipv6AddressesPerInterface > 0,
      EnaSupport: type.hypervisor === "nitro" ? "required" : "unsupported",
      EfaSupported: false,
    },
    PlacementGroupInfo: { SupportedStrategies: ["partition", "spread"] },
    HibernationSupported: false,
    BurstablePerformanceSupported: type.burstable,
    DedicatedHostsSupported: false,
    AutoRecoverySupported: true,
    SupportedBootModes: type.architecture === "arm64" ? ["uefi"] : ["legacy-bios", "uefi"],
    NitroEnclavesSupport: "unsupported",
  };
}

function isMetal({ instanceType }: InstanceTypeDescription): boolean {
  return instanceType.endsWith(".metal");
}

function isFree({ instanceType }: InstanceTypeDescription): boolean {
  return instanceType === "t2.micro" || instanceType === "t3.micro";
}
