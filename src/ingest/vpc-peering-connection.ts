/** Peering connections: each side is told best by its own account, the rest by either. [PX-10] */
import type { VpcPeeringConnection, VpcPeeringConnectionSide } from "../model/index.ts";
import { type Item, required } from "./item.ts";
import { nameTag } from "./merge.ts";
import type { Part, Seen } from "./part.ts";
import type { Report } from "./report.ts";

export function readVpcPeeringConnections(parts: readonly Part[], report: Report): readonly VpcPeeringConnection[] {
  const sights = new Map<string, Seen<Sight>[]>();
  for (const seen of parts.flatMap(sightsOf)) sights.set(seen.id, [...(sights.get(seen.id) ?? []), seen]);
  return [...sights.values()].flatMap((of) => joined(of, report));
}

/** A connection as one part showed it; a side's DNS option is only its own account's to see. [PX-10] */
interface Sight {
  readonly connection: Omit<VpcPeeringConnection, "requester" | "accepter">;
  readonly requester: SideSight;
  readonly accepter: SideSight;
}

type SideSight = Omit<VpcPeeringConnectionSide, "allowDnsResolutionFromRemoteVpc"> & {
  readonly allowDnsResolutionFromRemoteVpc: boolean | undefined;
};

const statusCodes = [
  "initiating-request",
  "pending-acceptance",
  "provisioning",
  "active",
  "failed",
  "expired",
  "rejected",
  "deleting",
  "deleted",
] as const;

function sightsOf(part: Part): readonly Seen<Sight>[] {
  const id = { field: "VpcPeeringConnectionId", prefix: "pcx" } as const;
  return part.readEach("VpcPeeringConnections", id, (item, vpcPeeringConnectionId) => {
    const requester = readSide(item, "RequesterVpcInfo", part);
    const accepter = readSide(item, "AccepterVpcInfo", part);
    // The name is the requester's: each account has tags of its own.
    const name = isOf(requester, part) ? nameTag(item) : undefined;
    const statusCode = required(item, "Status", item.item("Status")?.choice("Code", statusCodes));
    return {
      connection: { vpcPeeringConnectionId, ...(name !== undefined && { name }), statusCode },
      requester,
      accepter,
    };
  });
}

/** Answers of before there were peerings between Regions tell no Region: then it is the own one. */
function readSide(item: Item, name: string, part: Part): SideSight {
  const info = required(item, name, item.item(name));
  return {
    ownerId: required(info, `${name}.OwnerId`, info.text("OwnerId")),
    region: info.text("Region") ?? part.region,
    vpcId: required(info, `${name}.VpcId`, info.id("VpcId", "vpc")),
    allowDnsResolutionFromRemoteVpc: info.item("PeeringOptions")?.boolean("AllowDnsResolutionFromRemoteVpc"),
  };
}

function isOf(side: SideSight, part: Part): boolean {
  return side.ownerId === part.account && side.region === part.region;
}

function joined(sights: readonly Seen<Sight>[], report: Report): readonly VpcPeeringConnection[] {
  const told = sights.flatMap(({ value, part }) => (value === undefined ? [] : [{ ...value, part }]));
  const sight = told.find(({ requester, part }) => isOf(requester, part)) ?? told[0];
  if (sight === undefined) {
    for (const { id, reason } of sights.flatMap(({ unknowns }) => unknowns)) report.unknown(id, reason);
    return [];
  }
  const { connection } = sight;
  return [{ ...connection, requester: side("requester", sight), accepter: side("accepter", sight) }];

  function side(which: "requester" | "accepter", { [which]: shown }: Sight): VpcPeeringConnectionSide {
    const option = told.map((each) => each[which].allowDnsResolutionFromRemoteVpc).find((each) => each !== undefined);
    // Options can be set on an active connection only. [PX-43]
    if (option === undefined && connection.statusCode === "active") {
      const id = `${connection.vpcPeeringConnectionId}.${which}.allowDnsResolutionFromRemoteVpc`;
      report.unknown(id, `only account ${shown.ownerId} sees it, which was not read; false is the usual one`);
    }
    return { ...shown, allowDnsResolutionFromRemoteVpc: option ?? false };
  }
}
