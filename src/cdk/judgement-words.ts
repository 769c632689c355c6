/** A judgement in words: what was promised, what stands in its way, and the fewest settings that would mend it. Ids are constructs' paths. */
import type { TemplateNetwork, TemplateOrigin } from "../ingest/index.ts";
import {
  changeWords,
  type Decision,
  type Explanation,
  explanationCodes,
  type Fix,
  type Hop,
  type IntentEnd,
} from "../reachability/index.ts";
import type { Judgement } from "./judge-intents.ts";

/** What a resource is called where its template does not tell a path. */
export type PathOf = (origin: TemplateOrigin) => string | undefined;

export interface JudgementWords {
  /** `Web → Database, tcp/5432: expected reachable, and it is not` */
  readonly title: string;
  readonly lines: readonly string[];
  /** What would mend it. */
  readonly fix?: string;
}

export function judgementWords(judgement: Judgement, network: TemplateNetwork, pathOf: PathOf): JudgementWords {
  const name = namer(network, pathOf);
  const { intent, explanation, problem, outcome } = judgement;
  const ends = `${endWords(intent.from, network, name)} → ${endWords(intent.to, network, name)}, ${trafficWords(judgement)}`;
  const found = outcome === "unknown" ? "the templates do not tell" : `it is ${explanation?.verdict}`;
  const mend = judgement.fix && fixWords(judgement.fix, name);
  return {
    title: `${ends}: expected ${intent.expect}, ${found}`,
    lines: problem === undefined && explanation !== undefined ? reasons(explanation, name) : [problem ?? ""],
    ...(mend !== undefined && { fix: mend }),
  };
}

type Name = (text: string) => string;

/** Puts paths for ids, wherever in a text they stand. */
function namer({ origins }: TemplateNetwork, pathOf: PathOf): Name {
  const nameOf = (id: string): string => {
    const origin = origins.get(id);
    if (origin === undefined)
      return id.replace(/^(pcx|igw)-new-\d+$/, (_, kind) =>
        kind === "pcx" ? "the new peering" : "the new internet gateway",
      );
    const path = (pathOf(origin) ?? origin.constructPath ?? `${origin.stackId}.${origin.logicalId}`).replace(
      /\/Resource$/,
      "",
    );
    return origin.part === undefined ? path : `${path} (${origin.part})`;
  };
  return (text) => text.replaceAll(/\b[a-z]+(?:-[a-z]+)?-[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*/g, nameOf);
}

function endWords(end: IntentEnd, network: TemplateNetwork, name: Name): string {
  switch (end.kind) {
    case "internet":
      return "the internet";
    case "address":
      return end.address;
    case "id":
      return end.id;
    case "resource": {
      const id = network.idOf(end.artifactId, end.logicalId);
      return id === undefined ? `${end.artifactId}.${end.logicalId}` : name(id);
    }
  }
}

function trafficWords({ intent: { traffic, family } }: Judgement): string {
  const by = family === "ipv6" ? " by IPv6" : "";
  if ("port" in traffic) return `${traffic.protocol}/${traffic.port}${by}`;
  if (traffic.protocol !== "icmp") return `protocol ${traffic.protocol}${by}`;
  if (!("type" in traffic) || traffic.type === undefined) return `ping${by}`;
  return `icmp type ${traffic.type}${traffic.code === undefined ? "" : ` code ${traffic.code}`}${by}`;
}

/** All that blocks; or what is not known; or, where nothing does, the way that the packets take. */
function reasons({ blockers, unknowns, forward }: Explanation, name: Name): readonly string[] {
  if (blockers.length > 0) {
    return blockers.map(({ code, detail, component, way, state }, index) => {
      const where = `${name(component)}, ${way === "forward" ? "there" : "on the way back"}`;
      const codes = [code, ...(detail === undefined ? [] : [detail])].join(", ");
      return `${index + 1}. ${where}: ${codes}${state === undefined ? "" : ` (${state})`}. ${explanationCodes[detail ?? code].meaning}`;
    });
  }
  // What only the deployment knows has no id that would say anything: its reason does.
  if (unknowns.length > 0)
    return unknowns.map(({ id, reason }) =>
      name(id) === id && !awsId.test(id) ? `? ${reason}` : `? ${name(id)}: ${name(reason)}`,
    );
  return [`The way there: ${forward.map((hop) => name(hopWords(hop))).join("; ")}.`];
}

const awsId = /-[0-9a-f]{8,17}$/;

function hopWords({ component, decision }: Hop): string {
  const by = decision === undefined ? "" : decisionWords(decision);
  return by === "" ? component : `${component} (${by})`;
}

/** What let the packet pass, where it could be another way. */
function decisionWords(decision: Decision): string {
  switch (decision.by) {
    case "security-group-rule":
      return `a rule of ${decision.groupId}`;
    case "network-acl-entry":
      return `entry ${decision.ruleNumber}`;
    case "route":
    case "transit-gateway-route":
      return `the route ${decision.destination}`;
    default:
      return "";
  }
}

function fixWords(fix: Fix, name: Name): string | undefined {
  switch (fix.outcome) {
    case "reachable":
      return undefined;
    case "fixable":
    case "unknown":
      if (fix.steps.length === 0) return undefined;
      return fix.steps
        .map(({ change }, index) => {
          const { component, does } = changeWords(change);
          return `${fix.steps.length === 1 ? "" : `${index + 1}. `}${name(component)}: ${name(does)}`;
        })
        .join("\n");
    case "not-fixable":
      return fix.tool.why === "" ? undefined : name(fix.tool.why);
  }
}
