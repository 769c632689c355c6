/**
 * The ends of a path: what may be one, and that it is there. An id is the caller's; an ARN may be another account's.
 * https://docs.aws.amazon.com/vpc/latest/reachability/how-reachability-analyzer-works.html
 */
import { ec2Arn, ec2Errors, invalidParameterValue, isWellFormedId, parseArn } from "../../../../aws/index.ts";
import type { TableName } from "../../../state/tables.ts";
import type { ActionContext } from "../../action.ts";
import { sidesIn } from "../transit-gateway-peering-attachment/sides.ts";

export interface PathEnd {
  readonly id: string;
  readonly arn: string;
}

/** Where ends of a kind are kept; without a table, nothing here makes one. */
const kinds = {
  instance: { prefix: "i", table: "instance" },
  "network-interface": { prefix: "eni", table: "networkInterface" },
  "internet-gateway": { prefix: "igw", table: "internetGateway" },
  "transit-gateway": { prefix: "tgw", table: "transitGateway" },
  "transit-gateway-attachment": { prefix: "tgw-attach", table: "transitGatewayVpcAttachment" },
  "vpc-peering-connection": { prefix: "pcx", table: "vpcPeeringConnection" },
  "vpc-endpoint": { prefix: "vpce", table: "vpcEndpoint" },
  "vpc-endpoint-service": { prefix: "vpce-svc", table: undefined },
  "vpn-gateway": { prefix: "vgw", table: undefined },
} as const satisfies Readonly<Record<string, { readonly prefix: string; readonly table: TableName | undefined }>>;

type Kind = keyof typeof kinds;

/** Refuses what can be no end of a path, and what is not there. */
export function pathEnd(parameter: "Source" | "Destination", text: string, context: ActionContext): PathEnd {
  const { region, accountId } = context.caller;
  const { id, owner } = named(parameter, text, region);
  const kind = kindOf(id);
  if (kind === undefined) {
    throw invalidParameterValue(
      `Value (${text}) for parameter ${parameter} is invalid. It is the ID or ARN of one of: ${Object.keys(kinds).join(", ")}.`,
    );
  }
  const ownerId = ownerOf(kind, id, owner ?? accountId, context);
  if (ownerId === undefined) throw ec2Errors.notFound(kind, id);
  return { id, arn: ec2Arn(region, ownerId, kind, id) };
}

function named(parameter: string, text: string, region: string): { readonly id: string; readonly owner?: string } {
  if (!text.startsWith("arn:")) return { id: text };
  const arn = parseArn(text);
  const [type = "", id = ""] = arn?.resource.split("/") ?? [];
  const isHere = arn?.service === "ec2" && arn.region === region && kindOf(id) === type;
  if (arn !== undefined && isHere) return { id, owner: arn.accountId };
  throw invalidParameterValue(
    `Value (${text}) for parameter ${parameter} is invalid. Give the ARN of a resource in ${region}: a path does not leave its Region.`,
  );
}

function kindOf(id: string): Kind | undefined {
  // Object.keys forgets the names that the constant has.
  return (Object.keys(kinds) as Kind[]).find((kind) => isWellFormedId(kinds[kind].prefix, id));
}

/** The owner of what that account sees by the id; undefined when it sees nothing. */
function ownerOf(kind: Kind, id: string, accountId: string, context: ActionContext): string | undefined {
  const { region } = context.caller;
  const { table } = kinds[kind];
  const record = table === undefined ? undefined : context.visible(table, id, accountId, region);
  if (record !== undefined || kind !== "transit-gateway-attachment") return record?.OwnerId;
  // One of a peering is a side of the peering's record.
  const sides = sidesIn(context, { accountId, region });
  return sides.find(({ own }) => own.TransitGatewayAttachmentId === id)?.own.OwnerId;
}
