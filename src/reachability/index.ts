/** The reachability engine: does a packet get there and its answer back, and if not, what stops it. Pure functions of the model. */
export { explain } from "./explain.ts";
export type {
  Blocker,
  Decision,
  Explanation,
  Hop,
  HopKind,
  PacketHeader,
  Reason,
  UnknownComponent,
  Verdict,
  Warning,
  Way,
} from "./explanation.ts";
export { type CodeMeaning, codeOrigin, type ExplanationCode, explanationCodes } from "./explanation-codes.ts";
export { applyChanges } from "./fix/apply-changes.ts";
export { changesOf, type Fix, type FixStep, fix } from "./fix/fix.ts";
export type { ChangeKind, ChangeOf, NetworkChange, Permission } from "./fix/network-change.ts";
export { type Opened, openedBy } from "./fix/opened.ts";
export type { RightTool, ToolName } from "./fix/right-tool.ts";
export { type Flow, type FlowEnd, type FlowTraffic, internetHost } from "./flow.ts";
