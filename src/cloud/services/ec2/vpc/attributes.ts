/** A VPC's attributes: DNS support and hostnames, usage metrics, tenancy. One of them per call. */
import type {
  DescribeVpcAttributeCommandInput,
  DescribeVpcAttributeCommandOutput,
  ModifyVpcAttributeCommandInput,
  ModifyVpcAttributeCommandOutput,
  ModifyVpcTenancyCommandInput,
  ModifyVpcTenancyCommandOutput,
} from "@aws-sdk/client-ec2";
import { invalidParameterCombination, invalidParameterValue, missingParameter } from "../../../../aws/index.ts";
import type { Action } from "../../action.ts";
import { named, required } from "../required.ts";
import { vpcDescription } from "./describe.ts";

export const modifyVpcAttribute: Action<ModifyVpcAttributeCommandInput, ModifyVpcAttributeCommandOutput> = (
  input,
  context,
) => {
  const vpc = named(vpcDescription, "VpcId", input.VpcId, context);
  const changes = {
    EnableDnsSupport: input.EnableDnsSupport?.Value,
    EnableDnsHostnames: input.EnableDnsHostnames?.Value,
    EnableNetworkAddressUsageMetrics: input.EnableNetworkAddressUsageMetrics?.Value,
  };
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  if (given.length === 0) throw missingParameter("EnableDnsSupport.Value");
  if (given.length > 1) throw invalidParameterCombination("Fields for multiple attribute types specified");
  context.put("vpc", { ...vpc, ...Object.fromEntries(given) });
  return {};
};

export const describeVpcAttribute: Action<DescribeVpcAttributeCommandInput, DescribeVpcAttributeCommandOutput> = (
  input,
  context,
) => {
  const vpc = named(vpcDescription, "VpcId", input.VpcId, context);
  const { VpcId } = vpc;
  const attribute: string = required("Attribute", input.Attribute);
  switch (attribute) {
    case "enableDnsSupport":
      return { VpcId, EnableDnsSupport: { Value: vpc.EnableDnsSupport } };
    case "enableDnsHostnames":
      return { VpcId, EnableDnsHostnames: { Value: vpc.EnableDnsHostnames } };
    case "enableNetworkAddressUsageMetrics":
      return { VpcId, EnableNetworkAddressUsageMetrics: { Value: vpc.EnableNetworkAddressUsageMetrics } };
    default:
      throw invalidParameterValue(`Value (${attribute}) for parameter attribute is invalid. Unknown attribute.`);
  }
};

/** A dedicated VPC may become an ordinary one, not the other way round. */
export const modifyVpcTenancy: Action<ModifyVpcTenancyCommandInput, ModifyVpcTenancyCommandOutput> = (
  input,
  context,
) => {
  const vpc = named(vpcDescription, "VpcId", input.VpcId, context);
  const tenancy: string = required("InstanceTenancy", input.InstanceTenancy);
  if (tenancy !== "default") {
    throw invalidParameterValue(
      `Value (${tenancy}) for parameter instanceTenancy is invalid. Only 'default' is allowed.`,
    );
  }
  context.put("vpc", { ...vpc, InstanceTenancy: "default" });
  return { ReturnValue: true };
};
