/**
 * Network ACLs: stateless, in rule-number order, and only where a packet crosses a subnet's border [NA-1..3]. At a transit gateway's subnet
 * only one of the two lists is asked [NA-20].
 */

import { contains, type IpAddress } from "../../ip/index.ts";
import type { NetworkAclEntry, Subnet } from "../../model/index.ts";
import type { CompiledEntry } from "../compiled-acl.ts";
import { ephemeralPorts, type Packet, tcp, udp } from "../packet.ts";
import { allPorts, overlap, type PortRange, without } from "./port-ranges.ts";
import type { StepHop, WalkContext } from "./position.ts";
import { unknownComponent } from "./unknown-component.ts";

/** The list of one direction, asked about the packet. */
export function networkAclHop(
  { prepared }: WalkContext,
  { subnetId, vpcId, networkAclId }: Subnet,
  direction: "egress" | "ingress",
  packet: Packet,
): StepHop {
  const base = { kind: "network-acl", component: networkAclId, direction, subnetId, vpcId } as const;
  const acl = prepared.index.networkAcl(networkAclId);
  if (acl === undefined) {
    return { ...base, unknown: unknownComponent(prepared, networkAclId, "the network ACL is not in the model") };
  }
  const far = prepared.address(direction === "egress" ? packet.header.destination : packet.header.source);
  const { allows, entry } = judge(prepared.acl(acl)[direction], far, packet);
  const ruleNumber = entry?.ruleNumber ?? lastRuleNumber[far.family];
  const decision = { by: "network-acl-entry", networkAclId, ruleNumber } as const;
  return allows ? { ...base, decision } : { ...base, decision, blocked: { code: "SUBNET_ACL_RESTRICTION" } };
}

/** Whether the list lets all of the packet's needed ports pass, to or from that address. */
export function aclAllows(entries: readonly CompiledEntry[], far: IpAddress, packet: Packet): boolean {
  return judge(entries, far, packet).allows;
}

/** Whether the hop let an answer pass to some of its possible ports only. */
export function isPartial({ prepared }: WalkContext, hop: StepHop, packet: Packet): boolean {
  if (hop.blocked !== undefined || packet.header.ports?.from !== ephemeralPorts.from) return false;
  const acl = prepared.index.networkAcl(hop.component);
  if (acl === undefined || hop.direction === undefined) return false;
  const far = prepared.address(hop.direction === "egress" ? packet.header.destination : packet.header.source);
  return !judge(prepared.acl(acl)[hop.direction], far, { ...packet, needed: ephemeralPorts }).allows;
}

/** The unremovable last ones, which deny. [NA-3] */
const lastRuleNumber = { ipv4: 32767, ipv6: 32768 } as const;

/** The entry that decides: the one that lets the last needed port pass, or the first that denies one. None: the unremovable last one. */
function judge(
  entries: readonly CompiledEntry[],
  far: IpAddress,
  packet: Packet,
): { readonly allows: boolean; readonly entry?: NetworkAclEntry } {
  let open: readonly PortRange[] = [packet.needed];
  for (const { entry, block } of entries) {
    const ports = contains(block, far) ? entryPorts(entry, packet) : undefined;
    if (ports === undefined || !overlap(open, ports)) continue;
    if (entry.ruleAction === "deny") return { allows: false, entry };
    open = without(open, ports);
    if (open.length === 0) return { allows: true, entry };
  }
  return { allows: false };
}

/** The packet's destination ports, in both directions [NA-5]; protocols other than TCP, UDP and ICMP have none [NA-7]. */
export function entryPorts(
  { protocol, portRange, icmpTypeCode }: NetworkAclEntry,
  { header }: Packet,
): PortRange | undefined {
  if (protocol === -1) return allPorts;
  if (protocol !== header.protocol) return undefined;
  if (header.icmp !== undefined) {
    const { type = -1, code = -1 } = icmpTypeCode ?? {};
    const matches = type === -1 || (type === header.icmp.type && (code === -1 || code === header.icmp.code));
    return matches ? allPorts : undefined;
  }
  return protocol === tcp || protocol === udp ? (portRange ?? allPorts) : allPorts;
}
