/** What can be shared: transit gateways so far. Of others AWS knows many; they are refused by name. [TG-80] */
import { parseArn, unsupportedOperation } from "../../../aws/index.ts";
import type { ActionContext } from "../action.ts";
import { malformedArn, unknownResource } from "./errors.ts";

export interface ShareableResource {
  /** RAM's word for its type. */
  readonly type: "ec2:TransitGateway";
  readonly ownerId: string;
  readonly region: string;
  readonly id: string;
}

/** Reads a resource's ARN. Refuses what is none, and what cannot be shared here. */
export function shareableResource(arn: string): ShareableResource {
  const parts = parseArn(arn);
  if (parts === undefined) throw malformedArn(`The resource ARN ${arn} is malformed. Verify the ARN and try again.`);
  const { service, region, accountId: ownerId, resource } = parts;
  const [kind = "", id = ""] = resource.split("/");
  if (service !== "ec2" || kind !== "transit-gateway") {
    throw unsupportedOperation(
      "AssociateResourceShare",
      `with a resource of the type ${service}:${kind} is not modelled by this local cloud, which shares transit gateways`,
    );
  }
  return { type: "ec2:TransitGateway", ownerId, region, id };
}

/** Refuses a resource that the caller does not have here. Others' resources are not told from missing ones. */
export function checkOwned(arn: string, context: ActionContext): void {
  const { ownerId, region, id } = shareableResource(arn);
  const { caller } = context;
  const gateway = context.get("transitGateway", id);
  const owned = ownerId === caller.accountId && region === caller.region && gateway?.OwnerId === ownerId;
  if (!owned || gateway?.Region !== region || gateway.State === "deleting" || gateway.State === "deleted")
    throw unknownResource(`Resource ${arn} could not be found.`);
}
