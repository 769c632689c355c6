/** CreateVpcEndpoint, for services of AWS, which accept by themselves. [PL-20 .. PL-26] */
import type { CreateVpcEndpointCommandInput, CreateVpcEndpointCommandOutput } from "@aws-sdk/client-ec2";
import { AwsError } from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { groupsFor } from "../network-interface/limits.ts";
import { named, required } from "../required.ts";
import { tagNewResource } from "../tag/tags.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import { vpcDescription } from "../vpc/describe.ts";
import { checkQuota } from "../vpc/quotas.ts";
import type { VpcRecord } from "../vpc/record.ts";
import type { EndpointService } from "./aws-services.ts";
import { createGatewayEndpoint } from "./create-gateway-endpoint.ts";
import { vpcEndpointToApi } from "./describe.ts";
import { endpointServiceNamed } from "./describe-services.ts";
import { addInterfaces } from "./endpoint-interfaces.ts";
import { vpcEndpointLifecycle } from "./lifecycle.ts";
import { checkedPolicy, fullAccess } from "./policy.ts";
import { checkPrivateDns } from "./private-dns.ts";
import type { VpcEndpointRecord } from "./record.ts";

export const createVpcEndpoint: Action<CreateVpcEndpointCommandInput, CreateVpcEndpointCommandOutput> = (
  input,
  context,
) => {
  refuseOptions(input, context);
  const vpc = named(vpcDescription, "VpcId", input.VpcId, context);
  const service = endpointServiceNamed(required("ServiceName", input.ServiceName), context);
  checkType(input.VpcEndpointType ?? "Gateway", service);
  const create = service.type === "Gateway" ? createGatewayEndpoint : createInterfaceEndpoint;
  const record = create(input, vpc, service, context);
  tagNewResource(context, input.TagSpecifications, "vpc-endpoint", record.VpcEndpointId);
  return { VpcEndpoint: vpcEndpointToApi(record, context), ClientToken: input.ClientToken };
};

function createInterfaceEndpoint(
  input: CreateVpcEndpointCommandInput,
  vpc: VpcRecord,
  service: EndpointService,
  context: ActionContext,
): VpcEndpointRecord {
  const { SubnetIds = [], PrivateDnsEnabled = true, PolicyDocument } = input;
  refuseRouteTables(input.RouteTableIds);
  if (PrivateDnsEnabled) checkPrivateDns(vpc, service, undefined, context);
  const others = context
    .by("vpcEndpoint", "vpc", vpc.VpcId)
    .filter(({ VpcEndpointType, State }) => VpcEndpointType === "Interface" && State !== "deleted");
  checkQuota("interfaceEndpointsPerVpc", others.length + 1);
  const base: VpcEndpointRecord = {
    OwnerId: vpc.OwnerId,
    Region: vpc.Region,
    CreatedAt: context.now,
    VpcEndpointId: context.newId("vpce"),
    VpcEndpointType: "Interface",
    VpcId: vpc.VpcId,
    ServiceName: service.serviceName,
    State: vpcEndpointLifecycle.initial,
    PolicyDocument: PolicyDocument === undefined ? fullAccess : checkedPolicy(PolicyDocument),
    Interfaces: [],
    Groups: groupsFor(context, vpc.VpcId, SubnetIds[0] ?? vpc.VpcId, input.SecurityGroupIds),
    PrivateDnsEnabled,
    DnsLabel: dnsLabel(context),
  };
  const record = { ...base, Interfaces: addInterfaces(base, SubnetIds, context) };
  context.put("vpcEndpoint", record);
  return record;
}

export function refuseRouteTables(routeTableIds: readonly string[] | undefined): void {
  if (!routeTableIds?.length) return;
  throw new AwsError("InvalidParameter", "Route table IDs are not supported for Interface type VPC endpoints.");
}

/** The default is a gateway endpoint, which most services do not have. [PL-20] */
function checkType(type: string, { serviceName, type: offered }: EndpointService): void {
  if (type === offered) return;
  throw new AwsError("InvalidParameter", `The VPC endpoint service ${serviceName} does not support this type.`);
}

function refuseOptions(input: CreateVpcEndpointCommandInput, { caller }: ActionContext): void {
  const { SubnetConfigurations, ServiceNetworkArn, ResourceConfigurationArn, ServiceRegion, IpAddressType } = input;
  refuseUnmodelled("CreateVpcEndpoint", {
    SubnetConfigurations,
    ServiceNetworkArn,
    ResourceConfigurationArn,
    ServiceRegion: ServiceRegion === caller.region ? undefined : ServiceRegion,
    ...unmodelledDns(input),
    IpAddressType: IpAddressType === "ipv4" ? undefined : IpAddressType,
  });
}

/** The options on names that ask for more than IPv4 addresses. */
export function unmodelledDns({ DnsOptions }: Pick<CreateVpcEndpointCommandInput, "DnsOptions">) {
  const { DnsRecordIpType, PrivateDnsPreference, PrivateDnsSpecifiedDomains } = DnsOptions ?? {};
  return {
    "DnsOptions.DnsRecordIpType": DnsRecordIpType === "ipv4" ? undefined : DnsRecordIpType,
    "DnsOptions.PrivateDnsOnlyForInboundResolverEndpoint": DnsOptions?.PrivateDnsOnlyForInboundResolverEndpoint,
    "DnsOptions.PrivateDnsPreference": PrivateDnsPreference,
    "DnsOptions.PrivateDnsSpecifiedDomains": PrivateDnsSpecifiedDomains,
  };
}

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

function dnsLabel({ randomBytes }: ActionContext): string {
  return [...randomBytes(8)].map((byte) => letters[byte % letters.length]).join("");
}
