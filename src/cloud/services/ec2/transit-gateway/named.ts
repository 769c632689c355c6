/** The transit gateway that a call names, and what its caller may do with it. */
import { ec2Errors, incorrectState, unauthorizedOperation } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import { named } from "../required.ts";
import { transitGatewayDescription } from "./describe.ts";
import type { TransitGatewayRecord } from "./record.ts";

/** One that the caller sees, its own or one shared with it. A deleted one is only shown, no longer used. */
export function gatewayNamed(id: string | undefined, context: ActionContext): TransitGatewayRecord {
  const gateway = named(transitGatewayDescription, "TransitGatewayId", id, context);
  if (gateway.State === "deleted") throw ec2Errors.notFound("transit-gateway", gateway.TransitGatewayId);
  return gateway;
}

/** The caller's own: whom it is shared with may only attach to it. [TG-80] */
export function ownGatewayNamed(id: string | undefined, context: ActionContext): TransitGatewayRecord {
  const gateway = gatewayNamed(id, context);
  if (gateway.OwnerId === context.caller.accountId) return gateway;
  throw unauthorizedOperation(`You are not authorized to perform this operation on ${gateway.TransitGatewayId}.`);
}

/** Refuses while the resource is on its way from one state to another. (semantics 6.7) */
export function checkAvailable(id: string, { State }: { readonly State: string }): void {
  if (State !== "available") throw invalidState(id);
}

export function invalidState(id: string) {
  return incorrectState(`${id} is in invalid state`);
}
