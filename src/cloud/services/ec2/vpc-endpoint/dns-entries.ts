/** The names of an endpoint: for the Region, for each zone, and the service's own when it has private DNS. [PL-25] */
import { createHash } from "node:crypto";
import type { DnsEntry } from "@aws-sdk/client-ec2";
import type { StateView } from "../../../state/state.ts";
import { endpointServices } from "./aws-services.ts";
import type { VpcEndpointRecord } from "./record.ts";

export function dnsEntriesOf(record: VpcEndpointRecord, view: Pick<StateView, "must">): DnsEntry[] {
  // A gateway endpoint changes no name: clients go on asking for the service's own. [PL-50]
  if (record.VpcEndpointType === "Gateway") return [];
  const service = endpointServices(record.Region).find(({ serviceName }) => serviceName === record.ServiceName);
  if (service === undefined) throw new Error(`bug: ${record.VpcEndpointId} is for the unknown ${record.ServiceName}`);
  const { baseDnsName, privateDnsName } = service;
  const own = `${record.VpcEndpointId}-${record.DnsLabel}`;
  const zones = record.Interfaces.map(({ SubnetId }) => view.must("subnet", SubnetId).AvailabilityZone);
  const names = [`${own}.${baseDnsName}`, ...zones.map((zone) => `${own}-${zone}.${baseDnsName}`)];
  const HostedZoneId = hostedZoneId(`vpce.${record.Region}`);
  return [
    ...names.map((DnsName) => ({ DnsName, HostedZoneId })),
    ...(record.PrivateDnsEnabled && privateDnsName !== undefined
      ? [{ DnsName: privateDnsName, HostedZoneId: hostedZoneId(record.VpcEndpointId) }]
      : []),
  ];
}

/** AWS has one zone per Region for the public names, and a hidden one per endpoint for its private name. [PL-26] */
function hostedZoneId(of: string): string {
  return `Z${createHash("sha256").update(of).digest("hex").slice(0, 19).toUpperCase()}`;
}
