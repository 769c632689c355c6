/** Everything that an account holds in a Region, to compare before and after: what is deleted and only shown for a while is not held. */
import { CloudFormation } from "@aws-sdk/client-cloudformation";
import { EC2 } from "@aws-sdk/client-ec2";
import { IAM } from "@aws-sdk/client-iam";
import { Lambda } from "@aws-sdk/client-lambda";
import { RAM } from "@aws-sdk/client-ram";
import { S3 } from "@aws-sdk/client-s3";
import { SSM } from "@aws-sdk/client-ssm";
import { ask } from "../../src/cli/control-client.ts";
import { stateFolder } from "../../src/cli/state-folder.ts";
import type { NetworkModel } from "../../src/model/index.ts";
import type { TestCloud } from "./start-cloud.ts";

/** The network as its model has it, and what is not in the model: endpoints, addresses, shares, roles, and what stacks have besides. */
export async function heldIn(cloud: TestCloud, account: string, region: string): Promise<readonly string[]> {
  const credentials = { accessKeyId: account, secretAccessKey: "causeway" };
  const settings = { endpoint: cloud.endpoint, region, credentials, maxAttempts: 1 };
  const ec2 = new EC2(settings);
  const iam = new IAM(settings);
  const ram = new RAM(settings);
  const cloudFormation = new CloudFormation(settings);
  const lambda = new Lambda(settings);
  const s3 = new S3({ ...settings, forcePathStyle: true });
  const ssm = new SSM(settings);
  try {
    // A Region has its default VPC from the first call on.
    const { VpcEndpoints = [] } = await ec2.describeVpcEndpoints();
    const { Addresses = [] } = await ec2.describeAddresses();
    const { resourceShares = [] } = await ram.getResourceShares({ resourceOwner: "SELF" });
    const { Roles = [] } = await iam.listRoles();
    const { InstanceProfiles = [] } = await iam.listInstanceProfiles();
    const { Stacks = [] } = await cloudFormation.describeStacks();
    const { Functions = [] } = await lambda.listFunctions();
    const { Buckets = [] } = await s3.listBuckets();
    const { Parameters = [] } = await ssm.describeParameters();
    return [
      ...(await networkOf(cloud, account, region)),
      ...VpcEndpoints.map(({ VpcEndpointId }) => VpcEndpointId),
      ...Addresses.map(({ AllocationId }) => AllocationId),
      ...resourceShares.filter(({ status }) => status !== "DELETED").map(({ resourceShareArn }) => resourceShareArn),
      ...[...Roles, ...InstanceProfiles].map(({ Arn }) => Arn),
      ...Stacks.map(({ StackId }) => StackId),
      ...Functions.map(({ FunctionArn }) => FunctionArn),
      ...Buckets.map(({ Name }) => Name),
      ...Parameters.map(({ ARN }) => ARN),
    ].map(String);
  } finally {
    for (const client of [ec2, iam, ram, cloudFormation, lambda, s3, ssm]) client.destroy();
  }
}

async function networkOf(cloud: TestCloud, account: string, region: string): Promise<readonly string[]> {
  const model = await ask<NetworkModel>(stateFolder(cloud.state), { do: "model" });
  return Object.values(model)
    .flat()
    .filter((each) => typeof each === "object" && "ownerId" in each)
    .filter((each) => each.ownerId === account && each.region === region)
    .map((each) => JSON.stringify(each));
}
