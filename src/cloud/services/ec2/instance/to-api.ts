/** An instance as DescribeInstances shows it. A terminated one has no network left. [IN-1] */
import type { _InstanceType, Instance, InstanceNetworkInterface, Reservation } from "@aws-sdk/client-ec2";
import type { StateView } from "../../../state/state.ts";
import type { ActionContext } from "../../action.ts";
import { imageById } from "../image/images.ts";
import { associationOf } from "../network-interface/public-addresses.ts";
import type { NetworkInterfaceRecord } from "../network-interface/record.ts";
import { toNetworkInterface } from "../network-interface/to-api.ts";
import { tagsOf } from "../tag/tags.ts";
import { instanceState } from "./instance-states.ts";
import { instanceTypeOf } from "./instance-types.ts";
import type { InstanceRecord } from "./record.ts";

/** Instances as reservations: those launched together are shown together. */
export function toReservations(records: readonly InstanceRecord[], context: ActionContext): Reservation[] {
  const reservations = new Map<string, InstanceRecord[]>();
  for (const record of records) {
    const launched = reservations.get(record.ReservationId);
    if (launched) launched.push(record);
    else reservations.set(record.ReservationId, [record]);
  }
  return [...reservations].map(([ReservationId, launched]) => ({
    ReservationId,
    OwnerId: launched[0]?.OwnerId,
    Groups: [],
    Instances: launched.map((record) => toInstance(record, context)),
  }));
}

/** The interfaces of an instance in order of device index: the primary one first. [IN-2] */
export function interfacesOf(view: Pick<StateView, "by">, instanceId: string): NetworkInterfaceRecord[] {
  const index = (record: NetworkInterfaceRecord): number => record.Attachment?.DeviceIndex ?? 0;
  return [...view.by("networkInterface", "instance", instanceId)].sort((a, b) => index(a) - index(b));
}

export function toInstance(record: InstanceRecord, context: ActionContext): Instance {
  const { InstanceId, MetadataOptions, State } = record;
  const image = imageById(record.Region, record.ImageId);
  const type = instanceTypeOf(record.InstanceType);
  const gone = State === "terminated";
  const vcpus = type?.vcpus ?? 1;
  const threads = type?.architecture === "arm64" || vcpus === 1 ? 1 : 2;
  return {
    InstanceId,
    ImageId: record.ImageId,
    AmiLaunchIndex: record.AmiLaunchIndex,
    ClientToken: record.ClientToken ?? "",
    State: instanceState(State),
    StateTransitionReason: record.StateTransitionReason,
    StateReason: State === "pending" ? { Code: "pending", Message: "pending" } : record.StateReason,
    // The type was looked up in the table when it was set.
    InstanceType: record.InstanceType as _InstanceType,
    ...(record.KeyName === undefined ? {} : { KeyName: record.KeyName }),
    LaunchTime: new Date(record.LaunchTime),
    UsageOperationUpdateTime: new Date(record.CreatedAt),
    Placement: { AvailabilityZone: record.AvailabilityZone, GroupName: "", Tenancy: record.Tenancy },
    Monitoring: { State: record.Monitoring },
    Architecture: image.architecture,
    BlockDeviceMappings: blockDeviceMappings(record, context),
    EbsOptimized: record.EbsOptimized,
    EnaSupport: true,
    Hypervisor: "xen",
    VirtualizationType: "hvm",
    RootDeviceName: record.RootDeviceName,
    RootDeviceType: "ebs",
    PlatformDetails: image.platformDetails,
    UsageOperation: "RunInstances",
    ProductCodes: [],
    ...(record.IamInstanceProfile === undefined
      ? {}
      : { IamInstanceProfile: { Arn: record.IamInstanceProfile.Arn, Id: record.IamInstanceProfile.Id } }),
    CpuOptions: { CoreCount: Math.max(1, vcpus / threads), ThreadsPerCore: threads },
    CapacityReservationSpecification: { CapacityReservationPreference: "open" },
    HibernationOptions: { Configured: false },
    EnclaveOptions: { Enabled: false },
    MetadataOptions: { State: "applied", ...MetadataOptions },
    MaintenanceOptions: { AutoRecovery: record.AutoRecovery, RebootMigration: "default" },
    NetworkPerformanceOptions: { BandwidthWeighting: "default" },
    CurrentInstanceBootMode: image.bootMode === undefined ? "legacy-bios" : "uefi",
    ...(image.bootMode === undefined ? {} : { BootMode: image.bootMode }),
    Operator: { Managed: false },
    PrivateDnsName: "",
    PublicDnsName: "",
    SecurityGroups: [],
    NetworkInterfaces: [],
    Tags: tagsOf(context, InstanceId),
    ...(gone ? {} : networkOf(record, context)),
  };
}

function networkOf(record: InstanceRecord, context: ActionContext): Partial<Instance> {
  const interfaces = interfacesOf(context, record.InstanceId);
  const [primary] = interfaces;
  const [address] = primary?.PrivateIpAddresses ?? [];
  const association =
    primary === undefined || address === undefined ? undefined : associationOf(context, primary, address);
  return {
    VpcId: record.VpcId,
    SubnetId: record.SubnetId,
    PrivateDnsName: record.PrivateDnsName,
    PrivateDnsNameOptions: record.PrivateDnsNameOptions,
    ...(address === undefined ? {} : { PrivateIpAddress: address.PrivateIpAddress }),
    ...(association === undefined
      ? {}
      : { PublicIpAddress: association.PublicIp, PublicDnsName: association.PublicDnsName }),
    ...(primary?.Ipv6Addresses[0] === undefined ? {} : { Ipv6Address: primary.Ipv6Addresses[0] }),
    SourceDestCheck: primary?.SourceDestCheck,
    SecurityGroups: (primary?.Groups ?? []).map((GroupId) => ({
      GroupId,
      GroupName: context.get("securityGroup", GroupId)?.GroupName,
    })),
    NetworkInterfaces: interfaces.map((each) => toInstanceNetworkInterface(each, context)),
  };
}

function toInstanceNetworkInterface(record: NetworkInterfaceRecord, context: ActionContext): InstanceNetworkInterface {
  const full = toNetworkInterface(record, context);
  const owner = (association: typeof full.Association) =>
    association === undefined
      ? {}
      : {
          Association: {
            PublicIp: association.PublicIp,
            PublicDnsName: association.PublicDnsName,
            IpOwnerId: association.IpOwnerId,
          },
        };
  const { AttachmentId, AttachTime, DeleteOnTermination, DeviceIndex, Status } = full.Attachment ?? {};
  return {
    ...owner(full.Association),
    Attachment: { AttachmentId, AttachTime, DeleteOnTermination, DeviceIndex, Status, NetworkCardIndex: 0 },
    Description: full.Description,
    Groups: full.Groups,
    InterfaceType: full.InterfaceType,
    Ipv6Addresses: full.Ipv6Addresses,
    MacAddress: full.MacAddress,
    NetworkInterfaceId: full.NetworkInterfaceId,
    OwnerId: full.OwnerId,
    PrivateDnsName: full.PrivateDnsName,
    PrivateIpAddress: full.PrivateIpAddress,
    PrivateIpAddresses: full.PrivateIpAddresses?.map(({ Association, ...address }) => ({
      ...address,
      ...owner(Association),
    })),
    SourceDestCheck: full.SourceDestCheck,
    Status: full.Status,
    SubnetId: full.SubnetId,
    VpcId: full.VpcId,
    Operator: full.Operator,
  };
}

function blockDeviceMappings(record: InstanceRecord, context: ActionContext): Instance["BlockDeviceMappings"] {
  return context
    .by("volume", "instance", record.InstanceId)
    .map(({ DeviceName, VolumeId, DeleteOnTermination, CreatedAt }) => ({
      DeviceName,
      Ebs: {
        VolumeId,
        DeleteOnTermination,
        AttachTime: new Date(CreatedAt),
        Status: record.State === "pending" ? "attaching" : "attached",
      },
    }));
}
