/** The actions of paths that Reachability Analyzer analyses: what is asked is kept, and checked for whether it can be asked. (semantics 11.12) */
import type {
  CreateNetworkInsightsPathCommandInput,
  CreateNetworkInsightsPathCommandOutput,
  DeleteNetworkInsightsPathCommandInput,
  DeleteNetworkInsightsPathCommandOutput,
  DescribeNetworkInsightsPathsCommandInput,
  DescribeNetworkInsightsPathsCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError, invalidParameterValue } from "../../../../aws/index.ts";
import type { Action, Actions } from "../../action.ts";
import { describe } from "../describe.ts";
import { named, required } from "../required.ts";
import { forgetTags, tagNewResource } from "../tag/tags.ts";
import { networkInsightsPathDescription, networkInsightsPathToApi } from "./describe.ts";
import { checkedFilters } from "./packet-filter.ts";
import { pathEnd } from "./path-end.ts";
import type { NetworkInsightsPathRecord } from "./record.ts";

const createNetworkInsightsPath: Action<
  CreateNetworkInsightsPathCommandInput,
  CreateNetworkInsightsPathCommandOutput
> = (input, context) => {
  const { accountId: OwnerId, region: Region } = context.caller;
  const source = pathEnd("Source", required("Source", input.Source), context);
  const Protocol = checkedProtocol(required("Protocol", input.Protocol));
  const filters = checkedFilters(input);
  const destination = input.Destination ? pathEnd("Destination", input.Destination, context) : undefined;
  if (destination === undefined && filters.FilterAtSource?.DestinationAddress === undefined) {
    throw new AwsError(
      "MissingParameter",
      "The request must include either the Destination parameter or the FilterAtSource.DestinationAddress parameter. Add the required parameter and retry the request.",
    );
  }
  const path: NetworkInsightsPathRecord = {
    OwnerId,
    Region,
    CreatedAt: context.now,
    NetworkInsightsPathId: context.newId("nip"),
    Source: source.id,
    SourceArn: source.arn,
    ...(destination !== undefined && { Destination: destination.id, DestinationArn: destination.arn }),
    Protocol,
    ...filters,
  };
  context.put("networkInsightsPath", path);
  tagNewResource(context, input.TagSpecifications, "network-insights-path", path.NetworkInsightsPathId);
  return { NetworkInsightsPath: networkInsightsPathToApi(path, context) };
};

const deleteNetworkInsightsPath: Action<
  DeleteNetworkInsightsPathCommandInput,
  DeleteNetworkInsightsPathCommandOutput
> = (input, context) => {
  const id = input.NetworkInsightsPathId;
  const { NetworkInsightsPathId } = named(networkInsightsPathDescription, "NetworkInsightsPathId", id, context);
  const [analysis] = context.by("networkInsightsAnalysis", "path", NetworkInsightsPathId);
  if (analysis !== undefined) {
    throw new AwsError(
      "AnalysisExistsForNetworkInsightsPath",
      `The network insights path '${NetworkInsightsPathId}' has analyses, ${analysis.NetworkInsightsAnalysisId} among them. Delete them first.`,
    );
  }
  context.delete("networkInsightsPath", NetworkInsightsPathId);
  forgetTags(context, NetworkInsightsPathId);
  return { NetworkInsightsPathId };
};

const describeNetworkInsightsPaths: Action<
  DescribeNetworkInsightsPathsCommandInput,
  DescribeNetworkInsightsPathsCommandOutput
> = (input, context) => {
  const ids = input.NetworkInsightsPathIds;
  const { records, NextToken } = describe(networkInsightsPathDescription, ids, input, context);
  return { NetworkInsightsPaths: records.map((path) => networkInsightsPathToApi(path, context)), NextToken };
};

export const networkInsightsPathActions = {
  CreateNetworkInsightsPath: createNetworkInsightsPath,
  DeleteNetworkInsightsPath: deleteNetworkInsightsPath,
  DescribeNetworkInsightsPaths: describeNetworkInsightsPaths,
} satisfies Actions;

/** AWS's own guide writes `TCP`, and its enumeration `tcp`. */
function checkedProtocol(text: string): NetworkInsightsPathRecord["Protocol"] {
  const protocol = text.toLowerCase();
  if (protocol === "tcp" || protocol === "udp") return protocol;
  throw invalidParameterValue(
    `Value (${text}) for parameter protocol is invalid. Paths are analysed for 'tcp' and 'udp'.`,
  );
}
