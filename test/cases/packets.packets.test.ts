/** The cases, asked of the kernel: each network in namespaces, and each question a real probe. What the engine says of it is not looked at. */
import { afterAll, expect, test } from "vitest";
import { type Flow, internetHost } from "../../src/reachability/index.ts";
import type { NetQuestion } from "../../src/testing/index.ts";
import { startKernel } from "../differential/kernel.ts";
import { type CaseFile, caseFiles } from "./case-files.ts";

/** Milliseconds: all is on this machine. What is expected to pass is asked again before it counts as lost. */
const patience = 150;
const longPatience = 1500;

const kernel = startKernel();
afterAll(() => kernel.close());

for (const each of caseFiles()) {
  const { packets: reason } = each.leftOut;
  const questions = each.questions.flatMap((question) => {
    const flow = probedFlow(each, question);
    return flow === undefined ? [] : [{ question, flow }];
  });
  test.skipIf(reason !== undefined)(`${each.file}${reason === undefined ? "" : `: left out, ${reason}`}`, async () => {
    await kernel.become(each.model);
    const got = await answers(questions);
    const verdicts = questions.map(({ question: { text } }, index) => `${text} ${got[index]}`);
    expect(verdicts).toEqual(questions.map(({ question }) => `${question.text} ${verdictOf(question)}`));
    expect(new Set(got)).toEqual(new Set(["reachable", "unreachable"]));
  });
}

interface Probed {
  readonly question: NetQuestion;
  readonly flow: Flow;
}

async function answers(questions: readonly Probed[]): Promise<readonly ("reachable" | "unreachable")[]> {
  const first = await kernel.reaches(
    questions.map(({ flow }) => flow),
    patience,
  );
  const isLost = ({ question }: Probed, index: number) => verdictOf(question) === "reachable" && first[index] === false;
  const lost = questions.filter(isLost);
  const again = await kernel.reaches(
    lost.map(({ flow }) => flow),
    longPatience,
  );
  return questions.map((each, index) => {
    const at = lost.indexOf(each);
    return (at < 0 ? first[index] : again[at]) === true ? "reachable" : "unreachable";
  });
}

function verdictOf({ expected }: NetQuestion): string {
  return expected.split(" ")[0] ?? "";
}

/** The question as a probe to an address; `undefined` where it cannot be one. */
function probedFlow({ model }: CaseFile, { flow }: NetQuestion): Flow | undefined {
  const { destination, source, traffic, family = "ipv4" } = flow;
  // Probes are echo requests, TCP connections and UDP datagrams.
  if (typeof traffic.protocol === "number" || "type" in traffic || source.kind === "address") return undefined;
  if (destination.kind === "address") return flow;
  const to = (address: string | undefined): Flow | undefined =>
    address === undefined ? undefined : { ...flow, destination: { kind: "address", address } };
  // A gateway or a peering answers no probe.
  if (destination.kind === "component" || destination.kind === "other") return undefined;
  if (destination.kind === "internet") return to(destination.address ?? internetHost[family]);
  const target = model.networkInterfaces.find((each) =>
    destination.kind === "instance"
      ? each.attachment?.instanceId === destination.instanceId
      : each.networkInterfaceId === destination.networkInterfaceId,
  );
  if (family === "ipv6") return to(target?.ipv6Addresses[0]);
  // From outside nobody can write the address of an interface that has no public one.
  const [primary] = target?.privateAddresses ?? [];
  return to(source.kind === "internet" ? primary?.publicIp : primary?.address);
}
