/** The actions of analyses: what the network does to a path's packets when the analysis starts is what it finds. (semantics 11.12) */
import type {
  DeleteNetworkInsightsAnalysisCommandInput,
  DeleteNetworkInsightsAnalysisCommandOutput,
  DescribeNetworkInsightsAnalysesCommandInput,
  DescribeNetworkInsightsAnalysesCommandOutput,
  StartNetworkInsightsAnalysisCommandInput,
  StartNetworkInsightsAnalysisCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError, invalidParameterValue, parseArn } from "../../../../aws/index.ts";
import type { Action, Actions } from "../../action.ts";
import { describe } from "../describe.ts";
import { networkInsightsPathDescription } from "../network-insights-path/describe.ts";
import { named } from "../required.ts";
import { forgetTags, tagNewResource } from "../tag/tags.ts";
import { analyse } from "./analyse.ts";
import { networkInsightsAnalysisDescription, networkInsightsAnalysisToApi } from "./describe.ts";
import { networkInsightsAnalysisLifecycle } from "./lifecycle.ts";
import type { NetworkInsightsAnalysisRecord } from "./record.ts";

const startNetworkInsightsAnalysis: Action<
  StartNetworkInsightsAnalysisCommandInput,
  StartNetworkInsightsAnalysisCommandOutput
> = (input, context) => {
  const { AdditionalAccounts = [], FilterInArns = [], FilterOutArns = [] } = input;
  const { accountId: OwnerId, region: Region } = context.caller;
  const pathId = input.NetworkInsightsPathId;
  const path = named(networkInsightsPathDescription, "NetworkInsightsPathId", pathId, context);
  const { NetworkInsightsPathId } = path;
  checkAccounts(AdditionalAccounts);
  checkIntermediates(FilterInArns, FilterOutArns);
  const running = context
    .by("networkInsightsAnalysis", "path", NetworkInsightsPathId)
    .find(({ Status }) => Status === "running");
  if (running !== undefined) {
    throw new AwsError(
      "AnalysisExistsForNetworkInsightsPath",
      `The analysis ${running.NetworkInsightsAnalysisId} of the network insights path '${NetworkInsightsPathId}' is still running.`,
    );
  }
  const interfacesOf = (endpointId: string) =>
    context.get("vpcEndpoint", endpointId)?.Interfaces.map((each) => each.NetworkInterfaceId) ?? [];
  const scope = { accounts: new Set([OwnerId, ...AdditionalAccounts]), region: Region };
  const analysis: NetworkInsightsAnalysisRecord = {
    OwnerId,
    Region,
    CreatedAt: context.now,
    NetworkInsightsAnalysisId: context.newId("nia"),
    NetworkInsightsPathId,
    AdditionalAccounts,
    FilterInArns,
    FilterOutArns,
    Status: networkInsightsAnalysisLifecycle.initial,
    Outcome: analyse(context.model(), { path, scope, interfacesOf, FilterInArns, FilterOutArns }),
  };
  context.put("networkInsightsAnalysis", analysis);
  const id = analysis.NetworkInsightsAnalysisId;
  tagNewResource(context, input.TagSpecifications, "network-insights-analysis", id);
  return { NetworkInsightsAnalysis: networkInsightsAnalysisToApi(analysis, context) };
};

const deleteNetworkInsightsAnalysis: Action<
  DeleteNetworkInsightsAnalysisCommandInput,
  DeleteNetworkInsightsAnalysisCommandOutput
> = (input, context) => {
  const id = input.NetworkInsightsAnalysisId;
  const analysis = named(networkInsightsAnalysisDescription, "NetworkInsightsAnalysisId", id, context);
  const { NetworkInsightsAnalysisId } = analysis;
  context.delete("networkInsightsAnalysis", NetworkInsightsAnalysisId);
  forgetTags(context, NetworkInsightsAnalysisId);
  return { NetworkInsightsAnalysisId };
};

const describeNetworkInsightsAnalyses: Action<
  DescribeNetworkInsightsAnalysesCommandInput,
  DescribeNetworkInsightsAnalysesCommandOutput
> = (input, context) => {
  const { NetworkInsightsPathId: pathId, AnalysisStartTime: begin, AnalysisEndTime: end } = input;
  if (pathId !== undefined) named(networkInsightsPathDescription, "NetworkInsightsPathId", pathId, context);
  const definition = {
    ...networkInsightsAnalysisDescription,
    shown: ({ NetworkInsightsPathId, CreatedAt, EndedAt }: NetworkInsightsAnalysisRecord) =>
      (pathId === undefined || NetworkInsightsPathId === pathId) &&
      (begin === undefined || CreatedAt >= begin.getTime()) &&
      (end === undefined || (EndedAt !== undefined && EndedAt <= end.getTime())),
  };
  const { records, NextToken } = describe(definition, input.NetworkInsightsAnalysisIds, input, context);
  return {
    NetworkInsightsAnalyses: records.map((analysis) => networkInsightsAnalysisToApi(analysis, context)),
    NextToken,
  };
};

export const networkInsightsAnalysisActions = {
  StartNetworkInsightsAnalysis: startNetworkInsightsAnalysis,
  DeleteNetworkInsightsAnalysis: deleteNetworkInsightsAnalysis,
  DescribeNetworkInsightsAnalyses: describeNetworkInsightsAnalyses,
} satisfies Actions;

function checkAccounts(accounts: readonly string[]): void {
  const wrong = accounts.find((each) => !/^\d{12}$/.test(each));
  if (wrong !== undefined) {
    throw invalidParameterValue(`Value (${wrong}) for parameter additionalAccount is invalid. It is an account id.`);
  }
}

/** What a path may be told to go through or around: one component. (vocabulary: types and stated limits) */
const intermediates = [
  "loadbalancer",
  "natgateway",
  "firewall",
  "transit-gateway",
  "transit-gateway-attachment",
  "vpc-peering-connection",
];

function checkIntermediates(inside: readonly string[], outside: readonly string[]): void {
  const arns = [...inside, ...outside];
  if (arns.length > 1) {
    throw invalidParameterValue("Give one resource that the path goes through, or one that it does not go through.");
  }
  for (const text of arns) {
    const [type = ""] = parseArn(text)?.resource.split("/") ?? [];
    if (!intermediates.includes(type)) {
      throw invalidParameterValue(
        `Value (${text}) for parameter filterArn is invalid. It is the ARN of one of: ${intermediates.join(", ")}.`,
      );
    }
  }
}
