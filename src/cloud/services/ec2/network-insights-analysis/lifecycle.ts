/** The life of an analysis. AWS keeps results for 120 days. (semantics 11.12) */
import type { AnalysisStatus } from "@aws-sdk/client-ec2";
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import type { NetworkInsightsAnalysisRecord } from "./record.ts";

type Guard = "cannot-analyse";

export const networkInsightsAnalysisLifecycle: Lifecycle<AnalysisStatus, never, Guard> = {
  initial: "running",
  states: {
    running: {
      after: { delay: "60s", kind: "work", arrows: [{ to: "failed", when: ["cannot-analyse"] }, { to: "succeeded" }] },
    },
    succeeded: { vanishesAfter: "120d" },
    failed: { vanishesAfter: "120d" },
  },
};

export const networkInsightsAnalysisBinding = bindLifecycle<
  NetworkInsightsAnalysisRecord,
  AnalysisStatus,
  never,
  Guard
>({
  lifecycle: networkInsightsAnalysisLifecycle,
  stateOf: (record) => record.Status,
  enter: (record, Status, { now }) => ({ ...record, Status, EndedAt: now }),
  holds: ({ Outcome }) => "failure" in Outcome,
});
