/**
 * An entry for exactly the packet, with a number before the entry that denies it. Answers go to a port that the client chose: their entry
 * is for all that clients take, 1024-65535. [NA-3, NA-5, NA-9]
 */
import type { NetworkAcl, NetworkAclEntry } from "../../../model/index.ts";
import type { PacketHeader } from "../../explanation.ts";
import type { ChangeOf } from "../network-change.ts";
import { type Lift, narrowestBlock } from "./lifting.ts";

export const liftNetworkAcls: Lift = (lifting) => {
  const { hop, prepared } = lifting;
  const { direction, decision, packet } = hop;
  const acl = prepared.index.networkAcl(hop.component);
  if (acl === undefined || direction === undefined || decision?.by !== "network-acl-entry") return [];
  const egress = direction === "egress";
  const ruleNumber = freeNumber(acl, egress, decision.ruleNumber);
  if (ruleNumber === undefined) return [];
  const { networkAclId, ownerId, region } = acl;
  const entry: NetworkAclEntry = {
    ruleNumber,
    egress,
    ruleAction: "allow",
    ...trafficOf(packet),
    cidrBlock: narrowestBlock(lifting, egress ? packet.destination : packet.source),
  };
  const change: ChangeOf<"create-network-acl-entry"> = {
    ownerId,
    region,
    kind: "create-network-acl-entry",
    networkAclId,
    entry,
  };
  return [[change]];
};

/** Numbers that people may give. [NA-3] */
const lastNumber = 32766;

/** A free one below the number that denies, as far up as it can be, and round where it can be; `undefined` when there is none. */
function freeNumber({ entries }: NetworkAcl, egress: boolean, denying: number): number | undefined {
  const used = entries.filter((each) => each.egress === egress).map((each) => each.ruleNumber);
  const after = Math.min(denying, lastNumber + 1);
  const before = Math.max(0, ...used.filter((number) => number < after));
  // After the last entry there is much room: the next ten.
  const round = denying > lastNumber ? Math.floor(before / 10) * 10 + 10 : Math.floor((after - 1) / 10) * 10;
  if (round > before && round < after) return round;
  if (after - 1 > before) return denying > lastNumber ? before + 1 : after - 1;
  // No gap next to it: any number further down that is free will do.
  for (let number = after - 1; number > 0; number -= 1) if (!used.includes(number)) return number;
  return undefined;
}

function trafficOf({
  protocol,
  ports,
  icmp,
}: PacketHeader): Pick<NetworkAclEntry, "protocol" | "portRange" | "icmpTypeCode"> {
  if (icmp !== undefined) return { protocol, icmpTypeCode: icmp };
  return ports === undefined ? { protocol } : { protocol, portRange: ports };
}
