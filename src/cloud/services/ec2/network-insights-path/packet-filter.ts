/** Which packets a path is about: addresses and ports at its two ends, or the older parameters for three of them, but not both. */
import type {
  CreateNetworkInsightsPathCommandInput,
  FilterPortRange,
  PathFilter,
  PathRequestFilter,
  RequestFilterPortRange,
} from "@aws-sdk/client-ec2";
import { invalidParameterCombination, invalidParameterValue } from "../../../../aws/index.ts";
import { canonicalAddress, familyOf } from "../../../../ip/index.ts";
import type { NetworkInsightsPathRecord } from "./record.ts";

type Filters = Pick<
  NetworkInsightsPathRecord,
  "SourceIp" | "DestinationIp" | "DestinationPort" | "FilterAtSource" | "FilterAtDestination"
>;

/** Throws for what is no IPv4 address or port, and for combinations that AWS excludes. */
export function checkedFilters(input: CreateNetworkInsightsPathCommandInput): Filters {
  const { SourceIp, DestinationIp, DestinationPort, FilterAtSource, FilterAtDestination } = input;
  if (FilterAtSource !== undefined) exclude("FilterAtSource", { SourceIp, DestinationPort });
  if (FilterAtDestination !== undefined) exclude("FilterAtDestination", { DestinationIp });
  return {
    ...(SourceIp !== undefined && { SourceIp: checkedAddress("SourceIp", SourceIp) }),
    ...(DestinationIp !== undefined && { DestinationIp: checkedAddress("DestinationIp", DestinationIp) }),
    ...(DestinationPort !== undefined && { DestinationPort: checkedPort("DestinationPort", DestinationPort) }),
    ...(FilterAtSource && { FilterAtSource: checkedFilter("FilterAtSource", FilterAtSource) }),
    ...(FilterAtDestination && { FilterAtDestination: checkedFilter("FilterAtDestination", FilterAtDestination) }),
  };
}

function exclude(filter: string, parameters: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) {
      throw invalidParameterCombination(
        `The parameter ${name} cannot be used with the parameter ${filter}: say it there.`,
      );
    }
  }
}

function checkedFilter(name: string, filter: PathRequestFilter): PathFilter {
  const { SourceAddress, SourcePortRange, DestinationAddress, DestinationPortRange } = filter;
  return {
    ...(SourceAddress !== undefined && { SourceAddress: checkedAddress(`${name}.SourceAddress`, SourceAddress) }),
    ...(SourcePortRange !== undefined && { SourcePortRange: checkedRange(`${name}.SourcePortRange`, SourcePortRange) }),
    ...(DestinationAddress !== undefined && {
      DestinationAddress: checkedAddress(`${name}.DestinationAddress`, DestinationAddress),
    }),
    ...(DestinationPortRange !== undefined && {
      DestinationPortRange: checkedRange(`${name}.DestinationPortRange`, DestinationPortRange),
    }),
  };
}

/** Reachability Analyzer is about IPv4 only. */
function checkedAddress(parameter: string, text: string): string {
  const address = canonicalAddress(text);
  if (address !== undefined && familyOf(address) === "ipv4") return address;
  throw invalidParameterValue(`Value (${text}) for parameter ${parameter} is invalid. It is an IPv4 address.`);
}

function checkedRange(parameter: string, { FromPort, ToPort }: RequestFilterPortRange): FilterPortRange {
  const from = checkedPort(`${parameter}.FromPort`, FromPort ?? ToPort ?? 0);
  const to = checkedPort(`${parameter}.ToPort`, ToPort ?? from);
  if (from <= to) return { FromPort: from, ToPort: to };
  throw invalidParameterValue(`Value (${from}-${to}) for parameter ${parameter} is invalid. It ends before it begins.`);
}

function checkedPort(parameter: string, port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw invalidParameterValue(`Value (${port}) for parameter ${parameter} is invalid. A port is from 0 to 65535.`);
}
