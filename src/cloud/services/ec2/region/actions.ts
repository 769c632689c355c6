/** DescribeRegions and DescribeAvailabilityZones. Every Region is open to every account: those that need an opt-in have it. */
import type {
  AvailabilityZone,
  DescribeAvailabilityZonesCommandInput,
  DescribeAvailabilityZonesCommandOutput,
  DescribeRegionsCommandInput,
  DescribeRegionsCommandOutput,
  Region,
} from "@aws-sdk/client-ec2";
import { invalidParameterValue } from "../../../../aws/index.ts";
import type { Action, Actions } from "../../action.ts";
import { type FilterTable, matcher } from "../filters.ts";
import { availabilityZones } from "./availability-zones.ts";
import { type RegionFacts, regionFacts, regions } from "./regions.ts";

const describeRegions: Action<DescribeRegionsCommandInput, DescribeRegionsCommandOutput> = (input, context) => {
  const all = regions.map(regionToApi);
  for (const name of input.RegionNames ?? []) {
    if (regionFacts(name) === undefined) throw invalidParameterValue(`Invalid region: [${name}]`);
  }
  const wanted = input.RegionNames?.length ? new Set(input.RegionNames) : undefined;
  const matches = matcher(input.Filters, regionFilters, (region) => region.RegionName ?? "", context);
  return { Regions: all.filter((region) => (wanted?.has(region.RegionName ?? "") ?? true) && matches(region)) };
};

const describeAvailabilityZones: Action<
  DescribeAvailabilityZonesCommandInput,
  DescribeAvailabilityZonesCommandOutput
> = (input, context) => {
  const facts = regionFacts(context.caller.region);
  const all = facts === undefined ? [] : availabilityZones(context.caller).map((zone) => zoneToApi(zone, facts));
  for (const name of input.ZoneNames ?? []) {
    if (!all.some((zone) => zone.ZoneName === name))
      throw invalidParameterValue(`Invalid availability zone: [${name}]`);
  }
  for (const id of input.ZoneIds ?? []) {
    if (!all.some((zone) => zone.ZoneId === id)) throw invalidParameterValue(`Invalid availability zone-id: [${id}]`);
  }
  const matches = matcher(input.Filters, zoneFilters, (zone) => zone.ZoneId ?? "", context);
  return {
    AvailabilityZones: all.filter(
      (zone) => named(input.ZoneNames, zone.ZoneName) && named(input.ZoneIds, zone.ZoneId) && matches(zone),
    ),
  };
};

export const regionActions = {
  DescribeRegions: describeRegions,
  DescribeAvailabilityZones: describeAvailabilityZones,
} satisfies Actions;

const regionFilters: FilterTable<Region> = {
  endpoint: (region) => region.Endpoint,
  "opt-in-status": (region) => region.OptInStatus,
  "region-name": (region) => region.RegionName,
};

const zoneFilters: FilterTable<AvailabilityZone> = {
  "group-name": (zone) => zone.GroupName,
  "group-long-name": (zone) => zone.GroupLongName,
  message: () => undefined,
  "opt-in-status": (zone) => zone.OptInStatus,
  "parent-zone-id": () => undefined,
  "parent-zone-name": () => undefined,
  "region-name": (zone) => zone.RegionName,
  state: (zone) => zone.State,
  "zone-id": (zone) => zone.ZoneId,
  "zone-name": (zone) => zone.ZoneName,
  "zone-type": (zone) => zone.ZoneType,
};

function regionToApi({ name, optIn }: RegionFacts): Region {
  return {
    RegionName: name,
    Endpoint: `ec2.${name}.amazonaws.com`,
    OptInStatus: optIn ? "opted-in" : "opt-in-not-required",
  };
}

function zoneToApi({ zoneName, zoneId }: { zoneName: string; zoneId: string }, facts: RegionFacts): AvailabilityZone {
  return {
    State: "available",
    OptInStatus: "opt-in-not-required",
    Messages: [],
    RegionName: facts.name,
    ZoneName: zoneName,
    ZoneId: zoneId,
    GroupName: `${facts.name}-zg-1`,
    GroupLongName: `${facts.longName} 1`,
    NetworkBorderGroup: facts.name,
    ZoneType: "availability-zone",
  };
}

function named(wanted: readonly string[] | undefined, value: string | undefined): boolean {
  return !wanted?.length || (value !== undefined && wanted.includes(value));
}
