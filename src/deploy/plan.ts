/** What deploying would do, resource by resource. Of a stack that is there, CloudFormation says it by a change set, which is deleted again. */
import { pathBelow } from "./construct-path.ts";
import type { AppStack, StackKey, Template } from "./stacks.ts";
import type { Assembly } from "./synthesize.ts";
import type { ToolkitLibrary } from "./tools.ts";

type Toolkit = InstanceType<ToolkitLibrary["Toolkit"]>;
type TemplateDiff = Awaited<ReturnType<Toolkit["diff"]>>[string];
type ResourceDiff = TemplateDiff["resources"]["changes"][string];

export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  /** The construct's path below its stack, where the template says it. */
  readonly path?: string;
  readonly action: "add" | "change" | "remove" | "let-go";
  /** Whether another one takes its place; `maybe` where only the deployment will tell. */
  readonly replacement: "no" | "maybe" | "yes";
  /** The properties that change. */
  readonly properties: readonly string[];
}

export interface StackChanges {
  readonly stack: StackKey;
  readonly resources: readonly ResourceChange[];
  /** Changes of outputs, parameters, conditions and the like. */
  readonly others: readonly string[];
  /** By which CloudFormation was asked; by their templates where the toolkit cannot read the change set. */
  readonly comparedBy: "change-set" | "template";
  /** AWS's words, where it does not let us find out. */
  readonly refused?: string;
}

export function isUnchanged({ resources, others, refused }: StackChanges): boolean {
  return resources.length === 0 && others.length === 0 && refused === undefined;
}

/** Of a stack that is not there: all that its template has. */
export function creationOf(stack: AppStack): StackChanges {
  const resources = Object.entries(stack.template.Resources ?? {});
  return {
    stack: stack.artifactId,
    resources: resources.map(([logicalId, resource]) => ({
      logicalId,
      type: resource.Type,
      ...pathOf(stack.id, resource),
      action: "add",
      replacement: "no",
      properties: [],
    })),
    others: [],
    comparedBy: "template",
  };
}

/** Of a stack that is there. */
export async function updateOf(
  { DiffMethod, StackSelectionStrategy }: ToolkitLibrary,
  toolkit: Toolkit,
  assembly: Assembly,
  stack: AppStack,
): Promise<StackChanges> {
  const stacks = { strategy: StackSelectionStrategy.PATTERN_MUST_MATCH_SINGLE, patterns: [stack.id] };
  const diff = async (method: ReturnType<typeof DiffMethod.TemplateOnly>) =>
    Object.values(await toolkit.diff(assembly, { stacks, method }));
  const byTemplate = await diff(DiffMethod.TemplateOnly());
  const templates = changesOf(stack, byTemplate, "template");
  // What lies in Systems Manager may have changed though the template has not.
  if (byTemplate.every(({ isEmpty }) => isEmpty) && !readsParameters(stack.template)) return templates;
  try {
    return changesOf(stack, await diff(DiffMethod.ChangeSet({ fallbackToTemplate: true })), "change-set");
  } catch (error) {
    // Where a resource has lost its Metadata, toolkit-lib 1.40.1 fails on the change set in an assertion of its own.
    if (isAssertion(error)) return templates;
    throw error;
  }
}

function isAssertion(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_ASSERTION";
}

/** Whether CloudFormation is asked by change sets when the stacks are deployed: the toolkit compares again then, and would fail again. */
export function canUseChangeSets(changes: readonly StackChanges[], creations: ReadonlySet<StackKey>): boolean {
  return changes.every((each) => each.comparedBy === "change-set" || creations.has(each.stack) || isUnchanged(each));
}

function readsParameters({ Parameters = {} }: Template): boolean {
  const isBootstrapVersion = (value: unknown): boolean =>
    typeof value === "string" && value.startsWith("/cdk-bootstrap/");
  return Object.values(Parameters).some(
    ({ Type = "", Default }) => Type.startsWith("AWS::SSM::Parameter") && !isBootstrapVersion(Default),
  );
}

/** The stack's own, and its nested stacks'. */
export function changesOf(
  stack: AppStack,
  diffs: readonly TemplateDiff[],
  comparedBy: StackChanges["comparedBy"],
): StackChanges {
  return {
    stack: stack.artifactId,
    resources: diffs.flatMap(({ resources }) =>
      Object.entries(resources.changes).flatMap(([logicalId, diff]) => changeOf(stack.id, logicalId, diff)),
    ),
    others: diffs.flatMap((diff) =>
      otherParts.flatMap((part) => Object.keys(diff[part].changes).map((name) => `${part} ${name}`)),
    ),
    comparedBy,
  };
}

const otherParts = ["outputs", "parameters", "conditions", "mappings"] as const;

function changeOf(stackId: string, logicalId: string, diff: ResourceDiff): readonly ResourceChange[] {
  const impact = impacts[diff.changeImpact];
  if (impact === undefined) return [];
  const properties = Object.keys(diff.propertyUpdates);
  return [
    {
      logicalId,
      type: diff.resourceType ?? "",
      ...pathOf(stackId, diff.newValue ?? diff.oldValue),
      ...impact,
      properties: impact.action === "change" ? properties : [],
    },
  ];
}

function pathOf(stackId: string, resource: object | undefined): { readonly path?: string } {
  const path = pathBelow(stackId, resource !== undefined && "Metadata" in resource ? resource.Metadata : undefined);
  return path === undefined ? {} : { path };
}

/** By the toolkit's word for it; what is not listed changes nothing. */
const impacts: Readonly<Record<string, Pick<ResourceChange, "action" | "replacement">>> = {
  WILL_CREATE: { action: "add", replacement: "no" },
  WILL_IMPORT: { action: "add", replacement: "no" },
  WILL_UPDATE: { action: "change", replacement: "no" },
  MAY_REPLACE: { action: "change", replacement: "maybe" },
  WILL_REPLACE: { action: "change", replacement: "yes" },
  WILL_DESTROY: { action: "remove", replacement: "no" },
  WILL_ORPHAN: { action: "let-go", replacement: "no" },
};

/** What would be done to a resource beyond what was shown before: that somebody agreed to the one is no yes to the other. */
export function beyond(shown: StackChanges, now: StackChanges): readonly ResourceChange[] {
  return now.resources.filter((change) => {
    const before = shown.resources.find(({ logicalId }) => logicalId === change.logicalId);
    const takesAway = change.action === "remove" || change.replacement === "yes";
    const wasShown = before !== undefined && (before.action === "remove" || before.replacement !== "no");
    return takesAway && !wasShown;
  });
}
