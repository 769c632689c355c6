/** DescribeAccountAttributes, and the ClassicLink calls that AWS has retired. */
import type {
  DescribeAccountAttributesCommandInput,
  DescribeAccountAttributesCommandOutput,
  DescribeVpcClassicLinkCommandInput,
  DescribeVpcClassicLinkCommandOutput,
  DescribeVpcClassicLinkDnsSupportCommandInput,
  DescribeVpcClassicLinkDnsSupportCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError, invalidParameterValue } from "../../../../aws/index.ts";
import type { Action } from "../../action.ts";
import { defaultVpc } from "./default-vpc.ts";
import { quotas } from "./quotas.ts";

export const describeAccountAttributes: Action<
  DescribeAccountAttributesCommandInput,
  DescribeAccountAttributesCommandOutput
> = (input, context) => {
  const attributes: Readonly<Record<string, string>> = {
    "vpc-max-security-groups-per-interface": "5",
    "max-instances": "20",
    "supported-platforms": "VPC",
    "default-vpc": defaultVpc(context, context.caller)?.VpcId ?? "none",
    "max-elastic-ips": String(quotas.elasticIpsPerRegion.awsDefault),
    "vpc-max-elastic-ips": String(quotas.elasticIpsPerRegion.awsDefault),
  };
  const wanted: readonly string[] = input.AttributeNames?.length ? input.AttributeNames : Object.keys(attributes);
  return {
    AccountAttributes: wanted.map((AttributeName) => {
      const value = Object.hasOwn(attributes, AttributeName) ? attributes[AttributeName] : undefined;
      if (value === undefined) {
        throw invalidParameterValue(
          `Value (${AttributeName}) for parameter attributeName is invalid. Unknown attribute.`,
        );
      }
      return { AttributeName, AttributeValues: [{ AttributeValue: value }] };
    }),
  };
};

export const describeVpcClassicLink: Action<
  DescribeVpcClassicLinkCommandInput,
  DescribeVpcClassicLinkCommandOutput
> = () => retired();

export const describeVpcClassicLinkDnsSupport: Action<
  DescribeVpcClassicLinkDnsSupportCommandInput,
  DescribeVpcClassicLinkDnsSupportCommandOutput
> = () => retired();

/** What AWS answers since EC2-Classic is gone; Terraform knows the text. */
function retired(): never {
  throw new AwsError("UnsupportedOperation", "The functionality you requested is not available in this region.");
}
