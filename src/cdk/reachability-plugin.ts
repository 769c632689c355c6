/** Judges the promises of an app when its templates are written, and tells CDK which do not hold. */
import {
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolatingResource,
  type PolicyViolation,
  Stack,
} from "aws-cdk-lib";
import { ingestTemplates, type TemplateNetwork } from "../ingest/index.ts";
import { type Intent, intentMetadataType, intentOf } from "../reachability/index.ts";
import { assemblyFolder, assemblyStacks } from "./assembly-folder.ts";
import { pathsOf } from "./construct-paths.ts";
import { type Judgement, judgeIntent } from "./judge-intents.ts";
import { judgementWords, type PathOf } from "./judgement-words.ts";

/** The plugin of an app that makes promises. `Reachability.of` registers it. */
export class ReachabilityPlugin implements IPolicyValidationPlugin {
  readonly name: string = "causeway-reachability";
  readonly ruleIds: string[] = Object.values(rules);
  private unknownFails = false;

  /** From here on a promise of which nothing can be told is a broken one. */
  failOnUnknown(): void {
    this.unknownFails = true;
  }

  validate({ appConstruct, stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport {
    const stacks = appConstruct.node.findAll().filter((each): each is Stack => Stack.isStack(each));
    const pathOf = pathsOf(stacks);
    // What a stage holds is deployed for itself: its stacks are judged without those of other stages.
    const folders = new Set(stackTemplates.map(({ templatePath }) => assemblyFolder(templatePath)));
    const violations = [...folders].flatMap((folder): readonly PolicyViolation[] => {
      const { stacks: templates, isIncomplete, files } = assemblyStacks(folder);
      const paths = stackTemplates
        .filter(({ templatePath }) => assemblyFolder(templatePath) === folder)
        .map((each) => each.stackConstructPath);
      const intents = intentsOf(stacks.filter(({ node }) => paths.includes(node.path)));
      if (intents.length === 0 || isIncomplete) return [];
      const network = ingestTemplates(templates);
      return intents
        .map((intent) => judgeIntent(network, intent))
        .filter(({ outcome }) => outcome !== "kept")
        .map((judgement) => violationOf(judgement, network, { files, pathOf, unknownFails: this.unknownFails }));
    });
    return { success: violations.every(({ severity }) => severity !== "error"), violations };
  }
}

const rules = {
  reachable: "expected-reachable",
  unreachable: "expected-unreachable",
  unknown: "reachability-unknown",
};

function intentsOf(stacks: readonly Stack[]): readonly Intent[] {
  return stacks.flatMap((stack) =>
    stack.node.metadata
      .filter(({ type }) => type === intentMetadataType)
      .flatMap(({ data }) => {
        const intent = intentOf(stack.resolve(data));
        if (intent === undefined) throw new Error(`bug: ${JSON.stringify(stack.resolve(data))} is no intent`);
        return [intent];
      }),
  );
}

interface ViolationContext {
  readonly files: ReadonlyMap<string, string>;
  readonly pathOf: PathOf;
  readonly unknownFails: boolean;
}

function violationOf(judgement: Judgement, network: TemplateNetwork, context: ViolationContext): PolicyViolation {
  const { title, lines, fix } = judgementWords(judgement, network, context.pathOf);
  const isUnknown = judgement.outcome === "unknown";
  return {
    ruleName: isUnknown ? rules.unknown : rules[judgement.intent.expect],
    description: [title, ...lines.map((line) => `  ${line}`)].join("\n"),
    severity: isUnknown && !context.unknownFails ? "warning" : "error",
    violatingResources: [...resourcesOf(judgement, network, context)],
    ...(fix !== undefined && { fix }),
  };
}

/** The first thing that blocks or is not known, where a template writes it; else an end of the promise. CDK tells a violation for each. */
function resourcesOf(
  { explanation, intent }: Judgement,
  network: TemplateNetwork,
  { files, pathOf }: ViolationContext,
): readonly PolicyViolatingResource[] {
  const ends = [intent.from, intent.to].flatMap((end) =>
    end.kind === "resource" ? (network.idOf(end.artifactId, end.logicalId) ?? []) : [],
  );
  const components = [
    ...(explanation?.blockers ?? []).map(({ component }) => component),
    ...(explanation?.unknowns ?? []).map(({ id }) => id),
    ...ends,
  ];
  const [origin] = components.flatMap((id) => network.origins.get(id) ?? []);
  if (origin === undefined) return [];
  const { stackId, logicalId } = origin;
  const constructPath = pathOf(origin);
  const templatePath = files.get(stackId);
  return [
    {
      resourceLogicalId: logicalId,
      ...(templatePath !== undefined && { templatePath }),
      locations: [],
      ...(constructPath !== undefined && { constructPath }),
    },
  ];
}
