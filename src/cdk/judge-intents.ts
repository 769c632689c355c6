/** Promises against the network of an assembly's templates: kept, broken, or not to be told. */
import type { TemplateNetwork } from "../ingest/index.ts";
import {
  type Explanation,
  explain,
  type Fix,
  type FlowEnd,
  fix,
  type Intent,
  type IntentEnd,
} from "../reachability/index.ts";

export interface Judgement {
  readonly intent: Intent;
  readonly outcome: "kept" | "broken" | "unknown";
  /** Why nothing could be asked. */
  readonly problem?: string;
  readonly explanation?: Explanation;
  /** Of a promise that something is reachable. */
  readonly fix?: Fix;
}

export function judgeIntent(network: TemplateNetwork, intent: Intent): Judgement {
  const [failure] = network.failures;
  if (failure !== undefined) {
    return {
      intent,
      outcome: "unknown",
      problem: `the template of ${failure.stackId} cannot be read: ${failure.reason}`,
    };
  }
  const source = flowEnd(network, intent.from);
  const destination = flowEnd(network, intent.to);
  if (typeof source === "string") return { intent, outcome: "unknown", problem: source };
  if (typeof destination === "string") return { intent, outcome: "unknown", problem: destination };
  const { traffic, family, expect } = intent;
  const flow = { source, destination, traffic, ...(family !== undefined && { family }) };
  const explanation = explain(network.model, flow);
  if (explanation.verdict === "unknown") return { intent, outcome: "unknown", explanation };
  if (explanation.verdict === expect) return { intent, outcome: "kept", explanation };
  return { intent, outcome: "broken", explanation, ...(expect === "reachable" && { fix: fix(network.model, flow) }) };
}

/** Or what is wrong with it. */
function flowEnd(network: TemplateNetwork, end: IntentEnd): FlowEnd | string {
  switch (end.kind) {
    case "internet":
      return { kind: "internet" };
    case "address": {
      const open = network.chosenAmong(end.address);
      if (open !== undefined) return open;
      return {
        kind: "address",
        address: end.address,
        ...(end.vpcId !== undefined && { vpcId: end.vpcId as `vpc-${string}` }),
      };
    }
    case "id":
      return isTold(network, end.id) ? endOfId(end.id) : `no template tells what ${end.id} is in`;
    case "resource": {
      const id = network.idOf(end.artifactId, end.logicalId);
      return id === undefined ? `no template has ${end.logicalId} of ${end.artifactId}` : endOfId(id);
    }
  }
}

function isTold({ model }: TemplateNetwork, id: string): boolean {
  return (
    model.instances.some(({ instanceId }) => instanceId === id) ||
    model.networkInterfaces.some(({ networkInterfaceId }) => networkInterfaceId === id)
  );
}

function endOfId(id: string): FlowEnd {
  if (id.startsWith("i-")) return { kind: "instance", instanceId: id as `i-${string}` };
  if (id.startsWith("eni-")) return { kind: "network-interface", networkInterfaceId: id as `eni-${string}` };
  return { kind: "other", id };
}
