/** DescribeInstances and DescribeInstanceStatus. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
import type {
  DescribeInstanceStatusCommandInput,
  DescribeInstanceStatusCommandOutput,
  DescribeInstancesCommandInput,
  DescribeInstancesCommandOutput,
  InstanceStatusSummary,
} from "@aws-sdk/client-ec2";
import type { Action, ActionContext } from "../../action.ts";
import { byIds, type DescribeDefinition, describe } from "../describe.ts";
import type { FilterTable, FilterValue } from "../filters.ts";
import { imageById } from "../image/images.ts";
import { networkInterfaceFilters } from "../network-interface/describe-network-interfaces.ts";
import { publicName } from "../network-interface/dns-names.ts";
import { publicIpOf } from "../network-interface/public-addresses.ts";
import type { NetworkInterfaceRecord } from "../network-interface/record.ts";
import { instanceState } from "./instance-states.ts";
import type { InstanceRecord } from "./record.ts";
import { interfacesOf, toReservations } from "./to-api.ts";

type Values = readonly (string | number | undefined)[];

/** What the instance's interfaces can be found by, with `network-interface.` before it. */
const interfaceFilters: FilterTable<InstanceRecord> = Object.fromEntries(
  Object.entries(networkInterfaceFilters).map(([name, valuesOf]) => [
    `network-interface.${name}`,
    (record: InstanceRecord, context: ActionContext): Values =>
      interfacesOf(context, record.InstanceId).flatMap((each) => listed(valuesOf(each, context))),
  ]),
);

function listed(value: FilterValue): Values {
  return Array.isArray(value) ? value : [value === undefined ? undefined : String(value)];
}

const ofPrimary =
  (read: (each: NetworkInterfaceRecord, context: ActionContext) => Values) =>
  (record: InstanceRecord, context: ActionContext): Values => {
    const [primary] = interfacesOf(context, record.InstanceId);
    return primary === undefined ? [] : read(primary, context);
  };

const alive = (r: InstanceRecord): boolean => r.State !== "terminated";
const volumes = (r: InstanceRecord, c: ActionContext) => c.by("volume", "instance", r.InstanceId);
const groupNames = (each: NetworkInterfaceRecord, c: ActionContext): Values =>
  each.Groups.map((id) => c.get("securityGroup", id)?.GroupName);
const publicIps = (each: NetworkInterfaceRecord, c: ActionContext): Values =>
  each.PrivateIpAddresses.flatMap((address) => publicIpOf(c, each, address) ?? []);
const privateIps = (each: NetworkInterfaceRecord): Values =>
  each.PrivateIpAddresses.map((address) => address.PrivateIpAddress);

const filters: FilterTable<InstanceRecord> = {
  ...interfaceFilters,
  architecture: (r) => imageById(r.Region, r.ImageId).architecture,
  "availability-zone": (r) => r.AvailabilityZone,
  "availability-zone-id": (r, c) => c.get("subnet", r.SubnetId)?.AvailabilityZoneId,
  "block-device-mapping.delete-on-termination": (r, c) =>
    volumes(r, c).map((volume) => String(volume.DeleteOnTermination)),
  "block-device-mapping.device-name": (r, c) => volumes(r, c).map((volume) => volume.DeviceName),
  "block-device-mapping.status": (r, c) => volumes(r, c).map(() => "attached"),
  "block-device-mapping.volume-id": (r, c) => volumes(r, c).map((volume) => volume.VolumeId),
  "client-token": (r) => r.ClientToken,
  "dns-name": ofPrimary((each, c) => publicIps(each, c).map((ip) => publicName(each.Region, String(ip)))),
  "ebs-optimized": (r) => r.EbsOptimized,
  "ena-support": () => true,
  "enclave-options.enabled": () => false,
  "group-id": ofPrimary((each) => each.Groups),
  "group-name": ofPrimary(groupNames),
  "hibernation-options.configured": () => false,
  hypervisor: () => "xen",
  "iam-instance-profile.arn": (r) => r.IamInstanceProfile?.Arn,
  "iam-instance-profile.id": (r) => r.IamInstanceProfile?.Id,
  "iam-instance-profile.name": (r) => r.IamInstanceProfile?.Arn.split("/").at(-1),
  "image-id": (r) => r.ImageId,
  "instance-id": (r) => r.InstanceId,
  "instance-lifecycle": () => undefined,
  "instance-state-code": (r) => instanceState(r.State).Code,
  "instance-state-name": (r) => r.State,
  "instance-type": (r) => r.InstanceType,
  "instance.group-id": ofPrimary((each) => each.Groups),
  "instance.group-name": ofPrimary(groupNames),
  "ip-address": ofPrimary((each, c) => publicIps(each, c).slice(0, 1)),
  "ipv6-address": ofPrimary((each) => each.Ipv6Addresses),
  "key-name": (r) => r.KeyName,
  "launch-index": (r) => r.AmiLaunchIndex,
  "launch-time": (r) => new Date(r.LaunchTime).toISOString(),
  "maintenance-options.auto-recovery": (r) => r.AutoRecovery,
  "metadata-options.http-endpoint": (r) => r.MetadataOptions.HttpEndpoint,
  "metadata-options.http-protocol-ipv6": (r) => r.MetadataOptions.HttpProtocolIpv6,
  "metadata-options.http-put-response-hop-limit": (r) => r.MetadataOptions.HttpPutResponseHopLimit,
  "metadata-options.http-tokens": (r) => r.MetadataOptions.HttpTokens,
  "metadata-options.instance-metadata-tags": (r) => r.MetadataOptions.InstanceMetadataTags,
  "monitoring-state": (r) => r.Monitoring,
  "operator.managed": () => false,
  "owner-id": (r) => r.OwnerId,
  "placement-group-name": () => undefined,
  platform: () => undefined,
  "platform-details": (r) => imageById(r.Region, r.ImageId).platformDetails,
  "private-dns-name": (r) => (alive(r) ? r.PrivateDnsName : undefined),
  "private-dns-name-options.enable-resource-name-dns-a-record": (r) =>
    r.PrivateDnsNameOptions.EnableResourceNameDnsARecord,
  "private-dns-name-options.enable-resource-name-dns-aaaa-record": (r) =>
    r.PrivateDnsNameOptions.EnableResourceNameDnsAAAARecord,
  "private-dns-name-options.hostname-type": (r) => r.PrivateDnsNameOptions.HostnameType,
  "private-ip-address": ofPrimary(privateIps),
  reason: (r) => r.StateTransitionReason,
  "reservation-id": (r) => r.ReservationId,
  "root-device-name": (r) => r.RootDeviceName,
  "root-device-type": () => "ebs",
  "source-dest-check": ofPrimary((each) => [String(each.SourceDestCheck)]),
  "state-reason-code": (r) => r.StateReason?.Code,
  "state-reason-message": (r) => r.StateReason?.Message,
  "subnet-id": (r) => (alive(r) ? r.SubnetId : undefined),
  tenancy: (r) => r.Tenancy,
  "virtualization-type": () => "hvm",
  "vpc-id": (r) => (alive(r) ? r.VpcId : undefined),
};

const definition: DescribeDefinition<"instance"> = {
  table: "instance",
  kind: "instance",
  idPrefix: "i",
  indexed: { "vpc-id": "vpc", "subnet-id": "subnet", "reservation-id": "reservation" },
  filters,
};

export const describeInstances: Action<DescribeInstancesCommandInput, DescribeInstancesCommandOutput> = (
  input,
  context,
) => {
  const { records, NextToken } = describe(definition, input.InstanceIds, input, context);
  return { Reservations: toReservations(records, context), NextToken };
};

const statusDefinition: DescribeDefinition<"instance"> = {
  table: "instance",
  kind: "instance",
  idPrefix: "i",
  filters: {
    "availability-zone": (r) => r.AvailabilityZone,
    "instance-state-code": (r) => instanceState(r.State).Code,
    "instance-state-name": (r) => r.State,
    "instance-status.reachability": (r) => (r.State === "running" ? "passed" : undefined),
    "instance-status.status": (r) => summary(r).Status,
    "system-status.reachability": (r) => (r.State === "running" ? "passed" : undefined),
    "system-status.status": (r) => summary(r).Status,
  },
};

/** Running instances only, unless all are asked for. */
export const describeInstanceStatus: Action<DescribeInstanceStatusCommandInput, DescribeInstanceStatusCommandOutput> = (
  input,
  context,
) => {
  const shown = (record: InstanceRecord): boolean => input.IncludeAllInstances === true || record.State === "running";
  const { records, NextToken } = input.InstanceIds?.length
    ? describe(statusDefinition, input.InstanceIds, input, context)
    : describe({ ...statusDefinition, shown }, undefined, input, context);
  return {
    InstanceStatuses: records.filter(shown).map((record) => ({
      InstanceId: record.InstanceId,
      AvailabilityZone: record.AvailabilityZone,
      InstanceState: instanceState(record.State),
      InstanceStatus: summary(record),
      SystemStatus: summary(record),
      AttachedEbsStatus: summary(record),
      Events: [],
      Operator: { Managed: false },
    })),
    NextToken,
  };
};

/** The instance by id, if the caller sees it; otherwise refuses. */
export function instanceById(id: string | undefined, context: ActionContext): InstanceRecord {
  const [record] = instancesById([id ?? ""], context);
  if (record === undefined) throw new Error("bug: byIds gives a record for each id or throws");
  return record;
}

/** The instances by id, all of them seen by the caller; otherwise refuses. */
export function instancesById(ids: readonly string[], context: ActionContext): InstanceRecord[] {
  return byIds(definition, ids, context);
}

/** Checks are passed as soon as an instance runs; nothing here fails them. */
function summary({ State }: InstanceRecord): InstanceStatusSummary {
  return State === "running"
    ? { Status: "ok", Details: [{ Name: "reachability", Status: "passed" }] }
    : { Status: "not-applicable", Details: [] };
}
