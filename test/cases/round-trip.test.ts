/** What is printed of a network and read again is the network: its text, its contents, and every verdict. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { NetworkModel } from "../../src/model/index.ts";
import { explain, type Flow } from "../../src/reachability/index.ts";
import { flowOf, formatProblem, netCaseOf, parseNetCase, questionOf, verdictWords } from "../../src/testing/index.ts";
import { buildNetwork, randomNetwork } from "../differential/random-network.ts";

function read(text: string) {
  const result = parseNetCase(text);
  if ("problems" in result) throw new Error(`${result.problems.map(formatProblem).join("\n")}\n${text}`);
  return result.case;
}

test("a random network, printed and read, is the same network", () => {
  fc.assert(
    fc.property(randomNetwork, (random) => {
      const { network, addresses } = buildNetwork(random);
      const model = network.model();
      const flows = model.instances.flatMap(({ instanceId }) =>
        addresses.slice(0, 6).map(
          (address): Flow => ({
            source: { kind: "instance", instanceId },
            destination: { kind: "address", address },
            traffic: { protocol: "tcp", port: 443 },
          }),
        ),
      );
      const asked = flows.map((flow) => ({ flow }));
      const text = netCaseOf(model, asked, { title: "printed" });
      const again = read(text);
      expect(sayable(again.model)).toEqual(sayable(model));
      expect(netCaseOf(again.model, asked, { title: "printed" })).toBe(text);
      expect(again.questions.map(({ flow }) => flow)).toEqual(flows);
      for (const { flow, expected } of again.questions) expect(verdictWords(explain(again.model, flow))).toBe(expected);
    }),
    { numRuns: 150 },
  );
});

/** Without what the language does not say: orders that mean nothing, and MAC addresses. */
function sayable(model: NetworkModel): object {
  const text = (thing: unknown): string => JSON.stringify(thing);
  return Object.fromEntries(
    Object.entries(model).map(([kind, things]) => [
      kind,
      Array.isArray(things) ? things.map(withoutOrder).sort((a, b) => (text(a) < text(b) ? -1 : 1)) : things,
    ]),
  );
}

const setsOfThings = ["associations", "propagations", "routes", "subnetIds"];

function withoutOrder(thing: object): object {
  const entries = Object.entries(thing).filter(([name]) => name !== "macAddress");
  return Object.fromEntries(
    entries
      .map(([name, value]) =>
        setsOfThings.includes(name) ? [name, [...value].map((each) => JSON.stringify(each)).sort()] : [name, value],
      )
      .sort(([a], [b]) => (`${a}` < `${b}` ? -1 : 1)),
  );
}

test.each([
  "a -> b tcp/443",
  "a -> 10.0.1.10 icmp",
  "a -> 10.0.1.10@vpc-b udp/53",
  "eni-x -> internet icmp/3/4",
  "internet@198.51.100.7 -> a 50",
  "a -> 2001:db8::1 icmp",
  "a -> b icmp ipv6",
])("%s is the flow that it was", (question) => {
  expect(questionOf(flowOf(question))).toBe(question);
});
