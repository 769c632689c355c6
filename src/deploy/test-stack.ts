/** A stack of an app in few words, for tests. */
import type { AppStack } from "./stacks.ts";

export function testStack(given: Partial<AppStack> & { readonly artifactId: string }): AppStack {
  return {
    id: given.artifactId,
    name: given.artifactId,
    account: "111111111111",
    region: "us-east-1",
    dependencies: [],
    template: {},
    terminationProtection: false,
    readRole: undefined,
    bootstrap: undefined,
    intents: [],
    strangeIntents: 0,
    ...given,
  };
}
