/** Constructs by stack and logical id: templates tell their paths only where CDK is asked to write them. */
import { CfnElement, Stack } from "aws-cdk-lib";
import type { PathOf } from "./judgement-words.ts";

export function pathsOf(stacks: readonly Stack[]): PathOf {
  const paths = new Map<string, string>();
  for (const stack of stacks) {
    for (const each of stack.node.findAll()) {
      if (CfnElement.isCfnElement(each) && Stack.of(each) === stack)
        paths.set(`${stack.artifactId} ${stack.resolve(each.logicalId)}`, each.node.path);
    }
  }
  return ({ stackId, logicalId }) => paths.get(`${stackId} ${logicalId}`);
}
