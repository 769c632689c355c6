/**
 * Reachability in unit tests of an app, for vitest and for Jest: `expectReachability(app).from(web).to(db, Traffic.tcp(5432))`, and the
 * matcher `toReach` for `expect.extend(reachabilityMatchers)`. Neither runner is imported.
 */
import { App, Stack, Stage } from "aws-cdk-lib";
import type { CloudAssembly } from "aws-cdk-lib/cx-api";
import type { IConstruct } from "constructs";
import { ingestTemplates, type TemplateNetwork } from "../ingest/index.ts";
import { type Intent, intentOf } from "../reachability/index.ts";
import { assemblyStacks } from "./assembly-folder.ts";
import { pathsOf } from "./construct-paths.ts";
import type { Endpoint } from "./endpoint.ts";
import { judgeIntent } from "./judge-intents.ts";
import { judgementWords } from "./judgement-words.ts";
import { Traffic } from "./traffic.ts";

/** What a test expects of packets from one end. */
export interface ReachabilityExpectation {
  /** Throws, with the explanation, unless the packets arrive and their answers come back. A ping, if no traffic is given. */
  to(destination: Endpoint, traffic?: Traffic): ReachabilityExpectation;
  /** Throws, with the way that they take, unless something certainly stops them. */
  notTo(destination: Endpoint, traffic?: Traffic): ReachabilityExpectation;
}

/** Of the network that a stack's, a stage's or an app's templates make. The app is synthesized for that. */
export function expectReachability(scope: IConstruct): { from(source: Endpoint): ReachabilityExpectation } {
  return {
    from(source) {
      const judge = (expect: Intent["expect"], destination: Endpoint, traffic: Traffic = Traffic.ping()) => {
        const { holds, text } = judged(scope, { expect, source, destination, traffic });
        if (!holds) throw new ReachabilityError(text);
        return expectation;
      };
      const expectation: ReachabilityExpectation = {
        to: (destination, traffic) => judge("reachable", destination, traffic),
        notTo: (destination, traffic) => judge("unreachable", destination, traffic),
      };
      return expectation;
    },
  };
}

/** A promise of a test that does not hold. */
export class ReachabilityError extends Error {
  constructor(text: string) {
    super(text);
    this.name = "ReachabilityError";
  }
}

/** For `expect.extend`: `expect(Endpoint.instance(web)).toReach(Endpoint.instance(db), Traffic.tcp(5432))`, and `.not.toReach`. */
export const reachabilityMatchers: { readonly toReach: ToReach } = {
  toReach(received, destination, traffic = Traffic.ping()) {
    const scope = received?._stack ?? destination?._stack;
    if (scope === undefined)
      throw new TypeError("toReach needs an Endpoint of the app on one side at least, of an instance or an interface.");
    const isNot = this?.isNot === true;
    const expect = isNot ? "unreachable" : "reachable";
    const { holds, text } = judged(scope, { expect, source: received, destination, traffic });
    // Runners turn the outcome around for `.not`. What is not known is no outcome: it fails both.
    return { pass: holds !== isNot, message: () => text };
  },
};

/** As vitest and Jest call a matcher. */
export type ToReach = (
  this: { readonly isNot?: boolean } | undefined,
  received: Endpoint,
  destination: Endpoint,
  traffic?: Traffic,
) => { readonly pass: boolean; readonly message: () => string };

/** For a runner's own interface of matchers: `declare module "vitest" { interface Matchers<T> extends ReachabilityMatchers {} }`. */
export interface ReachabilityMatchers {
  toReach(destination: Endpoint, traffic?: Traffic): void;
}

interface Question {
  readonly expect: Intent["expect"];
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly traffic: Traffic;
}

function judged(scope: IConstruct, { expect, source, destination, traffic }: Question) {
  const stage = Stage.isStage(scope) ? scope : Stage.of(scope);
  if (stage === undefined)
    throw new ReachabilityError(`${scope.node.path} is in no app: there are no templates to judge.`);
  const resolver = Stack.isStack(scope) ? scope : (source._stack ?? destination._stack);
  const family = traffic._family;
  const data = { expect, from: source._end, to: destination._end, traffic: traffic._data, ...(family && { family }) };
  const intent = intentOf(resolver?.resolve(data) ?? data);
  if (intent === undefined) throw new Error(`bug: ${JSON.stringify(data)} is no intent`);
  const network = networkOf(stage);
  const judgement = judgeIntent(network, intent);
  const stacks = stage.node.findAll().filter((each): each is Stack => Stack.isStack(each));
  const { title, lines, fix } = judgementWords(judgement, network, pathsOf(stacks));
  const mend = fix === undefined ? [] : ["What would mend it:", ...fix.split("\n").map((line) => `  ${line}`)];
  return {
    holds: judgement.outcome === "kept",
    text: [title, ...lines.map((line) => `  ${line}`), ...mend].join("\n"),
  };
}

const networks = new WeakMap<CloudAssembly, TemplateNetwork>();

/** Of the templates as they are: what is defined after a synthesis is in the next one. */
function networkOf(stage: Stage): TemplateNetwork {
  const root = stage.node.root;
  if (App.isApp(root) && root !== stage) root.synth();
  const assembly = stage.synth();
  const known = networks.get(assembly);
  if (known !== undefined) return known;
  const { stacks, isIncomplete } = assemblyStacks(assembly.directory);
  if (isIncomplete) {
    throw new ReachabilityError(
      "The app looks values up (in cdk.context.json), and some are missing: run cdk synth once, or give them.",
    );
  }
  const network = ingestTemplates(stacks);
  networks.set(assembly, network);
  return network;
}
