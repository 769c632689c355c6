/** Deploys a CDK app through CloudFormation, on AWS or on the local cloud: the plan, the deployment, the proof, the removal. */
export type { Blocker } from "./blockers.ts";
export { type BootstrapNeed, bootstrapsThere, missingBootstraps } from "./bootstrap.ts";
export { CannotDeploy } from "./cannot-deploy.ts";
export { type Cloud, isUnreachable, type Place, type Profile } from "./cloud.ts";
export {
  changesOfAll,
  type Deployed,
  type DeployOptions,
  type DeployPlan,
  deployAll,
  isNothingToDo,
  type StackOutcome,
} from "./deploy.ts";
export type { Looked } from "./deployed-stack.ts";
export { type Destroyed, destroyAll, type RemovalOutcome } from "./destroy.ts";
export type { DeployEvent, OnEvent, ResourceEvent, StackOperation } from "./events.ts";
export { type LogsLeft, logsLeft } from "./logs-left.ts";
export { isUnchanged, type ResourceChange, type StackChanges } from "./plan.ts";
export type { Finding } from "./preflight/finding.ts";
export { preflight } from "./preflight/preflight.ts";
export { settingsOf } from "./profiles.ts";
export { type Judgement, type Proof, prove } from "./proof/prove.ts";
export { refusalOf, refusalWords } from "./refusals.ts";
export { removalsOf, type StackRemoval, type StackResource } from "./removal.ts";
export { lookAtAll, openSession, placesOf, type Session, type SessionOptions } from "./session.ts";
export { waitForAll } from "./settle.ts";
export type { Failure } from "./stack-events.ts";
export type { AppStack, StackKey } from "./stacks.ts";
