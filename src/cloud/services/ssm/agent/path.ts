/**
 * Whether an instance's agent gets to Systems Manager of its Region: to `ssm` and to `ssmmessages`, each by its name. Where an interface
 * endpoint of the VPC has the name, that is the way, whatever else there is; otherwise it is the internet. [9.7]
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
 */
import type { NetworkModelIndex } from "../../../../model/index.ts";
import { type EndpointFacts, endpointProblems, nameProblems } from "./endpoint-path.ts";
import { internetProblems } from "./internet-path.ts";
import type { Missing, MissingFor } from "./missing.ts";
import { type AgentSource, agentSource } from "./source.ts";

/** `ec2messages` is needed by agents of the past only. */
const services: readonly string[] = ["ssm", "ssmmessages"];

/** What is missing, each with the services that are out of reach for it; nothing when the agent gets through. `endpoints` are the VPC's. */
export function pathProblems(
  network: NetworkModelIndex,
  instanceId: string,
  endpoints: readonly EndpointFacts[],
): readonly MissingFor[] {
  const instance = network.instance(instanceId);
  const source = agentSource(network, instanceId);
  if (instance === undefined || source === undefined)
    return [{ missing: { what: "running", instanceId, state: "not attached to a network yet" }, services }];
  const found = services.flatMap((service) => {
    const serviceName = `com.amazonaws.${instance.region}.${service}`;
    const own = endpoints.filter((endpoint) => endpoint.serviceName === serviceName);
    return problemsWith(network, source, own).map((missing) => ({ missing, services: [service] }));
  });
  return together(found);
}

function problemsWith(
  network: NetworkModelIndex,
  source: AgentSource,
  endpoints: readonly EndpointFacts[],
): readonly Missing[] {
  const vpc = network.vpc(source.networkInterface.vpcId);
  if (vpc === undefined) throw new Error(`bug: the model has no ${source.networkInterface.vpcId}`);
  if (!vpc.enableDnsSupport) return [{ what: "dns-support", vpcId: vpc.vpcId }];
  const named = endpoints.find((endpoint) => nameProblems(endpoint, vpc).length === 0);
  if (named !== undefined) return endpointProblems(network, source, named);
  const problems = internetProblems(network, source);
  if (problems.length === 0 || endpoints.length === 0) return problems;
  // Whoever has made an endpoint means to go by it.
  return endpoints.flatMap((endpoint) => nameProblems(endpoint, vpc));
}

/** One thing that is missing for several services is told once. */
function together(found: readonly MissingFor[]): readonly MissingFor[] {
  const byFact = new Map<string, MissingFor>();
  for (const { missing, services: of } of found) {
    const key = JSON.stringify(missing);
    byFact.set(key, { missing, services: [...(byFact.get(key)?.services ?? []), ...of] });
  }
  return [...byFact.values()];
}
