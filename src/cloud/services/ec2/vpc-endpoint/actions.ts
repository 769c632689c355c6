/** The VPC endpoint actions of EC2, for the consumer's side. Endpoint services of one's own are refused by name. */
import type {
  DeleteVpcEndpointsCommandInput,
  DeleteVpcEndpointsCommandOutput,
  DescribeVpcEndpointsCommandInput,
  DescribeVpcEndpointsCommandOutput,
  UnsuccessfulItem,
} from "@aws-sdk/client-ec2";
import { missingParameter } from "../../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { describe } from "../describe.ts";
import { createVpcEndpoint } from "./create-vpc-endpoint.ts";
import { vpcEndpointDescription, vpcEndpointToApi } from "./describe.ts";
import { describeVpcEndpointServices } from "./describe-services.ts";
import { modifyVpcEndpoint } from "./modify-vpc-endpoint.ts";

/** What cannot be deleted is told one by one; the rest is deleted. [PL-36] */
const deleteVpcEndpoints: Action<DeleteVpcEndpointsCommandInput, DeleteVpcEndpointsCommandOutput> = (
  { VpcEndpointIds = [] },
  context,
) => {
  if (VpcEndpointIds.length === 0) throw missingParameter("VpcEndpointId");
  return { Unsuccessful: [...new Set(VpcEndpointIds)].flatMap((id) => deleteEndpoint(id, context)) };
};

const describeVpcEndpoints: Action<DescribeVpcEndpointsCommandInput, DescribeVpcEndpointsCommandOutput> = (
  input,
  context,
) => {
  const { records, NextToken } = describe(vpcEndpointDescription, input.VpcEndpointIds, input, context);
  return { VpcEndpoints: records.map((record) => vpcEndpointToApi(record, context)), NextToken };
};

export const vpcEndpointActions = {
  CreateVpcEndpoint: createVpcEndpoint,
  ModifyVpcEndpoint: modifyVpcEndpoint,
  DeleteVpcEndpoints: deleteVpcEndpoints,
  DescribeVpcEndpoints: describeVpcEndpoints,
  DescribeVpcEndpointServices: describeVpcEndpointServices,
} satisfies Actions;

function deleteEndpoint(ResourceId: string, context: ActionContext): UnsuccessfulItem[] {
  const { accountId, region } = context.caller;
  const record = context.visible("vpcEndpoint", ResourceId, accountId, region);
  if (record === undefined || record.State === "deleted") {
    const Message = `The VPC endpoint '${ResourceId}' does not exist`;
    return [{ ResourceId, Error: { Code: "InvalidVpcEndpoint.NotFound", Message } }];
  }
  // One that is being deleted already is left to it.
  context.fire("vpcEndpoint", record, "DeleteVpcEndpoints");
  return [];
}
