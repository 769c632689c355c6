/** Internet gateways, and their egress-only kin for IPv6. */
import type { EgressOnlyInternetGateway, InternetGateway, VpcId } from "../model/index.ts";
import { type Item, required } from "./item.ts";
import { mergeResources, resourceFields } from "./merge.ts";
import type { Part } from "./part.ts";
import type { Report } from "./report.ts";

export function readInternetGateways(parts: readonly Part[], report: Report): readonly InternetGateway[] {
  return mergeResources(
    parts.flatMap((part) =>
      part.readEach("InternetGateways", { field: "InternetGatewayId", prefix: "igw" }, (item, internetGatewayId) => {
        const vpcId = attachedVpc(item);
        return { ...resourceFields(item, part), internetGatewayId, ...(vpcId !== undefined && { vpcId }) };
      }),
    ),
    report,
  );
}

export function readEgressOnlyInternetGateways(
  parts: readonly Part[],
  report: Report,
): readonly EgressOnlyInternetGateway[] {
  const id = { field: "EgressOnlyInternetGatewayId", prefix: "eigw" } as const;
  return mergeResources(
    parts.flatMap((part) =>
      part.readEach("EgressOnlyInternetGateways", id, (item, egressOnlyInternetGatewayId) => ({
        ...resourceFields(item, part),
        egressOnlyInternetGatewayId,
        vpcId: required(item, "Attachments", attachedVpc(item)),
      })),
    ),
    report,
  );
}

/** The state of an attachment is `available`, or `attached` in other answers. */
function attachedVpc(item: Item): VpcId | undefined {
  return item
    .items("Attachments")
    .filter((each) => ["available", "attached", "attaching"].includes(each.text("State") ?? "available"))
    .map((each) => each.id("VpcId", "vpc"))
    .find((each) => each !== undefined);
}
