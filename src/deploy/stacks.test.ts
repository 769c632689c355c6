/** Which stacks a person means. */
import { expect, test } from "vitest";
import { CannotDeploy } from "./cannot-deploy.ts";
import { type AppStack, type Direction, select } from "./stacks.ts";
import { testStack } from "./test-stack.ts";

const network = testStack({ artifactId: "n", id: "Global/us-east-1-network", name: "Global-us-east-1-network" });
const workload = testStack({ artifactId: "w", id: "Global/us-east-1-workload", name: "workload", dependencies: ["n"] });
const other = testStack({ artifactId: "o", id: "Other" });
const all: readonly AppStack[] = [network, workload, other];

test.each<readonly [string, readonly string[], Direction, string, string]>([
  ["none is named: all", [], "with-what-they-need", "n w o", ""],
  ["what is named needs others", ["Global/us-east-1-workload"], "with-what-they-need", "n w", "n"],
  ["by its name in CloudFormation", ["workload"], "with-what-they-need", "n w", "n"],
  ["others need what is removed", ["n"], "with-what-needs-them", "n w", "w"],
  ["with a star", ["Global/*"], "with-what-they-need", "n w", ""],
  ["a dot is only a dot", ["Othe*"], "with-what-needs-them", "o", ""],
])("%s", (_name, names, direction, stacks, alongside) => {
  const selection = select(all, names, direction);
  expect(selection.stacks.map(({ artifactId }) => artifactId).join(" ")).toBe(stacks);
  expect(selection.alongside.map(({ artifactId }) => artifactId).join(" ")).toBe(alongside);
});

test.each([
  ["Global/us-east-1-netwrok", "Did you mean Global/us-east-1-network?"],
  ["othr", "Did you mean Other?"],
  ["Finance", "Its stacks: Global/us-east-1-network, Global/us-east-1-workload, Other."],
])("%s is no stack: %s", (name, hint) => {
  const refused = (): unknown => select(all, [name], "with-what-they-need");
  expect(refused).toThrow(CannotDeploy);
  expect(refused).toThrow(expect.objectContaining({ hint }));
});
