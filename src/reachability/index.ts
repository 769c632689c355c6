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
export { explanationProblems, explanationSchema } from "./explanation-shape.ts";
export { applyChanges } from "./fix/apply-changes.ts";
export { type ChangeWords, changeWords, protocolNames } from "./fix/change-words.ts";
export { changesOf, type Fix, type FixStep, fix } from "./fix/fix.ts";
export type { ChangeKind, ChangeOf, NetworkChange, Permission } from "./fix/network-change.ts";
export { openedBy } from "./fix/opened.ts";
export type { RightTool, ToolName } from "./fix/right-tool.ts";
export { type Flow, type FlowEnd, type FlowTraffic, internetHost } from "./flow.ts";
export { type Intent, type IntentEnd, intentMetadataType, intentOf } from "./intent.ts";
export {
  type ChangedEnds,
  differenceOf,
  type ReachabilityChange,
  type ReachabilityDifference,
} from "./matrix/difference.ts";
export {
  type MatrixBy,
  type MatrixCell,
  type MatrixEnd,
  type MatrixQuestion,
  type NetworkMatrix,
  networkMatrix,
} from "./matrix/network-matrix.ts";
export { type Reach, type Reached, reachOf } from "./matrix/reach-of.ts";
export { type TrafficKind, type TrafficPart, trafficKinds } from "./matrix/traffic-kinds.ts";
export { type PassingWords, trafficWords } from "./matrix/traffic-words.ts";
export type { InterfaceClass } from "./sets/interface-classes.ts";
export { followSets, type LiveSets } from "./sets/live-sets.ts";
export type { ReachabilityMatrix } from "./sets/reachability-matrix.ts";
export { compileSets, type ReachabilitySets } from "./sets/reachability-sets.ts";
