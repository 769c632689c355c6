/**
 * Analyses a path: the engine's answer in Reachability Analyzer's shape. That a packet gets there and its answer back is a path; over a
 * transit gateway's route table TCP is judged by the way there alone, as Reachability Analyzer does, and a lost answer is told besides.
 */
import { type NetworkModel, routeTargetId } from "../../../../model/index.ts";
import type { Explanation, Hop, Reason } from "../../../../reachability/index.ts";
import type { NetworkInsightsPathRecord } from "../network-insights-path/record.ts";
import { type AskedFlows, askedFlows, type InterfacesOf } from "./asked-flows.ts";
import { type ComponentNames, componentNames } from "./component-names.ts";
import { explanationsOf, lostAnswer, warningOf } from "./explanations.ts";
import { pathComponents, type WayContext } from "./path-components.ts";
import type { AnalysisFindings, AnalysisOutcome } from "./record.ts";
import { search } from "./search.ts";
import { type AnalysisScope, seenModel } from "./seen-model.ts";
import { unmetFilters } from "./unmet-filters.ts";

export interface AnalysisRequest {
  readonly path: NetworkInsightsPathRecord;
  readonly scope: AnalysisScope;
  readonly interfacesOf: InterfacesOf;
  readonly FilterInArns: readonly string[];
  readonly FilterOutArns: readonly string[];
}

export function analyse(whole: NetworkModel, request: AnalysisRequest): AnalysisOutcome {
  const { path, scope, interfacesOf } = request;
  const names = componentNames(whole);
  const model = seenModel(whole, scope);
  const seen = componentNames(model);
  for (const end of [path.Source, path.Destination ?? path.Source]) {
    const [id = end] = interfacesOf(end);
    if (names.placeOf(id) === undefined) return { failure: `${end} does not exist any more.` };
    if (seen.placeOf(id) === undefined) return { findings: unseenEnd(end, names) };
  }
  const asked = askedFlows(path, model, interfacesOf);
  if ("refusal" in asked) return { findings: { NetworkPathFound: false, Explanations: [asked.refusal] } };
  const explanation = search(model, path.Protocol, asked, (each) => isFound(each, path));
  const isThere = isFound(explanation, path);
  const unmet = isThere ? unmetFilters(explanation, request, names) : [];
  if (unmet.length > 0) return { findings: { NetworkPathFound: false, Explanations: [...unmet] } };
  const result = { explanation, model, names, path, asked };
  return { findings: isThere ? pathFindings(result) : blockedFindings(result, whole, scope) };
}

interface Result {
  readonly explanation: Explanation;
  readonly model: NetworkModel;
  readonly names: ComponentNames;
  readonly path: NetworkInsightsPathRecord;
  readonly asked: AskedFlows;
}

function isFound(explanation: Explanation, path: NetworkInsightsPathRecord): boolean {
  return explanation.verdict === "reachable" || (isOneWay(explanation, path) && explanation.forward.every(lets));
}

function lets({ blocked, unknown }: Hop): boolean {
  return blocked === undefined && unknown === undefined;
}

/** Reachability Analyzer does not look at answers over a transit gateway's route table. (vocabulary: types and stated limits) */
function isOneWay({ forward }: Explanation, { Protocol }: NetworkInsightsPathRecord): boolean {
  return Protocol === "tcp" && forward.some(({ kind }) => kind === "transit-gateway-route-table");
}

function pathFindings({ explanation, model, names, path, asked }: Result): AnalysisFindings {
  const { forward, return: back, warnings } = explanation;
  const oneWay = isOneWay(explanation, path);
  const context: WayContext = {
    model,
    names,
    sourcePorts: asked.sourcePorts ?? { from: 0, to: 65_535 },
    warnings,
    details: oneWay ? oneWayDetails(explanation) : [],
  };
  const asking = forward[0]?.packet.ports ?? asked.ports;
  const warning = oneWay ? lostAnswer(explanation) : undefined;
  return {
    NetworkPathFound: true,
    ForwardPathComponents: pathComponents(forward, context),
    ...(!oneWay &&
      back.length > 0 && { ReturnPathComponents: pathComponents(back, { ...context, sourcePorts: asking }) }),
    ...(warning !== undefined && { WarningMessage: warning }),
  };
}

function oneWayDetails({ forward, return: back }: Explanation): WayContext["details"] {
  const tables = forward.filter(({ kind }) => kind === "transit-gateway-route-table");
  const answering = back.find(({ kind }) => kind === "route-table")?.decision;
  const isRouted = answering?.by === "route" && answering.target.kind === "transit-gateway";
  const types = [
    "UNIDIRECTIONAL_PATH_ANALYSIS_ONLY",
    ...(isRouted ? [] : ["RESPONSE_RTB_HAS_NO_ROUTE_TO_TRANSIT_GATEWAY"]),
  ];
  return tables.flatMap(({ component }) => types.map((type) => ({ component, type })));
}

function blockedFindings(
  { explanation, model, names, path }: Result,
  whole: NetworkModel,
  { accounts }: AnalysisScope,
): AnalysisFindings {
  const oneWay = isOneWay(explanation, path);
  const judged = oneWay
    ? { ...explanation, return: [], blockers: explanation.blockers.filter(isForward) }
    : explanation;
  const hints = [...new Set(judged.blockers.flatMap(hintOf))];
  const places = componentNames(whole);
  const owners = judged.unknowns.flatMap(({ id }) => places.placeOf(id)?.ownerId ?? []);
  const suggested = [...new Set(owners)].filter((each) => !accounts.has(each));
  const warning = warningOf(judged);
  return {
    NetworkPathFound: false,
    Explanations: [...explanationsOf(judged, model, names)],
    ...(hints.length > 0 && {
      AlternatePathHints: hints.map((ComponentId) => ({ ComponentId, ComponentArn: names.component(ComponentId).Arn })),
    }),
    ...(suggested.length > 0 && { SuggestedAccounts: suggested }),
    ...(warning !== undefined && { WarningMessage: warning }),
  };
}

function isForward({ way }: { readonly way: string }): boolean {
  return way === "forward";
}

/** What a missing route would have to name. */
function hintOf({ instead }: Reason): readonly string[] {
  if (instead === undefined) return [];
  return [instead.kind === "transit-gateway-attachment" ? instead.transitGatewayAttachmentId : routeTargetId(instead)];
}

/** An end in an account that the analysis may not look into. */
function unseenEnd(id: string, names: ComponentNames): AnalysisFindings {
  const place = names.placeOf(id);
  return {
    NetworkPathFound: false,
    Explanations: [
      {
        ExplanationCode: "UNKNOWN_RESOURCE",
        Component: names.component(id),
        ...(place !== undefined && { ComponentAccount: place.ownerId, ComponentRegion: place.region }),
      },
    ],
    ...(place !== undefined && { SuggestedAccounts: [place.ownerId] }),
  };
}
