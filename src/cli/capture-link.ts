/** Which links of which namespace carry the packets of a hop, for tcpdump. */
import { type DataPlane, type Hop, hopOf } from "../dataplane/index.ts";
import type { ResourceKind } from "../model/index.ts";
import { UserError } from "./user-error.ts";

/** What can be named as a hop. */
export const captureKinds: readonly ResourceKind[] = [
  "instance",
  "network-interface",
  "vpc",
  "vpc-peering-connection",
  "transit-gateway",
  "transit-gateway-attachment",
  "nat-gateway",
  "internet-gateway",
  "egress-only-internet-gateway",
];

/** Throws a `UserError` when nothing passes there at the moment. */
export function captureLink(dataPlane: DataPlane, id: string): Hop {
  const plan = dataPlane.plan();
  const hop = plan && hopOf(plan, id);
  if (hop === undefined) {
    throw new UserError(
      "NOTHING_PASSES",
      `No packets pass ${id} at the moment.`,
      "A hop exists while a running instance can use it: peerings and attachments only while they are active or available, VPCs only with an instance.",
    );
  }
  return hop;
}
