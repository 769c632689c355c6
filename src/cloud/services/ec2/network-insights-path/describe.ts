/** Paths to analyse, as the API shows them. */
import type { FilterPortRange, NetworkInsightsPath } from "@aws-sdk/client-ec2";
import { ec2Arn } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import { tagsOf } from "../tag/tags.ts";
import type { NetworkInsightsPathRecord } from "./record.ts";

export const networkInsightsPathDescription: DescribeDefinition<"networkInsightsPath"> = {
  table: "networkInsightsPath",
  kind: "network-insights-path",
  idPrefix: "nip",
  pageSize: { min: 1, max: 100 },
  filters: {
    source: (path) => path.Source,
    destination: (path) => path.Destination,
    protocol: (path) => path.Protocol,
    "filter-at-source.source-address": (path) => path.FilterAtSource?.SourceAddress,
    "filter-at-source.source-port-range": (path) => rangeText(path.FilterAtSource?.SourcePortRange),
    "filter-at-source.destination-address": (path) => path.FilterAtSource?.DestinationAddress,
    "filter-at-source.destination-port-range": (path) => rangeText(path.FilterAtSource?.DestinationPortRange),
    "filter-at-destination.source-address": (path) => path.FilterAtDestination?.SourceAddress,
    "filter-at-destination.source-port-range": (path) => rangeText(path.FilterAtDestination?.SourcePortRange),
    "filter-at-destination.destination-address": (path) => path.FilterAtDestination?.DestinationAddress,
    "filter-at-destination.destination-port-range": (path) => rangeText(path.FilterAtDestination?.DestinationPortRange),
  },
};

export function networkInsightsPathToApi(path: NetworkInsightsPathRecord, context: ActionContext): NetworkInsightsPath {
  const { OwnerId, Region, CreatedAt, NetworkInsightsPathId, Due: _, ...rest } = path;
  return {
    ...rest,
    NetworkInsightsPathId,
    NetworkInsightsPathArn: ec2Arn(Region, OwnerId, "network-insights-path", NetworkInsightsPathId),
    CreatedDate: new Date(CreatedAt),
    Tags: tagsOf(context, NetworkInsightsPathId),
  };
}

function rangeText(range: FilterPortRange | undefined): string | undefined {
  return range && `${range.FromPort}-${range.ToPort}`;
}
