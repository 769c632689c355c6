/**
 * The security groups of an interface: allow only, the union of all rules of all groups, judged at the sender's interface and again at
 * the receiver's [SG-1, SG-3]. What passed as a request may come back whatever the rules say [SG-2].
 */

import { contains, type IpAddress } from "../../ip/index.ts";
import type { NetworkInterface, SecurityGroupRule } from "../../model/index.ts";
import type { CompiledRule } from "../compiled-group.ts";
import type { Decision, Reason, UnknownComponent } from "../explanation.ts";
import { type Packet, tcp, udp } from "../packet.ts";
import { type FarSide, type Hearing, hearMember } from "./group-references.ts";
import { allPorts, overlap, type PortRange, without } from "./port-ranges.ts";
import { type StepHop, trackingKey, type WalkContext } from "./position.ts";
import { unknownComponent } from "./unknown-component.ts";

type Direction = "egress" | "ingress";

/** No hop where the interface has no groups: a service's is transparent. [SG-6] */
export function securityGroupHops(
  context: WalkContext,
  networkInterface: NetworkInterface,
  direction: Direction,
  packet: Packet,
  farSide: FarSide,
): readonly StepHop[] {
  const { networkInterfaceId, securityGroupIds: groupIds, vpcId, subnetId } = networkInterface;
  const [first] = groupIds;
  if (first === undefined) return [];
  const base = {
    kind: "security-groups",
    component: first,
    direction,
    networkInterfaceId,
    groupIds,
    vpcId,
    subnetId,
  } as const;
  return [{ ...base, ...judge(context, networkInterface, direction, packet, farSide) }];
}

type Judgement = Pick<StepHop, "decision" | "blocked" | "unknown">;

function judge(
  context: WalkContext,
  networkInterface: NetworkInterface,
  direction: Direction,
  packet: Packet,
  farSide: FarSide,
): Judgement {
  if (isTracked(context, networkInterface, packet)) return { decision: { by: "tracked-flow" } };
  const { index, group: compiled, address } = context.prepared;
  const far = address(direction === "egress" ? packet.header.destination : packet.header.source);
  const search: Search = {
    context,
    networkInterface,
    direction,
    packet,
    farSide,
    far,
    open: [packet.needed],
    rules: 0,
  };
  for (const groupId of networkInterface.securityGroupIds) {
    const group = index.securityGroup(groupId);
    if (group === undefined) {
      search.unknown ??= unknownComponent(context.prepared, groupId, "the security group is not in the model");
      continue;
    }
    const rule = firstThatCompletes(search, compiled(group)[direction]);
    if (rule !== undefined) {
      const decision: Decision = { by: "security-group-rule", groupId, securityGroupRuleId: rule.securityGroupRuleId };
      return { decision };
    }
  }
  if (search.unknown !== undefined) return { unknown: search.unknown };
  return { blocked: reasonOf(search) };
}

/** What is known while rules are gone through. */
interface Search {
  readonly context: WalkContext;
  readonly networkInterface: NetworkInterface;
  readonly direction: Direction;
  readonly packet: Packet;
  readonly farSide: FarSide;
  readonly far: IpAddress;
  /** Ports that no rule has let pass yet. */
  open: readonly PortRange[];
  /** Rules of the direction. */
  rules: number;
  unknown?: UnknownComponent;
  /** A rule would match if only its group were heard. */
  unheard?: Exclude<Hearing, "member" | "stranger" | "unknown">;
}

/** The rule with which the last of the needed ports is let pass. */
function firstThatCompletes(search: Search, rules: readonly CompiledRule[]): SecurityGroupRule | undefined {
  search.rules += rules.length;
  for (const compiled of rules) {
    const ports = portsOf(compiled.rule, search.packet);
    if (ports === undefined || !overlap(search.open, ports) || !matchesFarEnd(search, compiled)) continue;
    search.open = without(search.open, ports);
    if (search.open.length === 0) return compiled.rule;
  }
  return undefined;
}

/** The ports that the rule opens for the packet's protocol; `undefined` when it is about other protocols or ICMP types. */
function portsOf({ protocol, fromPort, toPort }: SecurityGroupRule, { header }: Packet): PortRange | undefined {
  if (protocol === -1) return allPorts;
  if (protocol !== header.protocol) return undefined;
  if (header.icmp !== undefined) {
    const { type, code } = header.icmp;
    if (fromPort === undefined || fromPort === -1) return allPorts;
    const anyCode = toPort === undefined || toPort === -1;
    return fromPort === type && (anyCode || toPort === code) ? allPorts : undefined;
  }
  if ((protocol !== tcp && protocol !== udp) || fromPort === undefined || fromPort === -1) return allPorts;
  return { from: fromPort, to: toPort ?? fromPort };
}

/** Whether the rule is about the packet, leaving aside its far end. A request needs one port. */
export function concerns(rule: SecurityGroupRule, packet: Packet): boolean {
  const ports = portsOf(rule, packet);
  return ports !== undefined && overlap([packet.needed], ports);
}

const unreadGroup = "a rule names this group, whose VPC was not read";

function matchesFarEnd(search: Search, { farEnd }: CompiledRule): boolean {
  switch (farEnd.kind) {
    case "cidr":
      return contains(farEnd.block, search.far);
    case "prefix-list":
      return farEnd.entries.longestMatch(search.far) !== undefined;
    case "unknown-prefix-list":
      search.unknown ??= unknownComponent(
        search.context.prepared,
        farEnd.prefixListId,
        "the prefix list is not in the model",
      );
      return false;
    case "security-group": {
      const { context, networkInterface, direction, packet, farSide } = search;
      const hearing = hearMember(context.prepared, { peer: farEnd.peer, networkInterface, direction, packet, farSide });
      if (hearing === "unknown") {
        search.unknown ??= unknownComponent(context.prepared, farEnd.peer.groupId, unreadGroup, "UNKNOWN_PEERED_SGS");
      } else if (hearing !== "member" && hearing !== "stranger") search.unheard ??= hearing;
      return hearing === "member";
    }
  }
}

function reasonOf({ rules, unheard }: Search): Reason {
  switch (unheard) {
    case "no-support":
      return { code: "SG_REFERENCING_SUPPORT" };
    case "other-region":
      return { code: "SG_REFERENCES_NOT_PRESERVED", detail: "X_SG_REFERENCE_OTHER_REGION" };
    case "lost":
      return { code: "SG_REFERENCES_NOT_PRESERVED" };
    case undefined:
      return { code: rules === 0 ? "SG_HAS_NO_RULES" : "ENI_SG_RULES_MISMATCH" };
  }
}

function isTracked({ request }: WalkContext, { networkInterfaceId }: NetworkInterface, { header }: Packet): boolean {
  return request?.tracked.has(trackingKey(networkInterfaceId, header.destination, header.source)) ?? false;
}
