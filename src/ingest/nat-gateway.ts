/** NAT gateways. One that never got an interface, or is deleted, moves no packet and is left out. */
import type { NatGateway } from "../model/index.ts";
import { type Item, required } from "./item.ts";
import { mergeResources, resourceFields } from "./merge.ts";
import type { Part, Seen } from "./part.ts";
import type { Report } from "./report.ts";

export function readNatGateways(parts: readonly Part[], report: Report): readonly NatGateway[] {
  return mergeResources(parts.flatMap(natGatewaysOf), report);
}

const states = ["pending", "failed", "available", "deleting", "deleted"] as const;

function natGatewaysOf(part: Part): readonly Seen<NatGateway>[] {
  return part.readEach("NatGateways", { field: "NatGatewayId", prefix: "nat" }, (item, natGatewayId) => {
    const state = required(item, "State", item.choice("State", states));
    const networkInterfaceId = primaryAddress(item)?.id("NetworkInterfaceId", "eni");
    if (state === "deleted" || (networkInterfaceId === undefined && state !== "available")) return undefined;
    return {
      ...resourceFields(item, part),
      natGatewayId,
      vpcId: required(item, "VpcId", item.id("VpcId", "vpc")),
      // A regional one has no subnet, and is not modelled.
      subnetId: required(item, "SubnetId", item.id("SubnetId", "subnet")),
      connectivityType: item.choice("ConnectivityType", ["public", "private"]) ?? typeByAddress(item, natGatewayId),
      state,
      networkInterfaceId: required(item, "NatGatewayAddresses", networkInterfaceId),
    };
  });
}

/** Answers of before there were secondary addresses have one only. */
function primaryAddress(item: Item): Item | undefined {
  const addresses = item.items("NatGatewayAddresses");
  return addresses.find((each) => each.boolean("IsPrimary") === true) ?? addresses[0];
}

/** Answers of before there were private ones do not tell the type; a public address does. */
function typeByAddress(item: Item, id: string): NatGateway["connectivityType"] {
  if (primaryAddress(item)?.text("PublicIp") === undefined) {
    item.notes.unknown(`${id}.connectivityType`, "DescribeNatGateways did not tell it; public is the usual one");
  }
  return "public";
}
