/** The network model on Linux: namespaces, routes and nftables through the fabric, so that packets flow by AWS's rules. */
export {
  createDataPlane,
  type DataPlane,
  type DataPlaneOptions,
  type DataPlaneStats,
  type DataPlaneStatus,
} from "./data-plane.ts";
export { type Hop, hopOf } from "./hops.ts";
export { answerMetadata, type MetadataSources, type RoleCredentials } from "./instance-metadata.ts";
export { type Plan, planOf } from "./plan.ts";
export { planText } from "./plan-text.ts";
