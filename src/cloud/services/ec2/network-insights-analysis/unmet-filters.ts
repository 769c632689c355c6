/** What a path asks besides that a packet gets through: by or around one component, and with which addresses and ports it arrives. */
import type { Explanation as ApiExplanation, FilterPortRange, PathFilter } from "@aws-sdk/client-ec2";
import { parseArn } from "../../../../aws/index.ts";
import type { Explanation, Hop } from "../../../../reachability/index.ts";
import type { NetworkInsightsPathRecord } from "../network-insights-path/record.ts";
import type { ComponentNames } from "./component-names.ts";

interface Filters {
  readonly path: NetworkInsightsPathRecord;
  readonly FilterInArns: readonly string[];
  readonly FilterOutArns: readonly string[];
}

/** One for each filter that the way does not meet. */
export function unmetFilters(
  { forward }: Explanation,
  { path, FilterInArns, FilterOutArns }: Filters,
  names: ComponentNames,
): readonly ApiExplanation[] {
  const onWay = new Set(forward.map(({ component }) => component));
  const missing = FilterInArns.map(idIn).filter((id) => !onWay.has(id));
  const unwanted = FilterOutArns.map(idIn).filter((id) => onWay.has(id));
  return [
    ...missing.map((id) => ({ ExplanationCode: "COMPONENT_FILTER_RESTRICTION", Component: names.component(id) })),
    ...unwanted.map((id) => ({
      ExplanationCode: "COMPONENT_FILTER_RESTRICTION_REMOVED_COMPONENT",
      Component: names.component(id),
    })),
    ...unmetAtDestination(forward, path, names),
  ];
}

function idIn(arn: string): string {
  return parseArn(arn)?.resource.split("/")[1] ?? arn;
}

function unmetAtDestination(
  forward: readonly Hop[],
  { FilterAtSource, FilterAtDestination }: NetworkInsightsPathRecord,
  names: ComponentNames,
): readonly ApiExplanation[] {
  const last = forward.at(-1);
  if (FilterAtDestination === undefined || last === undefined) return [];
  const Component = names.component(last.component);
  const { SourceAddress, DestinationAddress } = FilterAtDestination;
  const { source, destination } = last.packet;
  const at = (what: string, Address: string) => ({
    ExplanationCode: `FILTER_AT_DESTINATION_${what}`,
    Component,
    Address,
  });
  return [
    ...(SourceAddress === undefined || SourceAddress === source ? [] : [at("SOURCE_ADDRESS", source)]),
    ...(DestinationAddress === undefined || DestinationAddress === destination
      ? []
      : [at("DESTINATION_ADDRESS", destination)]),
    ...(isPortPossible(forward, FilterAtSource, FilterAtDestination)
      ? []
      : [{ ExplanationCode: "FILTER_AT_DESTINATION_SOURCE_PORT_RANGE", Component }]),
  ];
}

/** A NAT gateway takes source ports of its own. [NG-3] */
function isPortPossible(forward: readonly Hop[], near: PathFilter | undefined, far: PathFilter): boolean {
  const isTranslated = forward.some(({ kind }) => kind === "nat-gateway");
  const sent: FilterPortRange | undefined = isTranslated ? { FromPort: 1024, ToPort: 65_535 } : near?.SourcePortRange;
  const wanted = far.SourcePortRange;
  if (sent === undefined || wanted === undefined) return true;
  return (sent.FromPort ?? 0) <= (wanted.ToPort ?? 65_535) && (wanted.FromPort ?? 0) <= (sent.ToPort ?? 65_535);
}
