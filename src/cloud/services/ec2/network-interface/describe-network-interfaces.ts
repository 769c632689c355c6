/** DescribeNetworkInterfaces: ids, filters, pages. */
import type {
  DescribeNetworkInterfacesCommandInput,
  DescribeNetworkInterfacesCommandOutput,
} from "@aws-sdk/client-ec2";
import type { Action, ActionContext } from "../../action.ts";
import { byIds, type DescribeDefinition, describe } from "../describe.ts";
import type { FilterTable } from "../filters.ts";
import { ipName, publicName } from "./dns-names.ts";
import { elasticIpOf, publicIpOf } from "./public-addresses.ts";
import type { NetworkInterfaceRecord } from "./record.ts";
import { attachmentStatusOf, shownAttachment, statusOf, toNetworkInterface } from "./to-api.ts";

/** Also found in instances, whose filters name their interfaces' with `network-interface.` before them. */
export const networkInterfaceFilters: FilterTable<NetworkInterfaceRecord> = {
  "addresses.association.allocation-id": (r, c) => elasticIps(r, c).map((address) => address.AllocationId),
  "addresses.association.owner-id": (r, c) => ipOwners(r, c),
  "addresses.association.public-ip": (r, c) => publicIps(r, c),
  "addresses.primary": (r) => r.PrivateIpAddresses.map((address) => String(address.Primary)),
  "addresses.private-ip-address": (r) => r.PrivateIpAddresses.map((address) => address.PrivateIpAddress),
  "association.allocation-id": (r, c) => elasticIps(r, c).map((address) => address.AllocationId),
  "association.association-id": (r, c) => elasticIps(r, c).map((address) => address.AssociationId),
  "association.ip-owner-id": (r, c) => ipOwners(r, c),
  "association.public-dns-name": (r, c) => publicIps(r, c).map((ip) => publicName(r.Region, ip)),
  "association.public-ip": (r, c) => publicIps(r, c),
  "attachment.attach-time": (r) =>
    r.Attachment === undefined ? undefined : new Date(r.Attachment.AttachTime).toISOString(),
  "attachment.attachment-id": (r) => shownAttachment(r)?.AttachmentId,
  "attachment.delete-on-termination": (r) => r.Attachment?.DeleteOnTermination,
  "attachment.device-index": (r) => r.Attachment?.DeviceIndex,
  "attachment.instance-id": (r) => r.Attachment?.InstanceId,
  "attachment.instance-owner-id": (r) => r.Attachment?.InstanceOwnerId,
  "attachment.status": (r) => (shownAttachment(r) === undefined ? undefined : attachmentStatusOf(r)),
  "availability-zone": (r) => r.AvailabilityZone,
  "availability-zone-id": (r, c) => c.get("subnet", r.SubnetId)?.AvailabilityZoneId,
  description: (r) => r.Description,
  "group-id": (r) => r.Groups,
  "group-name": (r, c) => r.Groups.map((id) => c.get("securityGroup", id)?.GroupName),
  "interface-type": (r) => r.InterfaceType,
  "ipv6-addresses.ipv6-address": (r) => r.Ipv6Addresses,
  "mac-address": (r) => r.MacAddress,
  "network-interface-id": (r) => r.NetworkInterfaceId,
  "operator.managed": () => false,
  "operator.principal": () => undefined,
  "owner-id": (r) => r.OwnerId,
  "private-dns-name": (r) => r.PrivateIpAddresses.map((address) => ipName(r.Region, address.PrivateIpAddress)),
  "private-ip-address": (r) => r.PrivateIpAddresses.map((address) => address.PrivateIpAddress),
  "requester-id": (r) => r.RequesterId,
  "requester-managed": (r) => r.RequesterManaged,
  "source-dest-check": (r) => r.SourceDestCheck,
  status: (r) => statusOf(r),
  "subnet-id": (r) => r.SubnetId,
  "vpc-id": (r) => r.VpcId,
};

const definition: DescribeDefinition<"networkInterface"> = {
  table: "networkInterface",
  kind: "network-interface",
  idPrefix: "eni",
  indexed: {
    "vpc-id": "vpc",
    "subnet-id": "subnet",
    "group-id": "group",
    "attachment.instance-id": "instance",
    "attachment.attachment-id": "attachment",
  },
  filters: networkInterfaceFilters,
};

export const describeNetworkInterfaces: Action<
  DescribeNetworkInterfacesCommandInput,
  DescribeNetworkInterfacesCommandOutput
> = (input, context) => {
  const { records, NextToken } = describe(definition, input.NetworkInterfaceIds, input, context);
  return { NetworkInterfaces: records.map((record) => toNetworkInterface(record, context)), NextToken };
};

/** The interface by id, if the caller sees it; otherwise refuses. */
export function networkInterfaceById(id: string | undefined, context: ActionContext): NetworkInterfaceRecord {
  const [record] = byIds(definition, [id ?? ""], context);
  if (record === undefined) throw new Error("bug: byIds gives a record for each id or throws");
  return record;
}

function elasticIps(record: NetworkInterfaceRecord, context: ActionContext) {
  return record.PrivateIpAddresses.flatMap(
    ({ PrivateIpAddress }) => elasticIpOf(context, record, PrivateIpAddress) ?? [],
  );
}

function publicIps(record: NetworkInterfaceRecord, context: ActionContext): string[] {
  return record.PrivateIpAddresses.flatMap((address) => publicIpOf(context, record, address) ?? []);
}

function ipOwners(record: NetworkInterfaceRecord, context: ActionContext): string[] {
  return record.PrivateIpAddresses.flatMap((address) => {
    const elastic = elasticIpOf(context, record, address.PrivateIpAddress);
    if (elastic !== undefined) return elastic.OwnerId;
    return address.AutoPublicIp === undefined ? [] : "amazon";
  });
}
