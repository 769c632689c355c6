/** Resources whose types say nothing here: bookkeeping is passed over, parts of networks are named, and so is what an unknown custom resource is given. */
import { type Evaluated, isUnknownValue } from "../template/index.ts";
import type { NetworkDraft } from "./network-draft.ts";
import type { StackResource } from "./read-stacks.ts";

/** Of these services some resources have a part in networks. */
const networkServices = [
  "AWS::EC2::",
  "AWS::ElasticLoadBalancing",
  "AWS::GlobalAccelerator::",
  "AWS::NetworkFirewall::",
  "AWS::NetworkManager::",
  "AWS::VpcLattice::",
  "AWS::DirectConnect::",
];

/** Of those, the ones that packets never meet. */
const bookkeeping: ReadonlySet<string> = new Set([
  "AWS::EC2::DHCPOptions",
  "AWS::EC2::VPCDHCPOptionsAssociation",
  "AWS::EC2::FlowLog",
  "AWS::EC2::KeyPair",
  "AWS::EC2::LaunchTemplate",
  "AWS::EC2::PlacementGroup",
  "AWS::EC2::Volume",
  "AWS::EC2::VolumeAttachment",
  "AWS::EC2::NetworkInterfacePermission",
  "AWS::EC2::NetworkInsightsPath",
  "AWS::EC2::NetworkInsightsAnalysis",
  // They change nothing that packets are judged by.
  "Custom::TransitGatewayPeeringsEnded",
]);

/** Of other services, those that put interfaces into a VPC or lead traffic there. */
export function noteUnmodelled(resource: StackResource, draft: NetworkDraft): void {
  const { type, origin } = resource;
  if (bookkeeping.has(type)) return;
  if (isCustom(type)) {
    noteCustom(resource, draft);
    return;
  }
  if (type === "AWS::CloudFormation::Stack") {
    noteCustom(resource, draft);
    return;
  }
  if (networkServices.some((service) => type.startsWith(service))) {
    draft.unknown(origin.constructPath ?? `${origin.stackId}.${origin.logicalId}`, `${type}: not modelled`);
    noteTargets(resource, draft);
  }
}

const isCustom = (type: string): boolean =>
  type.startsWith("Custom::") || type === "AWS::CloudFormation::CustomResource";

/** It may do anything to what it is given. */
function noteCustom(resource: StackResource, draft: NetworkDraft): void {
  for (const id of idsIn(resource)) {
    if (draft.resource(id) !== undefined)
      draft.lose(
        id,
        `what ${resource.origin.constructPath ?? resource.logicalId} (${resource.type}) does to it is not known`,
      );
  }
}

/** A part of a network that is not modelled stands behind the gateways and tables that it names. */
function noteTargets(resource: StackResource, draft: NetworkDraft): void {
  for (const id of idsIn(resource)) {
    if (/^(rtb|tgw)-/.test(id) && draft.resource(id) !== undefined)
      draft.lose(
        id,
        `${resource.origin.constructPath ?? resource.logicalId} (${resource.type}) changes it in a way that is not modelled`,
      );
  }
}

const idText = /\b(?:vpc|subnet|rtb|acl|sg|eni|i|igw|eigw|nat|eipalloc|pcx|pl|tgw|tgw-attach|tgw-rtb)-[0-9A-Za-z-]+/g;

function idsIn(resource: StackResource): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (value: Evaluated | undefined): void => {
    if (typeof value === "string") for (const [id] of value.matchAll(idText)) found.add(id);
    else if (typeof value === "object" && value !== null && !isUnknownValue(value)) Object.values(value).forEach(look);
  };
  const given = resource.properties();
  for (const name of given.names) look(given.raw(name));
  return found;
}
