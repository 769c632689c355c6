/** Which link of which namespace carries the packets of a hop, for tcpdump. */
import type { DataPlane } from "../dataplane/index.ts";
import type { NamespaceName } from "../host/index.ts";
import type { NetworkModel, ResourceKind } from "../model/index.ts";
import { UserError } from "./user-error.ts";

/** What can be named as a hop. */
export const captureKinds: readonly ResourceKind[] = [
  "instance",
  "network-interface",
  "vpc",
  "vpc-peering-connection",
  "nat-gateway",
  "internet-gateway",
];

export interface CaptureLink {
  readonly namespace: NamespaceName;
  /** `any` is every link of the namespace. */
  readonly link: string;
}

/** Throws a `UserError` when nothing passes there at the moment. */
export function captureLink(model: NetworkModel, dataPlane: DataPlane, kind: ResourceKind, id: string): CaptureLink {
  const plan = dataPlane.plan();
  switch (kind) {
    case "instance":
    case "nat-gateway":
      return { namespace: namespaceOf(dataPlane, id), link: "any" };
    case "network-interface": {
      const index =
        model.networkInterfaces.find((each) => each.networkInterfaceId === id)?.attachment?.deviceIndex ?? 0;
      return { namespace: namespaceOf(dataPlane, id), link: `eth${index}` };
    }
    case "vpc":
      return realised(plan?.fragments.has(id) ? { namespace: id, link: "any" } : undefined, id);
    case "vpc-peering-connection": {
      const requester = model.vpcPeeringConnections.find((each) => each.vpcPeeringConnectionId === id)?.requester.vpcId;
      return realised(
        plan?.fragments.has(id) && requester ? { namespace: requester, link: plan.linkOf(id) } : undefined,
        id,
      );
    }
    default: {
      const vpcId = model.internetGateways.find((each) => each.internetGatewayId === id)?.vpcId;
      return realised(plan && vpcId && plan.fragments.has(vpcId) ? { namespace: vpcId, link: "igw" } : undefined, id);
    }
  }
}

function namespaceOf(dataPlane: DataPlane, id: string): NamespaceName {
  const namespace = dataPlane.namespaceOf(id);
  if (namespace === undefined) throw notRealised(id);
  return namespace;
}

function realised(link: CaptureLink | undefined, id: string): CaptureLink {
  if (link === undefined) throw notRealised(id);
  return link;
}

function notRealised(id: string): UserError {
  return new UserError(
    "NOTHING_PASSES",
    `No packets pass ${id} at the moment.`,
    "A hop exists while a running instance can use it: peering connections only while they are active, VPCs only with an instance.",
  );
}
