/** Questions as people write them, `hA -> hB tcp/443`, and the engine's answers as they read them. */
import { familyOf, parseAddress } from "../../ip/index.ts";
import {
  type Explanation,
  explanationCodes,
  type Flow,
  type FlowEnd,
  type FlowTraffic,
} from "../../reachability/index.ts";
import type { Line, Word } from "./lines.ts";
import type { NetProblem } from "./problem.ts";

export interface NetQuestion {
  readonly line: number;
  /** Without the verdict. */
  readonly text: string;
  readonly flow: Flow;
  /** `reachable`, `unreachable`, `unknown`, with or without what blocks: see `verdictWords`. */
  readonly expected: string;
  /** Ids of the rules that the question is about. */
  readonly rules: readonly string[];
}

const traffic = /^(icmp(\/\d+(\/\d+)?)?|(tcp|udp)\/\d+|\d+)$/;
const trafficSays = "icmp, icmp/3/4, tcp/443, udp/53, or a protocol's number";
const endSays = "an instance, eni-NAME, an address, ADDRESS@vpc-NAME, internet, or internet@ADDRESS";
const verdicts = ["reachable", "unreachable", "unknown"];

export function isQuestion({ words }: Line): boolean {
  return words[1]?.text === "->";
}

/** A line whose second word is an arrow. */
export function parseQuestion(line: Line, rules: readonly string[]): NetQuestion | NetProblem {
  const [from, , to, what, ...rest] = line.words;
  const problem = (word: Word | undefined, message: string, ...allowed: readonly string[]): NetProblem => {
    const column = word?.column ?? line.text.length + 1;
    return { line: line.number, column, message, allowed };
  };
  if (to === undefined) return problem(to, "where to?", endSays);
  for (const end of [from, to]) if (!isEnd(end.text)) return problem(end, `"${end.text}" is no end of a flow`, endSays);
  if (what === undefined || !traffic.test(what.text))
    return problem(what, what === undefined ? "what traffic?" : `"${what.text}" is no traffic`, trafficSays);
  const ipv6 = rest[0]?.text === "ipv6";
  const [verdict, ...reasons] = ipv6 ? rest.slice(1) : rest;
  if (verdict === undefined || !verdicts.includes(verdict.text))
    return problem(verdict, verdict === undefined ? "no verdict" : `"${verdict.text}" is no verdict`, ...verdicts);
  const unheard = reasons.find(({ text }) => /^[A-Z][A-Z0-9_/]+$/.test(text) && !areCodes(text));
  if (unheard !== undefined)
    return problem(unheard, `"${unheard.text}" is no code`, "a code of docs/reference/explanation-codes.md");
  const asked = [from.text, "->", to.text, what.text, ...(ipv6 ? ["ipv6"] : [])].join(" ");
  const expected = [verdict, ...reasons].map(({ text }) => text).join(" ");
  return { line: line.number, text: asked, flow: flowOf(asked), expected, rules };
}

function isEnd(text: string): boolean {
  const [first = "", second] = text.split("@");
  if (first === "internet") return second === undefined || parseAddress(second) !== undefined;
  if (parseAddress(first) !== undefined) return second === undefined || second.startsWith("vpc-");
  return second === undefined && /^[A-Za-z0-9][\w.-]*$/.test(first);
}

function areCodes(text: string): boolean {
  return text.split("/").every((code) => Object.hasOwn(explanationCodes, code));
}

/** `FROM -> TO TRAFFIC [ipv6]`. */
export function flowOf(question: string): Flow {
  const [from = "", , to = "", what = "icmp", family] = question.split(" ");
  const flow = { source: endOf(from), destination: endOf(to), traffic: trafficOf(what) };
  return family === "ipv6" ? { ...flow, family } : flow;
}

/** The way back: `flowOf(questionOf(flow))` is the flow. */
export function questionOf({ source, destination, traffic: what, family }: Flow): string {
  const words = [endText(source), "->", endText(destination), trafficText(what)];
  return (family === "ipv6" ? [...words, family] : words).join(" ");
}

/** The verdict, and everything that blocks or is unknown, in order: `unreachable SUBNET_ACL_RESTRICTION at acl-x on return`. */
export function verdictWords(explanation: Explanation): string {
  const { verdict } = explanation;
  return verdict === "reachable" ? verdict : `${verdict} ${reasonWords(explanation)}`;
}

export function reasonWords({ blockers, unknowns }: Explanation): string {
  const blocked = blockers.map(({ code, detail, component, way }) => {
    const codes = detail === undefined ? code : `${code}/${detail}`;
    return `${codes} at ${component}${way === "return" ? " on return" : ""}`;
  });
  const unknown = unknowns.map(({ code, id }) => `${code} ${id}`);
  return [...blocked, ...unknown].join(", ");
}

function endOf(text: string): FlowEnd {
  const [first = "", second] = text.split("@");
  if (first === "internet") return second === undefined ? { kind: first } : { kind: first, address: second };
  if (text.startsWith("vgw-")) return { kind: "other", id: text };
  if (text.startsWith("eni-")) return { kind: "network-interface", networkInterfaceId: `eni-${text.slice(4)}` };
  if (/^(?:igw|pcx|tgw)-/.test(first)) return { kind: "component", id: first, address: second ?? "" };
  if (!first.includes(".") && familyOf(first) === "ipv4") return { kind: "instance", instanceId: `i-${first}` };
  return { kind: "address", address: first, ...(second !== undefined && { vpcId: `vpc-${second.slice(4)}` as const }) };
}

function endText(end: FlowEnd): string {
  switch (end.kind) {
    case "instance":
      return end.instanceId.slice(2);
    case "network-interface":
      return end.networkInterfaceId;
    case "address":
      return end.vpcId === undefined ? end.address : `${end.address}@${end.vpcId}`;
    case "internet":
      return end.address === undefined ? end.kind : `${end.kind}@${end.address}`;
    case "component":
      return `${end.id}@${end.address}`;
    case "other":
      return end.id;
  }
}

function trafficOf(text: string): FlowTraffic {
  const [protocol, first, second] = text.split("/");
  if (protocol === "tcp" || protocol === "udp") return { protocol, port: Number(first) };
  if (protocol !== "icmp") return { protocol: Number(protocol) };
  return { protocol, ...(first !== undefined && { type: Number(first), code: Number(second ?? 0) }) };
}

function trafficText(what: FlowTraffic): string {
  if ("port" in what) return `${what.protocol}/${what.port}`;
  if (what.protocol !== "icmp") return `${what.protocol}`;
  return what.type === undefined ? "icmp" : `icmp/${what.type}/${what.code ?? 0}`;
}
