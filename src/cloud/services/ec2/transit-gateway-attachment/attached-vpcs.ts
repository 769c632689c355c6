/** The VPCs that a transit gateway's packets can come from or go to. */
import type { StateView } from "../../../state/state.ts";
import { sidesOfGateway } from "../transit-gateway-peering-attachment/sides.ts";

/** Those attached to the gateway, and to every gateway that can be reached from it over peerings. [TG-65] */
export function vpcsBehind(transitGatewayId: string, view: Pick<StateView, "by">): readonly string[] {
  const reached = new Set([transitGatewayId]);
  // A set that grows while it is walked gives what was added too.
  for (const id of reached) for (const { peer } of sidesOfGateway(view, id)) reached.add(peer.TransitGatewayId);
  return [...reached].flatMap((id) =>
    view.by("transitGatewayVpcAttachment", "transitGateway", id).map(({ VpcId }) => VpcId),
  );
}
