/** Components that this version cannot follow, and answers that were not read: named in `unknowns`, so that nobody takes them for absent. */
import { expectedLists, type UnmodelledKey, unmodelledLists } from "./answer-keys.ts";
import type { Item } from "./item.ts";
import type { Part } from "./part.ts";
import type { Report } from "./report.ts";

export function noteUnmodelled(part: Part, report: Report): void {
  // Object.keys forgets the names that the constant has.
  for (const key of Object.keys(unmodelledLists) as UnmodelledKey[]) {
    const { id: field } = unmodelledLists[key];
    for (const item of part.items(key)) {
      const id = item.text(field);
      if (id !== undefined && !isOver(item)) report.unknown(id, unmodelledReason(key));
    }
  }
  for (const item of part.items("TransitGatewayAttachments")) noteAttachment(item, report);
}

/** In the words that every reader of a network has for it. */
export function unmodelledReason(key: UnmodelledKey): string {
  return `${unmodelledLists[key].what}: not modelled`;
}

function noteAttachment(item: Item, report: Report): void {
  const id = item.text("TransitGatewayAttachmentId");
  const type = item.text("ResourceType");
  if (id === undefined || isOver(item) || type === "vpc" || type === "peering") return;
  report.unknown(id, `a transit gateway attachment of the type ${type ?? "that is not told"}: not modelled`);
}

/** What is over is only shown for a while. Some states are text, and a load balancer's is an object. */
function isOver(item: Item): boolean {
  if (item.has("LoadBalancerArn")) return false;
  const state = item.text("State") ?? item.text("state") ?? "";
  return ["deleted", "failed", "rejected", "expired"].includes(state.toLowerCase());
}

/** Gateways that a VPC has, or has not: by these alone packets come in. */
const gatewayFacts = [
  { key: "InternetGateways", fact: "internetGateway" },
  { key: "EgressOnlyInternetGateways", fact: "egressOnlyInternetGateway" },
] as const;

/** The lists that the part lacks. Those that a collector tried in vain are told with what AWS said. */
export function noteNotRead(part: Part, report: Report): void {
  const where = `${part.account}/${part.region}`;
  const failed = new Set<string>();
  for (const item of part.items("NotRead")) {
    const action = item.text("Action");
    if (action === undefined) continue;
    failed.add(action);
    report.unknown(`${where} ${action}`, item.text("Reason") ?? "it was refused");
  }
  for (const [key, action] of expectedLists) {
    if (!part.has(key) && !failed.has(action)) report.unknown(`${where} ${action}`, "there is no such answer");
  }
  for (const { key, fact } of gatewayFacts.filter((each) => !part.has(each.key))) {
    for (const vpc of part.items("Vpcs")) {
      const id = vpc.text("VpcId");
      if (id !== undefined)
        report.unknown(`${id}.${fact}`, `whether the VPC has one is not known: Describe${key} was not read`);
    }
  }
}
