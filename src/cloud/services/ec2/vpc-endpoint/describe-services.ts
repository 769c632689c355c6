/** DescribeVpcEndpointServices: what an endpoint can be made for. (semantics Appendix B) */
import type {
  DescribeVpcEndpointServicesCommandInput,
  DescribeVpcEndpointServicesCommandOutput,
  ServiceDetail,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { offsetPage } from "../../offset-page.ts";
import { type FilterTable, matcher } from "../filters.ts";
import { availabilityZones } from "../region/availability-zones.ts";
import { type EndpointService, endpointServices } from "./aws-services.ts";

const filters: FilterTable<EndpointService> = {
  owner: () => "amazon",
  "service-name": (service) => service.serviceName,
  "service-region": (service) => service.region,
  "service-type": (service) => service.type,
  "supported-ip-address-types": () => "ipv4",
};

export const describeVpcEndpointServices: Action<
  DescribeVpcEndpointServicesCommandInput,
  DescribeVpcEndpointServicesCommandOutput
> = (input, context) => {
  const { ServiceNames = [], ServiceRegions = [], Filters } = input;
  const { region } = context.caller;
  const named = ServiceNames.map((name) => endpointServiceNamed(name, context));
  const matches = matcher(Filters, filters, (service) => service.serviceId, context);
  const rows = (named.length > 0 ? named : endpointServices(region))
    .filter((service) => ServiceRegions.length === 0 || ServiceRegions.includes(service.region))
    .filter(matches);
  const { items, NextToken } = offsetPage(rows, input, { min: 1, max: 1000 });
  return {
    ServiceNames: items.map(({ serviceName }) => serviceName),
    ServiceDetails: items.map((service) => toApi(service, context)),
    NextToken,
  };
};

/** The service by its name in the caller's Region. A missing one and one that the caller may not see are told alike. [PL-5] */
export function endpointServiceNamed(name: string, { caller }: Pick<ActionContext, "caller">): EndpointService {
  const service = endpointServices(caller.region).find(({ serviceName }) => serviceName === name);
  if (service === undefined)
    throw new AwsError("InvalidServiceName", `The Vpc Endpoint Service '${name}' does not exist`);
  return service;
}

function toApi(service: EndpointService, { caller }: ActionContext): ServiceDetail {
  const zones = availabilityZones(caller);
  const { privateDnsName } = service;
  return {
    ServiceName: service.serviceName,
    ServiceId: service.serviceId,
    ServiceType: [{ ServiceType: service.type }],
    ServiceRegion: service.region,
    AvailabilityZones: zones.map(({ zoneName }) => zoneName),
    AvailabilityZoneIds: zones.map(({ zoneId }) => zoneId),
    Owner: "amazon",
    BaseEndpointDnsNames: [service.baseDnsName],
    ...(privateDnsName === undefined
      ? {}
      : {
          PrivateDnsName: privateDnsName,
          PrivateDnsNames: [{ PrivateDnsName: privateDnsName }],
          PrivateDnsNameVerificationState: "verified",
        }),
    VpcEndpointPolicySupported: true,
    AcceptanceRequired: false,
    ManagesVpcEndpoints: false,
    SupportedIpAddressTypes: ["ipv4"],
    Tags: [],
  };
}
