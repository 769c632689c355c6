/** Analyses as the API shows them: what was found is there when they have ended. */
import type { NetworkInsightsAnalysis } from "@aws-sdk/client-ec2";
import { ec2Arn } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import { tagsOf } from "../tag/tags.ts";
import type { NetworkInsightsAnalysisRecord } from "./record.ts";

export const networkInsightsAnalysisDescription: DescribeDefinition<"networkInsightsAnalysis"> = {
  table: "networkInsightsAnalysis",
  kind: "network-insights-analysis",
  idPrefix: "nia",
  pageSize: { min: 1, max: 100 },
  filters: {
    status: (analysis) => analysis.Status,
    "path-found": (analysis) => shownOutcome(analysis).NetworkPathFound,
  },
};

export function networkInsightsAnalysisToApi(
  analysis: NetworkInsightsAnalysisRecord,
  context: ActionContext,
): NetworkInsightsAnalysis {
  const { NetworkInsightsAnalysisId: id, NetworkInsightsPathId, OwnerId, Region, CreatedAt, Status } = analysis;
  return {
    NetworkInsightsAnalysisId: id,
    NetworkInsightsAnalysisArn: ec2Arn(Region, OwnerId, "network-insights-analysis", id),
    NetworkInsightsPathId,
    ...(analysis.AdditionalAccounts.length > 0 && { AdditionalAccounts: [...analysis.AdditionalAccounts] }),
    ...(analysis.FilterInArns.length > 0 && { FilterInArns: [...analysis.FilterInArns] }),
    ...(analysis.FilterOutArns.length > 0 && { FilterOutArns: [...analysis.FilterOutArns] }),
    StartDate: new Date(CreatedAt),
    Status,
    ...shownOutcome(analysis),
    Tags: tagsOf(context, id),
  };
}

function shownOutcome({ Status, Outcome }: NetworkInsightsAnalysisRecord): NetworkInsightsAnalysis {
  if (Status === "running") return {};
  return "failure" in Outcome ? { StatusMessage: Outcome.failure } : Outcome.findings;
}
