/** Endpoints as the API shows them, and how they are found. (semantics Appendix B) */
import type { State, VpcEndpoint } from "@aws-sdk/client-ec2";
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import { groupIdentifiers } from "../network-interface/to-api.ts";
import { tagsOf } from "../tag/tags.ts";
import { dnsEntriesOf } from "./dns-entries.ts";
import { gatewayRouteTables } from "./held-routes.ts";
import type { VpcEndpointRecord } from "./record.ts";

export const vpcEndpointDescription: DescribeDefinition<"vpcEndpoint"> = {
  table: "vpcEndpoint",
  kind: "vpc-endpoint",
  idPrefix: "vpce",
  filters: {
    "ip-address-type": () => "ipv4",
    "service-name": (endpoint) => endpoint.ServiceName,
    "service-region": (endpoint) => endpoint.Region,
    "vpc-endpoint-id": (endpoint) => endpoint.VpcEndpointId,
    "vpc-endpoint-state": (endpoint) => endpoint.State,
    "vpc-endpoint-type": (endpoint) => endpoint.VpcEndpointType,
    "vpc-id": (endpoint) => endpoint.VpcId,
  },
  indexed: { "vpc-id": "vpc" },
  // A deleted one is not found any more. [PL-22]
  shown: ({ State: state }) => state !== "deleted",
};

export function vpcEndpointToApi(record: VpcEndpointRecord, context: ActionContext): VpcEndpoint {
  return {
    VpcEndpointId: record.VpcEndpointId,
    VpcEndpointType: record.VpcEndpointType,
    VpcId: record.VpcId,
    ServiceName: record.ServiceName,
    ServiceRegion: record.Region,
    // On the wire in lower camel case, which the SDK's enum does not have. [PL-22]
    State: record.State as State,
    PolicyDocument: record.PolicyDocument,
    RouteTableIds: gatewayRouteTables(record, context).map(({ RouteTableId }) => RouteTableId),
    SubnetIds: record.Interfaces.map(({ SubnetId }) => SubnetId),
    NetworkInterfaceIds: record.Interfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
    Groups: groupIdentifiers(context, record.Groups),
    IpAddressType: "ipv4",
    DnsOptions: { DnsRecordIpType: "ipv4" },
    PrivateDnsEnabled: record.PrivateDnsEnabled,
    RequesterManaged: false,
    DnsEntries: dnsEntriesOf(record, context),
    CreationTimestamp: new Date(record.CreatedAt),
    OwnerId: record.OwnerId,
    Tags: tagsOf(context, record.VpcEndpointId),
  };
}
