/**
 * Promises of a design, judged at synthesis on the templates: what reaches what, and what must not. A promise that does not hold fails the
 * synthesis with all that stands in its way.
 */
import { App, Stack, Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";
import { intentMetadataType } from "../reachability/index.ts";
import { DesignError } from "./design-error.ts";
import type { Endpoint } from "./endpoint.ts";
import { ReachabilityPlugin } from "./reachability-plugin.ts";
import { Traffic } from "./traffic.ts";

/** How promises are judged. */
export interface ReachabilityOptions {
  /**
   * Whether a promise of which the templates cannot tell fails the synthesis. Else it is a warning that says what is not known.
   *
   * @default false
   */
  readonly failOnUnknown?: boolean;
}

/**
 * What a design promises of its network.
 *
 * @example
 * Reachability.of(stack)
 *   .expect(Endpoint.instance(web), Endpoint.instance(db), Traffic.tcp(5432))
 *   .expectNot(Endpoint.internet(), Endpoint.instance(db), Traffic.tcp(5432));
 */
export class Reachability {
  /** Promises of a stack, a stage, an app, or any construct of these. */
  static of(scope: IConstruct, options: ReachabilityOptions = {}): Reachability {
    return new Reachability(scope, options);
  }

  private readonly scope: IConstruct;

  private constructor(scope: IConstruct, { failOnUnknown = false }: ReachabilityOptions) {
    this.scope = scope;
    const { root } = scope.node;
    if (!App.isApp(root))
      throw new DesignError(`${scope.node.path}: promises are judged in an app, and this is in none.`);
    pluginOf(root, failOnUnknown);
  }

  /** The packets arrive, and what answers them comes back. A ping, if no traffic is given. */
  expect(source: Endpoint, destination: Endpoint, traffic?: Traffic): Reachability {
    return this.promise("reachable", source, destination, traffic);
  }

  /** Something stops the packets, or what answers them. A ping, if no traffic is given. */
  expectNot(source: Endpoint, destination: Endpoint, traffic?: Traffic): Reachability {
    return this.promise("unreachable", source, destination, traffic);
  }

  private promise(expect: string, from: Endpoint, to: Endpoint, traffic: Traffic = Traffic.ping()): Reachability {
    const stack = this.stackFor(from, to);
    const { _data: data, _family: family } = traffic;
    stack.node.addMetadata(intentMetadataType, {
      expect,
      from: from._end,
      to: to._end,
      traffic: data,
      ...(family !== undefined && { family }),
    });
    return this;
  }

  /** An assembly keeps a promise with one of its stacks. */
  private stackFor(from: Endpoint, to: Endpoint): Stack {
    const own = this.scope.node.scopes
      .reverse()
      .find((each) => Stack.isStack(each) && each.nestedStackParent === undefined);
    const stack = own ?? from._stack ?? to._stack ?? this.scope.node.findAll().find((each) => Stack.isStack(each));
    if (stack === undefined || !Stack.isStack(stack))
      throw new DesignError(
        `${this.scope.node.path || "The app"} has no stack to keep a promise with: make the stack first.`,
      );
    return stack;
  }
}

const plugins = new WeakMap<App, ReachabilityPlugin>();

/** One for an app: it judges the promises of all its stacks. */
function pluginOf(app: App, failOnUnknown: boolean): void {
  const there = plugins.get(app);
  const plugin = there ?? new ReachabilityPlugin();
  if (failOnUnknown) plugin.failOnUnknown();
  if (there !== undefined) return;
  plugins.set(app, plugin);
  Validations.of(app).addPlugins(plugin);
}
