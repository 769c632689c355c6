/** One analysis of a path: what was asked, and what was found in the network as it was at the start. */
import type { AnalysisStatus, NetworkInsightsAnalysis } from "@aws-sdk/client-ec2";
import type { CloudRecord } from "../../../state/record.ts";

export interface NetworkInsightsAnalysisRecord extends CloudRecord {
  readonly NetworkInsightsAnalysisId: string;
  readonly NetworkInsightsPathId: string;
  readonly AdditionalAccounts: readonly string[];
  readonly FilterInArns: readonly string[];
  readonly FilterOutArns: readonly string[];
  readonly Status: AnalysisStatus;
  readonly EndedAt?: number;
  /** Shown when the analysis has ended. */
  readonly Outcome: AnalysisOutcome;
}

export type AnalysisFindings = Pick<
  NetworkInsightsAnalysis,
  | "NetworkPathFound"
  | "ForwardPathComponents"
  | "ReturnPathComponents"
  | "Explanations"
  | "AlternatePathHints"
  | "SuggestedAccounts"
  | "WarningMessage"
>;

/** `failure`: why it could not be made at all. That nothing gets through is a finding. */
export type AnalysisOutcome = { readonly failure: string } | { readonly findings: AnalysisFindings };
