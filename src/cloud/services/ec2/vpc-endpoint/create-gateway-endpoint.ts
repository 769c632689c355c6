/** A gateway endpoint: no interface and no group, but a route in each of its tables. It is there at once. [PL-50] */
import type { CreateVpcEndpointCommandInput } from "@aws-sdk/client-ec2";
import { AwsError } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import { checkQuota } from "../vpc/quotas.ts";
import type { VpcRecord } from "../vpc/record.ts";
import type { EndpointService } from "./aws-services.ts";
import { addGatewayRoutes } from "./gateway-routes.ts";
import { checkedPolicy, fullAccess } from "./policy.ts";
import type { VpcEndpointRecord } from "./record.ts";

type Input = Pick<
  CreateVpcEndpointCommandInput,
  "RouteTableIds" | "SubnetIds" | "SecurityGroupIds" | "PrivateDnsEnabled" | "PolicyDocument"
>;

export function createGatewayEndpoint(
  input: Input,
  vpc: VpcRecord,
  service: EndpointService,
  context: ActionContext,
): VpcEndpointRecord {
  refuseInterfaceSettings(input);
  const { RouteTableIds = [], PolicyDocument } = input;
  const others = context
    .inScope("vpcEndpoint", vpc.OwnerId, vpc.Region)
    .filter(({ VpcEndpointType, State }) => VpcEndpointType === "Gateway" && State !== "deleted");
  checkQuota("gatewayEndpointsPerRegion", others.length + 1);
  const record: VpcEndpointRecord = {
    OwnerId: vpc.OwnerId,
    Region: vpc.Region,
    CreatedAt: context.now,
    VpcEndpointId: context.newId("vpce"),
    VpcEndpointType: "Gateway",
    VpcId: vpc.VpcId,
    ServiceName: service.serviceName,
    State: "available",
    PolicyDocument: PolicyDocument === undefined ? fullAccess : checkedPolicy(PolicyDocument),
    Interfaces: [],
    Groups: [],
    PrivateDnsEnabled: false,
    DnsLabel: "",
  };
  context.put("vpcEndpoint", record);
  addGatewayRoutes(record, RouteTableIds, context);
  return record;
}

/** Throws for what only an interface endpoint has. */
export function refuseInterfaceSettings(input: Omit<Input, "RouteTableIds" | "PolicyDocument">): void {
  const refuse = (what: string): never => {
    throw new AwsError("InvalidParameter", `${what} not supported for Gateway type VPC endpoints.`);
  };
  if (input.SubnetIds?.length) refuse("Subnet IDs are");
  if (input.SecurityGroupIds?.length) refuse("Security group IDs are");
  if (input.PrivateDnsEnabled) refuse("Private DNS is");
}
