/** Questions as tests write them: `app -> db tcp/443`, and answers as they read them. */
import { familyOf } from "../ip/index.ts";
import type { NetworkModel } from "../model/index.ts";
import type { TestNetwork } from "../testing/index.ts";
import { explain } from "./explain.ts";
import type { Explanation } from "./explanation.ts";
import { explanationProblems } from "./explanation-shape.ts";
import type { Flow, FlowEnd, FlowTraffic } from "./flow.ts";

/** The verdict when nothing blocks and all is known; else every blocker in order, then what is unknown. */
export function ask(network: TestNetwork | NetworkModel, question: string): string {
  return inWords(answer(network, question));
}

/** Of every answer it is seen that it has the shape that programs are told of. */
export function answer(network: TestNetwork | NetworkModel, question: string): Explanation {
  const explanation = explain("model" in network ? network.model() : network, flowOf(question));
  const problems = explanationProblems(JSON.parse(JSON.stringify(explanation)));
  if (problems.length > 0) throw new Error(`bug: not an explanation's shape: ${JSON.stringify(problems)}`);
  return explanation;
}

/** Instances by the name given to the builder, interfaces by id, addresses as they are (`10.0.1.10@vpc-a`), `internet`, `vgw-…`, `pcx-…@ADDRESS`. */
export function flowOf(question: string): Flow {
  const [from = "", , to = "", what = "icmp", family] = question.split(" ");
  const flow = { source: endOf(from), destination: endOf(to), traffic: trafficOf(what) };
  return family === "ipv6" ? { ...flow, family } : flow;
}

export function inWords({ verdict, blockers, unknowns }: Explanation): string {
  const blocked = blockers.map(({ code, detail, component, way }) => {
    const codes = detail === undefined ? code : `${code}/${detail}`;
    return `${codes} at ${component}${way === "return" ? " on return" : ""}`;
  });
  const unknown = unknowns.map(({ code, id }) => `${code} ${id}`);
  return verdict === "reachable" ? verdict : [...blocked, ...unknown].join(", ");
}

function endOf(text: string): FlowEnd {
  if (text === "internet") return { kind: "internet" };
  if (text.startsWith("vgw-")) return { kind: "other", id: text };
  if (text.startsWith("eni-")) return { kind: "network-interface", networkInterfaceId: `eni-${text.slice(4)}` };
  const [address = "", vpc] = text.split("@");
  if (/^(?:igw|pcx|tgw)-/.test(address)) return { kind: "component", id: address, address: vpc ?? "" };
  if (!address.includes(".") && familyOf(address) === "ipv4") return { kind: "instance", instanceId: `i-${address}` };
  return { kind: "address", address, ...(vpc !== undefined && { vpcId: `vpc-${vpc.slice(4)}` as const }) };
}

/** `tcp/443`, `icmp`, `icmp/3/4`, `50`. */
function trafficOf(text: string): FlowTraffic {
  const [protocol, first, second] = text.split("/");
  if (protocol === "tcp" || protocol === "udp") return { protocol, port: Number(first) };
  if (protocol !== "icmp") return { protocol: Number(protocol) };
  return { protocol, ...(first !== undefined && { type: Number(first), code: Number(second ?? 0) }) };
}
